"""A4, A11 for the cubic. Sign flips begin at a = 3√3/2 and unbounded orbits at a = 3."""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.claims import Threshold
from muon_theory.family import CUBIC


def study(prove: Prove) -> None:
    flip, divergence = prove("a4-sign-flip-threshold"), prove("a4-divergence-threshold")
    assert flip.subject == divergence.subject == CUBIC
    assert isinstance(flip.claim, Threshold)
    assert isinstance(divergence.claim, Threshold)
    assert (flip.claim.property, divergence.claim.property) == ("sign-safe", "bounded")
    assert flip.claim.isolating is not None
    assert flip.claim.isolating.lo**2 < Fraction(27, 4) < flip.claim.isolating.hi**2
    assert divergence.claim.isolating is not None
    assert divergence.claim.isolating.lo == divergence.claim.isolating.hi == 3


if __name__ == "__main__":
    main(study)
