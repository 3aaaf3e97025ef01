"""A8, carried on.  If the orbits of (0, 1] must stay bounded and positive, the slope is less than 3√3/2 in degree 3,
than the root 4.2571… of 256a³ + 800a² - 4375a - 15625 in degree 5, and than 5.9302… in degree 7 (derived): certified
just inside and just outside.
"""

from __future__ import annotations

from _study import Prove, main

from muon_theory.article.extensions.t1_slopes import MARGIN, POSITIVE, beyond
from muon_theory.claims import Escapes, Flips, MapsInto, SignSafe
from muon_theory.derivations.extremal import nodes, positive_extremal, slope_bound
from muon_theory.derivations.largest_slopes import positive_slope


def study(prove: Prove) -> None:
    for d in POSITIVE:
        best = positive_extremal(d)
        f = best.inside(MARGIN)
        assert f.slope < best.slope < f.slope + 6 * MARGIN
        assert isinstance(prove(f"d-slope-{d}-positive-inside").claim, SignSafe)
        stays = prove(f"d-slope-{d}-positive-invariant")
        assert isinstance(stays.claim, MapsInto)
        assert stays.claim.target == stays.claim.start
        assert isinstance(prove(f"d-slope-{d}-positive-outside").claim, Escapes | Flips)
        assert best.slope < beyond(d).slope
        assert abs(slope_bound(nodes(d, positive=True), positive=True) - f.slope) < 6 * MARGIN
        assert positive_slope(d).checks > 100
    assert [positive_extremal(d).slope.decimal(12) for d in POSITIVE] == [
        "2.59807621135",
        "4.25715113692",
        "5.93028668026",
    ]


if __name__ == "__main__":
    main(study)
