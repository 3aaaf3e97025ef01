"""A7, A16. (3/2, -1/2) keeps [0, 1] in [0, 1], and every orbit from (0, 1] tends to 1."""

from __future__ import annotations

from _study import Prove, coefficients, main

from muon_theory.claims import Converges, MapsInto, Ratio
from muon_theory.interval import Interval


def study(prove: Prove) -> None:
    whole, limit = prove("a7-bernstein-never-overshoots"), prove("a7-bernstein-converges")
    assert coefficients(whole) == coefficients(limit) == ["3/2", "-1/2"]
    assert whole.claim == MapsInto(Interval.of(0, 1), Interval.of(0, 1))
    assert isinstance(limit.claim, Converges)
    assert limit.claim.point == Interval.of(1)
    assert limit.claim.upper > 1
    stretches = prove("a7-bernstein-ratio").claim
    assert isinstance(stretches, Ratio)
    assert stretches.bounds == Interval.of(1, "243/32")


if __name__ == "__main__":
    main(study)
