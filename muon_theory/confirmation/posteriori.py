"""Tier A: the error of every step (or segment of the Gram form) for one input, bounded after the fact in fp64."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

import torch

from muon_theory.confirmation.enclosure import (
    FP32,
    FP64,
    frobenius_within,
    norm_bounds,
    norms_within,
    singular_interval,
)
from muon_theory.confirmation.iteration import floats, iterates, parts, step
from muon_theory.confirmation.kernel import Kernel, Native
from muon_theory.confirmation.measure import norm_floor
from muon_theory.confirmation.products import BLOCKED, probe, symmetric_product
from muon_theory.confirmation.settings import defined
from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import Order, StepError, Tier, deviation_bound, step_errors, worst_step
from muon_theory.precision.format import round_up
from muon_theory.precision.image import CEILING, next_interval
from muon_theory.schedule import Schedule

Tensor = torch.Tensor
_EXACT = Native("fp64")
_SUBTRACTION = 2 * FP64.gamma(1)


def digest(X: Tensor) -> str:
    """SHA-256 of the bytes of X in its own dtype, row by row: names the input that a tier A bound is about."""
    return hashlib.sha256(X.contiguous().cpu().view(torch.uint8).numpy().tobytes()).hexdigest()


@lru_cache(maxsize=1024)
def _evaluation(steps: tuple[OddPolynomial, ...], order: Order, m: int, n: int, s: Fraction, F: Fraction) -> Fraction:
    """Tier W in fp64 of f_k(… f_1(X)), in the Frobenius norm."""
    if len(steps) == 1:
        return worst_step(steps[0], FP64, (m, n), s, F, order, apart=False).frobenius
    part = Schedule(steps)
    return deviation_bound(part, step_errors(part, "fp64", (m, n), Interval(Fraction(0), s), order=order, frobenius=F))


def _evaluate(X: Tensor, f: OddPolynomial, order: Order) -> Tensor:
    """f(X) in fp64; unfused degree 5 by symmetric products."""
    if order is Order.FUSED or len(f.coefficients) != 3:
        return step(_EXACT, X, f, order)
    a, b, c = floats(f)
    A = symmetric_product(X)
    P = symmetric_product(A).mul_(c).add_(A, alpha=b)
    return (P @ X).add_(X, alpha=a)


def part_residual(
    before: Tensor, after: Tensor, steps: tuple[OddPolynomial, ...], s: Fraction
) -> tuple[Fraction, Fraction, Fraction]:
    """(≥ ‖after - f(before)‖₂, ≥ its Frobenius norm, the part of both that is fp64's own), f = f_k ∘ … ∘ f_1.

    For wide fp64 tensors, inside `settings.defined()`; f(before) is evaluated in fp64, step by step, and what that errs
    by is bounded by tier W in fp64 with s ≥ ‖before‖₂.
    """
    m, n = before.shape[-2:]
    probe(torch.float64, str(before.device), m, n)
    coarse = 6 if len(steps) == 1 else 40  # so that few differ; but several steps may escape from just above s
    order = Order.UNFUSED if m >= BLOCKED else Order.FUSED
    own = _evaluation(steps, order, m, n, round_up(s, coarse), round_up(frobenius_within(before), 6))
    R = before
    for f in steps:
        R = _evaluate(R, f, order)
    R -= after
    norm, size = norms_within(R)
    own += _SUBTRACTION * size
    return norm + own, size + own, own


ABOVE, BELOW = 1.1, 4
"""A chain is cut where its upper end is above ‖X‖₂ by this factor, or its lower end below so many times the last ε."""


def _cut(X: Tensor, interval: Interval, error: Fraction) -> Interval | None:
    """An enclosure of the iterate's own singular values, where it says more than the chain does, or None.

    The upper end is cheap (`norm_bounds`); the lower one, which costs an SVD, is found only where the next errors would
    drown it.
    """
    if interval.lo < BELOW * error:
        own = singular_interval(X)
        low, high = max(interval.lo, round_up(own.lo, 32) * (1 - Fraction(1, 2**30))), round_up(own.hi)
    elif float(interval.hi) > ABOVE * norm_floor(X):
        low, high = interval.lo, round_up(norm_bounds(X)[0])
    else:
        return None
    high = min(high, interval.hi)
    cut = Interval(min(low, high), high)
    return cut if cut != interval else None


@defined()
def a_posteriori(
    kernel: Kernel,
    X: Tensor,
    schedule: Schedule,
    start: Interval,
    order: Order = Order.FUSED,
    restarts: Sequence[int] = (),
) -> tuple[Tensor, tuple[StepError, ...]]:
    """(the computed φ(X), ε_t for this X): run the kernel's iteration and bound every residual.

    Parameters
    ----------
    kernel : Kernel
        What runs: native or emulated.
    X : Tensor
        Shape (…, rows, columns), not normalised; over a batch, ε_t is the largest.
    start : Interval
        Holds the singular values of the *stored* X (`kernel.load(X)`).
    order : Order
        `gram`: a segment between `restarts` is bounded as a whole, and its ε stands at its last step (0 inside), as in
        `muon_theory.precision.gram_errors`.

    Raises
    ------
    UndecidedError
        The chain of intervals leaves 2⁴⁰, or an iterate is not finite: the schedule diverges on this input.

    Notes
    -----
    ε_t = ‖fl(f_t(X)) - f_t(X)‖₂, bounded by `norm_bound` plus tier W of the fp64 evaluation.  Rigorous for this input
    under the assumptions on fp64 and on the fp32 products of `norm_bound`: nothing is assumed of the kernel.
    Where the chain has left the singular values of an iterate that is not the last, it is cut to an enclosure of them
    (`measured`), so that errors of one step are not multiplied by slopes that no singular value meets.
    """
    tall = X.shape[-2] > X.shape[-1]
    X = kernel.load(X.mT if tall else X)
    why = (
        *FP64.assumptions(),
        FP32.accumulation.assumption,
        "fp64 and fp32 products read their operands whole: every flag of torch is set so, and a product of integers at "
        "this size came out exact",
        f"holds for the input with SHA-256 {digest(kernel.unload(X))} alone",
    )
    interval, out = start, list[StepError]()
    before = X.double()
    with defined(tf32=kernel.format.name == "tf32"):
        computed = iterates(kernel, X, schedule, order, restarts)
        for steps, stored in zip(parts(schedule, order, restarts), computed, strict=True):
            after = stored.double()
            with defined():
                error, frobenius, own = part_residual(before, after, steps, interval.hi)
            for t, f in enumerate(steps, 1):
                last = t == len(steps)
                following = next_interval(f, interval, error if last else Fraction(0))
                if following.hi > CEILING:
                    raise UndecidedError(f"step {len(out) + 1} of {schedule.name!r} can reach past 2^40 on this input")
                sizes = (error, frobenius) if last else (Fraction(0), Fraction(0))
                constants = {"s": interval.hi, "evaluation": own} if last else {}
                out.append(StepError(*sizes, Tier.A, interval, following, constants, why))
                interval = following
            before = after
            if len(out) < len(schedule.steps) and (cut := _cut(after, interval, error)) is not None:
                interval = cut
                out[-1] = replace(out[-1], after=cut, measured=True)
    X = kernel.unload(stored)
    return (X.mT if tall else X), tuple(out)
