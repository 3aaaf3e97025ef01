"""Where a family begins to diverge, bracketed on critical orbits: against elimination by sympy, and scans."""

from fractions import Fraction

import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from muon_theory.bifurcations import horizon_threshold
from muon_theory.derivations import divergence_threshold
from muon_theory.exact.orbit import value
from muon_theory.family import CUBIC, QUINTIC
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.trajectories import (
    Kind,
    classify,
    escape_from_unit_interval,
    locate_threshold,
)

coefficients = st.fractions(min_value=-6, max_value=6, max_denominator=200)
maps = st.lists(coefficients, min_size=1, max_size=3).filter(any).map(lambda c: OddPolynomial(tuple(c)))


def eliminated_threshold(s: sympy.Rational, low: int, high: int) -> sympy.Expr:
    """The parameters where a critical value of the quintic meets its escape point: independent elimination."""
    a, y = sympy.symbols("a y")
    c = a - (3 - s) / 2
    # DYNAMICS: R = 1 - c·y(1 - y)(2 + (1 - y)w), w = a - 1 - cy; a double root in y is the critical value at escape.
    r = sympy.expand(1 - c * y * (1 - y) * (2 + (1 - y) * (a - 1 - c * y)))
    discriminant = sympy.Poly(sympy.discriminant(r, y), a)
    return [root for root in discriminant.real_roots() if low < root < high]


@pytest.mark.parametrize("s", ["-99/100", "-3", "9/10"])
def test_the_derived_threshold_lies_in_the_bracket(s):
    """50 digits of two methods: bisection on critical orbits here, elimination and isolation in `derive`."""
    found, derived = locate_threshold(QUINTIC.fix(s=s), 50), divergence_threshold(s)
    assert found.safe < derived < found.unsafe
    assert found.value == derived.decimal(50)


@pytest.mark.parametrize("s", ["-99/100", "1/2"])
def test_the_quintic_threshold_is_the_root_of_the_eliminant(s):
    found = locate_threshold(QUINTIC.fix(s=s), 50)
    candidates = eliminated_threshold(sympy.Rational(s), 2, 4)
    nearest = min(abs(sympy.N(root, 60) - sympy.Rational(found.value)) for root in candidates)
    assert nearest <= sympy.Rational(1, 10**49)
    assert found.working_digits > 50


def test_where_f_has_slope_1_at_1_the_threshold_is_that_of_leaving_the_interval():
    """s = 1: g - 1 = (a - 1)(1 - y)² has a double root, so orbits escape as soon as max f > 1 on [0, 1]."""
    a = Fraction(locate_threshold(QUINTIC.fix(s=1), 20).value)
    f = QUINTIC.fix(s=1).at(a=a)
    peak = max(f(Fraction(i, 10**4)) for i in range(6300, 6500))
    assert Fraction(-1, 10**7) < peak - 1 < Fraction(1, 10**12)


def test_the_cubic_threshold_is_3():
    found = locate_threshold(CUBIC, 50)
    assert found.value == "3"
    assert found.safe < 3 < found.unsafe
    assert found.unsafe - found.safe < Fraction(1, 10**49)
    assert locate_threshold(CUBIC, 20, between=("7/2", "5/2")).value == "3"


def test_both_ends_of_a_bracket_have_a_witness():
    found = locate_threshold(QUINTIC.fix(s="-99/100"), 15)
    below, above = (QUINTIC.fix(s="-99/100").at(a=a) for a in (found.safe, found.unsafe))
    start = found.at_unsafe.start
    assert 0 < start <= 1
    assert classify(above, start).kind is Kind.ESCAPES
    assert classify(below, start, horizon=60).kind is not Kind.ESCAPES
    assert found.at_safe.holds
    assert not found.at_unsafe.holds
    assert found.to_json()["value"].startswith("3.346278127326")


@given(maps)
def test_escape_from_the_unit_interval_agrees_with_a_scan(f):
    found = escape_from_unit_interval(f, 200)
    assume(found is not None)
    scan = [classify(f, Fraction(i, 11), 12, horizon=30).kind for i in range(1, 12)]
    if found.holds:
        assert Kind.ESCAPES not in scan


def test_a_finite_horizon_is_another_question():
    line = QUINTIC.fix(s="-99/100")
    threshold = divergence_threshold("-99/100")
    two, five = (
        Fraction(horizon_threshold(line, steps, Fraction(2), Interval.of(3, 4), 6).thresholds[0].value)
        for steps in (2, 5)
    )
    assert two > five
    assert threshold < five  # between the two, orbits escape that five steps do not show
    assert escape_from_unit_interval(line.at(a=(five + threshold.enclose(9).hi) / 2), 200).holds is False


def test_the_horizon_threshold_agrees_with_a_scan():
    family = QUINTIC.fix(s="-99/100")
    (found,) = horizon_threshold(family, 3, Fraction(2), Interval.of(3, 4), 9).thresholds
    for a, expected in ((found.isolating.lo, True), (found.isolating.hi, False)):
        f, peak = family.at(a=a - Fraction(1, 1000) if expected else a + Fraction(1, 1000)), 0.0
        numbers = [float(c) for c in f.coefficients]
        for i in range(1, 20001):
            x = i / 20000
            for _ in range(3):
                x = value(numbers, x)
            peak = max(peak, abs(x))
        assert (peak <= 2) is expected
