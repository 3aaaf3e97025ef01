"""DESIGN §2, fact 1: images compose exactly.  Our bands against python-flint, mpmath and dense sampling."""

from __future__ import annotations

from fractions import Fraction

import mpmath
from flint import arb, ctx
from hypothesis import given

from muon_theory.finders import band
from muon_theory.interval import Interval
from muon_theory.testing import intervals, odd_polynomials, rationals, schedules
from muon_theory.verification import verify

DIGITS = 12


@given(schedules(length=(1, 4)), intervals(), rationals(0, 1))
def test_a_band_contains_every_value_and_is_attained(schedule, start, t):
    outer, inner = band.maps_into(schedule, start, digits=DIGITS), band.attains(schedule, start, DIGITS)
    assert verify(outer).proved
    assert verify(inner).proved
    x = start.lo + t * start.width
    for point in (x, start.lo, start.hi):
        assert schedule(point) in outer.claim.target
    assert inner.claim.contains <= outer.claim.target


@given(odd_polynomials(), intervals())
def test_one_step_agrees_with_ball_arithmetic_on_a_fine_cover(f, start):
    """The image by critical points lies in the union of arb's images of a cover, and those in it, widened."""
    from muon_theory.schedule import Schedule

    target = band.maps_into(Schedule((f,)), start, digits=DIGITS).claim.target
    ctx.prec = 80
    cells, ends = 64, []
    for i in range(cells):
        ball = arb((start.lo + start.width * i / cells).numerator) / (start.lo + start.width * i / cells).denominator
        ball = ball.union(
            arb((start.lo + start.width * (i + 1) / cells).numerator)
            / (start.lo + start.width * (i + 1) / cells).denominator
        )
        value = arb(0)
        for c in reversed(f.dense()):
            value = value * ball + arb(c.numerator) / c.denominator
        ends += [float(value.lower()), float(value.upper())]
    assert min(ends) <= float(target.lo) + 1e-9
    assert max(ends) >= float(target.hi) - 1e-9


@given(schedules(length=(1, 3)), intervals())
def test_dense_sampling_in_mpmath_never_leaves_and_nearly_fills_the_band(schedule, start):
    target = band.maps_into(schedule, start, digits=DIGITS).claim.target
    context = mpmath.MPContext()
    context.dps = 30

    def exact(q: Fraction) -> object:
        return context.mpf(q.numerator) / q.denominator

    values = []
    for i in range(401):
        x = exact(start.lo) + exact(start.width) * i / 400
        for step in schedule.steps:
            square, value = x * x, context.mpf(0)
            for c in reversed(step.coefficients):
                value = value * square + exact(c)
            x = x * value
        values.append(x)
    lo, hi = exact(target.lo), exact(target.hi)
    rounding = context.mpf(10) ** -24
    assert all(lo - rounding <= v <= hi + rounding for v in values)
    steepest = 1.0
    here = start
    for step in schedule.steps:
        size = max(abs(here.lo), abs(here.hi))
        steepest *= float(sum(abs(c) * size ** (2 * i) for i, c in enumerate(step.derivative_in_y)))
        here = band.maps_into(type(schedule)((step,)), here, digits=DIGITS).claim.target
    slack = steepest * float(start.width) / 400 + 1e-9
    assert float(min(values)) - float(lo) <= slack
    assert float(hi) - float(max(values)) <= slack


@given(schedules(length=(1, 4)), intervals(), intervals())
def test_a_larger_start_has_a_larger_band(schedule, i, j):
    small, large = (band.maps_into(schedule, k, digits=DIGITS).claim.target for k in (i, i.hull(j)))
    assert small <= large.widen(Fraction(1, 10 ** (DIGITS - 6)) * max(1, abs(large.lo), abs(large.hi)))


def test_the_interval_type_of_a_claim_is_ours():
    from muon_theory.schedule import Schedule

    assert isinstance(band.maps_into(Schedule.parse("2,-1"), Interval.of(0, 1)).claim.target, Interval)
