"""Bernstein coefficients on a box as integer matrices: to halve the box is one product with a constant matrix.

A polynomial in (θ, y) is kept as its tensor Bernstein coefficients on (a box of θ) × [y₀, y₁], each times one positive
integer: a row for each index in θ (the last parameter fastest), a column for each in y.  With B_j = Σ_i C(j, i)·b_i the
left half of degree n has the coefficients B_j/2^j (de Casteljau); times 2^n they are integers again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from math import comb, gcd, prod

from flint import fmpq, fmpq_mpoly, fmpz, fmpz_mat

from muon_theory.exact.bernstein import bernstein_tensor, halving
from muon_theory.exact.rationals import exact
from muon_theory.interval import Interval

GRID = 2
"""A condition is refuted at both ends and the middle of each parameter's interval, or not at all."""

PLACES = 32
"""A condition at one point of (0, 1) is tried at y = 1/32, …, 31/32."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """Coefficients of one polynomial on one box; `shape` counts them for each parameter."""

    shape: tuple[int, ...]
    matrix: fmpz_mat

    @classmethod
    def of(cls, p: fmpq_mpoly, box: tuple[Interval, ...]) -> Tensor:
        """The coefficients of p on box × [0, 1]."""
        ranges = [*((exact(i.lo), exact(i.hi)) for i in box), (fmpq(0), fmpq(1))]
        shape, values, _ = bernstein_tensor(p, ranges)
        unit = gcd(*values) or 1
        return cls(tuple(shape[:-1]), fmpz_mat(prod(shape[:-1]), shape[-1], [v // unit for v in values]))

    def half(self, axis: int, upper: bool) -> Tensor:
        """On one half of the box."""
        return Tensor(self.shape, _on_rows(self.shape, axis, upper) * self.matrix)

    def half_y(self, upper: bool) -> Tensor:
        """On one half of the interval in y."""
        return Tensor(self.shape, self.matrix * _on_columns(self.matrix.ncols(), upper))

    def least(self) -> int:
        return int(min(self.matrix.entries()))

    def sampled(self, places: int) -> list[list[fmpz]]:
        """At corners and middles of the box's sides: the values at y = 0, 1/places, …, 1, times a positive number."""
        sampled = _grid(self.shape) * self.matrix * _places(self.matrix.ncols(), places)
        values: list[list[fmpz]] = sampled.table()
        return values

    def least_at(self, place: int) -> int:
        """The least coefficient of the polynomial in θ at y = place/PLACES, times a positive number."""
        return int(min((self.matrix * _place(self.matrix.ncols(), place)).entries()))

    def positive_inside(self, closed: bool, left: bool, right: bool) -> bool:
        """Given coefficients ≥ 0: is it > 0 on the (closed) box, for y between the ends and at those that count?"""
        entries, columns = self.matrix.entries(), self.matrix.ncols()
        positive = [
            (*e, i % columns) for i, (e, v) in enumerate(zip(_indices(self.shape, columns), entries, strict=True)) if v
        ]
        sides = [[None, 0, n - 1] if closed else [None] for n in self.shape]
        choices = [*sides, [None, *[0] * left, *[columns - 1] * right]]
        return all(
            any(all(k is None or k == i for i, k in zip(e, face, strict=True)) for e in positive)
            for face in product(*choices)
        )


def _indices(shape: tuple[int, ...], columns: int) -> list[tuple[int, ...]]:
    return [e for e in product(*map(range, shape)) for _ in range(columns)]


@cache
def _on_rows(shape: tuple[int, ...], axis: int, upper: bool) -> fmpz_mat:
    """The halving of one axis as a matrix on all rows: its Kronecker product with identities."""
    out = [[1]]
    for k, n in enumerate(shape):
        factor = halving(n - 1, upper) if k == axis else [[int(i == j) for j in range(n)] for i in range(n)]
        out = [[x * y for x in row for y in line] for row in out for line in factor]
    return fmpz_mat(out)


@cache
def _on_columns(columns: int, upper: bool) -> fmpz_mat:
    return fmpz_mat(halving(columns - 1, upper)).transpose()


@cache
def _grid(shape: tuple[int, ...]) -> fmpz_mat:
    """The matrix of the values at the GRID points of each parameter, a positive multiple of them."""
    out = [[1]]
    for n in shape:
        out = [[x * y for x in row for y in _basis(n, i, GRID)] for row in out for i in range(GRID + 1)]
    return fmpz_mat(out)


def _basis(columns: int, place: int, places: int) -> list[int]:
    n = columns - 1
    return [comb(n, i) * place**i * (places - place) ** (n - i) for i in range(columns)]


@cache
def _place(columns: int, place: int) -> fmpz_mat:
    return fmpz_mat([[v] for v in _basis(columns, place, PLACES)])


@cache
def _places(columns: int, places: int) -> fmpz_mat:
    return fmpz_mat([_basis(columns, j, places) for j in range(places + 1)]).transpose()
