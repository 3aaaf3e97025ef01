"""One map for ever: fixed points, cycles, critical points, escape and sign flips against brute force and mpmath."""

import itertools
from fractions import Fraction

import mpmath
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from muon_theory.derivations import (
    AlgebraicNumber,
    Stability,
    antipodal_cycles,
    critical_points,
    escape_radius,
    first_zero,
    fixed_points,
    two_cycle_polynomial,
    two_cycles,
)
from muon_theory.errors import UsageError
from muon_theory.polynomial import OddPolynomial, horner
from tests.naive.reach import reach, sign_flip

JORDAN = OddPolynomial.of("3.4445", "-4.7750", "2.0315")
ARTICLE = OddPolynomial.of("3.25", "-3.51", "1.26")
PRINTED = OddPolynomial.of("3.25", "3.51", "1.26")

rationals = st.fractions(-4, 4, max_denominator=12)
maps = st.lists(rationals, min_size=1, max_size=4).map(lambda c: OddPolynomial(tuple(c)))
small_maps = st.lists(rationals, min_size=2, max_size=3).map(lambda c: OddPolynomial(tuple(c)))


def value_in_field(f: OddPolynomial, x: AlgebraicNumber) -> AlgebraicNumber:
    return x.image(f.dense())


def sign_changes(p: list[Fraction], lo: Fraction, hi: Fraction, cells: int = 400) -> int:
    """How often the polynomial changes sign along a grid: at most its number of roots there."""
    values = [v for k in range(cells + 1) if (v := horner(p, lo + (hi - lo) * Fraction(k, cells))) != 0]
    return sum((a > 0) != (b > 0) for a, b in itertools.pairwise(values))


@given(maps)
def test_fixed_points_are_fixed_complete_and_carry_their_multiplier(f: OddPolynomial) -> None:
    assume(f.coefficients != (1,))
    found = fixed_points(f)
    assert [p.point for p in found] == sorted(p.point for p in found)
    for p in found:
        assert value_in_field(f, p.point) == p.point
        slopes = [(i + 1) * c for i, c in enumerate(f.dense()[1:])]
        assert p.point.image(slopes) == p.multiplier
        assert (p.multiplicity == 1) == (p.multiplier != 1)
        size = abs(p.multiplier.refine(Fraction(1, 10**9)).midpoint)
        if size != 1:
            assert (p.stability is Stability.REPELLING) == (size > 1)
    difference = f.dense()
    difference[1] -= 1
    positive = [p for p in found if p.point > 0]
    assert sign_changes(difference, Fraction(1, 1000), Fraction(10)) <= len(positive)


@given(maps)
def test_critical_points_are_critical_and_complete(f: OddPolynomial) -> None:
    assume(any(f.coefficients))
    found = critical_points(f)
    slopes = [(i + 1) * c for i, c in enumerate(f.dense()[1:])]
    for c in found:
        assert c.point.image(slopes) == 0
        assert value_in_field(f, c.point) == c.value
    assert sign_changes(slopes, Fraction(1, 1000), Fraction(10)) <= sum(c.point > 0 for c in found)


@given(maps)
def test_beyond_the_escape_radius_everything_grows_and_at_it_something_does_not(f: OddPolynomial) -> None:
    radius = escape_radius(f)
    if radius is None:
        assert f.degree == 1
        assert abs(f.slope) <= 1
        return
    if radius > 0:
        assert abs(value_in_field(f, radius)) == radius
    start = radius.refine(Fraction(1, 10**6)).hi + Fraction(1, 10**6)
    for k in range(40):
        x = start + Fraction(k * k, 50)
        assert abs(f(x)) > x
        assert abs(f(-x)) > x


@given(small_maps)
def test_the_two_cycle_identity_and_the_cycles(f: OddPolynomial) -> None:
    extra = two_cycle_polynomial(f)
    for x in (Fraction(1, 3), Fraction(-7, 5), Fraction(9, 4)):
        y = x * x
        assert f(f(x)) - x == (f(x) - x) * (f.g(y) + 1) * horner(extra, y)
    for cycle in two_cycles(f):
        p, q = cycle.points
        assert value_in_field(f, p) == q
        assert p < abs(q)
        assert p > 0
        square = p.image((0, 0, 1)).image(list_of_square(f))
        assert square.sqrt() == abs(q)  # and back:
        assert value_in_field(f, q) == p


