"""Best approximation and its certificates: the exchange, the levels, what the checker says of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from math import isclose

import pytest
from flint import ctx
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.certificate import Certificate
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.ranges import extremes
from muon_theory.exact.rationals import dense, exact, fraction
from muon_theory.finders.alternation import alternation, composition_bound, minimax
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.verification import verify
from tests.naive import naive_remez
from tests.naive.cubic import minimax_cubic

ONE = Fraction(1)


def lower_ends() -> st.SearchStrategy[Fraction]:
    """From 10^-9 to just below 1, both ends often."""
    near_zero = st.builds(lambda n, k: Fraction(n, 10**k), st.integers(1, 9), st.integers(1, 9))
    near_one = near_zero.map(lambda q: 1 - q)
    return st.one_of(near_zero, near_one, st.fractions(Fraction(1, 1000), Fraction(999, 1000), max_denominator=10**6))


def farthest(p: OddPolynomial, over: Interval, bits: int = 400) -> Fraction:
    """max |1 - p| on the interval, to many digits."""
    with ctx.workprec(bits):
        e = extremes(dense(p), (exact(over.lo), exact(over.hi)))
        return max(abs(1 - fraction(e.low)), abs(1 - fraction(e.high)))


def changed(certificate: Certificate, error: Fraction) -> bytes:
    data = json.loads(certificate.data)
    data["claim"]["error"] = str(error)
    return json.dumps(data).encode()


# ------------------------------------------------------------------------------------------------------------- minimax


@given(st.sampled_from((1, 3, 5, 7, 9, 11)), lower_ends(), st.sampled_from(("1", "2", "101/100", "1/3", "1e6", "1e-6")))
def test_every_minimax_certificate_is_proved(degree: int, ratio: Fraction, upper: str) -> None:
    u = Fraction(upper)
    assert verify(minimax(degree, Interval(ratio * u, u))).proved


@given(st.sampled_from((1, 3, 5, 7, 9)), lower_ends())
def test_the_level_is_squeezed_between_the_bound_and_what_the_polynomial_reaches(degree: int, l: Fraction) -> None:
    best = alternation(degree, Interval(l, ONE), digits=12)
    reached = farthest(best.polynomial, best.interval)
    slack = min(best.level, 1 - best.level) / 10**10
    assert best.level <= reached <= best.level + slack


@pytest.mark.parametrize("degree", [3, 5, 7])
@pytest.mark.parametrize("l", ["1/100", "1/10", "1/2", "4/5"])
def test_agrees_with_the_naive_algorithm(degree: int, l: str) -> None:
    best = alternation(degree, Interval.of(l, 1))
    row, level = naive_remez.remez(degree, float(Fraction(l)), 1.0)
    assert isclose(float(best.level), level, rel_tol=1e-6, abs_tol=1e-12)
    assert all(isclose(float(c), n, rel_tol=1e-5) for c, n in zip(best.polynomial.coefficients, row, strict=True))


@given(lower_ends())
def test_agrees_with_the_closed_form_for_cubics(l: Fraction) -> None:
    over = Interval(l, ONE)
    best, (cubic, level) = alternation(3, over), minimax_cubic(l, ONE, 60)
    assert abs(best.level - level) <= min(level, 1 - level) / 10**11
    assert all(abs(a - b) < Fraction(1, 10**9) for a, b in zip(best.polynomial.coefficients, cubic, strict=True))


@pytest.mark.parametrize("degree", [1, 3, 5, 9, 13, 17])
@pytest.mark.parametrize("l", ["1e-12", "1e-6", "1/1000", "1/2", "0.999999", "0.999999999999999"])
def test_robust_from_tiny_lower_ends_to_tiny_intervals(degree: int, l: str) -> None:
    certificate = minimax(degree, Interval.of(l, 1))
    assert verify(certificate).proved
    assert len(certificate.witness.points) == degree // 2 + 2


def test_many_digits() -> None:
    best = alternation(5, Interval.of("1/1000", 1), digits=100)
    assert farthest(best.polynomial, best.interval, bits=1000) - best.level < Fraction(1, 10**100)


@given(st.sampled_from((1, 3, 5, 7)), lower_ends())
def test_the_level_falls_as_the_degree_rises_and_as_the_interval_shrinks(degree: int, l: Fraction) -> None:
    level = alternation(degree, Interval(l, ONE)).level
    assert alternation(degree + 2, Interval(l, ONE)).level < level
    assert alternation(degree, Interval((l + 1) / 2, ONE)).level < level


@given(
    st.sampled_from((3, 5, 7)),
    lower_ends(),
    st.lists(st.fractions(-1, 1, max_denominator=1000), min_size=4, max_size=4),
)
def test_no_other_polynomial_does_better(degree: int, l: Fraction, noise: list[Fraction]) -> None:
    best = alternation(degree, Interval(l, ONE))
    other = OddPolynomial(tuple(c + n for c, n in zip(best.polynomial.coefficients, noise, strict=False)))
    assert max(abs(1 - other(x)) for x in best.points) >= best.level


def test_a_level_too_high_is_refused() -> None:
    best = alternation(5, Interval.of("1/100", 1))
    above = max(abs(1 - best.polynomial(x)) for x in best.points) + Fraction(1, 10**20)
    assert verify(changed(minimax(5, Interval.of("1/100", 1)), above)).reason.startswith("obligation: a deviation")


@pytest.mark.parametrize(("degree", "l", "u"), [(4, "1/2", "1"), (0, "1/2", "1"), (-3, "1/2", "1"), (65, "1/2", "1")])
def test_a_degree_that_is_not_odd_is_refused(degree: int, l: str, u: str) -> None:
    with pytest.raises(UsageError, match="not an odd number from 1 to 63"):
        minimax(degree, Interval.of(l, u))


@pytest.mark.parametrize(("l", "u"), [("0", "1"), ("-1", "1"), ("1", "1")])
def test_an_interval_that_touches_zero_or_is_a_point_is_refused(l: str, u: str) -> None:
    with pytest.raises(UsageError, match="needs 0 < l < u"):
        alternation(3, Interval.of(l, u))


def test_an_error_beyond_all_digits_is_undecided() -> None:
    with pytest.raises(UndecidedError, match="take fewer steps"):
        alternation(31, Interval(1 - Fraction(1, 10**100), ONE))


def test_the_working_precision_is_left_as_it_was() -> None:
    before = ctx.prec
    alternation(7, Interval.of("1/1000", 1), digits=40)
    assert ctx.prec == before


# --------------------------------------------------------------------------------------------------- composition-bound


@given(
    st.lists(st.sampled_from((1, 3, 5, 7)), min_size=1, max_size=4),
    lower_ends().map(lambda ratio: min(ratio, Fraction(3, 4))),  # from 3/4 four steps stay above 10^-300
    st.sampled_from(("1", "3/2")),
)
def test_every_composition_bound_is_proved(degrees: Sequence[int], ratio: Fraction, upper: str) -> None:
    u = Fraction(upper)
    assert verify(composition_bound(degrees, Interval(ratio * u, u))).proved


def test_a_chain_that_falls_below_all_digits_is_undecided() -> None:
    with pytest.raises(UndecidedError, match="take fewer steps"):
        composition_bound((7, 7, 7, 7), Interval.of("0.99", 1))


@given(
    st.lists(st.sampled_from((3, 5)), min_size=2, max_size=3),
    st.integers(1, 4),
    st.lists(st.fractions(Fraction(99, 100), Fraction(101, 100)), min_size=9, max_size=9),
)
def test_no_random_composition_beats_the_bound(degrees: list[int], k: int, factors: list[Fraction]) -> None:
    over = Interval(Fraction(1, 10**k), ONE)
    certificate = composition_bound(degrees, over)
    spread, image = iter(factors), over
    for degree in degrees:
        best = alternation(degree, Interval(max(image.lo, image.hi / 10**6), image.hi), digits=3)
        p = OddPolynomial(tuple(c * next(spread) for c in best.polynomial.coefficients))
        with ctx.workprec(200):
            e = extremes(dense(p), (exact(image.lo), exact(image.hi)))
            lo, hi = fraction(e.low), fraction(e.high)
        image = Interval(lo, hi)
        if lo <= 0:
            return  # its error is at least 1, and the bound is below 1
    assert max(1 - image.lo, image.hi - 1) >= certificate.claim.error - Fraction(1, 10**20)


def test_one_step_is_minimax() -> None:
    over = Interval.of("1/50", "2")
    assert abs(composition_bound((5,), over).claim.error - minimax(5, over).claim.error) < Fraction(1, 10**12)


def test_the_order_of_the_degrees_matters_to_the_bound() -> None:
    over = Interval.of("1/100", 1)
    assert composition_bound((3, 5), over).claim.error != composition_bound((5, 3), over).claim.error


def test_a_composition_bound_too_high_is_refused() -> None:
    certificate = composition_bound((5, 5), Interval.of("1/100", 1))
    found = verify(changed(certificate, certificate.claim.error + Fraction(1, 10**9)))
    assert found.reason.startswith("obligation: the last step only gives")


@pytest.mark.parametrize("degrees", [(), (4,), (3, -1)])
def test_degrees_that_make_no_composition_are_refused(degrees: tuple[int, ...]) -> None:
    with pytest.raises(UsageError):
        composition_bound(degrees, Interval.of("1/2", 1))
