"""A11, carried on.  On the article's line the largest a with φ_T((0, 1]) ⊆ [0, 2] falls with T = 1, …, 10 towards a*.

The excess shrinks by about the multiplier of the repelling fixed point a step; for the cap 5/4, below that point, the
largest a is the same for all T.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import pairwise

from _study import Prove, main

from muon_theory.certificate import Certificate
from muon_theory.claims import MapsInto
from muon_theory.derivations import divergence_threshold
from muon_theory.family import QUINTIC
from muon_theory.finders import stays_below
from muon_theory.number import simplest_between
from muon_theory.schedule import Schedule

S, CAP, LOW_CAP = Fraction(-49, 50), Fraction(2), Fraction(5, 4)
NEAR = Fraction(1, 10**6)
LINE = QUINTIC.fix(s=S)


def greatest(a: float, steps: int) -> float:
    """max φ_T on [0, 1], in floats: the critical value, followed, or where it is greater the one before."""
    s = float(S)
    b, c = (5 - s) / 2 - 2 * a, a - (3 - s) / 2

    def f(x: float) -> float:
        return float(x * (a + b * x**2 + c * x**4))

    root = (9 * b * b - 20 * a * c) ** 0.5
    high = f(((-3 * b - root) / (10 * c)) ** 0.5)
    for _ in range(steps - 1):
        high = max(high, f(high))
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


def side(steps: int, cap: Fraction, sign: int) -> Certificate:
    """That φ_T stays ≤ cap a little below `about`, or exceeds it a little above."""
    middle = about(steps, cap)
    a = simplest_between(*sorted((middle + sign * NEAR / 2, middle + sign * NEAR)))
    schedule = Schedule((LINE.at(a=a),) * steps, f"{LINE.name}, a = {a}")
    answer = stays_below(schedule, Fraction(1), cap)
    assert answer.certificate is not None, answer.note
    return answer.certificate


def study(prove: Prove) -> None:
    threshold = divergence_threshold(S)
    a = threshold.enclose(20).midpoint
    c = a - (3 - S) / 2
    multiplier = 1 + (a - 1) * (1 - S) / c
    assert LOW_CAP**2 < (a - 1) / c < CAP**2, "the repelling fixed point at the threshold lies between the two caps"
    previous = None
    for steps in range(1, 11):
        inside = prove(f"d-horizon-{steps}-inside", lambda steps=steps: side(steps, CAP, -1))
        outside = prove(f"d-horizon-{steps}-outside", lambda steps=steps: side(steps, CAP, +1))
        low, high = bracket(inside, outside, CAP)
        assert low < high
        assert threshold < high
        assert previous is None or high < previous, "the horizon's threshold falls in T"
        previous = low
    excess = [about(steps, CAP) - a for steps in range(1, 11)]
    ratios = [u / v for u, v in pairwise(excess)]
    assert all(abs(r - multiplier) < Fraction(1, 10) for r in ratios[4:]), "the observed rate"
    for steps in (1, 10):
        inside = prove(f"d-horizon-{steps}-low-cap-inside", lambda steps=steps: side(steps, LOW_CAP, -1))
        outside = prove(f"d-horizon-{steps}-low-cap-outside", lambda steps=steps: side(steps, LOW_CAP, +1))
        assert bracket(inside, outside, LOW_CAP)[1] < threshold
    assert about(1, LOW_CAP) == about(10, LOW_CAP)


def bracket(inside: Certificate, outside: Certificate, cap: Fraction) -> tuple[Fraction, Fraction]:
    """The two values of a, after a look at what is claimed at them."""
    assert isinstance(inside.claim, MapsInto)
    assert (inside.claim.start.lo, inside.claim.start.hi, inside.claim.target.hi) == (0, 1, cap)
    assert isinstance(outside.claim, MapsInto)
    assert outside.claim.start.is_point
    assert outside.claim.target.lo > cap
    assert isinstance(inside.subject, Schedule)
    assert isinstance(outside.subject, Schedule)
    return inside.subject.steps[0].slope, outside.subject.steps[0].slope


if __name__ == "__main__":
    main(study)
