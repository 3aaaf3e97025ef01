"""Exact numbers: reading, rounding to binary formats, simplest rationals, outward decimals."""

from __future__ import annotations

import struct
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.errors import ParseError, UsageError
from muon_theory.number import Reading, decimal, rational, simplest_between
from muon_theory.testing import rationals


@pytest.mark.parametrize(
    ("text", "value"),
    [("3.4445", "6889/2000"), ("1e-3", "1/1000"), ("-.5", "-1/2"), ("-191/40", "-191/40"), (" 2 ", "2")],
)
def test_decimal_texts_are_exact(text, value):
    assert rational(text) == Fraction(value)


@pytest.mark.parametrize(
    ("text", "position"),
    [("2.3o15", 3), ("", 0), ("1//2", 2), ("--1", 1), ("1.2.3", 3), ("nan", 0), ("1e", 2), ("3/0", 3)],
)
def test_a_typo_is_pointed_at(text, position):
    with pytest.raises(ParseError) as caught:
        rational(text)
    assert caught.value.position == position
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [3.4445, True, None])
def test_what_is_not_exact_is_refused(value):
    with pytest.raises(UsageError, match="not exact"):
        rational(value)


@given(st.floats(allow_nan=False, allow_infinity=False, width=64))
def test_binary64_is_python_float(x):
    assert Reading.BINARY64.read(repr(x)) == Fraction(x)


@given(rationals(-1000, 1000, 10**9))
def test_binary32_is_the_hardware_float(q):
    via_double = struct.unpack("f", struct.pack("f", float(q)))[0]
    ours = Reading.BINARY32.round(q)
    # rounding twice may differ in a tie only: both neighbours are then equally near to within the double's error
    assert ours == Fraction(via_double) or abs(abs(ours - q) - abs(Fraction(via_double) - q)) < abs(q) * Fraction(
        1, 2**52
    )


@given(rationals(-100, 100, 10**6), st.sampled_from([Reading.BFLOAT16, Reading.BINARY16, Reading.BINARY32]))
def test_rounding_is_nearest_and_idempotent(q, reading):
    rounded = reading.round(q)
    assert reading.round(rounded) == rounded
    if abs(q) > Fraction(1, 1000):
        assert abs(rounded - q) <= abs(q) * Fraction(1, 2**reading.precision)


@given(rationals(-100, 100, 10**5), rationals("1/100000", 1, 10**5))
def test_the_simplest_rational_is_inside_and_simplest(lo, width):
    hi = lo + width
    simple = simplest_between(lo, hi)
    assert lo <= simple <= hi
    for denominator in range(1, min(simple.denominator, 200)):
        assert (hi * denominator).__floor__() < (lo * denominator).__ceil__()


@given(rationals(-(10**6), 10**6, 10**9), st.integers(1, 30))
def test_decimals_round_outward(q, digits):
    below, above = (Fraction(decimal(q, digits, toward)) for toward in (-1, 1))
    assert below <= q <= above
    assert above - below <= abs(q) * Fraction(10) ** (1 - digits)


def test_decimals_of_numbers_too_long_for_str():
    assert decimal(Fraction(10**5000 + 1), 5) == "1e5000"
    assert decimal(Fraction(1, 10**5000), 5) == "1e-5000"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "it is missing"),
        ("1/0", "the denominator is 0"),
        ("1e99999", "more than four digits"),
        ("1e", "ends too early"),
        ("2.3o15", "'o' does not belong"),
        ("٣", "does not belong"),
    ],
)
def test_what_is_wrong_with_a_number_is_said(text, fault):
    with pytest.raises(ParseError, match=fault):
        rational(text)


def test_a_number_that_is_too_long_is_refused():
    with pytest.raises(UsageError, match="at most 4000"):
        rational("1" * 4001)
