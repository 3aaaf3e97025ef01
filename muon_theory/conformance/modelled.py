"""What rounding does to this very matrix, seen rather than bounded: the iteration emulated, and its start moved.

A model, for where the worst case of tier W says too little: MARGIN times the largest distance from the exact result
that a few honest runs show.  It is no bound, and what rests on it says "model".
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import torch

from muon_theory.confirmation.iteration import run_steps
from muon_theory.confirmation.kernel import kernel_for
from muon_theory.conformance.expected import evaluate
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import Order, format_named
from muon_theory.schedule import Schedule

Tensor = torch.Tensor
MARGIN = 4
SAMPLES = 3
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16, "fp64": torch.float64}


def exactly(start: Tensor, steps: Sequence[OddPolynomial]) -> Tensor:
    """U φ(S) Vᵀ of X_0 = U S Vᵀ, in fp64."""
    U, s, Vh = torch.linalg.svd(start, full_matrices=False)
    for f in steps:
        s = evaluate(f, s)
    value: Tensor = (U * s) @ Vh
    return value


def modelled(
    start: Tensor,
    steps: tuple[OddPolynomial, ...],
    arithmetic: str,
    restarts: Sequence[int] | None = None,
    coarser: str = "",
    roundings: float = 2.0,
) -> Fraction:
    """How far, in the Frobenius norm, honest runs from X_0 may be from the exact result.

    Parameters
    ----------
    start
        X_0, normalised, in fp64.
    arithmetic
        In which the iteration runs, fused and unfused; with `restarts`, in the Gram form as well.
    coarser
        The format in which X is stored before, if that is coarser.
    roundings
        By how many roundings of that format each entry of X_0 may be off.
    """
    value = exactly(start, steps)
    unit = max(float(format_named(name).roundoff) for name in (arithmetic, coarser or arithmetic))
    generator = torch.Generator().manual_seed(0)
    runs = [value + unit * value]
    for _ in range(SAMPLES):
        noise = torch.rand(start.shape, generator=generator, dtype=torch.float64) * 2 - 1
        runs.append(exactly(start * (1 + roundings * unit * noise), steps))
    runs += [exactly(start * (1 + sign * roundings * unit), steps) for sign in (-1, 1)]  # the norm, a little off
    kernel = kernel_for(arithmetic, emulate=arithmetic in ("bf16", "fp16"))
    stored, schedule = start.to(DTYPES[arithmetic]), Schedule(steps)
    orders = (Order.FUSED, Order.UNFUSED)
    runs += [run_steps(kernel, stored, schedule, order).to(torch.float64) for order in orders]
    if restarts is not None:
        cuts = tuple(r for r in restarts if r < len(steps))
        runs.append(run_steps(kernel, stored, schedule, Order.GRAM, cuts).to(torch.float64))
    distances = [float((run - value).norm()) for run in runs]
    finite = [d for d in distances if d < float("inf")]
    return MARGIN * Fraction(max(finite))
