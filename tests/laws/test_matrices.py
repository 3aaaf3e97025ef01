"""A1: an odd polynomial of a matrix acts on its singular values, f(X) = U f(S) Vᵀ: tall, wide, square, batched."""

from __future__ import annotations

import pytest
from hypothesis import given

from muon_theory.testing import matrices, odd_polynomials

torch = pytest.importorskip("torch", reason="torch is an extra")


def of_matrix(f, x):
    gram = x @ x.mT
    value = torch.zeros_like(gram)
    eye = torch.eye(gram.shape[-1], dtype=x.dtype)
    for c in reversed(f.coefficients):
        value = value @ gram + float(c) * eye
    return value @ x


@given(odd_polynomials(), matrices())
def test_singular_values_of_f_of_x_are_the_values_of_f(f, made):
    x, values = made
    scale = 1 + sum(abs(float(c)) for c in f.coefficients)
    seen = torch.linalg.svdvals(of_matrix(f, x))
    expected = torch.tensor(sorted((abs(_at(f, s)) for s in values), reverse=True), dtype=torch.float64)
    assert torch.allclose(seen, expected, atol=1e-12 * scale, rtol=1e-9)


def _at(f, s):
    value = 0.0
    for c in reversed(f.coefficients):
        value = value * s * s + float(c)
    return s * value


@given(odd_polynomials(), matrices())
def test_transposition_commutes(f, made):
    x, _ = made
    scale = 1 + sum(abs(float(c)) for c in f.coefficients)
    assert torch.allclose(of_matrix(f, x.mT), of_matrix(f, x).mT, atol=1e-12 * scale)


@given(odd_polynomials(), matrices(), matrices())
def test_a_batch_is_a_loop(f, one, other):
    x, y = one[0], other[0]
    if x.shape != y.shape:
        y = -2 * x
    both = of_matrix(f, torch.stack([x, y]))
    scale = 100 * (1 + sum(abs(float(c)) for c in f.coefficients))
    assert torch.allclose(both[0], of_matrix(f, x), atol=1e-13 * scale)
    assert torch.allclose(both[1], of_matrix(f, y), atol=1e-13 * scale)
