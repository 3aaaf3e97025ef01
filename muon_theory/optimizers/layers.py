"""The small model: a parameter of each kind that a network has, small enough to print."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import torch

Tensor = torch.Tensor


@dataclass(frozen=True, slots=True)
class Layer:
    """A kind of parameter and its shape."""

    name: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        return prod(self.shape)


LAYERS = (
    Layer("square", (4, 4)),
    Layer("tall", (8, 4)),
    Layer("wide", (4, 8)),
    Layer("fused", (12, 4)),  # three projections of four rows, or six heads of two
    Layer("embedding", (12, 5)),
    Layer("convolution", (4, 2, 3, 2)),
    Layer("depthwise", (8, 1, 2, 2)),
    Layer("experts", (2, 4, 5)),
    Layer("bias", (5,)),
)
BY_NAME = {layer.name: layer for layer in LAYERS}


def gradient(layer: Layer, seed: int) -> Tensor:
    """Small integers, the same for the same seed; no row or column of zeros."""
    generator = torch.Generator().manual_seed(seed * 1009 + layer.size)
    return torch.randint(1, 9, layer.shape, generator=generator).double() * (
        1 - 2 * torch.randint(0, 2, layer.shape, generator=generator)
    )
