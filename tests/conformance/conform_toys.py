"""Newton-Schulz functions that normalise in every way that `conform` knows, and the pieces they share."""

from __future__ import annotations

import torch

JORDAN = (3.4445, -4.7750, 2.0315)


def scaled(X):
    """X divided by its largest entry, matrix by matrix: no square overflows, and zero stays zero."""
    return X / X.abs().amax(dim=(-2, -1), keepdim=True).clamp(min=torch.finfo(X.dtype).tiny)


def norm(X):
    return X.norm(dim=(-2, -1), keepdim=True).clamp(min=1e-7)


def normalised(X, eps=1e-7):
    """X/‖X‖_F, safe from overflow and underflow of the sum of squares."""
    Y = scaled(X)
    return Y / Y.norm(dim=(-2, -1), keepdim=True).clamp(min=eps)


def iterate(X, rows):
    tall = X.shape[-2] > X.shape[-1]
    X = X.mT if tall else X
    for a, b, c in rows:
        A = X @ X.mT
        X = a * X + (b * A + c * A @ A) @ X
    return X.mT if tall else X


def frobenius(X, steps=5, coefficients=JORDAN):
    return iterate(normalised(X), [coefficients] * steps)


def frobenius_101(X, steps=5, coefficients=JORDAN):
    return iterate(normalised(X) / 1.01, [coefficients] * steps)


def schatten(X, steps=5, coefficients=JORDAN):
    Y = scaled(X)
    return iterate(Y / norm(Y @ Y.mT).sqrt(), [coefficients] * steps)


def aol_of_rows(X):
    Y = scaled(X)
    return Y * (Y @ Y.mT).abs().sum(dim=-1, keepdim=True).clamp(min=1e-7).rsqrt()


def aol(X, steps=5, coefficients=JORDAN):
    tall = X.shape[-2] > X.shape[-1]
    Y = aol_of_rows(X.mT if tall else X)
    return iterate(Y.mT if tall else Y, [coefficients] * steps)


def aol_rows(X, steps=5, coefficients=JORDAN):
    return iterate(aol_of_rows(X), [coefficients] * steps)


def aol_columns(X, steps=5, coefficients=JORDAN):
    return iterate(aol_of_rows(X.mT).mT, [coefficients] * steps)


def aol_that_reuses_its_products(X, steps=5, coefficients=JORDAN):
    """The first step rescales the XXᵀ from which the scales came."""
    tall = X.shape[-2] > X.shape[-1]
    Y = scaled(X.mT if tall else X)
    A = Y @ Y.mT
    t = A.abs().sum(dim=-1, keepdim=True).clamp(min=1e-7).rsqrt()
    a, b, c = coefficients
    Y, A = Y * t, A * t * t.mT
    Y = a * Y + (b * A + c * A @ A) @ Y
    Y = iterate(Y, [coefficients] * (steps - 1))
    return Y.mT if tall else Y


def spectral(X, steps=5, coefficients=JORDAN):
    """σ₁ by twelve squarings of XXᵀ, whose Frobenius norm is then σ₁^8192 within a factor √rank."""
    Y = normalised(X.double())
    A, log = Y @ Y.mT, 0.0
    for k in range(12):
        size = norm(A)
        log, A = log + size.log() / 2**k, A / size @ (A / size)
    sigma = ((log + norm(A).log() / 2**12) / 2).exp()
    return iterate((Y / sigma).to(X.dtype), [coefficients] * steps)


def power_iteration(X, steps=5, coefficients=JORDAN):
    """σ₁ by fifty power iterations from a random vector: two calls differ."""
    Y = normalised(X)
    v = torch.rand(*Y.shape[:-2], Y.shape[-1], 1, dtype=Y.dtype) + 0.5
    for _ in range(50):
        v = Y.mT @ (Y @ v)
        v = v / norm(v)
    return iterate(Y / (norm(Y @ v)), [coefficients] * steps)


def none(X, steps=5, coefficients=JORDAN):
    return iterate(X, [coefficients] * steps)
