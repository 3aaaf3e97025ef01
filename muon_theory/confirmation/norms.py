"""Dividing a matrix by its norm, each member of a batch by its own: no overflow, no underflow, no branch on the data.

Every member is first scaled by a power of two that takes its largest entry into [1/2, 1), which commutes with every
rounding; its squares can then neither overflow nor all vanish, and the quotient is the one of the unscaled matrix.
"""

from __future__ import annotations

import torch

from muon_theory.errors import UsageError
from muon_theory.schedule import Normalisation

Tensor = torch.Tensor
_FACTOR = {Normalisation.FROBENIUS: 1.0, Normalisation.FROBENIUS_101: 1.01, Normalisation.FROBENIUS_102: 1.02}
MEMBER = (-2, -1)


def power_of_two(k: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """2^k, exactly, for whole k: -126 to 127, in fp64 -1022 to 1023, in fp16 -24 to 15 (`torch.ldexp` rounds a power).

    >>> power_of_two(torch.tensor([-3, 0, 10]))
    tensor([1.2500e-01, 1.0000e+00, 1.0240e+03])
    """
    if dtype is torch.float64:
        return ((k.to(torch.int64) + 1023) << 52).view(torch.float64)
    return ((k.to(torch.int32) + 127) << 23).view(torch.float32).to(dtype)


def balance(X: Tensor) -> Tensor:
    """2^-k of each member, shape (…, 1, 1), with its largest entry in [2^(k-1), 2^k); 1 for a zero or infinite one.

    k is cut where 2^-k would leave the dtype's range, so the largest entry may end within a factor 8 of that interval,
    or below it where it is subnormal.  No gradient passes through: the quotient does not depend on it.
    """
    least, most = {torch.float16: (-15, 16), torch.float64: (-1020, 1020)}.get(X.dtype, (-125, 125))
    largest = X.detach().abs().amax(dim=MEMBER, keepdim=True)
    exponent = torch.frexp(largest.float() if X.dtype is torch.bfloat16 else largest)[1]
    exponent = torch.where(torch.isfinite(largest), exponent, torch.zeros_like(exponent))
    return power_of_two(-exponent.clamp(least, most), X.dtype)


def normalise(X: Tensor, normalisation: Normalisation, eps: float = 1e-7) -> Tensor:
    """X divided by its norm (times the factor), clamped at eps, in X's own dtype; each member by its own.

    A member with an infinite entry or a NaN becomes NaN, whole; its neighbours stay as they are alone.

    Raises UsageError for a normalisation that is not computed here (AOL, a spectral estimate).
    """
    if normalisation is Normalisation.NONE:
        return X
    if normalisation is not Normalisation.SCHATTEN_4 and normalisation not in _FACTOR:
        raise UsageError(f"normalisation {normalisation.value!r} is not computed here: normalise first and use 'none'")
    scale = balance(X)
    Y = X * scale
    norm = Y.norm() if X.dim() == 2 else Y.norm(dim=MEMBER, keepdim=True)
    if normalisation is Normalisation.SCHATTEN_4:
        unit = Y / torch.where(norm > 0, norm, torch.ones_like(norm))  # ‖·‖_F = 1: its Gram matrix fits every format
        norm = norm * (unit @ unit.mT).norm(dim=MEMBER, keepdim=True).sqrt()
    factor = _FACTOR.get(normalisation, 1.0)
    norm = norm if factor == 1 else norm * factor
    norm = torch.where(torch.isfinite(norm), norm, torch.full_like(norm, torch.nan))
    return Y / torch.maximum(norm, scale * eps)
