"""Rates, constants, δ-orthogonalisation and the families with a formula, each against what it states."""

from __future__ import annotations

import importlib
from fractions import Fraction
from math import comb

import pytest
from flint import fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from muon_theory import catalogue
from muon_theory.designs import (
    asymptotic_constant,
    asymptotic_derivation,
    compose,
    cubic_lower_end,
    least_lower_end,
    lower_end,
    next_level,
    pade,
    rate_bound,
    relaxed_cubic,
)
from muon_theory.errors import UsageError
from muon_theory.evidence import Standing
from muon_theory.exact.positivity import splits
from muon_theory.exact.rationals import poly
from muon_theory.finders.alternation import alternation
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule
from tests.naive.cubic import minimax_cubic

ONE = Fraction(1)
DEGREES = (3, 5, 7, 9, 17)

# ---------------------------------------------------------------------------------------------------------------- rates


@given(st.sampled_from((3, 5, 7)), st.integers(1, 4), st.fractions(Fraction(1, 1000), Fraction(4, 5)))
def test_the_rate_theorem_holds_and_is_loose(degree: int, steps: int, lower: Fraction) -> None:
    level = compose((degree,) * steps, lower.limit_denominator(1000)).levels[-1]
    assert level < rate_bound(degree, steps, lower.limit_denominator(1000))


def test_how_loose_the_rate_theorem_is_for_five_quintics() -> None:
    level = compose((5,) * 5, Fraction(1, 1000)).levels[-1]
    assert level < Fraction("0.1135")
    assert rate_bound(5, 5, Fraction(1, 1000)) > Fraction("0.9997")


