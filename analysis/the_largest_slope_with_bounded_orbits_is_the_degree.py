"""A8, carried on.  If 1 need not attract and the orbits of (0, 1] need only stay bounded, the slope is at most the
degree d, and d is attained (derived): certified just inside and just outside for d = 3, 5, 7, 9, and with
f(1) = 1 for d = 5.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.article.extensions.t1_slopes import BOUNDED, MARGIN, fixing_one
from muon_theory.claims import Escapes, MapsInto
from muon_theory.derivations.extremal import nodes, sine_polynomial, slope_bound
from muon_theory.derivations.largest_slopes import bounded_slope
from muon_theory.schedule import Schedule


def study(prove: Prove) -> None:
    for d in BOUNDED:
        assert sine_polynomial(d).slope == d
        inside = prove(f"d-slope-{d}-bounded-inside")
        assert isinstance(inside.claim, MapsInto)
        assert inside.claim.target == inside.claim.start, "the interval is invariant: every orbit from it is bounded"
        assert isinstance(inside.subject, Schedule)
        assert inside.subject.slope == d * (1 - MARGIN)
        outside = prove(f"d-slope-{d}-bounded-outside")
        assert isinstance(outside.claim, Escapes)
        assert 0 <= slope_bound(nodes(d, positive=False)) - d < MARGIN, "no odd polynomial of degree d has more"
        assert bounded_slope(d).checks > 100
    assert sine_polynomial(5).scaled(Fraction(1, 2), 2).row() == ["5", "-5", "1"]
    f = fixing_one()
    assert f(1) == 1
    assert f.slope == 5 - 4 * MARGIN
    fixed = prove("d-slope-5-bounded-with-fixed-point-1")
    assert isinstance(fixed.subject, Schedule)
    assert fixed.subject.steps == (f,)


if __name__ == "__main__":
    main(study)
