"""Inputs of a law about steps: a parameter, its value, and the gradients it gets, all of small integers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import torch

from muon_theory.conformance.arrays import LONG

Tensor = torch.Tensor


@dataclass(frozen=True, slots=True)
class Case:
    """P_0 = `start` (zeros if empty), then a step with each of 2^exponent·gradients, in the order of memory.

    `layer` names a layer of the small model where the shape is one of its; `decay` switches weight decay on.
    """

    shape: tuple[int, ...]
    gradients: tuple[tuple[int, ...], ...]
    start: tuple[int, ...] = ()
    exponent: int = 0
    dtype: str = "fp32"
    layer: str = ""
    decay: bool = False
    split: int = 1

    def parameter(self) -> Tensor:
        values = self.start or (0,) * prod(self.shape)
        return torch.tensor(values, dtype=torch.float64).reshape(self.shape).to(getattr(torch, LONG[self.dtype]))

    def gradient(self, t: int, exponent: int | None = None) -> Tensor:
        """The t-th gradient, from 0."""
        values = torch.tensor(self.gradients[t], dtype=torch.float64).reshape(self.shape)
        return torch.ldexp(values, torch.tensor(self.exponent if exponent is None else exponent)).to(
            getattr(torch, LONG[self.dtype])
        )

    def __str__(self) -> str:
        factor = f"2^{self.exponent}·" if self.exponent else ""
        start = nested(self.start, self.shape) if any(self.start) else f"zeros({', '.join(map(str, self.shape))})"
        count = len(self.gradients)
        names = [f"G{t}" if count > 1 else "G" for t in range(1, count + 1)]
        parts = [f"P = {start}"]
        parts += [f"{n} = {factor}{nested(g, self.shape)}" for n, g in zip(names, self.gradients, strict=True)]
        if self.split > 1:
            parts.append(f"each in {self.split} micro-batches")
        if self.dtype != "fp32":
            parts.append(f"dtype = {self.dtype}")
        if self.decay:
            parts.append("with weight decay")
        return ", ".join(parts)


def nested(values: Sequence[int], shape: Sequence[int]) -> str:
    """The numbers in brackets as Python prints a tensor of this shape; long ones by what is not zero.

    >>> nested((1, 2, 0, 4), (2, 2))
    '[[1, 2], [0, 4]]'
    """
    filled = [i for i, x in enumerate(values) if x]
    if len(values) > 24 and len(filled) <= 8:
        where = ", ".join(f"{_index(i, shape)} = {values[i]}" for i in filled)
        return f"{'×'.join(map(str, shape))} zeros but for {where}"
    if len(shape) == 1:
        return "[" + ", ".join(map(str, values)) + "]"
    width = prod(shape[1:])
    rows = (values[i : i + width] for i in range(0, len(values), width))
    return "[" + ", ".join(nested(row, shape[1:]) for row in rows) + "]"


def _index(i: int, shape: Sequence[int]) -> str:
    """[row][column] of the i-th entry in memory."""
    places: list[int] = []
    for side in reversed(shape):
        i, place = divmod(i, side)
        places.insert(0, place)
    return "".join(f"[{place}]" for place in places)
