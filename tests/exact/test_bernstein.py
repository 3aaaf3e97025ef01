"""The one conversion to Bernstein form, in all its shapes, against the definition written out."""

from fractions import Fraction as Q
from math import comb, prod

from flint import fmpq, fmpq_mat, fmpq_mpoly_ctx, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.exact.bernstein import bernstein, bernstein_tensor, halves, halving, to_bernstein
from muon_theory.exact.rationals import exact, fraction, poly

rationals = st.fractions(-9, 9, max_denominator=12)
lists = st.lists(rationals, min_size=1, max_size=8)
intervals = st.tuples(rationals, rationals).filter(lambda i: i[0] < i[1])


def naive(c: list[Q], lo: Q, hi: Q) -> list[Q]:
    """b_j = Σ_i C(j, i)/C(n, i)·d_i, with d the Taylor coefficients at lo in units of hi - lo."""
    n = len(c) - 1
    d = [sum(comb(k, i) * c[k] * lo ** (k - i) for k in range(i, n + 1)) * (hi - lo) ** i for i in range(n + 1)]
    return [sum((Q(comb(j, i), comb(n, i)) * d[i] for i in range(j + 1)), Q(0)) for j in range(n + 1)]


def value(b: list[Q], t: Q) -> Q:
    n = len(b) - 1
    return sum((comb(n, j) * v * t**j * (1 - t) ** (n - j) for j, v in enumerate(b)), Q(0))


def trimmed(c: list[Q]) -> list[Q]:
    while len(c) > 1 and c[-1] == 0:
        c = c[:-1]
    return c


@given(lists, intervals)
def test_one_polynomial(c, ends):
    found, unit = bernstein(poly(c), *map(exact, ends))
    assert unit > 0
    assert [Q(v, unit) for v in found] == naive(trimmed(c), *ends)


@given(lists, intervals)
def test_as_a_matrix(c, ends):
    row = fmpq_mat([[exact(v) for v in c]]) * to_bernstein(len(c), *map(exact, ends))
    assert [fraction(v) for v in row.entries()] == naive(c, *ends)


@given(lists, lists, intervals, intervals)
def test_a_product_of_two_variables(c, d, one, other):
    context = fmpq_mpoly_ctx.get(("a", "y"), "lex")
    a, y = context.gens()
    p = sum((a**i * exact(v) for i, v in enumerate(c)), a * 0) * sum((y**i * exact(v) for i, v in enumerate(d)), y * 0)
    shape, b, unit = bernstein_tensor(p, [tuple(map(exact, one)), tuple(map(exact, other))])
    left, right = naive(trimmed(c), *one), naive(trimmed(d), *other)
    if p == 0:
        assert set(b) == {0}
        return
    assert shape == [len(left), len(right)]
    assert unit > 0
    assert [Q(v, unit) for v in b] == [u * v for u in left for v in right]


@given(st.lists(st.integers(-99, 99), min_size=1, max_size=7), st.fractions(0, 1, max_denominator=9))
def test_halves_are_the_same_polynomial(b, t):
    n = len(b) - 1
    left, right = halves(b)
    assert value([Q(v, 2**n) for v in left], t) == value(b, t / 2)
    assert value([Q(v, 2**n) for v in right], t) == value(b, (1 + t) / 2)
    for upper, half in enumerate((left, right)):
        assert [sum(x * y for x, y in zip(row, b, strict=True)) for row in halving(n, bool(upper))] == half


def test_the_zero_polynomial_and_a_point():
    assert bernstein(fmpq_poly([]), fmpq(0), fmpq(1)) == ([0], 1)
    assert set(bernstein(fmpq_poly([1, 1]), fmpq(2), fmpq(2))[0]) == {3}
    assert prod(bernstein_tensor(fmpq_mpoly_ctx.get(("y",), "lex").gens()[0] * 0, [(fmpq(0), fmpq(1))])[0]) == 1
