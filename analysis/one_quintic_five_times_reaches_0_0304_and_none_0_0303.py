"""A8, carried on. One quintic repeated five times keeps [1/100, 1] within 0.0304 of 1; every quintic with |f| ≤ 1
somewhere on it errs by 0.03033 or more. Jordan's set errs ten times as much; for five different quintics the bound is
1.23e-6, not 0.03033.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.claims import CompositionBound, ConstantBound, MapsInto
from muon_theory.finders.alternation import composition_bound
from muon_theory.finders.band import maps_into
from muon_theory.finders.constant_bound import constant_bound
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

SLOW = True
BEST = Schedule.parse("2.673412,-3.237233,1.564542", steps=5)
LOWER, ERROR = Fraction(1, 100), Fraction(3033, 100_000)


def study(prove: Prove) -> None:
    over = Interval(LOWER, Fraction(1))
    band = prove("d-best-quintic-five-times", lambda: maps_into(BEST, over)).claim
    assert isinstance(band, MapsInto)
    reached = max(1 - band.target.lo, band.target.hi - 1)
    assert reached < Fraction(304, 10_000)

    none = prove("d-no-better-quintic-five-times", lambda: constant_bound(BEST, 5, LOWER, ERROR)).claim
    assert isinstance(none, ConstantBound)
    assert (none.degree, none.steps, none.lower) == (5, 5, LOWER)
    assert none.range is none.slope is none.multiplier is None
    assert reached * Fraction(998, 1000) < none.error < reached

    jordan = prove("a14-band-jordan-from-0.01").claim
    assert isinstance(jordan, MapsInto)
    assert 1 - jordan.target.lo > 10 * reached

    different = prove("d-five-different-quintics", lambda: composition_bound((5,) * 5, over)).claim
    assert isinstance(different, CompositionBound)
    assert different.error < Fraction(13, 10**7)


if __name__ == "__main__":
    main(study)
