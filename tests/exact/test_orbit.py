"""Orbits in balls against exact rational iteration; the cycles that floats settle on, against certificates."""

from fractions import Fraction

import pytest
from flint import arb, ctx
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.exact.orbit import interval, on_balls, settled, value, walk
from muon_theory.exact.rationals import exact
from muon_theory.exact.roots import critical_points
from muon_theory.family import CUBIC, QUINTIC
from muon_theory.finders import limits
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule
from muon_theory.verification import verify

JORDAN = OddPolynomial.of("3.4445", "-4.7750", "2.0315")

coefficients = st.fractions(min_value=-6, max_value=6, max_denominator=200)
maps = st.lists(coefficients, min_size=1, max_size=3).filter(any).map(lambda c: OddPolynomial(tuple(c)))
starts = st.fractions(min_value=-2, max_value=2, max_denominator=50)


@given(maps, starts, st.integers(10, 80))
def test_balls_contain_value_slope_and_square(f, x, bits):
    with ctx.workprec(bits):
        m, ball = on_balls(f), arb(exact(x))
        for enclosure, wanted in ((m(ball), f(x)), (m.slope(ball), f.derivative(x)), (m.square(ball**2), f(x) ** 2)):
            assert wanted in interval(enclosure)


@given(st.lists(maps, min_size=1, max_size=3), starts, st.integers(20, 200), st.booleans())
def test_a_walk_encloses_the_exact_orbit_and_leaves_the_precision_alone(steps, x, bits, from_the_start):
    before = ctx.prec
    points = [x]
    for f in steps:
        points.append(f(points[-1]))
    for point, place in zip(points, walk(steps, x, bits, 4096 if from_the_start else 0), strict=True):
        assert ctx.prec == before
        assert point in interval(place.ball)
        assert place.exact == (point if from_the_start else None)


@given(maps, starts)
def test_floats_are_near(f, x):
    assert value([float(c) for c in f.coefficients], float(x)) == pytest.approx(float(f(x)), abs=1e-9)


def cycles_of(f: OddPolynomial) -> set[int]:
    """The periods of the attracting cycles that real critical orbits settle on, each proved (Fatou, Singer)."""
    floats, found = [float(c) for c in f.coefficients], set()
    for c in critical_points(f):
        points = settled(floats, float(c.midpoint), 20000, longest=64)
        if points:
            near = abs(Fraction(repr(max(points, key=abs))))
            assert verify(limits.cycles(Schedule((f,)), len(points), near)).proved
            found.add(len(points))
    return found


@pytest.mark.parametrize(
    ("f", "periods"),
    [
        (JORDAN, {4}),
        (CUBIC.at(a="3/2"), {1}),
        (CUBIC.at(a="11/5"), {2}),
        (CUBIC.at(a="223/100"), {2}),  # on both sides of the second period doubling, at √5
        (CUBIC.at(a="9/4"), {4}),
        (CUBIC.at(a="7/2"), set()),
        (CUBIC.at(a="5/2"), set()),
        (QUINTIC.at(a="13/4", s="-49/50"), {1}),
        (QUINTIC.at(a=3, s="-3/2"), {2}),
        (OddPolynomial.of("-3/2", 1), {2}),
    ],
    ids=str,
)
def test_critical_orbits_settle_on_the_attracting_cycles(f, periods):
    assert cycles_of(f) == periods


def test_an_orbit_that_escapes_settles_nowhere():
    assert settled((2.0, 3.0), 0.5, 32, 24) == []
    assert settled((3.9, -3.9), 0.3, 32, 4) == []  # chaotic
    assert len(settled((3.4445, -4.7750, 2.0315), 0.5, 32, 24, close=1e-7)) == 4
