"""The matrix iteration X ← f_t(X) as it runs, and `orthogonalize`, a reference implementation good enough to use.

Degree 5: A = XXᵀ, B = bA + cA², X ← aX + BX on the short side; other odd degrees by Horner in A.  Each order of
operations is the one that `muon_theory.precision` bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import torch

from muon_theory.confirmation.kernel import Kernel, Native
from muon_theory.confirmation.settings import defined
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import Order, format_named, gram_placement
from muon_theory.schedule import Normalisation, Schedule

Tensor = torch.Tensor
_FACTOR = {Normalisation.FROBENIUS: 1.0, Normalisation.FROBENIUS_101: 1.01, Normalisation.FROBENIUS_102: 1.02}


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


def gram_segment(kernel: Kernel, X: Tensor, steps: Sequence[OddPolynomial]) -> Tensor:
    """fl(f_k(… f_1(X))) on R = XXᵀ: Q ← (aI + p(R))Q, R ← (aI + p(R))R(aI + p(R)), and X ← QX at the end.

    For m×n with n ≫ m this costs two products with X instead of two a step.  Degree 1 has p = 0.  R is kept symmetric,
    and the step of R is a congruence whatever p(R) errs by: see `muon_theory.precision.placement`.
    """
    R, Q = mirrored(kernel.matmul(X, X.mT)), None
    eye = kernel.load(torch.eye(R.shape[-1], dtype=torch.float32, device=X.device).expand(R.shape).contiguous())
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


def mirrored(G: Tensor) -> Tensor:
    """The symmetric matrix with G's lower triangle: every entry is a rounded value of that entry's true one."""
    lower = G.tril()
    return lower + lower.tril(-1).mT


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


def orthogonalize(
    X: Tensor,
    schedule: Schedule,
    *,
    dtype: torch.dtype | None = None,
    form: str = "direct",
    restarts: Sequence[int] | None = None,
    eps: float = 1e-7,
) -> Tensor:
    """φ(X/‖X‖) ≈ UVᵀ for X = U diag(s) Vᵀ of shape (…, rows, columns): the reference iteration.

    Parameters
    ----------
    X : Tensor
        One matrix, or a batch in any number of leading dimensions; not changed.
    schedule : Schedule
        Its normalisation is applied: Frobenius (× 1.01, × 1.02), Schatten-4 or none.
    dtype : torch.dtype, optional
        The format of the iteration (X's own unless said); the result has it.
    form : {"direct", "gram"}
        `gram` iterates on XXᵀ: cheaper when one side is much longer, and less accurate: see `restarts`.
    restarts : sequence of int, optional
        Gram form only: after which steps XXᵀ is formed anew.  Unless said, where `muon_theory.precision.gram_placement`
        puts them for this schedule and format (tier P, a model), or after every step where it places none.
    eps : float
        The norm is clamped at this from below, so that a zero matrix stays zero.

    Raises
    ------
    UsageError
        No matrix, an integer dtype, a normalisation that this function does not compute, or impossible restarts.

    Notes
    -----
    In bf16 with form "direct" the operations are those of torch.optim.Muon, and the result is the same bit for bit.
    Error: `muon_theory.precision.step_errors(…, order="fused")`, after `normalised`.

    >>> X = torch.tensor([[3.0, 0.0], [0.0, 4.0], [0.0, 0.0]])
    >>> Y = orthogonalize(X, Schedule.parse("15/8,-5/4,3/8", 6))
    >>> bool(torch.allclose(Y, torch.eye(3, 2)))
    True
    """
    if X.dim() < 2:
        raise UsageError(f"a matrix has two dimensions or more, found shape {tuple(X.shape)}")
    if not X.is_floating_point() or form not in ("direct", "gram"):
        raise UsageError(f"found dtype {X.dtype} and form {form!r}: give a floating-point X, and 'direct' or 'gram'")
    if restarts and (form == "direct" or sorted(set(restarts)) != list(restarts)):
        raise UsageError(f"restarts {tuple(restarts)} must increase, and belong to form='gram'")
    if restarts and not 0 < restarts[0] <= restarts[-1] < len(schedule.steps):
        raise UsageError(f"restarts {tuple(restarts)} must lie between 1 and {len(schedule.steps) - 1}")
    leading = X.shape[:-2]
    work = X.to(dtype or X.dtype)
    tall = X.shape[-2] > X.shape[-1]
    work = work.mT if tall else work
    work = work if X.dim() <= 3 else work.reshape(-1, *work.shape[-2:])
    work = normalise(work, schedule.normalisation, eps)
    kernel = Native(str(work.dtype))
    gram = form == "gram"
    if gram and restarts is None:
        restarts = usual_restarts(schedule, kernel.format.name)
    for following in iterates(kernel, work, schedule, Order.GRAM if gram else Order.FUSED, restarts or ()):
        work = following
    work = work if X.dim() <= 3 else work.reshape(*leading, *work.shape[-2:])
    return work.mT if tall else work


@lru_cache(maxsize=256)
def usual_restarts(schedule: Schedule, dtype: str) -> tuple[int, ...]:
    """Where the Gram form restarts unless told: a function of schedule and format alone.

    Tier P of `gram_placement`; after every step where it places none, and where it has no model (tf32, fp8).
    """
    every, format = tuple(range(1, len(schedule.steps))), format_named(dtype)
    if format.operand or format.scaled:
        return every
    try:
        return gram_placement(schedule, format).restarts
    except UndecidedError:
        return every


def normalise(X: Tensor, normalisation: Normalisation, eps: float = 1e-7) -> Tensor:
    """X divided by its norm (times the factor), clamped at eps, in X's own dtype (a new tensor)."""
    if normalisation is Normalisation.NONE:
        return X
    if normalisation is Normalisation.SCHATTEN_4:
        norm = (X @ X.mT).norm(dim=(-2, -1), keepdim=True).sqrt()
    elif normalisation in _FACTOR:
        norm = X.norm() if X.dim() == 2 else X.norm(dim=(-2, -1), keepdim=True)
        factor = _FACTOR[normalisation]
        if torch.isinf(norm).any():  # the sum of squares overflowed: √(2^128) is reached long before the entries are
            largest = X.abs().amax(dim=(-2, -1), keepdim=True)
            return normalise(X / largest, normalisation, eps) if torch.isfinite(largest).all() else X * torch.nan
        norm = norm if factor == 1 else norm * factor
    else:
        raise UsageError(f"normalisation {normalisation.value!r} is not computed here: normalise first and use 'none'")
    return X.div(norm.clamp(min=eps))
