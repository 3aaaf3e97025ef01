"""`orthogonalize`: a reference implementation of the iteration that is good enough to use."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import torch

from muon_theory.confirmation.iteration import iterates
from muon_theory.confirmation.kernel import Emulated, Kernel, Native, fast
from muon_theory.confirmation.norms import normalise
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.precision import Order, format_named, gram_placement
from muon_theory.schedule import Schedule

Tensor = torch.Tensor
FORMS = {"direct": Order.FUSED, "gram": Order.GRAM}


def orthogonalize(
    X: Tensor,
    schedule: Schedule,
    *,
    dtype: torch.dtype | None = None,
    form: str = "direct",
    restarts: Sequence[int] | None = None,
    eps: float = 1e-7,
    emulate: bool | None = None,
) -> Tensor:
    """φ(X/‖X‖) ≈ UVᵀ for X = U diag(s) Vᵀ of shape (…, rows, columns): the reference iteration.

    `muon_theory.orthogonalize` says what the arguments mean; X is not changed.  A spectral estimate is one from above
    (`norms.spectral_estimate`).  `gram` is cheaper when one side is much longer, and less accurate; unless said, it
    restarts where `muon_theory.precision.gram_placement` puts that for this schedule and format (tier P, a model), or
    after every step where it places none.

    Raises
    ------
    UsageError
        No matrix, an integer dtype, or impossible restarts.

    Notes
    -----
    Each member of a batch is computed as if alone: a zero, huge, infinite or NaN one (which comes out 0, right, NaN and
    NaN) leaves its neighbours as they are.  No branch depends on data: `torch.compile(fullgraph=True)`,
    `torch.func.vmap`, meta tensors, gradients and second derivatives work.  The caller's settings of torch apply.

    In bf16 with form "direct" and `emulate=False` the operations are those of torch.optim.Muon, and the result is the
    same bit for bit.  Error: `muon_theory.precision.step_errors(…, order="fused")`, after `normalised`.

    >>> X = torch.tensor([[3.0, 0.0], [0.0, 4.0], [0.0, 0.0]])
    >>> Y = orthogonalize(X, Schedule.parse("15/8,-5/4,3/8", 6))
    >>> bool(torch.allclose(Y, torch.eye(3, 2)))
    True
    """
    if X.dim() < 2:
        raise UsageError(f"a matrix has two dimensions or more, found shape {tuple(X.shape)}")
    if not X.is_floating_point() or form not in FORMS:
        raise UsageError(f"found dtype {X.dtype} and form {form!r}: give a floating-point X, and 'direct' or 'gram'")
    if restarts and (form == "direct" or sorted(set(restarts)) != list(restarts)):
        raise UsageError(f"restarts {tuple(restarts)} must increase, and belong to form='gram'")
    if restarts and not 0 < restarts[0] <= restarts[-1] < len(schedule.steps):
        raise UsageError(f"restarts {tuple(restarts)} must lie between 1 and {len(schedule.steps) - 1}")
    work = X.to(dtype or X.dtype)
    if work.numel() == 0:
        return work.clone()
    tall = X.shape[-2] > X.shape[-1]
    work = work.mT if tall else work
    work = work if X.dim() <= 3 else work.reshape(-1, *work.shape[-2:])
    name = str(work.dtype).removeprefix("torch.")
    kernel: Kernel = Emulated(name) if emulates(name, X.device.type, emulate) else Native(name)
    work = kernel.load(normalise(work, schedule.normalisation, eps))
    if form == "gram" and restarts is None:
        restarts = usual_restarts(schedule, kernel.format.name)
    for following in iterates(kernel, work, schedule, FORMS[form], restarts or ()):
        work = following
    work = kernel.unload(work)
    work = work if X.dim() <= 3 else work.reshape(*X.shape[:-2], *work.shape[-2:])
    return work.mT if tall else work


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def emulates(dtype: str, device: str, emulate: bool | None) -> bool:
    """Whether this format runs emulated: a 16-bit one that the device has no instructions for, unless said."""
    format = format_named(dtype)
    if format.name not in ("bf16", "fp16"):
        return False
    return not fast(format, device) if emulate is None else emulate


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def usual_restarts(schedule: Schedule, dtype: str) -> tuple[int, ...]:
    """Where the Gram form restarts unless told: a function of schedule and format alone.

    Tier P of `gram_placement`; after every step where it places none, and where it has no model (tf32, fp8).
    """
    return _usual_restarts(schedule, dtype)


@lru_cache(maxsize=256)
def _usual_restarts(schedule: Schedule, dtype: str) -> tuple[int, ...]:
    every, format = tuple(range(1, len(schedule.steps))), format_named(dtype)
    if format.operand or format.scaled:
        return every
    try:
        return gram_placement(schedule, format).restarts
    except UndecidedError:
        return every
