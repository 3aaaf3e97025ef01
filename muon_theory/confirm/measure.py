"""Norms and spectra of computed matrices: Gelfand's bound (plain, and rigorous in fp64), and the SVD as the oracle."""

from __future__ import annotations

from fractions import Fraction

import torch

from muon_theory.precision import Arithmetic, format_named
from muon_theory.precision.format import root_up, round_up

Tensor = torch.Tensor
_FP64 = format_named("fp64")
FP64 = Arithmetic(_FP64, _FP64.accumulation)
SVD_LIMIT = 1024
TINY = Fraction(1, 2**400)  # more than all underflow of a few products of matrices scaled to norm 1


def exact(x: float) -> Fraction:
    """The dyadic rational that a finite float is."""
    return Fraction(x)


def _wide(R: Tensor) -> Tensor:
    return R.mT if R.shape[-2] > R.shape[-1] else R


def gelfand(R: Tensor) -> float:
    """‖(RRᵀ)⁴‖_F^(1/8) ≥ ‖R‖₂ up to rounding, at most min(rows, columns)^(1/16) times it; the largest over a batch.

    Three products on the short side, in fp32 after scaling, so a measurement and not a bound: see `norm_bound`.

    >>> gelfand(torch.diag(torch.tensor([3.0, 1.0, 1.0], dtype=torch.float64))) < 3.001
    True
    """
    R = _wide(R)
    scale = R.abs().amax()
    if not torch.isfinite(scale) or scale == 0:
        return float(scale)
    R = (R / scale).float()
    G = R @ R.mT
    G = G / G.norm(dim=(-2, -1)).amax() if (norm := float(G.norm(dim=(-2, -1)).amax())) else G
    G = G @ G
    fourth = float((G @ G).norm(dim=(-2, -1)).amax())
    return float(scale) * norm**0.5 * fourth**0.125


def frobenius_bound(R: Tensor) -> Fraction:
    """A number ≥ ‖R‖_F for an fp64 tensor, the largest over a batch; the sum of squares in any order."""
    norm = exact(float(R.norm(dim=(-2, -1)).amax()))
    return round_up(norm / (1 - FP64.gamma(R.shape[-2] * R.shape[-1] + 2)) + TINY)


def norm_bound(R: Tensor) -> Fraction:
    """A number ≥ ‖R‖₂ for an fp64 tensor, the largest over a batch: Gelfand with p = 4 and its own rounding.

    With R scaled by a power of two, Ĝ the mirrored lower triangle of fl(RRᵀ), γ = γ_n or γ_m:
    ‖RRᵀ - Ĝ‖_F ≤ d₁ = √2·γ_n‖R‖_F² (mirroring counts each entry twice), and Ĝ is symmetric, so
    ‖Ĝ‖₂² = ‖Ĝ²‖₂ ≤ ‖K‖₂ + d₂ for K the mirrored fl(Ĝ²), d₂ = √2·γ_m‖Ĝ‖_F²; and again for K, until ‖fl(K²)‖_F is taken:
    ‖K‖₂² ≤ ‖fl(K²)‖_F + γ_m‖K‖_F².  Above 512 on the short side one more squaring, p = 8.
    Rigorous under fp64's assumptions; at most m^(1/16) (above 512, m^(1/32)) times the norm, and 1e-6 for rounding.
    """
    R = _wide(R.to(torch.float64))
    largest = float(R.abs().amax())
    if largest == 0:
        return Fraction(0)
    exponent = -int(torch.frexp(torch.tensor(largest, dtype=torch.float64)).exponent)
    R = torch.ldexp(R, torch.tensor(exponent, device=R.device))
    m, n = R.shape[-2:]
    mirrored = Fraction(3, 2) * FP64.gamma(m)
    G = _mirror(R @ R.mT)
    losses = [Fraction(3, 2) * FP64.gamma(n) * frobenius_bound(R) ** 2]
    for _ in range(2 if m > 512 else 1):
        losses.append(mirrored * frobenius_bound(G) ** 2)
        G = _mirror(G @ G)
    norm = root_up(frobenius_bound(G @ G) + FP64.gamma(m) * frobenius_bound(G) ** 2, 2)
    for loss in reversed(losses):
        norm = root_up(norm + loss + TINY, 2)
    return round_up(norm * Fraction(2) ** -exponent)


def _mirror(G: Tensor) -> Tensor:
    """The symmetric matrix with G's lower triangle: every entry of G is a rounded value of that entry's true one."""
    lower = G.tril()
    return lower + lower.tril(-1).mT


def observed(X: Tensor) -> tuple[float, float]:
    """(least, largest) singular value, over a batch: the SVD in fp64, with backward error about 1e-13·‖X‖₂.

    Above 1024 on the short side, from the eigenvalues of fl(XXᵀ): σ² then errs by about 1e-13·‖X‖₂².
    (inf, inf) where X is not finite: the iteration has diverged.
    """
    if not bool(torch.isfinite(X).all()):
        return float("inf"), float("inf")
    X = _wide(X.to(torch.float64))
    if X.shape[-2] <= SVD_LIMIT:
        values = torch.linalg.svdvals(X)
    else:
        values = torch.linalg.eigvalsh(X @ X.mT).clamp(min=0).sqrt().flip(-1)
    return float(values[..., -1].amin()), float(values[..., 0].amax())
