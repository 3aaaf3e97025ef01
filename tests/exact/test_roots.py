"""Real roots and what they are of a map: against sympy's isolation, and against the map itself."""

from fractions import Fraction

import pytest
import sympy
from flint import ctx
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.exact.orbit import interval
from muon_theory.exact.rationals import poly
from muon_theory.exact.roots import (
    all_real_roots,
    antipodes,
    critical_points,
    escape_radius,
    fixed_points,
    positive_roots,
    real_roots,
)
from muon_theory.polynomial import OddPolynomial
from tests.naive import signs

coefficients = st.fractions(min_value=-6, max_value=6, max_denominator=200)
maps = st.lists(coefficients, min_size=1, max_size=3).filter(any).map(lambda c: OddPolynomial(tuple(c)))
Y = sympy.Symbol("y")


@given(st.lists(st.fractions(-2, 2, max_denominator=30), min_size=1, max_size=4))
def test_balls_hold_every_root_once(zeros):
    p = [Fraction(1)]
    for z in zeros:
        p = signs.multiply(p, [-z, Fraction(1)])
    with ctx.workprec(80):
        found = [interval(ball) for ball in all_real_roots(poly(p))]
        positive = [interval(ball) for ball in positive_roots(poly(p))]
        inside = [interval(ball) for ball in real_roots(poly(p), poly([0])[0], poly([1])[0])]
    assert len(found) == len(set(zeros))
    assert all(z in i for z, i in zip(sorted(set(zeros)), found, strict=True))
    assert len(positive) == len({z for z in zeros if z > 0})
    assert len({z for z in zeros if 0 < z < 1}) <= len(inside) <= len({z for z in zeros if 0 <= z <= 1})


@given(st.lists(coefficients, min_size=2, max_size=6).filter(lambda c: c[-1] != 0))
def test_balls_agree_with_isolation_by_sympy(c):
    isolated = [(a, b) for a, b in signs.isolated(c, Fraction(-10000), Fraction(10000))]
    with ctx.workprec(100):
        found = [interval(ball) for ball in all_real_roots(poly(c))]
    assert len(found) == len(isolated)
    for i, (a, b) in zip(found, isolated, strict=True):
        assert i.lo <= b
        assert a <= i.hi


@given(maps)
def test_points_of_a_map_are_isolated(f):
    shifted = {1: fixed_points, -1: antipodes}
    for sign, find in shifted.items():
        if f.coefficients == (sign,):
            continue  # every point is one
        p = [f.coefficients[0] - sign, *f.coefficients[1:]]
        expected = [i for i in signs.isolated(p, Fraction(0), Fraction(10**6)) if i[1] > 0]
        found = find(f)
        assert len(found) == len(expected)
        for i in found:
            assert f(i.lo) == sign * i.lo if i.is_point else (f(i.lo) - sign * i.lo) * (f(i.hi) - sign * i.hi) <= 0
    for c in critical_points(f):
        assert f.derivative(c.lo) == 0 if c.is_point else f.derivative(c.lo) * f.derivative(c.hi) <= 0


@given(maps, st.sampled_from([6, 12]))
def test_the_escape_radius_is_one_and_nearly_the_least(f, digits):
    radius = escape_radius(f, digits)
    if radius is None:
        assert f.degree == 1
        assert abs(f.slope) <= 1
        return
    for factor in (1, Fraction(10**6 + 1, 10**6), 2, 1000):
        x = (radius or Fraction(1, 10**6)) * factor + Fraction(1, 10**12)
        assert abs(f(x)) > x
    g = sympy.Poly([sympy.Rational(c.numerator, c.denominator) for c in reversed(f.coefficients)], Y)
    squares = [r for sign in (1, -1) for r in sympy.real_roots(g - sign) if r > 0] if f.degree > 1 else []
    if not squares:
        assert radius == 0
        return
    least = max(float(sympy.N(r, 30)) for r in squares) ** 0.5
    assert float(radius) == pytest.approx(least, abs=3 * 10.0**-digits)
    assert all(r <= sympy.Rational(radius.numerator, radius.denominator) ** 2 for r in squares)