def list_of_square(f: OddPolynomial) -> list[Fraction]:
    n = len(f.coefficients)
    out = [Fraction(0)] * (2 * n)
    for i, a in enumerate(f.coefficients):
        for j, b in enumerate(f.coefficients):
            out[i + j + 1] += a * b
    return out


@given(small_maps)
def test_antipodal_cycles(f: OddPolynomial) -> None:
    assume(f.coefficients != (-1,))
    for cycle in antipodal_cycles(f):
        p, q = cycle.points
        assert cycle.points[0] == -cycle.points[1]
        assert value_in_field(f, p) == q == -p


@given(small_maps, st.fractions(Fraction(1, 4), 2, max_denominator=8))
def test_reach_bounds_every_positive_iterate_and_is_reached(f: OddPolynomial, upper: Fraction) -> None:
    assume(f.coefficients[0] > 0)
    beta, flip = reach(f, upper), sign_flip(f, upper)
    top = None if beta is None else beta.refine(Fraction(1, 10**15)).hi
    highest, negative = upper, False
    for k in range(1, 101):
        x = upper * k / 100
        for _ in range(12):
            x = Fraction(round(f(x) * 10**18), 10**18) if x < 100 else x
            if x < 0:
                negative = True
                break
            highest = max(highest, x)
    if top is not None:
        assert highest <= top + Fraction(1, 10**9)
    if negative:
        assert flip.flips
    if flip.zero is None:
        assert not flip.flips


def test_jordan_s_map() -> None:
    points = fixed_points(JORDAN)
    assert [p.point.decimal(10) for p in points] == ["0", "0.8680257977", "1.263729067"]
    assert {p.stability for p in points} == {Stability.REPELLING}
    (cycle,) = two_cycles(JORDAN)
    with mpmath.workdps(60):
        f = lambda x: x * (mpmath.mpf("3.4445") - mpmath.mpf("4.775") * x**2 + mpmath.mpf("2.0315") * x**4)  # noqa: E731
        p = mpmath.findroot(lambda x: f(f(x)) - x, mpmath.mpf("0.709"))
        assert abs(p - mpmath.mpf(cycle.points[0].decimal(50))) < mpmath.mpf(10) ** -48
        product = mpmath.diff(f, p) * mpmath.diff(f, f(p))
        assert abs(product - mpmath.mpf(cycle.multiplier.decimal(30))) < mpmath.mpf(10) ** -25
    assert cycle.stability is Stability.REPELLING
    assert escape_radius(JORDAN) == points[-1].point
    assert not sign_flip(JORDAN).flips


def test_the_article_s_map_and_its_misprint() -> None:
    one = fixed_points(ARTICLE)[1]
    assert one.point == 1
    assert one.multiplier == Fraction(-98, 100)
    assert two_cycles(ARTICLE) == ()
    assert reach(ARTICLE) < fixed_points(ARTICLE)[-1].point
    assert reach(PRINTED) is None  # b = +3.51: everything escapes
    assert escape_radius(PRINTED) == 0


def test_degenerate_cycles_are_no_cycles() -> None:
    assert two_cycles(OddPolynomial.of(2, -1)) == ()  # 1 + y·g·D = (1 - y)², at the fixed point with f' = -1
    assert two_cycles(OddPolynomial.of(3, -3, 1)) == ()


def test_a_double_zero_touches_and_does_not_flip() -> None:
    touching = OddPolynomial.of(1, -2, 1)  # x(1 - x²)²
    assert first_zero(touching) == 1
    assert sign_flip(touching, 2).zero is None
    assert not sign_flip(touching, 2).flips
    assert sign_flip(OddPolynomial.of(-1, 1)).flips


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fixed_points(OddPolynomial.of(1)), "every point is fixed"),
        (lambda: antipodal_cycles(OddPolynomial.of(-1)), "antipodal"),
        (lambda: critical_points(OddPolynomial.of(0)), "every point is critical"),
        (lambda: first_zero(OddPolynomial.of(0)), "every point is a zero"),
        (lambda: reach(JORDAN, 0), "is empty"),
    ],
)
def test_degenerate_maps_are_refused_in_words(call, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        call()
