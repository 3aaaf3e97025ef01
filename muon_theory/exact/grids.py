"""Grids of cells on which the checker's rule succeeds, for polynomials in several variables on a box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product
from math import prod

from flint import fmpq, fmpq_mpoly

from muon_theory.errors import UndecidedError
from muon_theory.exact.bernstein import Box, bernstein_tensor
from muon_theory.exact.rationals import fraction, simplest

Sides = Sequence[tuple[bool, bool]]
MAX_CELLS = 64


def _defect(p: fmpq_mpoly, cell: Box, box: Box, sides: Sides | None) -> tuple[float, list[fmpq]]:
    """How far the rule is from succeeding on a cell (0 where it does), and where its worst coefficient sits."""
    shape, b, _ = bernstein_tensor(p, cell)
    scale = max(map(abs, b)) or 1
    worst = min(range(len(b)), key=b.__getitem__)
    index = []
    for length in reversed(shape):
        worst, i = divmod(worst, length)
        index.append(i)
    at = [lo + (hi - lo) * fmpq(i, max(n - 1, 1)) for i, n, (lo, hi) in zip(reversed(index), shape, cell, strict=True)]
    if (least := min(b)) < 0:
        if p(*at) < 0:
            raise UndecidedError(f"it is negative at ({', '.join(f'{float(q):.6g}' for q in at)})")
        return float(fmpq(-least, scale)), at
    if sides is not None and not _faces_positive(shape, b, cell, box, sides):
        return 1.0, at
    return 0.0, at


def _faces_positive(shape: list[int], b: list[int], cell: Box, box: Box, sides: Sides) -> bool:
    positive = [e for e, v in zip(product(*map(range, shape)), b, strict=True) if v > 0]
    choices = [
        [None, *[0] * (lo > a or left), *[n - 1] * (hi < z or right)]
        for (lo, hi), (a, z), (left, right), n in zip(cell, box, sides, shape, strict=True)
    ]
    return all(
        any(all(k is None or k == i for i, k in zip(e, face, strict=True)) for e in positive)
        for face in product(*choices)
    )


def grid(
    p: fmpq_mpoly, box: Box, sides: Sides | None = None, what: str = "the polynomial"
) -> tuple[tuple[Fraction, ...], ...]:
    """For each axis the points that cut the box into cells on which the rule succeeds, added greedily.

    Raises UndecidedError if more than MAX_CELLS cells would be needed: p is then negative, or zero on an included side.
    """
    cuts: list[list[fmpq]] = [[] for _ in box]
    while True:
        try:
            failing = _failing(p, box, cuts, sides)
        except UndecidedError as error:
            raise UndecidedError(f"{what} is not positive: {error}") from None
        if not failing:
            return tuple(tuple(map(fraction, axis)) for axis in cuts)
        if prod(len(axis) + 1 for axis in cuts) * 2 > MAX_CELLS:
            place = ", ".join(f"{float(q):.6g}" for q in failing[0][2])
            raise UndecidedError(f"{what} could not be shown positive near ({place}): shrink the box")
        _, cell, at = max(failing, key=lambda f: f[0])
        options = []
        for axis, (lo, hi) in enumerate(cell):
            if lo < hi and p.degrees()[axis]:
                for middle, spread in ((at[axis], (hi - lo) / 16), ((lo + hi) / 2, (hi - lo) / 6)):
                    if lo + spread < middle < hi - spread:
                        point = simplest(middle - spread, middle + spread)
                        trial = [sorted([*c, point]) if i == axis else c for i, c in enumerate(cuts)]
                        options.append((sum(f[0] for f in _failing(p, box, trial, sides)), axis, trial))
        if not options:
            raise UndecidedError(f"{what} is not positive on the box: shrink it")
        cuts = min(options, key=lambda o: o[:2])[2]


def _failing(
    p: fmpq_mpoly, box: Box, cuts: list[list[fmpq]], sides: Sides | None
) -> list[tuple[float, Box, list[fmpq]]]:
    found: list[tuple[float, Box, list[fmpq]]] = []
    for cell in cells(box, cuts):
        defect, at = _defect(p, cell, box, sides)
        if defect > 0:
            found.append((defect, cell, at))
    return found


def cells(box: Box, cuts: Sequence[Sequence[fmpq]]) -> Iterator[Box]:
    """The cells into which points on each axis cut a box."""
    axes = ([lo, *points, hi] for (lo, hi), points in zip(box, cuts, strict=True))
    return product(*(list(pairwise(axis)) for axis in axes))
