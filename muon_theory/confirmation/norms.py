"""Dividing a matrix by its norm, each member of a batch by its own: no overflow, no underflow, no branch on the data.

Every member is first scaled by a power of two that takes its largest entry into [1/2, 1), which commutes with every
rounding; its squares can then neither overflow nor all vanish, and the quotient is the one of the unscaled matrix.
"""

from __future__ import annotations

import math

import torch

from muon_theory.normalisation import Kind, Normalisation

Tensor = torch.Tensor
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
    still = X.detach()
    largest = torch.maximum(still.amax(dim=MEMBER, keepdim=True), -still.amin(dim=MEMBER, keepdim=True))  # no |X|
    exponent = torch.frexp(largest.float() if X.dtype is torch.bfloat16 else largest)[1]
    exponent = torch.where(torch.isfinite(largest), exponent, torch.zeros_like(exponent))
    return power_of_two(-exponent.clamp(least, most), X.dtype)


def normalise(X: Tensor, normalisation: Normalisation, eps: float = 1e-7) -> Tensor:
    """X divided by its norm (times the factor), clamped at eps, in X's own dtype; each member by its own.

    AOL divides the rows (of a tall matrix, the columns) by the roots of d_i = Σ_j |XXᵀ|_ij, each clamped at eps.  The
    spectral estimate is `spectral_estimate`.  Gram matrices are formed in fp32 at least.  A member with an infinite
    entry or a NaN becomes NaN, whole; its neighbours stay as they are alone.
    """
    if normalisation.kind is Kind.NONE:
        return X
    scale = balance(X)
    Y = X * scale
    if normalisation.kind is Kind.AOL:
        return _aol(Y, scale * eps) if X.shape[-2] <= X.shape[-1] else _aol(Y.mT, scale * eps).mT
    norm = Y.norm() if X.dim() == 2 else Y.norm(dim=MEMBER, keepdim=True)
    if normalisation.kind is not Kind.FROBENIUS:
        unit = Y / torch.where(norm > 0, norm, torch.ones_like(norm))  # ‖·‖_F = 1: its Gram matrix fits every format
        unit = _wide(unit if X.shape[-2] <= X.shape[-1] else unit.mT)
        G = unit @ unit.mT
        schatten = normalisation.kind is Kind.SCHATTEN_4
        norm = norm * (_root(G.norm(dim=MEMBER, keepdim=True)) if schatten else spectral_estimate(G)).to(X.dtype)
    factor = float(normalisation.factor)
    norm = norm if factor == 1 else norm * factor
    norm = torch.where(torch.isfinite(norm), norm, torch.full_like(norm, torch.nan))  # Y/∞ would look like a result
    return Y / torch.maximum(norm, scale * eps)


def _wide(Y: Tensor) -> Tensor:
    return Y if Y.dtype is torch.float64 else Y.float()


def _root(x: Tensor) -> Tensor:
    """√x for x ≥ 0, with derivative 0 at 0, so that a zero member has a gradient."""
    return torch.where(x > 0, torch.where(x > 0, x, torch.ones_like(x)).sqrt(), x)


def _aol(Y: Tensor, least: Tensor) -> Tensor:
    """diag(d)^(-1/2)·Y: ‖·‖₂ ≤ 1, since diag(d) - YYᵀ is diagonally dominant."""
    wide = _wide(Y)
    root = _root((wide @ wide.mT).abs().sum(-1, keepdim=True))
    whole = root.sum(-2, keepdim=True)  # a row that is not finite takes its matrix with it
    root = torch.where(torch.isfinite(whole), torch.maximum(root, least.to(root.dtype)), torch.nan)
    return (wide / root).to(Y.dtype)


WITHIN = 1.25


def spectral_estimate(G: Tensor) -> Tensor:
    """‖G^q‖_F^(1/2q) for G = YYᵀ, shape (…, 1, 1): between σ₁(Y) and m^(1/4q)·σ₁(Y), q a power of two (Gelfand).

    q is the least for which that is ≤ 1.25·σ₁: 1 for m = 2, 8 for m = 1024.  Never below σ₁, but for rounding, unlike a
    power iteration; and the same for the same matrix.

    >>> Y = torch.diag(torch.tensor([3.0, 2.0, 1.0]))
    >>> 1 <= float(spectral_estimate(Y @ Y.mT)) / 3 <= 1.25
    True
    """
    squarings = math.ceil(math.log2(max(1.0, math.log(G.shape[-1]) / (4 * math.log(WITHIN)))))
    log = torch.zeros_like(G[..., :1, :1])
    for k in range(squarings + 1):
        size = G.norm(dim=MEMBER, keepdim=True)
        size = torch.where(size == 0, torch.ones_like(size), size)
        log = log + size.log() / 2**k
        G = G / size
        G = G @ G
    return (log / 2).exp()
