"""A3. |f'(1)| ≤ 1 is necessary: just outside, on either side, 1 repels."""

from __future__ import annotations

from _study import Prove, coefficients, main

from muon_theory.claims import Repels
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial


def study(prove: Prove) -> None:
    for name in ("a3-multiplier-below-minus-one-repels", "a3-multiplier-above-one-repels"):
        certificate = prove(name)
        assert certificate.claim == Repels(Interval.of(1))
        assert 1 < abs(OddPolynomial.of(*coefficients(certificate)).derivative(1)) < 2


if __name__ == "__main__":
    main(study)
