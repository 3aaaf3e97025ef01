"""Concrete inputs of a law: small exact matrices that print as they are, and the numbers in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

import numpy as np

from muon_theory.conformance.emulated import Array

Matrix = tuple[tuple[Fraction, ...], ...]

MOST = 2048  # entries of what is printed whole: one of more has not been drawn, but made from its number of rows
LONG = 64  # a matrix of more entries is printed by those that are not zero, where they are few


@dataclass(frozen=True, slots=True)
class Case:
    """One input: 2^exponents[i]·matrices[i], one matrix or a batch of them, and how it is handed over.

    `steps` is how many steps are asked for (None: as many as are declared), `layout` how the tensor lies in memory,
    `lead` the leading dimensions of a batch (() for a single one), `left` and `right` are orthogonal, `poison` is
    (row, column, "nan" | "inf" | "-inf").
    """

    matrices: tuple[Matrix, ...]
    exponents: tuple[int, ...] = (0,)
    dtype: str | None = None
    steps: int | None = None
    layout: str = "contiguous"
    lead: tuple[int, ...] = ()
    left: Matrix | None = None
    right: Matrix | None = None
    poison: tuple[int, int, str] | None = None

    def __str__(self) -> str:
        parts = ["X = " + "; ".join(scaled_text(m, e) for m, e in zip(self.matrices, self.exponents, strict=True))]
        parts += [f"{k} = {matrix_text(m)}" for k, m in (("Q", self.left), ("P", self.right)) if m is not None]
        if self.poison:
            parts.append(f"X[{self.poison[0]}][{self.poison[1]}] = {self.poison[2]}")
        if self.steps is not None:
            parts.append(f"steps = {self.steps}")
        if self.dtype:
            parts.append(f"dtype = {self.dtype}")
        if self.lead:
            parts.append(f"as a batch of {' × '.join(map(str, self.lead))}")
        if self.layout != "contiguous":
            parts.append(f"{self.layout} in memory")
        return ", ".join(parts)


def matrix_text(matrix: Matrix) -> str:
    """A matrix as Python would print it.

    >>> matrix_text(((Fraction(1), Fraction(-3, 5)),))
    '[[1, -3/5]]'
    >>> matrix_text(((Fraction(0),) * 9,) * 8 + ((Fraction(0), Fraction(2)) + (Fraction(0),) * 7,))
    '9×9 zeros but for [8][1] = 2'
    """
    shape, flat = (len(matrix), len(matrix[0])), [x for row in matrix for x in row]
    if len(flat) > LONG and len(set(flat)) == 1:
        return f"{sides(shape)} entries {flat[0]}"
    if few := sparse(flat, shape, LONG, LONG // 4):
        return few
    if len(flat) > MOST:
        made = f"random.Random({shape[0]}).choices(range(-9, 10), k={len(flat)})"
        return f"{sides(shape)} integers that begin [[{', '.join(map(str, flat[:4]))}, …: {made}"
    return nested(flat, shape)


def sides(shape: Sequence[int]) -> str:
    """4×4."""
    return "×".join(map(str, shape))


def nested(values: Sequence[object], shape: Sequence[int]) -> str:
    """Entries in the order of memory in brackets, as Python prints an array of this shape.

    >>> nested((1, 2, 0, 4), (2, 2))
    '[[1, 2], [0, 4]]'
    """
    if len(shape) == 1:
        return "[" + ", ".join(map(str, values)) + "]"
    width = prod(shape[1:])
    rows = (values[i : i + width] for i in range(0, len(values), width))
    return "[" + ", ".join(nested(row, shape[1:]) for row in rows) + "]"


def sparse(values: Sequence[object], shape: Sequence[int], long: int, few: int) -> str:
    """An array of more than so many entries by those that are not zero, where they are few; else ""."""
    filled = [i for i, x in enumerate(values) if x]
    if len(values) <= long or not 0 < len(filled) <= few:
        return ""
    places = np.unravel_index(filled, shape)
    where = ("".join(f"[{i}]" for i in place) for place in zip(*places, strict=True))
    return f"{sides(shape)} zeros but for {', '.join(f'{w} = {values[i]}' for w, i in zip(where, filled, strict=True))}"


def scaled_text(matrix: Matrix, exponent: int) -> str:
    """2^exponent·matrix, the factor left out where it is 1."""
    return matrix_text(matrix) if exponent == 0 else f"2^{exponent}·{matrix_text(matrix)}"


def values(matrix: Matrix, exponent: int = 0) -> Array:
    """2^exponent·matrix in fp64: exact for the integers and powers of 2 that the search draws."""
    return np.ldexp(np.array([[float(x) for x in row] for row in matrix]), exponent)


def product(A: Matrix, B: Matrix) -> Matrix:
    """AB, exactly."""
    columns = list(zip(*B, strict=True))
    return tuple(tuple(sum((x * y for x, y in zip(row, c, strict=True)), Fraction(0)) for c in columns) for row in A)
