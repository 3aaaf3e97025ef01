"""First-order Taylor models of an iterate over many boxes and at many points at once."""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np

from muon_theory.finders.constant_bound.linear import Array


def models(rows: Array, w: Array, r: Array, x: Array, steps: int) -> tuple[Array, Array, Array]:
    """f^steps at the points: centres (boxes, points), slopes (boxes, points, n), errors."""
    n, shape = len(rows), (len(w), len(x))
    c, e, d = np.broadcast_to(x, shape).copy(), np.zeros(shape), np.zeros((*shape, n))
    whole = w @ rows
    for _ in range(steps):
        spread = np.abs(d).sum(2) + e
        powers = [np.ones_like(c)]
        for _ in range(2 * n - 1):
            powers.append(powers[-1] * c)

        def taylor(j: int, row: Any, powers: list[Array] = powers) -> Array:
            terms = (row[k] * comb(2 * k + 1, j) * powers[2 * k + 1 - j] for k in range(n) if 2 * k + 1 >= j)
            return sum(terms, start=np.zeros(shape))

        columns = [whole[:, k, None] for k in range(n)]
        first = taylor(1, columns)
        error, power = np.abs(first) * e, spread
        for j in range(1, 2 * n):
            size = sum((r[:, i, None] * np.abs(taylor(j, rows[i])) for i in range(n)), start=np.zeros(shape))
            error += (size + np.abs(taylor(j, columns)) * (j > 1)) * power
            power = power * spread
        d = first[:, :, None] * d
        for i in range(n):
            d[:, :, i] += r[:, i, None] * taylor(0, rows[i])
        c, e = taylor(0, columns), error
        wild = ~(np.abs(c) + np.abs(d).sum(2) + e < 1e8)
        c[wild], e[wild], d[wild] = 0, 1e9, 0
    return c, d, e
