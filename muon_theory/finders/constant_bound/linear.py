"""The linear programs of many boxes at once, and their dual solutions in whole numbers."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

ROUNDS = 40
"""Of the simplex method: what is not refuted by then is cut further."""

MARGIN = 1e-9
"""Of a float: what is refuted by less is cut further."""


def farkas(c: Array, d: Array, e: Array, error: float) -> tuple[Mask, Any, Any]:
    """Which boxes are refuted, by whole factors of which models: the dual simplex method for all boxes at once.

    min t over |u_i| ≤ 1 with (±(c - 1 + d·u) - e - E)/s ≤ t for every model of size s; a basis has n + 1 of these
    inequalities, and begins with the one model that is farthest from 1.  A box is refuted when t > 0.
    """
    boxes, count, n = d.shape
    at = np.arange(boxes)
    wild = e > 1e6
    size = 1 / (1 + np.abs(c) + np.abs(d).sum(2) + e)
    away, slope, slack = np.where(wild, 0, c - 1) * size, np.where(wild, 0, size)[..., None] * d, (e + error) * size
    slack = np.where(wild, 1e9, slack)
    normals = np.zeros((boxes, 2 * count + 2 * n, n + 1))
    normals[:, :count, :n], normals[:, count : 2 * count, :n], normals[:, : 2 * count, n] = slope, -slope, -1
    bounds = np.ones((boxes, 2 * count + 2 * n))
    bounds[:, :count], bounds[:, count : 2 * count] = slack - away, slack + away
    for j in range(n):
        normals[:, 2 * count + j, j], normals[:, 2 * count + n + j, j] = 1, -1
    start = (np.abs(away) - np.abs(slope).sum(2) - slack).argmax(1)
    basis = np.zeros((boxes, n + 1), int)
    basis[:, 0] = start + np.where(away[at, start] >= 0, 0, count)
    for j in range(n):
        basis[:, 1 + j] = np.where(normals[at, basis[:, 0], j] > 0, 2 * count + n + j, 2 * count + j)
    factors, goal = np.zeros((boxes, n + 1)), np.zeros(n + 1)
    goal[n] = -1
    ids, nudge = at, 1e-12 * np.random.default_rng(0).normal(size=(n + 1, n + 1))  # no matrix is exactly singular
    for _ in range(ROUNDS):
        matrix = normals[ids[:, None], basis[ids]] + nudge
        x = np.linalg.solve(matrix, bounds[ids[:, None], basis[ids]][..., None])[..., 0]
        transposed = matrix.transpose(0, 2, 1)
        dual = np.linalg.solve(transposed, np.broadcast_to(goal, (len(ids), n + 1))[..., None])[..., 0]
        factors[ids] = dual
        broken = np.einsum("bmk,bk->bm", normals[ids], x) - bounds[ids]
        most = broken.argmax(1)
        going = (broken[np.arange(len(ids)), most] > MARGIN) & (x[:, n] <= 0)
        if not going.any():
            break
        chosen = ids[going]
        entering = normals[chosen, most[going]]
        change = np.linalg.solve(transposed[going], entering[..., None])[..., 0]
        ratio = np.where(change > 1e-12, np.maximum(dual[going], 0) / np.where(change > 1e-12, change, 1), 1e30)
        basis[chosen, ratio.argmin(1)] = most[going]
        ids = chosen
    sign = np.where(basis < count, 1, -1) * (basis < 2 * count)
    which = np.where(basis < 2 * count, basis % count, 0)
    weights = np.nan_to_num(np.maximum(factors, 0)) * np.take_along_axis(size, which, 1) * np.abs(sign)
    weights *= 1e7 / np.maximum(weights.max(1), 1e-300)[:, None]
    unit = 10.0 ** np.maximum(np.floor(np.log10(np.maximum(weights, 1))) - 2, 0)  # three digits each
    whole = np.round(weights / unit) * unit * sign
    centres, errors = np.take_along_axis(c, which, 1), np.take_along_axis(e, which, 1)
    slopes = np.take_along_axis(d, np.repeat(which[..., None], n, 2), 1)
    total, weight = (whole * (centres - 1)).sum(1), np.abs(whole)
    slack = np.abs((whole[..., None] * slopes).sum(1)).sum(1) + (weight * (errors + error)).sum(1)
    return np.abs(total) - slack > MARGIN * weight.sum(1), whole.astype(int), which
