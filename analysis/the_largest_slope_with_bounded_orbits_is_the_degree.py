"""A8, carried on.  If 1 need not attract and the orbits of (0, 1] need only stay bounded, the slope is at most the
degree d, and d is attained (derived): certified just inside and just outside for d = 3, 5, 7, 9, and with
f(1) = 1 for d = 5.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.certificate import Certificate
from muon_theory.claims import Escapes, MapsInto
from muon_theory.derivations.extremal import bounded_slope, nodes, scaled, sine_polynomial, slope_bound
from muon_theory.finders import band, limits
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

MARGIN = Fraction(1, 10**6)


def map_of(f: OddPolynomial) -> Schedule:
    return Schedule((f,), f"slope {f.slope}")


def times(f: OddPolynomial, factor: Fraction) -> OddPolynomial:
    return OddPolynomial(tuple(factor * c for c in f.coefficients))


def stays(f: OddPolynomial, radius: int) -> Certificate:
    symmetric = Interval.of(-radius, radius)
    return band.maps_into(map_of(f), symmetric, symmetric)


def study(prove: Prove) -> None:
    for d in (3, 5, 7, 9):
        best = sine_polynomial(d)
        assert best.slope == d
        inside = prove(f"d-slope-{d}-bounded-inside", lambda best=best: stays(times(best, 1 - MARGIN), 1))
        assert isinstance(inside.claim, MapsInto)
        assert inside.claim.target == inside.claim.start, "the interval is invariant: every orbit from it is bounded"
        assert isinstance(inside.subject, Schedule)
        assert inside.subject.slope == d * (1 - MARGIN)
        outside = prove(
            f"d-slope-{d}-bounded-outside",
            lambda best=best: limits.escapes(map_of(times(best, 1 + MARGIN)), Fraction(1)),
        )
        assert isinstance(outside.claim, Escapes)
        assert 0 <= slope_bound(nodes(d, positive=False)) - d < MARGIN, "no odd polynomial of degree d has more"
        assert bounded_slope(d).checks > 100
    quintic = scaled(sine_polynomial(5), Fraction(1, 2))
    assert quintic.row() == ["5", "-5", "1"]
    f = OddPolynomial(tuple((1 - MARGIN) * c + (MARGIN if i == 0 else 0) for i, c in enumerate(quintic.coefficients)))
    assert f(1) == 1
    assert f.slope == 5 - 4 * MARGIN
    prove("d-slope-5-bounded-with-fixed-point-1", lambda: stays(f, 2))


if __name__ == "__main__":
    main(study)
