"""A3. Quintics with f(1) = 1, f'(1) = 1: orbits leave 1 upwards for a > 1 and downwards for a < 1."""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, coefficients, main

from muon_theory.claims import Escapes, MapsInto
from muon_theory.polynomial import OddPolynomial


def study(prove: Prove) -> None:
    above, below = prove("a3-multiplier-plus-one-escapes-above"), prove("a3-multiplier-plus-one-leaves-below")
    for certificate in (above, below):
        f = OddPolynomial.of(*coefficients(certificate))
        assert f(1) == f.derivative(1) == 1
    assert isinstance(above.claim, Escapes)
    assert 1 < above.claim.start.lo < Fraction(11, 10)
    assert isinstance(below.claim, MapsInto)
    assert Fraction(9, 10) < below.claim.start.lo < 1
    assert below.claim.target.hi < Fraction(1, 2)


if __name__ == "__main__":
    main(study)
