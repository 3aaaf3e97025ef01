"""Norms and spectra of computed matrices: Gelfand's bound (plain, and rigorous in fp64), and the SVD as the oracle."""

from __future__ import annotations

import math
from fractions import Fraction

import torch

from muon_theory.precision import Arithmetic, format_named
from muon_theory.precision.format import root_up, round_up

Tensor = torch.Tensor
FP64, FP32 = (Arithmetic(f, f.accumulation) for f in map(format_named, ("fp64", "fp32")))
SVD_LIMIT = 1024
SINGLE_LIMIT = 1024  # short side up to which fp32 loses a norm bound no more than a few per cent
TINY = Fraction(1, 2**80)  # more than all underflow of fp32 in products of matrices with entries ≤ 1


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
    """A number ≥ ‖R‖_F, formed in fp64, the largest over a batch; the sum of squares in any order."""
    norm = exact(float(R.double().norm(dim=(-2, -1)).amax()))
    return round_up(norm / (1 - FP64.gamma(R.shape[-2] * R.shape[-1] + 2)) + TINY)


def norm_bound(R: Tensor) -> Fraction:
    """A number ≥ ‖R‖₂ for an fp64 tensor, the largest over a batch: Gelfand's bound with its own rounding.

    R is scaled by a power of two and, up to 1024 on the short side, rounded to fp32, which costs ≤ 2⁻²⁴‖R‖_F.  With Ĝ
    the mirrored lower triangle of fl(RRᵀ), ‖RRᵀ - Ĝ‖_F ≤ √2·γ_n‖R‖_F² (mirroring counts an entry twice), and Ĝ is
    symmetric, so ‖Ĝ‖₂² = ‖Ĝ²‖₂ ≤ ‖K‖₂ + √2·γ_m‖Ĝ‖_F² for K the mirrored fl(Ĝ²); again for K; the last by ‖·‖_F.
    p = 4 up to 512 on the short side, p = 8 above: at most m^(1/16) or m^(1/32) times the norm, and a few per cent.
    Rigorous under the assumptions of fp64 and fp32 products (tf32 must be off).
    """
    R = _wide(R.to(torch.float64))
    m, n = R.shape[-2:]
    R, exponent = _scaled(R)
    if exponent is None:
        return Fraction(0)
    arithmetic, cast = FP64, Fraction(0)
    if m <= SINGLE_LIMIT:
        arithmetic, cast = FP32, FP32.format.roundoff * frobenius_bound(R) + TINY
        R = R.float()
    loss = Fraction(3, 2) * arithmetic.gamma(n) * frobenius_bound(R) ** 2
    square = _symmetric_norm(_mirror(R @ R.mT), 2 if m > 512 else 1, arithmetic)
    return round_up((root_up(square + loss + TINY, 2) + cast) * Fraction(2) ** exponent)


def _symmetric_norm(G: Tensor, squarings: int, arithmetic: Arithmetic) -> Fraction:
    """≥ ‖G‖₂ for symmetric G: the root of ≥ ‖G²‖₂, which is found in the same way, or as ‖G²‖_F in the end."""
    G, exponent = _scaled(G)
    if exponent is None:
        return Fraction(0)
    K = G @ G
    inner = _symmetric_norm(_mirror(K), squarings - 1, arithmetic) if squarings else frobenius_bound(K)
    loss = Fraction(3, 2) * arithmetic.gamma(G.shape[-1]) * frobenius_bound(G) ** 2
    return root_up(inner + loss + TINY, 2) * Fraction(2) ** exponent


def _scaled(R: Tensor) -> tuple[Tensor, int | None]:
    """(R·2^-e, e) with entries ≤ 1: exact but for underflow, which TINY covers; e is None for a zero matrix."""
    largest = float(R.abs().amax())
    if largest == 0:
        return R, None
    exponent = math.frexp(largest)[1]
    return torch.ldexp(R, torch.tensor(-exponent, device=R.device)), exponent


def _mirror(G: Tensor) -> Tensor:
    """The symmetric matrix with G's lower triangle: every entry is a rounded value of that entry's true one."""
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
