"""The article's claims over random coefficients, on each side of every boundary."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given

from muon_theory.family import CUBIC, QUINTIC
from muon_theory.finders import band, families, limits
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule
from muon_theory.testing import attracting_cubics, attracting_quintics, rationals, schedules
from muon_theory.verification import verify

ONE = Interval.of(1)


@given(attracting_cubics())
def test_a4_inside_one_attracts_and_everything_from_0_1_converges(f):
    repeated = Schedule((f,))
    assert limits.multiplier_kind(repeated, ONE).claim.type == "attracts"
    certificate = limits.basin(repeated, ONE)
    assert verify(certificate).proved
    assert certificate.claim.upper >= 1


@given(rationals("1/10", "99/100") | rationals("201/100", 4))
def test_a4_outside_one_repels(a):
    certificate = limits.multiplier_kind(Schedule((CUBIC.at(a=a),)), ONE)
    assert certificate.claim.type == "repels"
    assert verify(certificate).proved


@given(rationals("101/100", "13/5"), rationals("-199/100", "199/100"))
def test_a9_one_attracts_exactly_in_the_strip(a, s):
    assume(abs(s) != 1)
    certificate = limits.multiplier_kind(Schedule((QUINTIC.at(a=a, s=s),)), ONE)
    assert certificate.claim.type == ("attracts" if abs(s) < 1 else "repels")
    assert verify(certificate).proved
    b = (5 - s) / 2 - 2 * a
    assert (2 - 2 * a < b < 3 - 2 * a) == (abs(s) < 1)


@given(attracting_quintics())
def test_below_every_threshold_the_quintic_converges(f):
    certificate = limits.basin(Schedule((f,)), ONE)
    assert verify(certificate).proved


@pytest.mark.parametrize("s", ["-9/10", "-1/2", "0", "1/2", "9/10"])
def test_a11_just_past_the_threshold_a_start_escapes_and_just_below_none_does(s):
    family = QUINTIC.fix(s=s)
    claim = families.threshold(family, "converges", "fixed-point", Interval.of(1, "7/2"), digits=9).claim
    past, below = claim.isolating.hi + Fraction(1, 1000), claim.isolating.lo - Fraction(1, 1000)
    from muon_theory.finders import certify

    repeated = Schedule((family.at(a=past),) * 5)
    kinds = {a.claim.type: a.verdict.value for a in certify(repeated).answers}
    assert kinds.get("escapes") == "proved"
    assert verify(limits.basin(Schedule((family.at(a=below),)), ONE)).proved


@given(schedules(length=(1, 6)))
def test_a8_the_growth_near_zero_is_the_product_of_the_slopes(schedule):
    certificate = band.slope(schedule)
    assert verify(certificate).proved
    tiny = Fraction(1, 10**30)
    size = max(sum(abs(c) for c in step.coefficients) for step in schedule.steps) ** len(schedule.steps)
    assert abs(schedule(tiny) / tiny - certificate.claim.value) <= size**3 * 100 * tiny
