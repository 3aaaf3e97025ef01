"""A9. f(1) = 1, s = f'(1) = 5 - 4a - 2b: 1 attracts for -1 < s < 1, that is 2 - 2a < b < 3 - 2a, and repels
beyond.
"""

from __future__ import annotations

from _study import Prove, main

from muon_theory.claims import Ratio, Region
from muon_theory.family import QUINTIC, QUINTIC_AB
from muon_theory.interval import Interval


def study(prove: Prove) -> None:
    far = Interval.of(-1000, 1000)
    for name, wanted in {
        "a9-attracting-for-s-in-minus-1-1": ("attracting", Interval.of(-1, 1)),
        "a9-multiplier-above-1": ("multiplier-above-1", Interval.of(1, 1000)),
        "a9-multiplier-below-minus-1": ("multiplier-below-minus-1", Interval.of(-1000, -1)),
    }.items():
        certificate = prove(name)
        assert certificate.subject == QUINTIC
        assert certificate.claim == Region(wanted[0], ((far, wanted[1]),), open=True)
    box = prove("a9-box-around-the-articles-set")
    assert box.subject == QUINTIC_AB
    assert isinstance(box.claim, Region)
    ((a, b),) = box.claim.boxes
    assert a.midpoint * 4 == 13
    assert b.midpoint * 100 == -351
    assert 2 - 2 * a.lo < b.lo
    assert b.hi < 3 - 2 * a.hi
    prove("a9-at-slope-one-half-1-attracts")
    shrinks = prove("a9-at-slope-one-half-small-x-shrink").claim
    assert isinstance(shrinks, Ratio)
    assert 0 < shrinks.bounds.lo <= shrinks.bounds.hi < 1, "so that 0 attracts as well, for a < 1"


if __name__ == "__main__":
    main(study)
