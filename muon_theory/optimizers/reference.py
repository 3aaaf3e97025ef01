"""The reference step, in fp64, and how far an honest step may be from it.

The distance has a name: tier W, the worst case of `muon_theory.precision`, where it says something; else a *model*,
four times what the emulated iteration and rounding of the momentum do to this very matrix.  A model is no bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from math import prod

import numpy as np
import torch

from muon_theory.conformance.arrays import dtype_of
from muon_theory.conformance.emulated import Array
from muon_theory.conformance.expected import evaluate, exactly, expected, lipschitz
from muon_theory.conformance.modelled import modelled
from muon_theory.conformance.normaliser import Normaliser
from muon_theory.conformance.scale import Scale
from muon_theory.errors import UsageError
from muon_theory.optimizers.contract import Contract, Decay, Momentum, Reading
from muon_theory.precision import format_named
from muon_theory.schedule import Schedule

Tensor = torch.Tensor
STORED = 4.0
"""Roundings of the momentum that are allowed for, in units of its format."""


@dataclass(frozen=True, slots=True)
class Iteration:
    """What orthogonalises: φ, the normalisation before it, its eps, and the format in which it runs."""

    schedule: Schedule
    normaliser: Normaliser
    eps: float
    arithmetic: str


@dataclass(frozen=True, slots=True)
class Step:
    """A contract without gaps, and the iteration: what a step must do to a parameter of a layer."""

    contract: Contract
    iteration: Iteration
    rate: float
    decay: float = 0.0


@dataclass(frozen=True, slots=True)
class Polar:
    """φ(X/‖X‖) of every matrix in X, laid out as X is; `tolerance` is a Frobenius distance, `tier` its standing."""

    value: Tensor
    tolerance: float
    tier: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The parameter after a step and its momentum, and how far each may be away."""

    parameter: Tensor
    tolerance: float
    momentum: Tensor
    tier: str


def matrices(X: Tensor, reading: Reading, blocks: Sequence[int] = ()) -> list[Tensor]:
    """The matrices that a parameter is, as views of X: see `Reading` and `Contract.blocks`."""
    if X.dim() < 2 or reading in (Reading.SKIPPED, Reading.REFUSED):
        return []
    if X.dim() == 2:
        every = [X]
    elif reading is Reading.ROWS:
        every = [X.reshape(X.shape[0], -1)]
    elif reading is Reading.COLUMNS:
        every = [X.reshape(-1, X.shape[-1])]
    else:
        every = list(X.reshape(-1, *X.shape[-2:]))
    if not blocks:
        return every
    if sum(blocks) != every[0].shape[0]:
        raise UsageError(f"blocks {tuple(blocks)} do not make the {every[0].shape[0]} rows of shape {tuple(X.shape)}")
    return [M[i:j] for M in every for i, j in pairwise([0, *accumulate(blocks)])]


def matrix_shape(shape: Sequence[int], reading: Reading, blocks: Sequence[int] = ()) -> tuple[int, int]:
    """m × n of the first matrix."""
    if len(shape) == 2 or reading is Reading.LAST:
        rows, columns = shape[-2:]
    elif reading is Reading.COLUMNS:
        rows, columns = prod(shape[:-1]), shape[-1]
    else:
        rows, columns = shape[0], prod(shape[1:])
    return (blocks[0] if blocks else rows), columns


def misread(shape: Sequence[int]) -> list[tuple[int, int]]:
    """Shapes that a mistaken rule may read off a parameter of two dimensions or more."""
    ends = [(shape[-2], shape[-1]), (shape[0], shape[1])]
    return [*ends, matrix_shape(shape, Reading.ROWS), matrix_shape(shape, Reading.COLUMNS)]


def polar(X: Tensor, iteration: Iteration, reading: Reading, blocks: Sequence[int] = (), stored: str = "") -> Polar:
    """φ of each matrix of X.  `stored` is the format in which X is held, "" for exactly."""
    value = torch.zeros_like(X)
    parts = list(zip(matrices(X, reading, blocks), matrices(value, reading, blocks), strict=True))
    square, tiers = 0.0, {"W"}
    for M, out in parts:
        one = _one(M, iteration, stored)
        out.copy_(one.value)
        square += one.tolerance**2
        tiers.add(one.tier)
    return Polar(value, square**0.5, min(tiers - {"W"}, default="W"))


