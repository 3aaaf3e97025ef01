"""Algebraic numbers against mpmath, and their laws."""

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.errors import UsageError
from muon_theory.exact.algebraic import AlgebraicNumber, quotient, real_roots
from muon_theory.exact.rationals import poly
from muon_theory.interval import Interval
from muon_theory.polynomial import horner
from tests.naive import signs
from tests.naive.sturm import sturm_count

coefficients = st.lists(st.integers(-30, 30), min_size=2, max_size=7).filter(lambda c: c[-1] != 0)


@given(coefficients)
def test_real_roots_are_all_of_them_and_isolated(c: list[int]) -> None:
    roots = real_roots(c)
    bound = 1 + max(abs(Fraction(v, c[-1])) for v in c)
    assert len(roots) == sturm_count([Fraction(v) for v in c], -bound, bound)
    assert [r for r, _ in roots] == sorted(r for r, _ in roots)
    for root, multiplicity in roots:
        i = root.isolating
        minimal = [Fraction(v) for v in root.polynomial]
        assert i.is_point or sturm_count(minimal, i.lo, i.hi) == 1
        assert _divides(root.polynomial, c) >= multiplicity == _divides(root.polynomial, c)


def _divides(minimal: tuple[int, ...], c: list[int]) -> int:
    """How often the minimal polynomial divides c."""
    rest, times = [Fraction(v) for v in c], 0
    while len(rest) >= len(minimal):
        quotient, remainder = [], list(rest)
        while len(remainder) >= len(minimal):
            factor = remainder[-1] / minimal[-1]
            quotient.append(factor)
            for i, v in enumerate(reversed(minimal)):
                remainder[-1 - i] -= factor * v
            remainder.pop()
        if any(remainder):
            return times
        rest, times = quotient[::-1], times + 1
    return times


@given(coefficients)
def test_isolation_agrees_with_sympy(c: list[int]) -> None:
    ends = signs.isolated([Fraction(v) for v in c], Fraction(-(10**6)), Fraction(10**6))
    found = [root.refine(Fraction(1, 10**20)) for root, _ in real_roots(c)]
    assert len(found) == len(ends)
    assert all(i.lo <= b and a <= i.hi for i, (a, b) in zip(found, ends, strict=True))


@given(coefficients, st.integers(1, 60))
def test_digits_agree_with_mpmath(c: list[int], digits: int) -> None:
    with mpmath.workdps(digits + 30):
        for root, _ in real_roots(c):
            minimal = root.polynomial
            start = root.refine(Fraction(1, 10**12)).midpoint
            if len(minimal) == 2:
                expected = mpmath.mpf(-minimal[0]) / minimal[1]
            else:
                x0 = mpmath.mpf(start.numerator) / start.denominator
                expected = mpmath.findroot(lambda x, m=minimal: mpmath.polyval(m[::-1], x), x0)
            assert abs(mpmath.mpf(root.decimal(digits)) - expected) <= abs(expected) * mpmath.mpf(10) ** (1 - digits)
            low, high = mpmath.mpf(root.decimal(digits, -1)), mpmath.mpf(root.decimal(digits, +1))
            slack = abs(expected) * mpmath.mpf(10) ** (-digits - 20)
            assert low <= expected + slack
            assert expected <= high + slack


def test_a_thousand_digits_of_the_golden_ratio() -> None:
    golden = real_roots((-1, -1, 1))[1][0]
    with mpmath.workdps(1020):
        assert golden.decimal(1000) == mpmath.nstr(mpmath.phi, 1000)
    assert golden.enclose(1000).width == Fraction(1, 10**1000)
    assert golden.refine(Fraction(1, 10**1000)) <= golden.refine(Fraction(1, 10))


@given(coefficients, coefficients)
def test_order_agrees_with_the_real_numbers(c: list[int], d: list[int]) -> None:
    for p, _ in real_roots(c):
        for q, _ in real_roots(d):
            i, j = p.refine(Fraction(1, 10**40)), q.refine(Fraction(1, 10**40))
            if i.disjoint(j):
                assert (p < q) == (i.hi < j.lo)
                assert p != q
            else:  # integers of this size separate distinct roots by more
                assert p == q
                assert hash(p) == hash(q)
            assert (p < q) == (q > p) == (-q < -p)


def test_one_number_with_two_intervals_is_equal_to_itself_and_not_to_its_conjugate() -> None:
    wide = AlgebraicNumber((-2, 0, 1), Interval.of(1, 2))
    narrow = AlgebraicNumber((-2, 0, 1), Interval.of("1.4", "1.5"))
    assert wide == narrow
    assert wide != AlgebraicNumber((-2, 0, 1), Interval.of(-2, -1))
    assert AlgebraicNumber.of("1/2") == Fraction(1, 2) != wide
    assert {wide, narrow, AlgebraicNumber.of(3), Fraction(3)} == {wide, Fraction(3)}


@given(coefficients, st.lists(st.fractions(-3, 3, max_denominator=9), min_size=1, max_size=4))
def test_images_satisfy_their_minimal_polynomial(c: list[int], numerator: list[Fraction]) -> None:
    for root, _ in real_roots(c):
        value = root.image(numerator)
        modulus, element = poly(root.polynomial), quotient(numerator, (1,), root.polynomial)
        assert horner([poly([k]) for k in value.polynomial], element) % modulus == 0  # in ℚ(α)
        lo, hi = (horner(numerator, end) for end in (lambda i: (i.lo, i.hi))(root.refine(Fraction(1, 10**30))))
        near = value.refine(Fraction(1, 10**20)).widen(Fraction(1, 10**20))
        assert lo in near
        assert hi in near
        assert root.sign_of(numerator) == value.sign()


@given(coefficients)
def test_the_square_root_squares_back(c: list[int]) -> None:
    for root, _ in real_roots(c):
        if root >= 0:
            assert root.sqrt().image((0, 0, 1)) == root
            assert root.sqrt() >= 0


def test_quotients_are_taken_in_the_field() -> None:
    root = real_roots((-2, 0, 1))[1][0]
    assert root.image((1,), (1, 1)) == root.image((-1, 1))  # 1/(1 + √2) = √2 - 1
    with pytest.raises(UsageError, match="denominator vanishes"):
        root.image((1,), (-2, 0, 1))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: real_roots((0, 0)), "zero polynomial"),
        (lambda: AlgebraicNumber((-2, 0, 1), Interval.of(2, 3)), "does not isolate"),
        (lambda: AlgebraicNumber((-2, 0, -1), Interval.of(1, 2)), "no minimal polynomial"),
        (lambda: AlgebraicNumber((-4, 0, 2), Interval.of(1, 2)), "no minimal polynomial"),
        (lambda: real_roots((-2, 0, 1))[0][0].sqrt(), "no real square root"),
        (lambda: real_roots((-2, 0, 1))[0][0].decimal(9000), "ask for 1 to"),
        (lambda: real_roots((-2, 0, 1))[0][0].refine(Fraction(0)), "positive width"),
    ],
)
def test_bad_input_is_refused_in_words(make, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        make()


def test_json_carries_value_polynomial_and_interval() -> None:
    assert real_roots((-27, 0, 4))[1][0].to_json(20) == {
        "value": "2.5980762113533159403",
        "minimal_polynomial": [-27, 0, 4],
        "isolating": ["2", "3"],
    }
