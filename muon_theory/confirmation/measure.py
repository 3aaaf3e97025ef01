"""Norms and spectra as measured, with no claim: Gelfand's formula, and the SVD as the oracle (bounds: `enclosure`)."""

from __future__ import annotations

from functools import lru_cache

import torch

from muon_theory.confirmation.settings import defined

Tensor = torch.Tensor
SVD_LIMIT = 1024


def wide(R: Tensor) -> Tensor:
    """R or its transpose, whichever has no more rows than columns."""
    return R.mT if R.shape[-2] > R.shape[-1] else R


@defined()
def gelfand(R: Tensor) -> float:
    """‖(RRᵀ)⁴‖_F^(1/8) ≥ ‖R‖₂ up to rounding, at most min(rows, columns)^(1/16) times it; the largest over a batch.

    Three products on the short side, in fp32 after scaling, so a measurement and not a bound: see `norm_bound`.

    >>> gelfand(torch.diag(torch.tensor([3.0, 1.0, 1.0], dtype=torch.float64))) < 3.001
    True
    """
    R = wide(R)
    scale = R.abs().amax()
    if not torch.isfinite(scale) or scale == 0:
        return float(scale)
    R = (R / scale).float()
    G = R @ R.mT
    G = G / G.norm(dim=(-2, -1)).amax() if (norm := float(G.norm(dim=(-2, -1)).amax())) else G
    G = G @ G
    fourth = float((G @ G).norm(dim=(-2, -1)).amax())
    return float(scale) * norm**0.5 * fourth**0.125


@defined()
def observed(X: Tensor) -> tuple[float, float]:
    """(least, largest) singular value, over a batch: the SVD in fp64, with backward error about 1e-13·‖X‖₂.

    Above 1024 on the short side, from the eigenvalues of fl(XXᵀ): σ² then errs by about 1e-13·‖X‖₂².
    (inf, inf) where X is not finite: the iteration has diverged.
    """
    if not bool(torch.isfinite(X).all()):
        return float("inf"), float("inf")
    X = wide(X.to(torch.float64))
    if X.shape[-2] <= SVD_LIMIT:
        values = torch.linalg.svdvals(X)
    else:
        values = torch.linalg.eigvalsh(X @ X.mT).clamp(min=0).sqrt().flip(-1)
    return float(values[..., -1].amin()), float(values[..., 0].amax())


def norm_floor(X: Tensor) -> float:
    """‖X‖₂ from below, up to rounding to fp32, the least over a batch: ‖Xᵀv‖ after a few powers on one vector.

    >>> 2.99 < norm_floor(torch.diag(torch.tensor([3.0, 1.0]))) < 3.001
    True
    """
    X = wide(X).float()
    v = first_vectors(X.shape[-2], 1, X.dtype, str(X.device))
    for _ in range(4):
        v = X @ (X.mT @ v)
        v = v / v.norm(dim=-2, keepdim=True).clamp(min=1e-30)
    return float((X.mT @ v).norm(dim=-2).amax(-1).amin())


@lru_cache(maxsize=64)
def first_vectors(m: int, count: int, dtype: torch.dtype, device: str) -> Tensor:
    """Random columns from which powers start, the same for the same size."""
    make = torch.Generator(device="cpu").manual_seed(m)
    return torch.randn(m, count, generator=make, dtype=torch.float32, device="cpu").to(device, dtype)
