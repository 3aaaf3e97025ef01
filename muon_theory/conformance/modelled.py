"""What rounding does to this very matrix, seen rather than bounded: the iteration emulated, and its start moved.

A model, for where the worst case of tier W says too little: MARGIN times the largest distance from the exact result
that a few honest runs show.  It is no bound, and what rests on it says "model".
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from muon_theory.conformance.emulated import Array, Machine, floats
from muon_theory.conformance.expected import exactly
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import format_named

MARGIN = 4
SAMPLES = 3


def modelled(
    start: Array,
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
    generator = np.random.default_rng(0)
    runs = [value + unit * value]
    for _ in range(SAMPLES):
        noise = generator.random(start.shape) * 2 - 1
        runs.append(exactly(start * (1 + roundings * unit * noise), steps))
    runs += [exactly(start * (1 + sign * roundings * unit), steps) for sign in (-1, 1)]  # the norm, a little off
    machine, rows = Machine(arithmetic), floats(steps)
    runs += [machine.direct(start, rows, fused) for fused in (True, False)]
    if restarts is not None:
        runs.append(machine.gram(start, rows, restarts))
    distances = [float(np.linalg.norm(run - value)) for run in runs]
    finite = [d for d in distances if d < float("inf")]
    return MARGIN * Fraction(max(finite))
