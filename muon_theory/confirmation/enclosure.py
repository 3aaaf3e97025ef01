"""Rigorous norms and spectra of computed matrices, under assumptions on sums of products alone.

λ_max(G) ≤ τ is shown by an approximate Cholesky factor L of τI - G, wherever it comes from: with D = (τI - G) - LLᵀ,

    τI - G = LLᵀ + D ≥ -‖D‖,      so      λ_max(G) ≤ τ + ‖D‖_F,

and likewise λ_min(G) ≥ τ - ‖D‖_F from a factor of G - τI.  D is formed in G's format, and its own rounding is
γ_{m+1}‖L‖_F².  So nothing is assumed of LAPACK, neither of the factorisation nor of the eigenvalue that τ was guessed
from; and G need be symmetric up to rounding only, since the inequalities are those of xᵀGx.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache

import torch

from muon_theory.confirmation.measure import first_vectors, observed, wide
from muon_theory.confirmation.products import BLOCKED, probe, symmetric_product
from muon_theory.confirmation.settings import defined
from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval
from muon_theory.precision import Arithmetic, format_named

Tensor = torch.Tensor
FP64, FP32 = (Arithmetic(f, f.accumulation) for f in map(format_named, ("fp64", "fp32")))
SINGLE_LIMIT = 512  # short side up to which fp32 loses a norm bound no more than 5 %
TINY = 2.0**-80  # more than all underflow of fp32 in products of matrices with norms ≤ 1
POWERS = 10
UNIT = 2.0**-53


def exact(x: float) -> Fraction:
    """The dyadic rational that a finite float is."""
    return Fraction(x)


def _up(x: float) -> float:
    """The next float: ≥ the exact result of the one operation that gave x."""
    return math.nextafter(x, math.inf)


@lru_cache(maxsize=1024)
def _gamma(dtype: torch.dtype, k: int) -> float:
    return _up(float((FP32 if dtype is torch.float32 else FP64).gamma(k)))


def _frobenius(R: Tensor, dtype: torch.dtype = torch.float64) -> float:
    """A float ≥ ‖R‖_F, the largest over a batch: the root of a sum of squares formed in this dtype, in any order."""
    norm = float(torch.linalg.vector_norm(R, dim=(-2, -1), dtype=dtype).amax())
    if not math.isfinite(norm):
        raise UndecidedError("a matrix to be bounded is not finite: the iteration overflows on this input")
    if norm == 0 and not bool(R.any()):
        return 0.0
    entries = R.shape[-2] * R.shape[-1]
    loss = _up(1 + _up(2 * _gamma(dtype, entries + 2)))  # 1/(1 - γ) ≤ 1 + 2γ for γ ≤ 1/2
    flushed = 2.0**-62 if dtype is torch.float32 else 2.0**-510  # the root of a square that may be flushed to 0
    return _up(_up(norm * loss) + flushed * math.sqrt(entries))


@defined()
def frobenius_bound(R: Tensor) -> Fraction:
    """A number ≥ ‖R‖_F, formed in fp64, the largest over a batch.

    Raises UndecidedError where R is not finite.
    """
    return frobenius_within(R)


def frobenius_within(R: Tensor) -> Fraction:
    """`frobenius_bound` for callers inside `settings.defined()`."""
    return exact(_frobenius(R))


def norm_bound(R: Tensor) -> Fraction:
    """A number ≥ ‖R‖₂ for a tensor, the largest over a batch: by a few per cent above it.

    R is scaled by a power of two and, up to 1024 on the short side, rounded to fp32, which costs ≤ 2⁻²⁴‖R‖_F.  Then
    ‖R‖₂² = λ_max(RRᵀ) ≤ λ_max(fl(RRᵀ)) + γ_n‖R‖_F², and the eigenvalue is bounded as the module says, from a guess
    by subspace iteration.

    Rigorous under the assumptions of fp64 and fp32 products, whose settings are made so and probed.

    >>> 3 <= norm_bound(torch.diag(torch.tensor([3.0, 1.0, -2.0], dtype=torch.float64))) < Fraction("3.1")
    True
    """
    return norm_bounds(R)[0]


@defined()
def norm_bounds(R: Tensor) -> tuple[Fraction, Fraction]:
    """(`norm_bound`, `frobenius_bound`) of R at the price of the first."""
    return norms_within(R)


def norms_within(R: Tensor) -> tuple[Fraction, Fraction]:
    """`norm_bounds` for callers inside `settings.defined()`."""
    R = wide(R.to(torch.float64))
    F = _frobenius(R)
    if F == 0:
        return Fraction(0), Fraction(0)
    single = R.shape[-2] <= SINGLE_LIMIT
    probe(torch.float32 if single else torch.float64, str(R.device), *R.shape[-2:])
    S, scaled, exponent = _scaled(R, F, torch.float32 if single else torch.float64)
    cast = _up(_up(2.0**-24 * scaled) + TINY) if single else TINY
    top = _top(S, _up(scaled + cast))
    return exact(_up(_up(math.sqrt(top)) + cast)) * Fraction(2) ** exponent, exact(F)


@defined()
def singular_interval(X: Tensor) -> Interval:
    """An interval that holds every singular value of X, over a batch; within 1e-9·‖X‖_F or so of the hull of them.

    From the values that LAPACK's SVD gives, which are shown as in `norm_bound`, all in fp64.

    Raises UndecidedError where X is not finite.

    >>> found = singular_interval(torch.diag(torch.tensor([3.0, 1.0, -2.0], dtype=torch.float64)))
    >>> found.lo <= 1, found.hi >= 3, found.width < Fraction("2.00000001")
    (True, True, True)
    """
    X = wide(X.to(torch.float64))
    F = _frobenius(X)
    if F == 0:
        return Interval(Fraction(0), Fraction(0))
    probe(torch.float64, str(X.device), *X.shape[-2:])
    S, scaled, exponent = _scaled(X, F, torch.float64)
    low, high = (math.ldexp(x, -exponent) for x in observed(X))
    G = _square(S)
    loss = _up(_gamma(S.dtype, S.shape[-1]) * _up(scaled * scaled)) + TINY
    top = _largest(G, high * high, 2.0**-30) + loss
    least = -_largest(-G, -low * low, 2.0**-30) - loss
    unit = Fraction(2) ** exponent
    bottom = math.nextafter(math.sqrt(least), 0) if least > 0 else 0.0
    return Interval(exact(bottom) * unit, exact(_up(math.sqrt(_up(top)))) * unit)


def _scaled(R: Tensor, F: float, dtype: torch.dtype) -> tuple[Tensor, float, int]:
    """(2^-k·R in this dtype, 2^-k·F ≤ 1, k)."""
    k = math.frexp(F)[1]
    return torch.mul(R, 2.0**-k, out=torch.empty_like(R, dtype=dtype)), math.ldexp(F, -k), k


def _top(S: Tensor, F: float) -> float:
    """≥ ‖S‖₂² for ‖S‖_F ≤ F."""
    G, n = _square(S), S.shape[-1]
    loss = _up(_up(_gamma(S.dtype, n) * _up(F * F)) + TINY)
    return _up(_largest(G, _guess(G), 2.0**-6) + loss)


def _square(X: Tensor) -> Tensor:
    """fl(XXᵀ), symmetric up to rounding alone where the whole product is the faster one."""
    return symmetric_product(X) if X.shape[-2] >= BLOCKED else X @ X.mT


def _guess(G: Tensor) -> float:
    """About λ_max(G): the largest Ritz value of a Krylov space."""
    v = first_vectors(G.shape[-1], 1, G.dtype, str(G.device)).expand(*G.shape[:-1], -1)
    space = []
    for _ in range(min(POWERS, G.shape[-1])):
        v = G @ v
        v = v / v.norm(dim=-2, keepdim=True).clamp(min=1e-30)
        space.append(v)
    Q = torch.linalg.qr(torch.cat(space, -1)).Q
    return float(torch.linalg.eigvalsh(Q.mT @ (G @ Q)).amax())


def _largest(G: Tensor, guess: float, excess: float) -> float:
    """≥ xᵀGx for every unit x and every G of a batch, ‖G‖_F ≤ 2, from a guess; formed in G's own format.

    To the guess a share of its size (and 2⁻¹⁶ of that share) is added, four times as much after each failure; where
    nothing can be shown, ‖G‖_F is the bound.
    """
    m, dtype = G.shape[-1], G.dtype
    probe(G.dtype, str(G.device), m, m)
    while excess <= 4:
        tau = float(torch.tensor(guess + excess * (abs(guess) + 2.0**-16), dtype=G.dtype))
        A = -G
        A.diagonal(dim1=-2, dim2=-1).add_(tau)
        L, info = torch.linalg.cholesky_ex(A)
        if not bool(info.any()):
            square, size = _up(_frobenius(L, dtype) ** 2), _up(abs(tau) + 2)
            D = A.sub_(_square(L))
            # A was τI - G but for the roundings of its diagonal; D is A - LLᵀ but for those of a sum of m + 1 terms.
            own = _up(_up(2 * _gamma(dtype, 1) * size) + _up(_gamma(dtype, m + 1) * _up(square + size)))
            return _up(_up(tau + _up(_frobenius(D, dtype) * (1 + 4 * UNIT))) + _up(_up(own) + TINY))
        excess *= 4
    return _frobenius(G)
