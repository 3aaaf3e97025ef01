"""A8: the slope at 0, and what it costs in accuracy: a certified Pareto front."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod

from muon_theory.article.a15_growth import PROOFS as SLOPES
from muon_theory.article.curves import floats, iterate
from muon_theory.article.kit import CERTIFICATES, add_band, both, coq, deviation, down, settle, up
from muon_theory.article.sets import ARTICLE, ARTICLE_CUBIC, BERNSTEIN, JORDAN, LOWER_ENDS, SLOPE, STEPS, repeated
from muon_theory.derivations import Notebook
from muon_theory.document import Badge, Figure, Section, Table
from muon_theory.evidence import Derivation
from muon_theory.family import CUBIC, QUINTIC, Family
from muon_theory.finders.alternation import alternation
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule


def derivation() -> Derivation:
    """A8: φ'(0) = ∏ a_t for every schedule."""
    book = Notebook("A8: φ'(0) = ∏ a_t")
    book.step("One step.", "f(x) = a·x + b·x³ + …", "f(0) = 0 , f'(0) = a")
    book.step("The chain rule at 0.", "the inner value at 0 is 0", "(f_t∘ψ)'(0) = f_t'(ψ(0)) ψ'(0) = a_t ψ'(0)")
    book.step("Induction over the steps.", "φ_t = f_t∘φ_{t-1}, φ_0(x) = x", "φ'(0) = ∏ a_t")
    for steps in range(1, 6):
        book.check(f"{steps} steps", lambda t=steps, **v: _slope_is_product([v[k] for k in sorted(v)], t), 6,
                   **{f"v{i}": (-4, 4) for i in range(3 * steps)})  # fmt: skip
    return book.conclude("φ'(0) = ∏ a_t; with one map five times, φ'(0) = a⁵")


DERIVATIONS = {"a8": derivation}
LOWER = LOWER_ENDS[1]
START = Interval(LOWER, Fraction(1))


@dataclass(frozen=True, slots=True)
class Member:
    """A candidate of the trade-off: the family it is from, its label, and the file name of its band."""

    family: str
    label: str
    schedule: Schedule
    band: str

    @property
    def slope(self) -> Fraction:
        return self.schedule.slope

    @property
    def error(self) -> Interval:
        """max |φ - 1| over [1/100, 1], from below and from above."""
        return deviation(self.band)


def _members(family: Family, title: str, word: str, values: str) -> list[Member]:
    found = []
    for a in values.split():
        schedule = repeated(family.at(a=a), f"{title}, a = {a}")
        found.append(Member(title, f"a = {a}", schedule, add_band(f"a8-{word}-a-{a}", schedule, START)))
    return found


MEMBERS = [
    *_members(CUBIC, "cubic", "cubic", "1.75 2.1 2.3 2.4"),
    *_members(QUINTIC.fix(s=SLOPE), f"quintic, f'(1) = {decimal(SLOPE)}", "line", "2.25 2.5 3.2 3.3"),
    *_members(QUINTIC.fix(s=0), "quintic, f'(1) = 0", "s-0", "2.25 2.6 2.75 2.9"),
    *_members(QUINTIC.fix(s="1/2"), "quintic, f'(1) = 1/2", "s-half", "2.5 2.65 2.75"),
]
NAMED = [
    Member("named", text, schedule, add_band(f"a8-{word}", schedule, START))
    for word, text, schedule in (
        ("article-cubic", "(1.99, −0.99)", ARTICLE_CUBIC),
        ("bernstein", "(3/2, −1/2)", BERNSTEIN),
        ("article", "(3.25, −3.51, 1.26)", ARTICLE),
        ("jordan", "Jordan", JORDAN),
    )
]
ALL = [*MEMBERS, *NAMED]
PROOFS = (*SLOPES, *both(m.band for m in ALL))


def beaten_by(member: Member) -> Member | None:
    """Another candidate with at least its slope and certainly a smaller error (or more slope and no larger error)."""
    for other in ALL:
        more = other.slope > member.slope and other.error.hi <= member.error.lo
        better = other.slope >= member.slope and other.error.hi < member.error.lo
        if more or better:
            return other
    return None


def front() -> list[Member]:
    """The candidates that no other one beats, by slope; certified among these candidates."""
    return sorted((m for m in ALL if beaten_by(m) is None), key=lambda m: m.slope)


def name(m: Member) -> str:
    """A candidate as the table names it."""
    return m.label if m.family == "named" else f"{m.family}, {m.label}"


def _row(m: Member) -> tuple[str, ...]:
    winner = beaten_by(m)
    error = f"{down(m.error.lo, 5)} … {up(m.error.hi, 5)}"
    return name(m), decimal(m.slope, 6), error, "not beaten" if winner is None else f"beaten by {name(winner)}"


