"""Formats narrower than fp64, by arithmetic in fp64 or fp32 and one rounding a stored result: numpy alone.

An engine of its own beside `muon_theory.confirmation`, which runs on torch: whoever examines a function of another
library needs no torch, and tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from muon_theory.polynomial import OddPolynomial

Array = NDArray[np.float64]
SHAPES = {"fp64": (53, -1021, 1024), "fp32": (24, -125, 128), "fp16": (11, -13, 16), "bf16": (8, -125, 128)}
"""Of a format: significant bits, and e of the least normal and above the largest number, 2^(e-1) ≤ |x| < 2^e."""
Row = tuple[float, ...]


def rounded(X: object, name: str) -> Array:
    """The nearest numbers of the format, ties to even, as fp64; with subnormals, and infinity above the largest.

    >>> rounded([1 + 2**-9, 2.0**-134, 70000.0], "bf16").tolist() == [1.0, 0.0, 70144.0]
    True
    >>> float(rounded(70000.0, "fp16"))
    inf
    """
    x = np.array(X, dtype=np.float64)
    precision, least, top = SHAPES[name]
    if name == "fp64":
        return x
    _, exponent = np.frexp(x)
    unit = np.maximum(exponent, least) - precision
    with np.errstate(over="ignore"):
        y = np.ldexp(np.rint(np.ldexp(x, -unit)), unit)
    return np.where(np.isfinite(x) & (np.abs(y) >= 2.0**top), np.copysign(np.inf, x), y)


@dataclass(frozen=True, slots=True)
class Machine:
    """Matrices are stored in `format`; products are summed in fp32, those of fp64 in fp64."""

    format: str

    def store(self, X: Array) -> Array:
        return rounded(X, self.format)

    def product(self, P: Array, Q: Array) -> Array:
        """PQ before it is stored."""
        if self.format == "fp64":
            return P @ Q
        short: Array = (P.astype(np.float32) @ Q.astype(np.float32)).astype(np.float64)
        return short

    def direct(self, X: Array, rows: Sequence[Row], fused: bool) -> Array:
        """aX + p(XXᵀ)X by Horner, row by row, on the short side; each operation stored, or each with its sum."""
        tall = X.shape[0] > X.shape[1]
        X = self.store(X.T if tall else X)
        for c in rows:
            A = self.store(self.product(X, X.T))
            X = self._step(X, A, c, fused)
        return X.T if tall else X

    def _step(self, X: Array, A: Array, c: Row, fused: bool) -> Array:
        if len(c) == 1:
            return self.store(c[0] * X)
        if fused and len(c) == 2:
            return self.store(c[0] * X + c[1] * self.product(A, X))
        H = self._inner(A, c, fused)
        if fused:
            return self.store(c[0] * X + self.product(H, X))
        return self.store(self.store(c[0] * X) + self.store(self.product(H, X)))

    def _inner(self, A: Array, c: Row, fused: bool) -> Array:
        """p(A) = c₁A + … + c_q A^q."""
        if not fused or len(c) == 2:
            H = self.store(c[-1] * A)
            for a in reversed(c[1:-1]):
                H = self.store(self.store(a * A) + self.store(self.product(H, A)))
            return H
        H = self.store(c[-2] * A + c[-1] * self.product(A, A))
        for a in reversed(c[1:-2]):
            H = self.store(a * A + self.product(H, A))
        return H

    def gram(self, X: Array, rows: Sequence[Row], restarts: Sequence[int]) -> Array:
        """Q ← (aI + p(R))Q, R ← (aI + p(R))R(aI + p(R)) for R = XXᵀ, formed anew after these steps."""
        tall = X.shape[0] > X.shape[1]
        X = self.store(X.T if tall else X)
        for i, j in pairwise([0, *(r for r in restarts if r < len(rows)), len(rows)]):
            R, Q = self.store(self.product(X, X.T)), np.eye(len(X))
            for c in rows[i:j]:
                Z = self._inner(R, c, True) if len(c) > 1 else np.zeros_like(R)
                Q = self.store(c[0] * Q + self.product(Z, Q))
                H = self.store(c[0] * R + self.product(Z, R))
                R = self.store(c[0] * H + self.product(H, Z))
            X = self.store(self.product(Q, X))
        return X.T if tall else X


def floats(steps: Sequence[OddPolynomial]) -> list[Row]:
    """The coefficients as Python holds them."""
    return [tuple(map(float, f.coefficients)) for f in steps]
