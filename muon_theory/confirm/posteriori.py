"""Tier A: the error of every step for one input, bounded after the fact in fp64."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from functools import lru_cache

import torch

from muon_theory.confirm.iteration import iterates, step
from muon_theory.confirm.kernel import Kernel, Native, tf32_allowed
from muon_theory.confirm.measure import FP32, FP64, frobenius_bound, norm_bound
from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import Order, StepBound, StepError, Tier, worst_step
from muon_theory.precision.format import round_up
from muon_theory.precision.image import CEILING, next_interval
from muon_theory.schedule import Schedule

Tensor = torch.Tensor


def digest(X: Tensor) -> str:
    """SHA-256 of the fp64 values, row by row: names the input that a tier A bound is about."""
    return hashlib.sha256(X.to(torch.float64).contiguous().cpu().numpy().tobytes()).hexdigest()


@lru_cache(maxsize=1024)
def _evaluation(f: OddPolynomial, m: int, n: int, s: Fraction, F: Fraction) -> StepBound:
    """Tier W in fp64; its arguments are rounded up coarsely, so that few differ."""
    return worst_step(f, FP64, (m, n), s, F)


def step_residual(before: Tensor, after: Tensor, f: OddPolynomial, s: Fraction) -> tuple[Fraction, Fraction, Fraction]:
    """(≥ ‖after - f(before)‖₂, ≥ its Frobenius norm, the part of both that is fp64's own) for wide fp64 tensors.

    f(before) is evaluated in fp64; what that errs by is bounded by tier W in fp64, s ≥ ‖before‖₂.
    """
    m, n = before.shape[-2:]
    own = _evaluation(f, m, n, round_up(s, 6), round_up(frobenius_bound(before), 6))
    R = after - step(Native("fp64"), before, f)
    size = frobenius_bound(R)
    subtraction = FP64.gamma(1) * 2 * size
    return norm_bound(R) + subtraction + own.error, size + subtraction + own.frobenius, own.error


def a_posteriori(
    kernel: Kernel, X: Tensor, schedule: Schedule, start: Interval, order: Order = Order.FUSED
) -> tuple[Tensor, tuple[StepError, ...]]:
    """(the computed φ(X), ε_t for this X): run the kernel's iteration and bound every step's residual.

    Parameters
    ----------
    kernel : Kernel
        What runs: native or emulated.
    X : Tensor
        Shape (…, rows, columns), not normalised; over a batch, ε_t is the largest.
    start : Interval
        Holds the singular values of the *stored* X (`kernel.load(X)`).

    Raises
    ------
    UndecidedError
        The chain of intervals leaves 2⁴⁰, or an iterate is not finite: the schedule diverges on this input.

    Notes
    -----
    ε_t = ‖fl(f_t(X)) - f_t(X)‖₂, bounded by `norm_bound` (Gelfand) plus tier W of the fp64 evaluation.  Rigorous for
    this input under the assumptions on fp64 and on the fp32 products of `norm_bound`: nothing is assumed of the kernel.
    """
    tall = X.shape[-2] > X.shape[-1]
    X = kernel.load(X.mT if tall else X)
    why = (
        *FP64.assumptions(),
        FP32.accumulation.assumption,
        f"holds for the input with SHA-256 {digest(kernel.unload(X))} alone",
    )
    interval, out = start, list[StepError]()
    with tf32_allowed(kernel.format.name == "tf32"):
        for f, following in zip(schedule.steps, iterates(kernel, X, schedule, order), strict=True):
            if not bool(torch.isfinite(following).all()):
                raise UndecidedError(f"step {len(out) + 1} of {schedule.name!r} overflows on this input")
            with tf32_allowed(False):
                error, frobenius, own = step_residual(X.double(), following.double(), f, interval.hi)
            after = next_interval(f, interval, error)
            if after.hi > CEILING:
                raise UndecidedError(f"step {len(out) + 1} of {schedule.name!r} can reach past 2^40 on this input")
            constants = {"s": interval.hi, "evaluation": own}
            out.append(StepError(error, frobenius, Tier.A, interval, after, constants, why))
            X, interval = following, after
    X = kernel.unload(X)
    return (X.mT if tall else X), tuple(out)
