"""Bernstein coefficients: those of p on [lo, hi] bound p there, the first and the last are its values at the ends.

With p(lo + (hi - lo)·t) = Σ c_i t^i of degree n, b_j = Σ_i C(j, i)/C(n, i)·c_i.  Every other form here is this one: of
several polynomials at once it is a matrix, of several variables it is taken along each axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise, product
from math import comb, factorial, lcm, prod
from typing import Any

from flint import fmpq, fmpq_mat, fmpq_mpoly, fmpq_poly, fmpz_mat

Box = Sequence[tuple[fmpq, fmpq]]


def on_unit(c: Sequence[Any]) -> list[Any]:
    """n!·b_0, …, n!·b_n of Σ c_i t^i on [0, 1], n = len(c) - 1, for coefficients of any ring.

    >>> on_unit([1, -3, 3])  # 2·(1, -1/2, 1)
    [2, -1, 2]
    """
    n = len(c) - 1
    b = [v * weight for v, weight in zip(c, _weights(n), strict=True)]
    for k in range(1, n + 1):
        for j in range(n, k - 1, -1):
            b[j] += b[j - 1]
    return b


@cache
def _weights(n: int) -> tuple[int, ...]:
    """n!/C(n, i)."""
    return tuple(factorial(i) * factorial(n - i) for i in range(n + 1))


def bernstein(p: fmpq_poly, lo: fmpq, hi: fmpq) -> tuple[list[int], int]:
    """The Bernstein coefficients on [lo, hi] as integers over one positive integer.

    >>> bernstein(fmpq_poly([1, -3, 3]), fmpq(0), fmpq(1))
    ([2, -1, 2], 2)
    """
    n = max(p.degree(), 0)
    local = p(fmpq_poly([lo, hi - lo]))
    numerator = local.numer()
    return on_unit([int(numerator[i]) for i in range(n + 1)]), int(local.denom()) * factorial(n)


def bernstein_tensor(p: fmpq_mpoly, cell: Box) -> tuple[list[int], list[int], int]:
    """Shape and Bernstein coefficients of p on the cell, last variable fastest: integers over one positive integer."""
    variables = p.context().gens()
    local = p.compose(*(v * (hi - lo) + lo for v, (lo, hi) in zip(variables, cell, strict=True)), ctx=p.context())
    shape = [max(d, 0) + 1 for d in p.degrees()]
    terms = local.to_dict()
    common = lcm(*(int(c.q) for c in terms.values()))
    values: Sequence[Any] = [terms[e] * common if e in terms else 0 for e in product(*map(range, shape))]
    for length in shape:  # the first axis is taken, and becomes the last
        values = (fmpz_mat(length, len(values) // length, list(map(int, values))).transpose() * _unit(length)).entries()
    return shape, list(map(int, values)), common * prod(factorial(length - 1) for length in shape)


def to_bernstein(n: int, lo: fmpq, hi: fmpq) -> fmpq_mat:
    """The matrix that takes the coefficients of 1, x, …, x^(n-1) to the Bernstein coefficients on [lo, hi]."""
    width = hi - lo
    shift = [[comb(i, j) * lo ** (i - j) * width**j if j <= i else fmpq(0) for j in range(n)] for i in range(n)]
    return fmpq_mat(shift) * fmpq_mat(_unit(n)) / factorial(n - 1)


@cache
def _unit(n: int) -> fmpz_mat:
    """`on_unit` as a matrix, for rows of n coefficients."""
    return fmpz_mat([on_unit([int(i == j) for j in range(n)]) for i in range(n)])


def halves(b: Sequence[int]) -> tuple[list[int], list[int]]:
    """The Bernstein coefficients of the two halves, times 2^n (de Casteljau).

    >>> halves([2, -1, 2])
    ([8, 2, 2], [2, 2, 8])
    """
    n = len(b) - 1
    row, left, right = list(b), [b[0] << n], [b[-1] << n]
    for k in range(1, n + 1):
        row = [x + y for x, y in pairwise(row)]
        left.append(row[0] << (n - k))
        right.append(row[-1] << (n - k))
    return left, right[::-1]


def halving(n: int, upper: bool) -> list[list[int]]:
    """Row j: what makes coefficient j of a half, times 2^n, from the coefficients 0 … n."""
    columns = (halves([int(i == k) for k in range(n + 1)])[upper] for i in range(n + 1))
    return [list(row) for row in zip(*columns, strict=True)]
