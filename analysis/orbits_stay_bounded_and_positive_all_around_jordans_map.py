"""A14. Every quintic with coefficients within 1/50 of Jordan's keeps all orbits from (0, 1] positive and bounded."""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, coefficients, main

from muon_theory.atlas import Atlas, survey, sweep
from muon_theory.family import Family
from muon_theory.interval import Interval

RADIUS = Fraction(1, 50)


def study(prove: Prove) -> None:
    jordan = coefficients(prove("a14-jordan-lower-fixed-point-repels"))
    window = {n: Interval.of(c).widen(RADIUS) for n, c in zip("abc", jordan, strict=True)}
    of = survey(Family.parse("a; b; c"), ("a", "b", "c"), window)
    found = Atlas(of.prover, of.plane, None, sweep(of.prover, of.plane, {"bounded-positive": 6}, jobs=1))
    assert found.certified_share("bounded-positive") == 1
    (file,) = found.files()
    assert set(file.verification.claims) == {"maps-into", "sign-safe"}


if __name__ == "__main__":
    main(study)