def _front_curve(family: Family, label: str, low: str, high: str) -> dict[str, object]:
    """Slope and scanned error along a family, for the figure."""
    xs, ys = [], []
    points = [float(LOWER) ** (i / 400) for i in range(401)]
    first, last = rational(low), rational(high)
    for k in range(41):
        a = first + (last - first) * Fraction(k, 40)
        f = floats(family.at(a=a))
        values = [iterate(f, x, STEPS) for x in points]
        xs.append(float(a) ** STEPS)
        ys.append(max(abs(v - 1) for v in values))
    return {"label": label, "x": xs, "y": ys}


def level_of_different_steps() -> float:
    """The error of five best quintics one after another, from their alternation."""
    ratio = level = LOWER
    for _ in range(STEPS):
        level = alternation(5, Interval(ratio, Fraction(1))).level
        ratio = (1 - level) / (1 + level)
    return float(level)


def section() -> Section:
    """A8: the slope at 0 against accuracy."""
    shown = sorted(ALL, key=lambda m: m.slope)
    best = front()
    fastest, closest = best[-1], min(ALL, key=lambda m: m.error.hi)
    ours = next(m for m in NAMED if m.schedule is ARTICLE)
    over = beaten_by(ours)
    curves = [
        _front_curve(CUBIC, "cubic", "1.2", "2.5"),
        _front_curve(QUINTIC.fix(s=SLOPE), f"quintic, f'(1) = {decimal(SLOPE)}", "1.6", "3.33"),
        _front_curve(QUINTIC.fix(s=0), "quintic, f'(1) = 0", "1.6", "2.96"),
        _front_curve(QUINTIC.fix(s="1/2"), "quintic, f'(1) = 1/2", "1.6", "2.78"),
    ]
    sides = (("(1.99, −0.99)", "above"), ("(3/2, −1/2)", "above"), ("the article's set", "right"), ("Jordan", "above"))
    points = [
        {"label": label, "x": float(m.slope), "y": float(m.error.hi), "at": side}
        for m, (label, side) in zip(NAMED, sides, strict=True)
    ]
    return settle(
        "A8",
        "The slope at 0 against accuracy",
        "How fast small x grow depends on φ'(0) = a⁵, so a should be as large as possible while φ ≈ 1 on (0, 1].",
        "φ'(0) = ∏ a_t for every schedule. The trade-off, made precise among these candidates: slope φ'(0) against max "
        f"|φ − 1| over [{decimal(LOWER)}, 1].",
        Badge.PROVED,
        f"True, and there is a real trade-off. Of {len(ALL)} certified candidates {len(best)} are not beaten by "
        f"another in both slope and error: from {name(closest)} (slope {decimal(closest.slope, 5)}, error ≤ "
        f"{up(closest.error.hi, 4)}) to {name(fastest)} (slope {decimal(fastest.slope, 5)}, error ≤ "
        f"{up(fastest.error.hi, 4)}).",
        PROOFS,
        clauses=(
            (
                f"the slopes of the article's set and of Jordan's, and the errors of the {len(ALL)} candidates",
                CERTIFICATES,
            ),
            ("φ'(0) = ∏ a_t for every schedule", coq("slope_of_schedule")),
        ),
        derivations=(derivation(),),
        tables=(
            Table(
                f"Slope and max |φ − 1| over [{decimal(LOWER)}, 1], certified from below and above",
                ("candidate", "φ'(0)", "error", "standing"),
                tuple(map(_row, shown)),
            ),
        ),
        figures=(
            Figure(
                "a8-pareto",
                "pareto",
                "Slope φ'(0) against the largest |φ − 1| over [1/100, 1] for five steps of one map; low and to the "
                "right is better. Along each family the error first falls, as small x come up, and then rises, as the "
                "overshoot grows: that is what the last bit of slope costs. Curves are scans, points are certified.",
                {"fronts": curves, "points": points},
            ),
        ),
        remarks=(
            "Why the same step five times? Different steps do better: five quintics, each best for what the one before "
            f"leaves of [{decimal(LOWER)}, 1], come within about {level_of_different_steps():.2g} of 1 "
            f"(`muon-theory design`).",
            f"The article's own set, slope {decimal(ours.slope, 5)} and error ≤ {up(ours.error.hi, 4)}, is "
            + ("not beaten by another candidate." if over is None else f"beaten by {name(over)}.")
            + f" Only these {len(ALL)} candidates were compared: nothing is said of all maps.",
        ),
        command=f"muon-theory certify --coefficients {ARTICLE.name} --lower {decimal(LOWER)}",
    )


def _slope_is_product(values: list[Fraction], steps: int) -> bool:
    """The coefficient of x in the composition, from truncated products, against ∏ a_t and `Schedule.slope`."""
    rows = [values[3 * t : 3 * t + 3] for t in range(steps)]
    inner = [Fraction(0), Fraction(1)]  # modulo x²
    for f in map(OddPolynomial, map(tuple, rows)):
        outer = [Fraction(0), Fraction(0)]
        for k in reversed(f.dense()):
            outer = [outer[0] * inner[0] + k, outer[0] * inner[1] + outer[1] * inner[0]]
        inner = outer
    return inner == [0, prod(row[0] for row in rows)] and Schedule.of(rows).slope == inner[1]
