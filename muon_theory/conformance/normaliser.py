"""What is done to X before the first step, in fp64, and how far an honest implementation may be from it.

A scalar ν, X_0 = X/ν: the Frobenius norm, the Schatten-4 norm ‖XXᵀ‖_F^(1/2), an estimate of the spectral norm, each
times a factor, or 1 for none.  Or AOL, a diagonal rescaling of one side, which changes the singular vectors:

    X_0 = diag(d)^(-1/2) X,   d_i = Σ_j |XXᵀ|_ij   (rows; on columns the same for Xᵀ),   so that ‖X_0‖₂ ≤ 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from muon_theory.conformance.emulated import Array
from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval
from muon_theory.normalisation import Kind, Normalisation
from muon_theory.precision import format_named, normalised
from muon_theory.precision.format import Arithmetic, root_up, round_up

OURS = Fraction(1, 10**12)  # of our own SVD and evaluation in fp64, a step, for matrices of side ≤ 100 and norm ≤ 2


@dataclass(frozen=True, slots=True)
class Normaliser(Normalisation):
    """A normalisation as it is computed in fp64, and how far an honest implementation may be from that."""

    def size(self, X: Array) -> float:
        """ν, in fp64; for AOL, 1."""
        match self.kind:
            case Kind.SCHATTEN_4:
                nu = float(np.linalg.norm(X @ X.T)) ** 0.5
            case Kind.SPECTRAL_ESTIMATE:
                nu = float(np.linalg.norm(X, 2))
            case Kind.AOL | Kind.NONE:
                return 1.0
            case _:
                nu = float(np.linalg.norm(X))
        return nu * float(self.factor)

    def apply(self, X: Array) -> Array:
        """X_0 in fp64; zero stays zero, and so does a row that AOL finds zero."""
        if self.kind is Kind.NONE or not X.any():
            return X.copy()
        X = X / _power_of_two(X)
        if (side := self.rescales(*X.shape[-2:])) is None:
            return X / self.size(X)
        Y = X if side == "rows" else X.T
        d = np.abs(Y @ Y.T).sum(axis=1, keepdims=True)
        Y = Y / np.sqrt(np.where(d > 0, d, 1.0))
        return Y if side == "rows" else Y.T

    def error(self, X: Array, arithmetic: str, eps: float) -> Fraction | None:
        """δ_0 ≥ ‖X_0 as computed - X_0‖_F, or None where nothing useful is known.

        eps may be added to the norm or to the sums under its root, or be a clamp of them that is not reached.
        """
        u = format_named(arithmetic).elementwise
        if self.kind is Kind.NONE:
            return u * Fraction(float(np.linalg.norm(X))) + OURS
        if self.kind is Kind.AOL:
            return self._aol_error(X, arithmetic, eps)
        Y = self.apply(X)
        slack = (1 + u) ** 6  # the factor, its product with ν, the sum with eps: at most three roundings more
        if self.estimated:
            return round_up(
                ((1 + format_named(arithmetic).roundoff) * slack - 1) * Fraction(float(np.linalg.norm(Y))) + OURS
            )
        nu = self.size(X / _power_of_two(X)) * _power_of_two(X)
        if (relative := _share(eps, nu / float(self.factor), self.kind)) is None:
            return None
        if self.kind is Kind.SCHATTEN_4:
            S = X / _power_of_two(X)
            P, G = (float(np.linalg.norm(M @ M.T)) for M in (np.abs(S), S))
            top = _schatten(arithmetic, tuple(X.shape), Fraction(P / G))
        else:
            top = _frobenius(arithmetic, (X.shape[-2], X.shape[-1]))
        if top is None:
            return None
        return round_up((top * slack * (1 + 2 * relative) - 1) * Fraction(float(np.linalg.norm(Y))) + OURS)

    def _aol_error(self, X: Array, arithmetic: str, eps: float) -> Fraction | None:
        """Row by row: d_i errs by r + c·Σ_j(|X||X|ᵀ)_ij/d_i and by its own sum, X_0 by the root of that."""
        scale = _power_of_two(X)
        S = X / scale if self.rescales(X.shape[-2], X.shape[-1]) == "rows" else X.T / scale
        d, p = (np.abs(M @ M.T).sum(axis=1) for M in (S, np.abs(S)))
        total = Fraction(0)
        for i in np.flatnonzero(d).tolist():
            relative = _share(eps, float(d[i]) ** 0.5 * scale, Kind.AOL)
            root = _aol(arithmetic, (S.shape[0], S.shape[1]), coarse(Fraction(float(p[i] / d[i]))))
            if relative is None or root is None:
                return None
            row = Fraction(float(np.linalg.norm(S[i]))) / Fraction(float(d[i]) ** 0.5)
            total += ((root * (1 + 2 * relative) - 1) * row) ** 2
        return round_up(root_up(total, 2) + OURS)


def _power_of_two(X: Array) -> float:
    """2^e near the largest entry, so that no square of a large or tiny X leaves fp64."""
    return float(2.0 ** int(np.frexp(np.abs(X).max())[1]))


def _share(eps: float, nu: float, kind: Kind) -> Fraction | None:
    """The relative change of ν by an eps added to it or to a sum under its root; None where eps may rule."""
    powers = {Kind.SCHATTEN_4: (1, 2, 4), Kind.AOL: (1, 2)}.get(kind, (1,))
    share = max(eps / nu**p if nu < 1e70 else 0.0 for p in powers)
    return None if share > 1 / 8 else Fraction(share)


def coarse(q: Fraction) -> Fraction:
    """Rounded up to a multiple of 1/16, so that few bounds differ."""
    return Fraction((q * 16).__ceil__(), 16)


def gram_constant(arithmetic: str, n: int) -> tuple[Fraction, Fraction]:
    """(r, c) with |fl(XXᵀ) - XXᵀ| ≤ r|XXᵀ| + c|X||X|ᵀ entry by entry, X cast and once rescaled before, inner side n."""
    fmt = format_named(arithmetic)
    r, gamma = fmt.roundoff, Arithmetic(fmt, fmt.accumulation).gamma_product(n)
    return r, (1 + r) * ((1 + r) ** 4 * (1 + gamma) - 1)


def _root_of_sum(arithmetic: str, eta: Fraction, terms: int) -> Fraction | None:
    """κ(1+r)(1+u)⁶: the entry X/√q for a sum q whose terms err by η relative to q, against the exact one."""
    fmt = format_named(arithmetic)
    u, gamma = fmt.elementwise, Arithmetic(fmt, fmt.accumulation).gamma(terms + 1)
    low = (1 - eta) * (1 - gamma) / (1 + u) ** 3
    return None if low <= 0 else round_up(root_up(1 / low, 2) * (1 + fmt.roundoff) * (1 + u) ** 6)


@lru_cache(maxsize=4096)
def _aol(arithmetic: str, shape: tuple[int, int], ratio: Fraction) -> Fraction | None:
    r, c = gram_constant(arithmetic, shape[1])
    return _root_of_sum(arithmetic, r + c * ratio, shape[0])


def _schatten(arithmetic: str, shape: tuple[int, ...], ratio: Fraction) -> Fraction | None:
    """‖XXᵀ‖_F is a root of a sum of squares: as `_root_of_sum` says for q = ‖XXᵀ‖_F, its own root within (1 + u)."""
    r, c = gram_constant(arithmetic, max(shape))
    return _root_of_sum(arithmetic, r + c * coarse(ratio), min(shape) ** 2)


@lru_cache(maxsize=1024)
def _frobenius(arithmetic: str, shape: tuple[int, int]) -> Fraction | None:
    """hi for ‖Y‖_F = 1: X_0 = κ(Y + E), and ‖X_0 - Y‖_F ≤ hi - 1 by the same terms."""
    one = Interval.of(1)
    try:
        orders = ("cast-then-normalise", "normalise-then-cast")
        return max(normalised(one, arithmetic, shape, cast)[0].hi for cast in orders)
    except UndecidedError:
        return None