@pytest.mark.parametrize(("degree", "steps", "lower"), [(3, 2, "1/2"), (5, 3, "9/10"), (7, 2, "1/100"), (9, 3, "1/7")])
def test_the_rate_bound_is_the_power_rounded_up(degree: int, steps: int, lower: str) -> None:
    exact = (1 - Fraction(lower) ** 2) ** ((degree // 2 + 1) ** steps)
    assert exact <= rate_bound(degree, steps, Fraction(lower)) <= exact * (1 + Fraction(1, 10**11))


def test_the_rate_bound_ends_at_zero_and_refuses_what_is_outside() -> None:
    assert rate_bound(3, 3, ONE) == 0
    with pytest.raises(UsageError, match="0 < l ≤ 1"):
        rate_bound(3, 3, Fraction(2))
    with pytest.raises(UsageError, match="not odd"):
        rate_bound(4, 3, ONE)


@pytest.mark.parametrize("degree", DEGREES)
@pytest.mark.parametrize("level", ["1/2", "1/10", "1e-3", "1e-10"])
def test_the_next_level_lies_between_its_bounds(degree: int, level: str) -> None:
    e = Fraction(level)
    best = alternation(degree, Interval(1 - e, 1 + e), digits=14)
    bounds = next_level(degree, e)
    assert best.level * (1 + Fraction(1, 10**13)) >= bounds.lo
    assert best.level <= bounds.hi


@pytest.mark.parametrize("degree", DEGREES)
def test_the_asymptotic_constant_to_eight_digits(degree: int) -> None:
    q, e = degree // 2, Fraction(1, 10**10)
    ratio = alternation(degree, Interval(1 - e, 1 + e)).level / e ** (q + 1)
    assert asymptotic_constant(degree) == Fraction(comb(2 * q + 1, q), 4**q)
    assert abs(ratio / asymptotic_constant(degree) - 1) < Fraction(1, 10**8)


def test_successive_levels_of_a_composition_show_the_constant() -> None:
    *_, before, last = compose((5,) * 8, Fraction(1, 1000)).levels
    assert abs(last / before**3 - Fraction(5, 8)) < Fraction(1, 10**7)


@pytest.mark.parametrize("degree", DEGREES)
def test_the_identities_of_the_derivation(degree: int) -> None:
    """The binomial coefficient of -1/2, the powers of 2, and the weights of the divided difference."""
    q = degree // 2
    binomial = ONE
    for i in range(q + 1):
        binomial *= (Fraction(-1, 2) - i) / (i + 1)
    assert abs(binomial) == Fraction(comb(2 * q + 2, q + 1), 4 ** (q + 1))
    assert abs(binomial) * 2 ** (q + 1) / 2**q == asymptotic_constant(degree)
    derivation = asymptotic_derivation(degree)
    assert derivation.standing is Standing.DERIVED
    assert str(asymptotic_constant(degree)) in derivation.conclusion
    assert len(derivation.steps) == 7


# ------------------------------------------------------------------------------------------------- δ-orthogonalisation


@given(st.sampled_from((3, 5, 7)), st.fractions(Fraction(1, 10**6), 1 - Fraction(1, 10**6), max_denominator=10**7))
def test_the_lower_end_is_where_the_error_is_delta(degree: int, delta: Fraction) -> None:
    l = lower_end(degree, delta)
    level = alternation(degree, Interval(l, ONE), digits=18).level
    assert abs(level - delta) < min(delta, 1 - delta) / 10**13


@given(st.fractions(Fraction(1, 1000), Fraction(999, 1000)))
def test_the_explicit_lower_end_for_cubics(delta: Fraction) -> None:
    l = cubic_lower_end(delta, 30)
    assert abs(minimax_cubic(l, ONE, 30)[1] - delta) < Fraction(1, 10**25)


def test_linear_maps_have_the_obvious_lower_end() -> None:
    assert lower_end(1, Fraction(1, 3)) == Fraction(1, 2)


def test_the_published_cushion_is_where_one_quintic_leaves_ends_as_1_to_10() -> None:
    """E = 9/11, image [2/11, 20/11]: this is the u/10 of the paper's algorithm, and the number in its code."""
    cushion = lower_end(5, Fraction(9, 11), 25)
    assert abs(cushion - Fraction("0.02407327424182761")) < Fraction(2, 10**17)
    level = alternation(5, Interval(cushion, ONE), 25).level
    assert abs((1 - level) / (1 + level) - Fraction(1, 10)) < Fraction(1, 10**20)


@given(
    st.sampled_from((3, 5, 7)),
    st.sampled_from(("1/10", "3/10", "9/11")),
    st.lists(st.fractions(-1, 1), min_size=4, max_size=4),
)
def test_no_polynomial_of_the_band_is_steeper(degree: int, delta: str, directions: list[Fraction]) -> None:
    """Any move that keeps p within the band at x_1, …, x_{q+1} lowers p'(0)."""
    best = alternation(degree, Interval(lower_end(degree, Fraction(delta)), ONE), 15)
    move = OddPolynomial(tuple(directions[: degree // 2 + 1]))
    inner = best.points[1:]
    inside = all(move(x) * (-1) ** i >= 0 for i, x in enumerate(inner, 1))
    outside = all(move(x) * (-1) ** i <= 0 for i, x in enumerate(inner, 1))
    if inside:
        assert move.slope <= 0
    if outside:
        assert move.slope >= 0


def test_the_slope_is_a_combination_of_the_values_with_alternating_signs() -> None:
    """p'(0) = Σ λ_i p(x_i), (-1)^i λ_i < 0: so values moved into the band lower it, whatever the polynomial."""
    for degree in (3, 5, 7, 9):
        best = alternation(degree, Interval(lower_end(degree, Fraction(3, 10)), ONE), 15)
        points = best.points[1:]
        for i, x in enumerate(points):
            weight = 1 / x
            for j, other in enumerate(points):
                if i != j:
                    weight *= -(other**2) / (x**2 - other**2)
            assert weight * (-1) ** i > 0


@pytest.mark.parametrize(("degrees", "delta"), [((3,) * 7, "0.3"), ((5, 5), "1/10"), ((3, 5, 7), "1/2"), ((5,), "1/3")])
def test_a_composition_ends_at_its_delta(degrees: tuple[int, ...], delta: str) -> None:
    made = compose(degrees, least_lower_end(degrees, Fraction(delta)))
    assert abs(made.levels[-1] - Fraction(delta)) < Fraction(1, 10**10)


def test_a_delta_outside_its_domain_is_refused() -> None:
    for delta in (Fraction(0), ONE, Fraction(2)):
        for call in (lambda d: lower_end(5, d), cubic_lower_end, lambda d: least_lower_end((3, 3), d)):
            with pytest.raises(UsageError, match="δ lies in"):
                call(delta)
    with pytest.raises(UsageError, match="at least one degree"):
        least_lower_end((), Fraction(1, 2))


# ------------------------------------------------------------------------------------------------------------- families


@pytest.mark.parametrize(("order", "preset"), [(1, "newton_schulz_cubic"), (2, "pade_quintic"), (3, "pade_septic")])
def test_pade_is_the_published_family(order: int, preset: str) -> None:
    assert pade(order).steps[0] == catalogue.entry(preset).published()[0]


@pytest.mark.parametrize("order", range(1, 9))
def test_pade_rises_to_one_within_its_rate(order: int) -> None:
    """0 ≤ 1 - p_κ ≤ (1-x²)^(κ+1) on [0, 1], by the Bernstein rule; contact of order κ + 1 at 1."""
    (step,) = pade(order).steps
    gap = fmpq_poly([1]) - poly(step.dense())
    bound = fmpq_poly([1, 0, -1]) ** (order + 1)
    splits(gap, fmpq(0), fmpq(1))
    splits(bound - gap, fmpq(0), fmpq(1))
    for _ in range(order + 1):
        assert gap(fmpq(1)) == 0
        gap = gap.derivative()
    assert gap(fmpq(1)) != 0


@pytest.mark.parametrize("order", range(1, 5))
def test_the_best_polynomial_tends_to_pade(order: int) -> None:
    best = alternation(2 * order + 1, Interval(1 - Fraction(1, 10**9), 1 + Fraction(1, 10**9))).polynomial
    limit = pade(order).steps[0]
    assert all(abs(a - b) < Fraction(1, 10**8) for a, b in zip(best.coefficients, limit.coefficients, strict=True))


def test_the_relaxed_cubic_is_the_published_one() -> None:
    assert relaxed_cubic(5, "0.007", "1.3", 7).steps == catalogue.entry("cubic5").published()


@given(
    st.fractions(Fraction(1, 1000), Fraction(1, 2), max_denominator=1000),
    st.fractions(1, Fraction(7, 5), max_denominator=20),
)
def test_a_relaxed_cubic_peaks_at_u(lower: Fraction, peak: Fraction) -> None:
    for step in relaxed_cubic(4, lower, peak, 12).steps:
        a, b = step.coefficients
        assert abs(float(a) * 2 / 3 * (float(a) / (-3 * float(b))) ** 0.5 - float(peak)) < 1e-9


def test_the_relaxed_cubic_meets_both_ends_at_one_height() -> None:
    first = relaxed_cubic(1, "0.007", digits=20).steps[0]
    assert abs(first(Fraction("0.007")) - first(1)) < Fraction(1, 10**18)


@pytest.mark.parametrize(
    "schedule", [pade(2, 5), pade(4), relaxed_cubic(5, "0.007"), relaxed_cubic(3, "1/50", "5/4", 9)]
)
def test_a_family_carries_the_call_that_regenerates_it(schedule: Schedule) -> None:
    module = importlib.import_module("muon_theory.designs")
    assert eval(schedule.sources[0].removeprefix("muon_theory.designs."), vars(module)) == schedule


def test_family_arguments_outside_their_domain_are_refused() -> None:
    with pytest.raises(UsageError, match="gives no iteration"):
        pade(0)
    with pytest.raises(UsageError, match="needs 0 < l < 1 ≤ u"):
        relaxed_cubic(5, 0)
