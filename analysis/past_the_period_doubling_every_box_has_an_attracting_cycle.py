"""A14, in the plane. Around the scaled map of Jordan's a 4-cycle attracts, below s = -1 a 2-cycle, above s = 1 another
fixed point: boxes of (a, s), each with its cycle."""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, coefficients, main

from muon_theory.atlases import Atlas, Layers, Plane, sweep
from muon_theory.claims import Cycles, Repels
from muon_theory.family import QUINTIC
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial

PLACES = {
    1: (Interval.of(2, "9/4"), Interval.of("5/4", "3/2")),
    2: (Interval.of(2, "65/32"), Interval.of("-5/4", "-39/32")),
    4: (Interval.of("3.4440", "3.4450"), Interval.of("-1.5825", "-1.5815")),
}


def study(prove: Prove) -> None:
    jordan = prove("a14-jordan-attracting-four-cycle").claim
    assert isinstance(jordan, Cycles)
    fixed = prove("a14-jordan-lower-fixed-point-repels")
    assert isinstance(fixed.claim, Repels)
    f = OddPolynomial.of(*coefficients(fixed))  # scaled so that its fixed point p is 1, it has s = f'(p)
    a, s = PLACES[len(jordan.intervals)]
    assert f.coefficients[0] in a
    assert all(f.derivative(p) in s for p in (fixed.claim.point.lo, fixed.claim.point.hi))
    for period, window in PLACES.items():
        prover = Layers(QUINTIC, ("attracting-cycle",))
        plane = Plane(("a", "s"), window)
        found = Atlas(prover, plane, None, sweep(prover, plane, {"attracting-cycle": 8}, jobs=1))
        assert found.certified_share("attracting-cycle") == Fraction(1)
        claims = [c for leaf in found.boxes("attracting-cycle") for c, _ in leaf.evidence]
        assert {len(c["intervals"]) for c in claims} == {period}
        assert all(file.verification.proved for file in found.files())


if __name__ == "__main__":
    main(study)