def _one(X: Tensor, iteration: Iteration, stored: str) -> Polar:
    steps = iteration.schedule.steps
    want = expected(X.numpy(), steps, iteration.normaliser, iteration.arithmetic, iteration.eps)
    value = torch.from_numpy(want.value)
    if not bool(X.any()):
        return Polar(value, 0.0, "W")
    if want.bound is not None:
        moved = _lipschitz(iteration) * STORED * _unit(stored) * _norm(want.start) * 2
        if float(want.bound) + moved < _norm(want.value) / 4:
            return Polar(value, float(want.bound) + moved, "W")
    model = modelled(want.start, steps, iteration.arithmetic, coarser=stored, roundings=STORED)
    return Polar(value, float(model), "model")


def _lipschitz(iteration: Iteration) -> float:
    """max |φ'| on [0, 1], from the steps on their images; large for steep schedules."""
    x, slope = Fraction(1), Fraction(1)
    for f in iteration.schedule.steps:
        slope *= lipschitz(f, Fraction(0), x)
        grid = np.linspace(0, float(x), 513)
        x = Fraction(float(np.abs(evaluate(f, grid)).max())) * Fraction(101, 100)
    return float(slope)


def coarser(one: str, other: str) -> str:
    """The format of the larger roundoff; "" is exact."""
    return max(one, other, key=_unit)


def _norm(X: Array) -> float:
    return float(np.linalg.norm(X))


def _unit(name: str) -> float:
    return float(format_named(name).roundoff) if name else 0.0


def evaluated(X: Tensor, iteration: Iteration) -> Tensor:
    """φ(X/‖X‖) in fp64."""
    return torch.from_numpy(exactly(iteration.normaliser.apply(X.numpy()), iteration.schedule.steps))


def moved_by(step: Step, M: Tensor | None, G: Tensor, t: int = 1) -> tuple[Tensor, Tensor]:
    """The new momentum and X of the t-th step, from the momentum before (None: zero) and the gradient, in fp64."""
    contract = step.contract
    beta = contract.beta or 0.0
    M = torch.zeros_like(G) if M is None else M
    if contract.momentum is Momentum.NONE or contract.momentum is None:
        return torch.zeros_like(G), G
    if contract.momentum is Momentum.EMA:
        M = beta * M + (1 - beta) * G
        return M, (1 - beta) * G + beta * M if contract.nesterov else M
    if contract.momentum is Momentum.ADDED:
        M = beta * M + (1 - beta) * G
        return M, G + M
    if contract.momentum is Momentum.CORRECTED:
        M = beta * M + (1 - beta) * G
        return M, beta / (1 - beta ** (t + 1)) * M + (1 - beta) / (1 - beta**t) * G
    M = beta * M + G
    return M, G + beta * M if contract.nesterov else M


def wanted(step: Step, layer: str, P: Tensor, M: Tensor | None, G: Tensor, t: int = 1) -> Wanted:
    """The t-th step, from (P, M) with the gradient G, each of P's shape; P's dtype says how it is stored."""
    stored, contract = dtype_of(P), step.contract
    p, g = P.double(), G.double()
    if contract.decay is Decay.COUPLED:
        g = g + step.decay * p
    momentum, X = moved_by(step, M, g, t)
    blocks = contract.blocks.get(layer, ())
    reading = contract.reading or Reading.ROWS
    O = polar(X, step.iteration, reading, blocks, coarser(stored, contract.kept))
    scale = (contract.scale or Scale()).of(*matrix_shape(P.shape, reading, blocks))
    kept = p * (1 - step.rate * step.decay) if contract.decay is Decay.DECOUPLED else p
    after = kept - step.rate * scale * O.value
    unit = 3 * _unit(stored) * (float(p.norm()) + float(after.norm()) + step.rate * scale * float(O.value.norm()))
    return Wanted(after, step.rate * scale * O.tolerance + unit, momentum, O.tier)
