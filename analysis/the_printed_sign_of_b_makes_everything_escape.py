"""A13, A16. With the printed b = +3.51, f(1) = 8.02 and every x escapes; the article's line gives b = 2.99 -
2·3.25 = -3.51.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, coefficients, main

from muon_theory.claims import Escapes
from muon_theory.polynomial import OddPolynomial


def study(prove: Prove) -> None:
    certificate = prove("a13-as-printed-everything-escapes")
    f = OddPolynomial.of(*coefficients(certificate))
    assert f == OddPolynomial.of("3.25", "3.51", "1.26")
    assert f(1) == Fraction("8.02")
    assert Fraction("2.99") - 2 * Fraction("3.25") == Fraction("-3.51")
    assert isinstance(certificate.claim, Escapes)
    assert certificate.claim.start.lo <= Fraction(1, 10**6)
    assert certificate.claim.start.hi == 1
    assert min(f.coefficients) > 0, "so f(x) ≥ 3.25 x for every x ≥ 0, below the certified start too"


if __name__ == "__main__":
    main(study)
