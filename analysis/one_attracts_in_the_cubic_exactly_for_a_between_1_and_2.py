"""A4. f(1) = 1: |f'(1)| < 1 for 1 < a < 2, f'(1) > 1 below and f'(1) < -1 above (to |a| = 1000; it is affine)."""

from __future__ import annotations

from _study import Prove, main

from muon_theory.claims import Region
from muon_theory.family import CUBIC
from muon_theory.interval import Interval


def study(prove: Prove) -> None:
    for name, wanted in {
        "a4-attracting-for-a-in-1-2": ("attracting", Interval.of(1, 2)),
        "a4-multiplier-above-1-for-a-below-1": ("multiplier-above-1", Interval.of(-1000, 1)),
        "a4-multiplier-below-minus-1-for-a-above-2": ("multiplier-below-minus-1", Interval.of(2, 1000)),
    }.items():
        certificate = prove(name)
        assert certificate.subject == CUBIC
        assert certificate.claim == Region(wanted[0], ((wanted[1],),), open=True)


if __name__ == "__main__":
    main(study)
