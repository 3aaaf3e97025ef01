"""A5, refuted: that the neighbourhood where five steps stay near 1 keeps widening as a → 2 (δ = 1/10)."""

from __future__ import annotations

from _study import Prove, main

from muon_theory.article.a05_neighbourhood import DELTA, SAMPLES
from muon_theory.claims import MapsInto


def study(prove: Prove) -> None:
    wide, jitter = SAMPLES[-2:]
    assert float(wide.a) < float(jitter.a) < 2
    inside, outside = prove(wide.inside).claim, prove(jitter.outside).claim
    assert isinstance(inside, MapsInto)
    assert isinstance(outside, MapsInto)
    assert inside.start.lo < outside.start.lo < 1, (
        "with more slope a point is out that lies in the neighbourhood of the other"
    )
    assert abs(outside.target.hi - 1) > DELTA


if __name__ == "__main__":
    main(study)
