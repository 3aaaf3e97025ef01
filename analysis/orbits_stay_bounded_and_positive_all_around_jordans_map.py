"""A14. Every quintic with coefficients within 1/50 of Jordan's keeps all orbits from (0, 1] positive and bounded;
within 1/5 of them some do, and of others an orbit escapes."""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, coefficients, main

from muon_theory.atlases import Atlas, Layers, around_jordan, sweep

RADIUS, FAR = Fraction(1, 50), Fraction(1, 5)


def study(prove: Prove) -> None:
    jordan = [Fraction(c) for c in coefficients(prove("a14-jordan-lower-fixed-point-repels"))]
    near, far = near_and_far()
    assert [side.midpoint for side in near.plane.window] == jordan
    assert near.certified_share("bounded-positive") == 1
    (file,) = near.files()
    assert set(file.verification.claims) == {"maps-into", "sign-safe"}
    assert far.certified_share("bounded-positive") > Fraction(1, 4)
    assert far.certified_share("escapes") > Fraction(1, 20)
    assert far.certified_share("bounded-positive") + far.certified_share("escapes") + far.open_share() == 1
    assert all(f.verification.proved for f in far.files())


def near_and_far() -> list[Atlas]:
    layers, found = ("bounded-positive", "escapes"), []
    for radius, depth in ((RADIUS, 6), (FAR, 8)):
        of = around_jordan(radius)
        prover = Layers(of.prover.family, layers)
        boxes = sweep(prover, of.plane, dict.fromkeys(layers, depth), jobs=1)
        found.append(Atlas(prover, of.plane, None, boxes))
    return found


if __name__ == "__main__":
    main(study)
