"""A8 and A15: the slope at 0, and what it costs in accuracy: a certified Pareto front."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from muon_theory.article.curves import floats, iterate, number
from muon_theory.article.kit import add, add_band, claim, deviation, down, section, up
from muon_theory.article.sets import ARTICLE, ARTICLE_CUBIC, BERNSTEIN, JORDAN, LOWER_ENDS, SLOPE, STEPS, repeated
from muon_theory.derive import article
from muon_theory.family import CUBIC, QUINTIC, Family
from muon_theory.finders import band
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational
from muon_theory.report.model import Badge, Figure, Section, Table
from muon_theory.schedule import Schedule

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
        found.append(Member(title, f"a = {a}", schedule, add_band(f"a8-{word}-a-{a}", schedule, START)[0]))
    return found


MEMBERS = [
    *_members(CUBIC, "cubic", "cubic", "1.75 2.1 2.3 2.4"),
    *_members(QUINTIC.fix(s=SLOPE), f"quintic, f'(1) = {decimal(SLOPE)}", "line", "2.25 2.5 3.2 3.3"),
    *_members(QUINTIC.fix(s=0), "quintic, f'(1) = 0", "s-0", "2.25 2.6 2.75 2.9"),
    *_members(QUINTIC.fix(s="1/2"), "quintic, f'(1) = 1/2", "s-half", "2.5 2.65 2.75"),
]
NAMED = [
    Member("named", text, schedule, add_band(f"a8-{word}", schedule, START)[0])
    for word, text, schedule in (
        ("article-cubic", "(1.99, −0.99)", ARTICLE_CUBIC),
        ("bernstein", "(3/2, −1/2)", BERNSTEIN),
        ("article", "(3.25, −3.51, 1.26)", ARTICLE),
        ("jordan", "Jordan", JORDAN),
    )
]
ALL = [*MEMBERS, *NAMED]


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
    return name(m), decimal(m.slope, 6), error, "on the front" if winner is None else f"beaten by {name(winner)}"


def _front_curve(family: Family, label: str, low: str, high: str) -> dict[str, object]:
    """Slope and scanned error along a family, for the figure."""
    xs, ys = [], []
    points = [float(LOWER) ** (i / 400) for i in range(401)]
    first, last = rational(low), rational(high)
    for k in range(41):
        a = first + (last - first) * Fraction(k, 40)
        f = floats(family.at(a=a))
        values = [iterate(f, x, STEPS) for x in points]
        xs.append(number(a) ** STEPS)
        ys.append(max(abs(v - 1) for v in values))
    return {"label": label, "x": xs, "y": ys}


def a8() -> Section:
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
        {"label": label, "x": number(m.slope), "y": number(m.error.hi), "at": side}
        for m, (label, side) in zip(NAMED, sides, strict=True)
    ]
    return section(
        "A8",
        "The slope at 0 against accuracy",
        "How fast small x grow depends on φ'(0) = a⁵, so a should be as large as possible while φ ≈ 1 on (0, 1].",
        "φ'(0) = ∏ a_t for every schedule. The trade-off, made precise: slope φ'(0) against max |φ − 1| over "
        f"[{decimal(LOWER)}, 1].",
        Badge.PROVED,
        f"True, and there is a real trade-off. Of {len(ALL)} certified candidates {len(best)} are not beaten by "
        f"another in both slope and error: from {name(closest)} (slope {decimal(closest.slope, 5)}, error ≤ "
        f"{up(closest.error.hi, 4)}) to {name(fastest)} (slope {decimal(fastest.slope, 5)}, error ≤ "
        f"{up(fastest.error.hi, 4)}).",
        A8,
        derivations=(article.a8(),),
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
                "Slope φ'(0) against the largest |φ − 1| over [1/100, 1] for five steps: up and to the right along a "
                "family, error is what the last bit of slope costs.",
                {"fronts": curves, "points": points},
            ),
        ),
        remarks=(
            f"The article's own set, slope {decimal(ours.slope, 5)} and error ≤ {up(ours.error.hi, 4)}, is "
            + ("on the front." if over is None else f"beaten by {name(over)}.")
            + " The front is certified among these candidates; it is not a bound on all polynomials.",
        ),
        command=f"muon-theory certify --coefficients {ARTICLE.name} --lower {decimal(LOWER)}",
    )


A15 = tuple(
    add(f"a15-slope-{word}", partial(band.slope, schedule))
    for word, schedule in (("article", ARTICLE), ("jordan", JORDAN))
)


A8 = (*A15, *(n for m in ALL for n in (m.band, f"{m.band}-attained")))


def a15() -> Section:
    """A15: growth near 0."""
    ours, jordan = (claim(n).value for n in A15)
    return section(
        "A15",
        "Growth near 0",
        "Near 0 the article's set grows more slowly than Jordan's, because that growth goes with a.",
        "φ'(0) = a⁵: (13/4)⁵ against (6889/2000)⁵.",
        Badge.PROVED,
        f"True: φ'(0) = {decimal(ours, 8)} for the article's set and {decimal(jordan, 8)} for Jordan's, "
        f"{decimal(jordan / ours, 5)} times larger.",
        A15,
        derivations=(article.a15(),),
        remarks=("The slope decides only for x so small that the cubic term does not matter yet; A14 has the bands.",),
        command="muon-theory certify jordan",
    )
