"""A14. Five steps of most quintics with coefficients within 1/100 of Jordan's bring [1/100, 1] into [2/3, 4/3]; of none
of them into [9/10, 11/10]."""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.atlases import Atlas, Band, around_jordan, sweep
from muon_theory.interval import Interval

RADIUS = Fraction(1, 100)


def study(prove: Prove) -> None:
    prove("a14-band-jordan-from-0.01")
    wide, narrow = (held(Interval.of(lo, hi), depth) for lo, hi, depth in (("2/3", "4/3", 6), ("9/10", "11/10", 3)))
    assert wide.certified_share("band") > Fraction(1, 2)
    assert narrow.certified_share("leaves-band") == 1
    assert all(f.verification.proved for found in (wide, narrow) for f in found.files())


def held(target: Interval, depth: int) -> Atlas:
    of = around_jordan(RADIUS, Band(target, Fraction(1, 100), 5)).at_depth(depth)
    return Atlas(of.prover, of.plane, None, sweep(of.prover, of.plane, of.depths, jobs=1))


if __name__ == "__main__":
    main(study)
