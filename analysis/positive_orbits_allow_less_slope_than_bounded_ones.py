"""A8, carried on.  If the orbits of (0, 1] must stay bounded and positive, the slope is less than 3√3/2 in degree 3,
than the root 4.2571… of 256a³ + 800a² - 4375a - 15625 in degree 5, and than 5.9302… in degree 7 (derived): certified
just inside and just outside.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.certificate import Certificate
from muon_theory.claims import Escapes, Flips, MapsInto, SignSafe
from muon_theory.derivations.extremal import nodes, positive_extremal, positive_slope, slope_bound
from muon_theory.finders import band, limits
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

MARGIN = Fraction(1, 10**6)
UNIT = Interval.of(0, 1)


def twice(f: OddPolynomial) -> Schedule:
    return Schedule((f, f), f"slope {f.slope}")


def beyond(degree: int) -> OddPolynomial:
    """The extremal polynomial times 1 + MARGIN."""
    return OddPolynomial(tuple((1 + MARGIN) * c for c in positive_extremal(degree).rounded(MARGIN**2 / 10**6)))


def fails(degree: int) -> Certificate:
    """Degree 5: 1 escapes.  Degrees 3 and 7, where f*(1) = 0: the critical point lands past 1, and then below 0."""
    f = beyond(degree)
    if degree == 5:
        return limits.escapes(Schedule((f,), f"slope {f.slope}"), Fraction(1))
    return band.flips(twice(f), nodes(degree, positive=True, digits=9)[0], 2, 40)


def study(prove: Prove) -> None:
    for d in (3, 5, 7):
        best = positive_extremal(d)
        f = best.inside(MARGIN)
        assert f.slope < best.slope < f.slope + 6 * MARGIN
        safe = prove(f"d-slope-{d}-positive-inside", lambda f=f: band.sign_safe(twice(f), Fraction(1)))
        assert isinstance(safe.claim, SignSafe)
        stays = prove(f"d-slope-{d}-positive-invariant", lambda f=f: band.maps_into(twice(f), UNIT, UNIT))
        assert isinstance(stays.claim, MapsInto)
        assert stays.claim.target == stays.claim.start
        worse = prove(f"d-slope-{d}-positive-outside", lambda d=d: fails(d))
        assert isinstance(worse.claim, Escapes | Flips)
        assert best.slope < beyond(d).slope
        assert abs(slope_bound(nodes(d, positive=True), positive=True) - f.slope) < 6 * MARGIN
        assert positive_slope(d).checks > 100
    assert [positive_extremal(d).slope.decimal(12) for d in (3, 5, 7)] == [
        "2.59807621135",
        "4.25715113692",
        "5.93028668026",
    ]


if __name__ == "__main__":
    main(study)
