"""Norms and spectra of computed matrices: Gelfand's bound (plain, and rigorous in fp64), and the SVD as the oracle."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

import torch

from muon_theory.confirmation.products import probe, symmetric_product
from muon_theory.confirmation.settings import defined
from muon_theory.errors import UndecidedError
from muon_theory.precision import Arithmetic, format_named

Tensor = torch.Tensor
FP64, FP32 = (Arithmetic(f, f.accumulation) for f in map(format_named, ("fp64", "fp32")))
SVD_LIMIT = 1024
SINGLE_LIMIT = 1024  # short side up to which fp32 loses a norm bound no more than a few per cent
TINY = 2.0**-80  # more than all underflow of fp32 in products of matrices with norms ≤ 1


def exact(x: float) -> Fraction:
    """The dyadic rational that a finite float is."""
    return Fraction(x)


def _wide(R: Tensor) -> Tensor:
    return R.mT if R.shape[-2] > R.shape[-1] else R


@defined()
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


def _up(x: float) -> float:
    """The next float: ≥ the exact result of the one operation that gave x."""
    return math.nextafter(x, math.inf)


@lru_cache(maxsize=1024)
def _gamma(arithmetic: Arithmetic, k: int) -> float:
    return _up(float(arithmetic.gamma(k)))


def _frobenius(R: Tensor) -> float:
    """A float ≥ ‖R‖_F, the largest over a batch: the root of a sum of squares formed in fp64, in any order."""
    norm = float(torch.linalg.vector_norm(R, dim=(-2, -1), dtype=torch.float64).amax())
    if not math.isfinite(norm):
        raise UndecidedError("a matrix to be bounded is not finite: the iteration overflows on this input")
    if norm == 0 and not bool(R.any()):
        return 0.0
    entries = R.shape[-2] * R.shape[-1]
    loss = _up(1 + _up(2 * _gamma(FP64, entries + 2)))  # 1/(1 - γ) ≤ 1 + 2γ
    return _up(_up(norm * loss) + 2.0**-510 * math.sqrt(entries))  # squares may be flushed to 0


@defined()
def frobenius_bound(R: Tensor) -> Fraction:
    """A number ≥ ‖R‖_F, formed in fp64, the largest over a batch.

    Raises UndecidedError where R is not finite.
    """
    return exact(_frobenius(R))


def norm_bound(R: Tensor) -> Fraction:
    """A number ≥ ‖R‖₂ for an fp64 tensor, the largest over a batch: Gelfand's bound with its own rounding.

    R is scaled by a power of two and, up to 1024 on the short side, rounded to fp32, which costs ≤ 2⁻²⁴‖R‖_F.  Then
    ‖G‖₂² = ‖GGᵀ‖₂ ≤ ‖fl(GGᵀ)‖₂ + γ_k‖G‖_F² (k columns) for G = R, for G = fl(RRᵀ), and so on; the last norm is ‖·‖_F.
    p = 4 up to 512 on the short side, p = 8 above: at most m^(1/16) or m^(1/32) times the norm, and a few per cent.
    Rigorous under the assumptions of fp64 and fp32 products, whose settings are made so and probed.
    """
    return norm_bounds(R)[0]


@defined()
def norm_bounds(R: Tensor) -> tuple[Fraction, Fraction]:
    """(`norm_bound`, `frobenius_bound`) of R at the price of the first."""
    R = _wide(R.to(torch.float64))
    F = _frobenius(R)
    if F == 0:
        return Fraction(0), Fraction(0)
    exponent = math.frexp(F)[1]
    single = R.shape[-2] <= SINGLE_LIMIT
    probe(torch.float32 if single else torch.float64, str(R.device), *R.shape[-2:])
    S = torch.mul(R, 2.0**-exponent, out=torch.empty_like(R, dtype=torch.float32 if single else torch.float64))
    scaled = math.ldexp(F, -exponent)  # ≤ 1, and so is every norm below but for rounding
    cast = _up(_up(2.0**-24 * scaled) + TINY) if single else TINY
    bound = _gelfand_bound(S, 4 if R.shape[-2] > 512 else 3, FP32 if single else FP64, _up(scaled + cast))
    return exact(_up(bound + cast)) * Fraction(2) ** exponent, exact(F)


def _gelfand_bound(G: Tensor, squarings: int, arithmetic: Arithmetic, frobenius: float) -> float:
    """≥ ‖G‖₂ for any G: the root of ≥ ‖GGᵀ‖₂, which is found in the same way, or ‖G‖_F in the end."""
    if squarings == 0:
        return frobenius
    P = symmetric_product(G)
    square = _gelfand_bound(P, squarings - 1, arithmetic, _frobenius(P))
    loss = _up(_gamma(arithmetic, G.shape[-1]) * _up(frobenius * frobenius))
    return _up(math.sqrt(_up(_up(square + loss) + TINY)))


@defined()
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
