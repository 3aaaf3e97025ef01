"""A11, in the plane. Boxes (a, s) proved to converge lie below the curve a*(s), boxes with an escaping orbit above."""

from __future__ import annotations

from _study import Prove, main

from muon_theory.atlases import Atlas, Properties, quintic_plane, sweep
from muon_theory.claims import Threshold
from muon_theory.family import QUINTIC
from muon_theory.interval import Interval

DEPTH = 12


def study(prove: Prove) -> None:
    theorem = prove("a11-one-threshold-on-every-line-of-the-strip").claim
    assert isinstance(theorem, Threshold)
    of, layers = quintic_plane(), ("converges", "escapes")
    prover = Properties(QUINTIC, layers)
    found = Atlas(prover, of.plane, of.strip, sweep(prover, of.plane, dict.fromkeys(layers, DEPTH), jobs=1))
    files = found.files()
    assert {f.layer for f in files} == set(layers)
    assert all(f.verification.proved for f in files)
    strip, above = theorem.others[0], theorem.polynomial.at((theorem.range.hi, theorem.others[0].midpoint))
    for layer, sign in (("converges", -1), ("escapes", 1)):
        for leaf in found.boxes(layer):
            a, s = found.plane.box(leaf.path)
            if Interval.of("5/2", 4).lo <= a.lo and s <= strip:
                assert sign * above * theorem.polynomial.at((a.midpoint, s.midpoint)) > 0
    assert found.open_share() < 1 / 40


if __name__ == "__main__":
    main(study)
