"""A11. On b = 2.99 - 2a (f'(1) = -49/50): convergence of all x in (0, 1] for 1 < a < a*, escape of some above;
a* to 50 digits.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.claims import Threshold
from muon_theory.derivations import divergence_threshold
from muon_theory.family import QUINTIC


def study(prove: Prove) -> None:
    slope = 5 - 2 * Fraction("2.99")
    assert slope == Fraction(-49, 50)
    certificate = prove("a11-threshold-for-slope-at-one-minus-49-over-50")
    assert certificate.subject == QUINTIC.fix(s=slope)
    claim = certificate.claim
    assert isinstance(claim, Threshold)
    assert (claim.property, claim.critical) == ("converges", "fixed-point")
    assert claim.range.lo == 1
    assert claim.isolating is not None
    assert claim.isolating.width < Fraction(1, 10**49)
    derived = divergence_threshold(slope)
    assert claim.isolating.lo < derived < claim.isolating.hi
    scale = Fraction(claim.polynomial.terms[-1][1], derived.polynomial[-1])
    assert [scale * c for c in derived.polynomial] == [c for _, c in claim.polynomial.terms], "the minimal polynomial"


if __name__ == "__main__":
    main(study)
