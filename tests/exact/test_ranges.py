"""Signs and ranges against real-root counting: splits and images as the finders use them, bounds without roots."""

from fractions import Fraction
from itertools import pairwise

import pytest
from flint import ctx
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.errors import UndecidedError
from muon_theory.exact.bernstein import bernstein
from muon_theory.exact.grids import grid
from muon_theory.exact.positivity import NotPositive, splits
from muon_theory.exact.ranges import as_interval, extremes, maximum, slack_of, step_inner, step_outer
from muon_theory.exact.rationals import exact, fraction, poly
from muon_theory.family import Family
from muon_theory.finders.families import Unit
from tests.naive import signs

coefficients = st.lists(st.fractions(-4, 4, max_denominator=30), min_size=2, max_size=7).filter(lambda c: c[-1] != 0)
ends = st.tuples(st.fractions(-2, 2, max_denominator=20), st.fractions(-2, 2, max_denominator=20)).filter(
    lambda i: i[0] < i[1]
)


@given(coefficients, ends, st.booleans(), st.booleans())
def test_split_points_are_found_where_the_polynomial_is_positive_and_show_it(c, over, left, right):
    lo, hi = map(exact, over)
    positive = signs.positive(c, *over, left, right)
    with ctx.workprec(80):
        if not positive:
            with pytest.raises(NotPositive) as caught:
                splits(poly(c), lo, hi, (left, right))
            assert over[0] <= fraction(caught.value.at) <= over[1]
            return
        points = splits(poly(c), lo, hi, (left, right))
    for a, b in pairwise([lo, *map(exact, points), hi]):
        assert min(bernstein(poly(c), a, b)[0]) >= 0


@given(coefficients, ends)
def test_images_from_outside_and_inside_agree_with_real_root_isolation(c, over):
    slack = Fraction(1, 10**9)
    with ctx.workprec(96):
        p, place = poly(c), tuple(map(exact, over))
        outer, inner = (
            as_interval(step_outer(p, place, slack_of(9))[0]),
            as_interval(step_inner(p, place, slack_of(9))[0]),
        )
        found = extremes(p, place)
    (low, high), (inside_low, inside_high) = signs.image(c, *over)
    scale = max(1, abs(low), abs(high))
    assert low - 2 * slack * scale <= outer.lo <= inside_low
    assert inside_high <= outer.hi <= high + 2 * slack * scale
    assert inside_low - slack * scale <= inner.lo
    assert low <= inner.lo
    assert inner.hi <= high
    assert fraction(found.low) <= inside_low
    assert fraction(found.high) >= inside_high


@given(coefficients, ends)
def test_the_maximum_without_roots_bounds_every_value_and_is_reached(c, over):
    bound = maximum(c, *over)
    (_, high), (_, inside_high) = signs.image(c, *over)
    assert inside_high <= bound
    size = sum(abs(v) * max(abs(over[0]), abs(over[1]), 1) ** i for i, v in enumerate(c))
    assert bound <= high + size * 3 ** len(c) / 2**38


def test_a_grid_shows_a_condition_on_a_box_and_refuses_where_it_fails():
    unit = Unit.of(Family.parse("a; 1-a"))
    box = [tuple(map(exact, (Fraction(11, 10), Fraction(2)))), tuple(map(exact, (Fraction(0), Fraction(1))))]
    assert grid(unit.g, box, [(True, True), (True, True)]) == ((), ())
    with pytest.raises(UndecidedError, match="not positive"):
        grid(-unit.g, box, [(True, True), (True, True)])
