"""Largest slopes, finite horizons, boundaries of properties, critical orbits: against sampling and evaluation."""

from __future__ import annotations

import importlib.util
import random
import re
import sys
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import ModuleType

import mpmath
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.derivations import divergence_threshold, plane
from muon_theory.derivations.boundaries import BOUNDARY, ELSEWHERE, SPURIOUS, Boundary, boundaries
from muon_theory.derivations.extremal import nodes, positive_extremal, sine_polynomial, slope_bound, weights
from muon_theory.derivations.formula import plain
from muon_theory.derivations.largest_slopes import bounded_slope, positive_slope
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Standing
from muon_theory.exact.algebraic import real_roots
from muon_theory.exact.dynamics import critical_points, two_cycles
from muon_theory.family import CUBIC, QUINTIC, Family, family_named
from muon_theory.finders.alternation import alternation
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "dynamics.md").read_text()
JORDAN = OddPolynomial.of("3.4445", "-4.7750", "2.0315")
SEPTIC = Family.parse("a; 2-2a; a-1/2; -1/2")
rationals = st.fractions(min_value=-9, max_value=9, max_denominator=99)


# Largest slopes


@pytest.mark.parametrize("degree", [3, 5, 7, 9, 11])
def test_the_sine_polynomial_is_chebyshev_s(degree: int) -> None:
    f = sine_polynomial(degree)
    assert (f.degree, f.slope) == (degree, degree)
    with mpmath.workdps(30):
        for x in ("0.1", "0.37", "0.8", "1", "-0.6"):
            chebyshev = (-1) ** ((degree - 1) // 2) * mpmath.chebyt(degree, mpmath.mpf(x))
            value = f(Fraction(x))
            assert abs(mpmath.mpf(value.numerator) / value.denominator - chebyshev) < mpmath.mpf(10) ** -25


@given(st.lists(rationals, min_size=2, max_size=5), st.data())
def test_the_slope_is_the_weighted_sum_of_values(coefficients: list[Fraction], data: st.DataObject) -> None:
    p = OddPolynomial(tuple(coefficients))
    count = len(coefficients)
    points = data.draw(st.lists(st.fractions(min_value="1/50", max_value=1, max_denominator=60), min_size=count,
                                max_size=count, unique=True))  # fmt: skip
    points.sort()
    assert sum(w * p(x) for w, x in zip(weights(points), points, strict=True)) == p.slope
    largest = max(abs(p(x)) for x in points)
    assert abs(p.slope) <= slope_bound(points) * largest
    least = min(Fraction(0), *(p(x) for x in points))
    if least == 0:
        assert p.slope <= slope_bound(points, positive=True) * largest


@given(st.lists(st.fractions(min_value="1/50", max_value=1, max_denominator=200), min_size=3, max_size=3, unique=True))
def test_no_nodes_give_a_bound_below_the_extremal_slope(points: list[Fraction]) -> None:
    points.sort()
    assert slope_bound(points) >= 5
    assert positive_extremal(5).slope <= slope_bound(points, positive=True)


@pytest.mark.parametrize("degree", [3, 5, 7])
def test_the_positive_extremal_oscillates_between_0_and_1(degree: int) -> None:
    best = positive_extremal(degree)
    f = OddPolynomial(best.rounded(Fraction(1, 10**30)))
    values = [f(x) for x in nodes(degree, positive=True)]
    expected = [1, 0] * len(values)
    assert all(abs(v - e) < Fraction(1, 10**15) for v, e in zip(values, expected, strict=False))
    for k in range(401):
        assert -Fraction(1, 10**20) < f(Fraction(k, 400)) < 1 + Fraction(1, 10**20)
    member = best.inside(Fraction(1, 10**4))
    inner = [c for c in critical_points(member) if c.point < 1]
    assert all(0 < c.value < 1 for c in inner)
    assert 0 < member(1) <= 1


def test_the_slopes_in_degree_5_and_7_by_newton_s_method() -> None:
    with mpmath.workdps(40):

        def quintic(c: mpmath.mpf, q: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
            return c * mpmath.sqrt(q / 5) * (4 * q / 5) ** 2 - 1, c * (1 - q) ** 2 - 1

        c, q = mpmath.findroot(quintic, (mpmath.mpf(9), mpmath.mpf("0.67")))
        assert mpmath.nstr(c * q * q, 30) == positive_extremal(5).slope.decimal(30)

        def septic(c: mpmath.mpf, r: mpmath.mpf) -> tuple[mpmath.mpf, ...]:
            root = mpmath.sqrt((5 + 3 * r) ** 2 - 28 * r)
            tops = ((5 + 3 * r + sign * root) / 14 for sign in (-1, 1))
            return tuple(c * mpmath.sqrt(y) * (y - r) ** 2 * (1 - y) - 1 for y in tops)

        c, r = mpmath.findroot(septic, (mpmath.mpf(35), mpmath.mpf("0.4")))
        assert mpmath.nstr(c * r * r, 30) == positive_extremal(7).slope.decimal(30)


@pytest.mark.parametrize("degree", [3, 5, 7])
def test_best_approximation_from_ever_smaller_l_begins_with_twice_the_extremal(degree: int) -> None:
    twice = 2 * positive_extremal(degree).slope.enclose(12).midpoint
    gaps = [twice - alternation(degree, Interval(Fraction(1, 10**k), Fraction(1))).polynomial.slope for k in (3, 5, 7)]
    assert 0 < gaps[2] < gaps[1] / 50 < gaps[0] / 2500


def test_the_derivations_are_derived_and_bad_degrees_refused() -> None:
    for made in (bounded_slope(5), positive_slope(3), positive_slope(5), positive_slope(7)):
        assert made.standing is Standing.DERIVED
        assert made.checks > 100
    for bad in (1, 4, -3):
        with pytest.raises(UsageError, match="odd degree from 3"):
            sine_polynomial(bad)
    with pytest.raises(UndecidedError, match="degree 9"):
        positive_extremal(9)
    with pytest.raises(UsageError, match="increasing"):
        weights((1, Fraction(1, 2)))
    with pytest.raises(UsageError, match="outside"):
        slope_bound((1, 2))
    with pytest.raises(UsageError, match="shortfall"):
        positive_extremal(5).inside(Fraction(2))


def test_scaling_to_the_fixed_point_1() -> None:
    f = sine_polynomial(5).scaled(Fraction(1, 2), 2)
    assert f(1) == 1
    assert f.slope == 5
    assert f(Fraction(2)) == 2


# Finite horizons


@cache
def horizon() -> ModuleType:
    path = ROOT / "analysis" / "the_finite_horizon_falls_to_the_divergence_threshold.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    sys.path.insert(0, str(path.parent))
    try:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return module


def test_the_table_of_horizons_on_the_page() -> None:
    rows = re.findall(r"^\| (\d+) \| ([\d.]+) \| ([\d.e-]+) \|", PAGE, re.MULTILINE)
    assert [int(steps) for steps, *_ in rows] == list(range(1, 11))
    threshold = divergence_threshold("-49/50").enclose(20).midpoint
    for steps, value, excess in rows:
        found = horizon().about(int(steps), Fraction(2))
        assert abs(found - Fraction(value)) < Fraction(1, 10**8)
        assert abs(float(found - threshold) / float(excess) - 1) < 1e-3


@given(st.fractions(min_value=-1, max_value=1, max_denominator=20), st.integers(1, 6), st.data())
def test_the_greatest_value_grows_in_a_and_in_t(s: Fraction, steps: int, data: st.DataObject) -> None:
    """β_T(a), from a grid: max of φ_T over [0, 1] never falls in a or in T (up to what the grid misses)."""
    low, high = sorted(data.draw(st.tuples(*[st.fractions(min_value=1, max_value=4, max_denominator=40)] * 2)))

    def top(a: Fraction, count: int) -> float:
        f = [*map(float, QUINTIC.at(a=a, s=s).coefficients), 0.0, 0.0]
        best = 0.0
        for k in range(1, 801):
            x = k / 800
            for _ in range(count):
                x = min(x * (f[0] + f[1] * x**2 + f[2] * x**4), 1e6)
            best = max(best, x)
        return best

    assert top(low, 1) <= top(high, 1) + 1e-9
    assert top(low, steps) <= top(high, steps) * (1 + 1e-2) + 1e-2
    assert top(low, steps) <= top(low, steps + 1) * (1 + 1e-2) + 1e-2


def test_the_rate_is_the_multiplier_of_the_repelling_fixed_point() -> None:
    a, s = divergence_threshold("-49/50"), Fraction(-49, 50)
    root = a.enclose(30).midpoint
    c = root - (3 - s) / 2
    f = QUINTIC.at(a=root, s=s)
    with mpmath.workdps(30):
        point = mpmath.sqrt(mpmath.mpf(((root - 1) / c).numerator) / ((root - 1) / c).denominator)
        slope = sum((2 * k + 1) * mpmath.mpf(v.numerator) / v.denominator * point ** (2 * k)
                    for k, v in enumerate(f.coefficients))  # fmt: skip
    stated = 1 + (root - 1) * (1 - s) / c
    assert abs(slope - mpmath.mpf(stated.numerator) / stated.denominator) < 1e-12
    assert f"{float(stated):.4f}" in PAGE
    assert f"{float(point):.4f}" in PAGE


# Boundaries


@cache
def found(name: str) -> dict[str, Boundary]:
    return boundaries({"cubic": CUBIC, "quintic": QUINTIC, "septic": SEPTIC}[name])


def test_the_cubic_s_boundaries() -> None:
    curves = {name: sorted(plain(p) for p in b.curves) for name, b in found("cubic").items()}
    assert curves == {
        "attracting": ["a - 1", "a - 2"],
        "sign-safe": ["4·a² - 27"],
        "bounded": ["a - 3"],
        "converges": [],
        "escape-point": [],
        "escape": ["a - 3"],
        "first-2-cycle": ["a - 2"],
        "period-doubling": ["a - 2"],
        "second-period-doubling": ["a² - 5"],
    }
    kinds = {plain(f.polynomial): f.kind for f in found("cubic")["bounded"].factors}
    assert kinds == {"a - 3": BOUNDARY, "2·a + 3": ELSEWHERE, "a - 1": SPURIOUS, "a + 1": ELSEWHERE}


@pytest.mark.long
def test_the_quintic_s_boundaries() -> None:
    made = found("quintic")
    (escape,) = made["converges"].curves
    assert (escape - plane.escape_factor()).expand() == 0 or (escape + plane.escape_factor()).expand() == 0
    for name in ("first-2-cycle", "period-doubling"):
        assert [plain(p) for p in made[name].curves] == ["s + 1"]
    assert sorted(plain(p) for p in made["attracting"].curves) == ["s + 1", "s - 1"]
    assert made["sign-safe"].curves == made["bounded"].curves == ()
    assert made["escape"].curves == made["converges"].curves
    assert [plain(p) for p in made["escape-point"].curves] == ["2·a + s - 3", "s - 1"]
    (factor,) = (f for f in made["converges"].factors if f.kind == BOUNDARY)
    for branch in factor.branches:
        threshold = divergence_threshold(dict(branch.at)["s"])
        assert (branch.below, branch.above) == ((0, 2) if branch.root == threshold else (0, 0))


def test_the_second_period_doubling_of_the_cubic_is_where_orbits_begin_to_have_period_4() -> None:
    """At a = √5, by the multiplier; that orbits settle on 2-cycles below and on 4-cycles above, tests/exact sees."""
    (cycle,) = (c for c in two_cycles(CUBIC.at(a=Fraction(2236067977, 10**9))))
    assert abs(float(cycle.multiplier.decimal(20)) + 1) < 1e-8


@pytest.mark.long
def test_the_quintic_s_second_period_doubling_holds_the_cubic_s() -> None:
    """On c = 0, a = √5 is s = 3 - 2√5; and a member beside the curve has a 2-cycle of multiplier just above -1."""
    root, (a, s) = sympy.sqrt(5), sympy.symbols("a s", real=True)
    curves = [p for p in found("quintic")["second-period-doubling"].curves if p.has(a) and sympy.degree(p, a) > 1]
    assert len(curves) == 1
    assert sympy.simplify(curves[0].subs({a: root, s: 3 - 2 * root})) == 0
    roots = [r for r, _ in real_roots(tuple(plane.univariate(curves[0], plane.a, s=Fraction(-3, 2)))) if 1 < r < 4]
    multipliers = [abs(c.multiplier.enclose(9).midpoint + 1) for r in roots
                   for c in two_cycles(QUINTIC.at(a=r.enclose(15).midpoint, s="-3/2"))]  # fmt: skip
    assert min(multipliers) < Fraction(1, 10**8)


@pytest.mark.long
@pytest.mark.parametrize("name", ["cubic", "quintic", "septic"])
def test_between_the_curves_the_number_of_zeros_is_constant_by_sampling(name: str) -> None:
    """Sign changes of R, g(Z) and g(Z) + 1 on a grid of (0, 1): even in number 0 or not, as the branches say."""
    family = {"cubic": CUBIC, "quintic": QUINTIC, "septic": SEPTIC}[name]
    margins = {"sign-safe": 0, "bounded": 1}
    rng = random.Random(name)
    for property_, plus in margins.items():
        for factor in found(name)[property_].factors:
            for branch in factor.branches:
                for side, count in ((-1, branch.below), (1, branch.above)):
                    step = Fraction(side, 10**4) * rng.randint(1, 3)
                    a = branch.root.enclose(9).midpoint + step
                    f = family.at(a=a, **dict(branch.at))
                    lows = [f.g((y := Fraction(k, 500)) * f.g(y) ** 2) + plus for k in range(1, 500)]
                    assert (min(lows) < 0) == (count > 0), (property_, branch, side)


def test_the_septic_slice_has_a_threshold_that_the_discriminant_gives() -> None:
    made = found("septic")["converges"]
    (factor,) = (f for f in made.factors if f.kind == BOUNDARY)
    assert any(b.below == 0 < b.above for b in factor.branches)
    assert made.derivation.standing is Standing.DERIVED
    assert made.derivation.checks == 12


def test_families_and_slices_that_do_not_fit_are_refused() -> None:
    with pytest.raises(UsageError, match="does not fix 1"):
        boundaries(Family.parse("a; -1"))
    with pytest.raises(UsageError, match="parameter y"):
        boundaries(Family.parse("y; 1-y"))
    with pytest.raises(UsageError, match="must give a value"):
        boundaries(QUINTIC, slices=[{}])
    with pytest.raises(UsageError, match=r"2 free parameters, and 'septic' has 3 .*set d=1/4, say \(set="):
        boundaries(family_named("septic"))
    with pytest.raises(UsageError, match="degree 9 end within minutes for 1 free parameter, and"):
        boundaries(Family.parse("a; b; 1-a-b; 1/4; -1/4"))
