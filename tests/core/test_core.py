"""Polynomials, intervals, schedules, families: the exact types."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory import CUBIC, QUINTIC, Extension, Interval, OddPolynomial, Reading, Schedule, UsageError
from muon_theory.errors import ParseError
from muon_theory.testing import intervals, odd_polynomials, rationals, schedules


@given(odd_polynomials(), rationals(-2, 2))
def test_f_is_x_g_of_x_squared_and_odd(f, x):
    assert f(x) == x * f.g(x * x) == -f(-x)
    assert f(x) == sum(c * x**k for k, c in enumerate(f.dense()))


@given(odd_polynomials(), rationals(-2, 2))
def test_the_derivative_is_the_limit_of_difference_quotients(f, x):
    h = Fraction(1, 10**12)
    quotient = (f(x + h) - f(x - h)) / (2 * h)
    assert abs(quotient - f.derivative(x)) < Fraction(1, 10**15)


@given(odd_polynomials(), rationals(1, 2), rationals(1, 2), rationals(-1, 1))
def test_scaling(f, inner, outer, x):
    assert f.scaled(inner, outer)(x) == outer * f(inner * x)


@given(schedules(), rationals(0, 1, 20))
def test_a_schedule_is_the_composition_of_its_steps(schedule, x):
    value = x
    for step in schedule.steps:
        value = step(value)
    assert schedule(x) == value


@given(schedules())
def test_equal_mathematics_equal_digest(schedule):
    padded = Schedule.of([[*row, "0"] for row in schedule.rows()], name="other name")
    assert padded.digest == schedule.digest
    canonical = json.dumps(schedule.rows(), separators=(",", ":")).encode()
    assert schedule.digest == hashlib.sha256(canonical).hexdigest()


@given(schedules(length=(2, 4)))
def test_order_matters_to_the_digest(schedule):
    backwards = Schedule(schedule.steps[::-1])
    assert (backwards.digest == schedule.digest) == (backwards.steps == schedule.steps)


@given(intervals(), intervals(), rationals(0, 1))
def test_interval_laws(i, j, x):
    assert i <= i.hull(j)
    assert j <= i.hull(j)
    assert i <= i.widen(x)
    assert (x in i) == (i.lo <= x <= i.hi)
    assert i.disjoint(j) == (max(i.lo, j.lo) > min(i.hi, j.hi))


def test_swapped_ends_are_refused():
    with pytest.raises(UsageError, match="swap them"):
        Interval.of(1, 0)


def test_one_row_is_repeated_and_several_are_taken_as_they_are():
    assert len(Schedule.parse("2,-1").steps) == 5
    assert len(Schedule.parse("2,-1;3/2,-1/2").steps) == 2


@pytest.mark.parametrize(
    ("text", "position"), [("3.4445,-4.7750,2.3o15", 18), ("1,2;3,x", 6), ("1,,2", 2), (";", 0), ("a", 0)]
)
def test_a_typo_in_coefficients_is_pointed_at_in_the_whole_text(text, position):
    with pytest.raises(ParseError) as caught:
        Schedule.parse(text)
    assert caught.value.position == position
    assert caught.value.pointer() == f"{text}\n{' ' * position}^"


@pytest.mark.parametrize(
    ("extension", "count", "rows"),
    [
        (Extension.REPEAT_LAST, 4, [1, 2, 3, 3]),
        (Extension.REPEAT_LAST, 2, [1, 2]),
        (Extension.CYCLE, 5, [1, 2, 3, 1, 2]),
        (Extension.SLICE_FIRST, 2, [1, 2]),
        (Extension.SLICE_LAST, 2, [2, 3]),
        (Extension.EXACT, 3, [1, 2, 3]),
    ],
)
def test_extensions(extension, count, rows):
    schedule = Schedule(tuple(OddPolynomial.of(a) for a in (1, 2, 3)), extension=extension)
    assert [step.slope for step in schedule.with_steps(count).steps] == rows


@pytest.mark.parametrize("extension", [Extension.EXACT, Extension.SLICE_FIRST, Extension.SLICE_LAST])
def test_an_extension_that_cannot_reach_says_so(extension):
    schedule = Schedule(tuple(OddPolynomial.of(a) for a in (1, 2, 3)), extension=extension)
    with pytest.raises(UsageError, match="cannot run 4 steps"):
        schedule.with_steps(4)


def test_a_reading_changes_the_numbers():
    exact, stored = (Schedule.parse("3.4445,-4.7750,2.0315", reading=r) for r in (Reading.DECIMAL, Reading.BFLOAT16))
    assert exact.digest != stored.digest
    assert stored.steps[0].coefficients == (Fraction(55, 16), Fraction(-153, 32), Fraction(65, 32))


@given(rationals(-5, 5), rationals(-2, 2))
def test_families_fix_one_with_the_multiplier_they_name(a, s):
    quintic, cubic = QUINTIC.at(a=a, s=s), CUBIC.at(a=a)
    assert quintic(1) == cubic(1) == 1
    assert quintic.derivative(1) == s
    assert cubic.derivative(1) == 3 - 2 * a
    assert QUINTIC.fix(s=s).at(a=a) == quintic


def test_the_articles_line_has_multiplier_minus_49_50():
    f = QUINTIC.at(a="3.25", s="-49/50")
    assert f == OddPolynomial.of("3.25", "-3.51", "1.26")
    for a in ("2", "2.5", "3"):
        assert QUINTIC.at(a=a, s="-49/50").coefficients[1] == Fraction("2.99") - 2 * Fraction(a)


def test_a_missing_or_unknown_parameter_is_named():
    with pytest.raises(UsageError, match="needs a value for s"):
        QUINTIC.at(a=1)
    with pytest.raises(UsageError, match="no parameter 'b'"):
        CUBIC.at(a=1, b=2)


@given(st.lists(st.sampled_from(["1", "2", "-1/2"]), min_size=1, max_size=4))
def test_trailing_zeros_are_stripped(row):
    assert OddPolynomial.of(*row, "0", "0") == OddPolynomial.of(*row)
