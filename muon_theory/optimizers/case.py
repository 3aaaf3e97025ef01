"""Inputs of a law about steps: a parameter, its value, and the gradients it gets, all of small integers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import torch

from muon_theory.conformance.arrays import LONG
from muon_theory.conformance.case import nested, sparse

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
        start = _text(self.start, self.shape) if any(self.start) else f"zeros({', '.join(map(str, self.shape))})"
        count = len(self.gradients)
        names = [f"G{t}" if count > 1 else "G" for t in range(1, count + 1)]
        parts = [f"P = {start}"]
        parts += [f"{n} = {factor}{_text(g, self.shape)}" for n, g in zip(names, self.gradients, strict=True)]
        if self.split > 1:
            parts.append(f"each in {self.split} micro-batches")
        if self.dtype != "fp32":
            parts.append(f"dtype = {self.dtype}")
        if self.decay:
            parts.append("with weight decay")
        return ", ".join(parts)


def _text(values: Sequence[int], shape: Sequence[int]) -> str:
    return sparse(values, shape, 24, 8) or nested(values, shape)
