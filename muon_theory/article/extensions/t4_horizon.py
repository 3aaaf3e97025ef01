"""T4: a finite horizon: the largest a for which T steps stay below a cap, and how fast it falls to the threshold."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from muon_theory.article.a10_line import member
from muon_theory.article.curves import critical_square
from muon_theory.article.kit import CERTIFICATES, DERIVED, add, claim, down, proof, theorem, up
from muon_theory.article.sets import LINE, SLOPE
from muon_theory.certificate import AnyCertificate
from muon_theory.derivations import divergence_threshold
from muon_theory.document import Badge, Section, Table
from muon_theory.exact.orbit import value
from muon_theory.finders import stays_below
from muon_theory.number import decimal, simplest_between
from muon_theory.schedule import Schedule

CAP, LOW_CAP = Fraction(2), Fraction(5, 4)
NEAR = Fraction(1, 10**6)
STEPS = tuple(range(1, 11))
LOW_STEPS = (1, 10)


def greatest(a: float, steps: int) -> float:
    """max φ_T on [0, 1], in floats: the critical value, followed, or where it is greater the one before."""
    f = member(a)
    high = value(f, critical_square(f) ** 0.5)
    for _ in range(steps - 1):
        high = max(high, value(f, high))
        if high > 1e6:
            break
    return high


@cache
def about(steps: int, cap: Fraction) -> Fraction:
    """The largest a with φ_T((0, 1]) ≤ cap, by bisection in floats."""
    low, high = 5 / 2, 8.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if greatest(middle, steps) <= cap else (low, middle)
    return Fraction(repr(low))


def _side(steps: int, cap: Fraction, sign: int) -> AnyCertificate:
    """That φ_T stays ≤ cap a little below `about`, or exceeds it a little above."""
    middle = about(steps, cap)
    a = simplest_between(*sorted((middle + sign * NEAR / 2, middle + sign * NEAR)))
    schedule = Schedule((LINE.at(a=a),) * steps, f"{LINE.name}, a = {a}")
    answer = stays_below(schedule, Fraction(1), cap)
    assert answer.certificate is not None, answer.note
    return answer.certificate


def file_of(steps: int, cap: Fraction, side: str) -> str:
    """The file name of one side of A_T(cap)."""
    return f"d-horizon-{steps}-{'low-cap-' if cap == LOW_CAP else ''}{side}"


WHERE = (*((t, CAP) for t in STEPS), *((t, LOW_CAP) for t in LOW_STEPS))
PROOFS = tuple(
    add(file_of(t, cap, side), _side, t, cap, sign)
    for t, cap in WHERE
    for side, sign in (("inside", -1), ("outside", +1))
)


def bracket(steps: int, cap: Fraction) -> tuple[Fraction, Fraction]:
    """The two certified values of a around A_T(cap)."""
    low, high = (proof(file_of(steps, cap, side)).certificate.subject for side in ("inside", "outside"))
    assert isinstance(low, Schedule)
    assert isinstance(high, Schedule)
    assert claim(file_of(steps, cap, "outside")).target.lo > cap
    return low.steps[0].slope, high.steps[0].slope


def section() -> Section:
    """T4: a finite horizon."""
    threshold = divergence_threshold(SLOPE)
    a = threshold.enclose(20).midpoint
    multiplier = 1 + (a - 1) * (1 - SLOPE) / (a - (3 - SLOPE) / 2)
    ends = {t: bracket(t, CAP) for t in STEPS}
    rows = tuple(
        (str(t), f"{down(low, 9)} … {up(high, 9)}", f"{float(low - a):.4g}") for t, (low, high) in ends.items()
    )
    low_ends = [bracket(t, LOW_CAP) for t in LOW_STEPS]
    return theorem(
        "T4",
        "What five steps say about infinitely many",
        "The article iterates five times. How far is a map that stays bounded for five steps from one that stays "
        "bounded for ever?",
        "On a line f'(1) = s, −1 ≤ s ≤ 1, let A_T(M) be the largest a with φ_T((0, 1]) ⊆ [0, M]. It does not rise in "
        "T. With x* the repelling fixed point at the threshold a*: if M ≥ x*, A_T(M) falls to a*; if M < x*, A_T(M) = "
        "A_1(M) < a* for all T.",
        Badge.PARTLY,
        f"Very near: on the article's line five steps stay below {CAP} up to a between {down(ends[5][0], 6)} and "
        f"{up(ends[5][1], 6)}, and the threshold is {threshold.decimal(7)}. The excess falls like μ^(−T), μ = f'(x*) = "
        f"{decimal(multiplier, 5)}.",
        PROOFS,
        clauses=(
            (f"the brackets of the table: M = {CAP}, T = 1, …, {STEPS[-1]}", CERTIFICATES),
            (f"for M = {LOW_CAP}, below x*, A_T lies in [{down(low_ends[0][0], 6)}, {up(low_ends[0][1], 6)}] for T = 1 "
             f"and in [{down(low_ends[1][0], 6)}, {up(low_ends[1][1], 6)}] for T = {LOW_STEPS[1]}", CERTIFICATES),
            ("between the two ends of a bracket there is one change; the law for all T and M, and its rate", DERIVED),
        ),
        tables=(
            Table(
                f"Brackets of A_T({CAP}) on the article's line, and how far they lie above a*",
                ("T", "A_T", "A_T − a*, about"),
                rows,
            ),
        ),
        remarks=("The proof of the law is in docs/dynamics.md, \"A finite horizon\".",),
        command=f"muon-theory thresholds --family quintic --slope-at-one={SLOPE} --horizon 5 --cap 2 --range 3,8",
    )  # fmt: skip
