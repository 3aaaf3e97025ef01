"""A11, carried on.  On the article's line the largest a with φ_T((0, 1]) ⊆ [0, 2] falls with T = 1, …, 10 towards a*.

The excess shrinks by about the multiplier of the repelling fixed point a step; for the cap 5/4, below that point, the
largest a is the same for all T.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from _study import Prove, main

from muon_theory.article.extensions.t4_horizon import CAP, LOW_CAP, LOW_STEPS, STEPS, about, bracket, file_of
from muon_theory.article.sets import SLOPE
from muon_theory.claims import MapsInto
from muon_theory.derivations import divergence_threshold


def study(prove: Prove) -> None:
    threshold = divergence_threshold(SLOPE)
    a = threshold.enclose(20).midpoint
    c = a - (3 - SLOPE) / 2
    multiplier = 1 + (a - 1) * (1 - SLOPE) / c
    assert LOW_CAP**2 < (a - 1) / c < CAP**2, "the repelling fixed point at the threshold lies between the two caps"
    previous = None
    for steps in STEPS:
        look(prove, steps, CAP)
        low, high = bracket(steps, CAP)
        assert low < high
        assert threshold < high
        assert previous is None or high < previous, "the horizon's threshold falls in T"
        previous = low
    excess = [about(steps, CAP) - a for steps in STEPS]
    ratios = [u / v for u, v in pairwise(excess)]
    assert all(abs(r - multiplier) < Fraction(1, 10) for r in ratios[4:]), "the observed rate"
    for steps in LOW_STEPS:
        look(prove, steps, LOW_CAP)
        assert bracket(steps, LOW_CAP)[1] < threshold
    assert about(LOW_STEPS[0], LOW_CAP) == about(LOW_STEPS[1], LOW_CAP)


def look(prove: Prove, steps: int, cap: Fraction) -> None:
    """What is claimed on the two sides."""
    inside, outside = (prove(file_of(steps, cap, side)).claim for side in ("inside", "outside"))
    assert isinstance(inside, MapsInto)
    assert (inside.start.lo, inside.start.hi, inside.target.hi) == (0, 1, cap)
    assert isinstance(outside, MapsInto)
    assert outside.start.is_point
    assert outside.target.lo > cap


if __name__ == "__main__":
    main(study)
