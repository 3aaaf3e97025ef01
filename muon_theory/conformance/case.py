"""Concrete inputs of a law: small exact matrices that print as they are, and the tensors made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import torch

Tensor = torch.Tensor
Dtype = torch.dtype
Matrix = tuple[tuple[Fraction, ...], ...]

LONG = 64  # a matrix of more entries is printed by those that are not zero, where they are few
LAYOUTS = ("transposed", "strided", "offset")


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
    filled = [f"[{i}][{j}] = {x}" for i, row in enumerate(matrix) for j, x in enumerate(row) if x]
    if len(matrix) * len(matrix[0]) > LONG and 0 < len(filled) <= LONG // 4:
        return f"{len(matrix)}×{len(matrix[0])} zeros but for {', '.join(filled)}"
    return "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in matrix) + "]"


def scaled_text(matrix: Matrix, exponent: int) -> str:
    """2^exponent·matrix, the factor left out where it is 1."""
    return matrix_text(matrix) if exponent == 0 else f"2^{exponent}·{matrix_text(matrix)}"


def tensor(matrix: Matrix, exponent: int = 0) -> Tensor:
    """2^exponent·matrix in fp64: exact for the integers and powers of 2 that the search draws."""
    values = torch.tensor([[float(x) for x in row] for row in matrix], dtype=torch.float64)
    return torch.ldexp(values, torch.tensor(exponent))


def product(A: Matrix, B: Matrix) -> Matrix:
    """AB, exactly."""
    columns = list(zip(*B, strict=True))
    return tuple(tuple(sum((x * y for x, y in zip(row, c, strict=True)), Fraction(0)) for c in columns) for row in A)


def laid_out(X: Tensor, layout: str) -> Tensor:
    """The same values in other memory: column by column, every second column of a wider one, or inside a larger one."""
    rows, columns = X.shape[-2:]
    match layout:
        case "transposed":
            return X.mT.contiguous().mT
        case "strided":
            wide = torch.full((*X.shape[:-1], 2 * columns), 7.0, dtype=X.dtype, device=X.device)
            wide[..., ::2] = X
            return wide[..., ::2]
        case "offset":
            big = torch.full((*X.shape[:-2], rows + 2, columns + 2), 7.0, dtype=X.dtype, device=X.device)
            big[..., 1:-1, 1:-1] = X
            return big[..., 1:-1, 1:-1]
    return X.clone(memory_format=torch.contiguous_format)


def with_singular_values(
    values: Sequence[float], rows: int, columns: int, seed: int, dtype: Dtype | None = None
) -> Tensor:
    """U diag(values) Vᵀ of shape (rows, columns) with random orthonormal factors; fp64 unless said.

    >>> X = with_singular_values([2.0, 1.0], 3, 2, seed=0)
    >>> [round(s, 9) for s in torch.linalg.svdvals(X).tolist()]
    [2.0, 1.0]
    """
    generator = torch.Generator().manual_seed(seed)
    rank = len(values)
    U, V = (torch.linalg.qr(torch.randn(n, rank, generator=generator, dtype=torch.float64)).Q for n in (rows, columns))
    return ((U * torch.tensor(list(values), dtype=torch.float64)) @ V.mT).to(dtype or torch.float64)
