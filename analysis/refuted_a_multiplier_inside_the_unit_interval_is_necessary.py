"""A3, refuted: that |f'(1)| < 1 is necessary for 1 to attract.  f'(1) = -1 attracts too, and +1 can from degree
7 on.
"""

from __future__ import annotations

from _study import Prove, coefficients, main

from muon_theory.claims import Converges
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial


def study(prove: Prove) -> None:
    for name, multiplier in {
        "a3-multiplier-minus-one-cubic-converges": -1,
        "a3-multiplier-minus-one-quintic-converges": -1,
        "a3-multiplier-plus-one-degree-seven-converges": +1,
    }.items():
        certificate = prove(name)
        f = OddPolynomial.of(*coefficients(certificate))
        assert f(1) == 1
        assert f.derivative(1) == multiplier
        claim = certificate.claim
        assert isinstance(claim, Converges)
        assert claim.point == Interval.of(1)
        assert claim.upper > 1


if __name__ == "__main__":
    main(study)
