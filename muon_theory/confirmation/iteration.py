"""The matrix iteration X ← f_t(X) as it runs.

Degree 5: A = XXᵀ, B = bA + cA², X ← aX + BX on the short side; other odd degrees by Horner in A.  Each order of
operations is the one that `muon_theory.precision` bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import torch

from muon_theory.confirmation.kernel import Kernel
from muon_theory.confirmation.products import mirrored
from muon_theory.confirmation.settings import defined
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import Order
from muon_theory.schedule import Schedule

Tensor = torch.Tensor


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def floats(f: OddPolynomial) -> tuple[float, ...]:
    """The coefficients as Python holds them: the nearest binary64 numbers."""
    return tuple(map(float, f.coefficients))


def step(kernel: Kernel, X: Tensor, f: OddPolynomial, order: Order = Order.FUSED) -> Tensor:
    """fl(f(X)) for loaded X of shape (…, m, n), m ≤ n: one step in the given order of operations."""
    c = floats(f)
    if len(c) == 1:
        return kernel.scale(X, c[0])
    A = kernel.matmul(X, X.mT)
    if order is Order.UNFUSED:
        return kernel.add(kernel.scale(X, c[0]), kernel.matmul(inner_unfused(kernel, A, c), X))
    if order is Order.SHIFTED:
        P = kernel.scale(A, c[1]) if len(c) == 2 else inner_fused(kernel, A, c)
        return kernel.matmul(kernel.add(P, kernel.scale(identity(kernel, A), c[0])), X)
    if len(c) == 2:
        return kernel.addmm(X, A, X, beta=c[0], alpha=c[1])
    return kernel.addmm(X, inner_fused(kernel, A, c), X, beta=c[0])


def inner_fused(kernel: Kernel, A: Tensor, c: Sequence[float]) -> Tensor:
    """fl(p(A)), p(t) = c₁t + … + c_q t^q, q ≥ 2, each Horner stage stored once."""
    H = kernel.addmm(A, A, A, beta=c[-2], alpha=c[-1])
    for cj in reversed(c[1:-2]):
        H = kernel.addmm(A, H, A, beta=cj)
    return H


def inner_unfused(kernel: Kernel, A: Tensor, c: Sequence[float]) -> Tensor:
    """fl(p(A)) as `b*A + c*A @ A` computes it: every scaling, product and sum is stored."""
    H = kernel.scale(A, c[-1])
    for cj in reversed(c[1:-1]):
        H = kernel.add(kernel.scale(A, cj), kernel.matmul(H, A))
    return H


def identity(kernel: Kernel, A: Tensor) -> Tensor:
    """I, as often as A has members."""
    return kernel.load(torch.eye(A.shape[-1], dtype=torch.float32, device=A.device).expand(A.shape).contiguous())


def gram_segment(kernel: Kernel, X: Tensor, steps: Sequence[OddPolynomial]) -> Tensor:
    """fl(f_k(… f_1(X))) on R = XXᵀ: Q ← (aI + p(R))Q, R ← (aI + p(R))R(aI + p(R)), and X ← QX at the end.

    For m×n with n ≫ m this costs two products with X instead of two a step.  Degree 1 has p = 0.  R is kept symmetric,
    and the step of R is a congruence whatever p(R) errs by: see `muon_theory.precision.placement`.
    """
    R, Q = mirrored(kernel.matmul(X, X.mT)), None
    eye = identity(kernel, R)
    for t, f in enumerate(steps):
        c = floats(f)
        a = c[0]
        if len(c) == 1:
            Q = kernel.scale(eye if Q is None else Q, a)
            R = kernel.scale(R, a * a)
            continue
        Z = kernel.scale(R, c[1]) if len(c) == 2 else inner_fused(kernel, R, c)
        Q = kernel.add(Z, kernel.scale(eye, a)) if Q is None else kernel.addmm(Q, Z.mT, Q, beta=a)
        if t < len(steps) - 1:
            H = kernel.addmm(R, R, Z, beta=a)
            R = mirrored(kernel.addmm(H, Z.mT, H, beta=a))
    assert Q is not None  # steps is not empty
    return kernel.matmul(Q, X)


def parts(schedule: Schedule, order: Order, restarts: Sequence[int] = ()) -> list[tuple[OddPolynomial, ...]]:
    """The steps between one stored X and the next: single steps, or the segments of the Gram form."""
    count = len(schedule.steps)
    cuts = (0, *restarts, count) if order is Order.GRAM else range(count + 1)
    return [schedule.steps[i:j] for i, j in pairwise(cuts)]


def iterates(
    kernel: Kernel, X: Tensor, schedule: Schedule, order: Order = Order.FUSED, restarts: Sequence[int] = ()
) -> Iterator[Tensor]:
    """The stored X after each part, for a loaded X_0 of shape (…, m, n), m ≤ n."""
    for steps in parts(schedule, order, restarts):
        X = gram_segment(kernel, X, steps) if order is Order.GRAM else step(kernel, X, steps[0], order)
        yield X


def run_steps(
    kernel: Kernel, X: Tensor, schedule: Schedule, order: Order = Order.FUSED, restarts: Sequence[int] = ()
) -> Tensor:
    """The computed φ(X) for X of shape (…, rows, columns), not normalised; tall matrices are transposed to wide."""
    tall = X.shape[-2] > X.shape[-1]
    X = kernel.load(X.mT if tall else X)
    with defined(tf32=kernel.format.name == "tf32"):
        for following in iterates(kernel, X, schedule, order, restarts):
            X = following
    return X.mT if tall else X
