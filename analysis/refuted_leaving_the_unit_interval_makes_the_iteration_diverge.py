"""A12, refuted: that values outside (0, 1] are what makes orbits diverge.  The article's own set goes up to 1.29
and comes back.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, coefficients, main

from muon_theory.claims import Attains, Converges


def study(prove: Prove) -> None:
    out, back = prove("a12-one-step-leaves-the-unit-interval"), prove("a13-every-orbit-of-the-articles-set-tends-to-1")
    assert coefficients(out) == coefficients(back)
    assert isinstance(out.claim, Attains)
    assert out.claim.contains.hi > Fraction(129, 100)
    assert isinstance(back.claim, Converges)
    assert back.claim.upper > out.claim.contains.hi


if __name__ == "__main__":
    main(study)
