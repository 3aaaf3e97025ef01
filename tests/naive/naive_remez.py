"""Best odd polynomials and greedy composition in double precision, as the Polar Express paper and repository do it.

Written from arXiv 2505.16932 (Algorithm 2 and Appendix G) and NoahAmsel/PolarExpress polar_express.py @5454910: the
oracle for `muon_theory.finders.alternation` and `muon_theory.designs`.  Plain floats, no library, nothing clever.
"""

from __future__ import annotations

from math import cos, pi, sqrt

Row = tuple[float, ...]


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination with partial pivoting."""
    n = len(matrix)
    rows = [[*line, r] for line, r in zip(matrix, right, strict=True)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, n):
            factor = rows[k][i] / rows[i][i]
            rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    x = [0.0] * n
    for i in reversed(range(n)):
        x[i] = (rows[i][n] - sum(rows[i][k] * x[k] for k in range(i + 1, n))) / rows[i][i]
    return x


def value(row: Row, x: float) -> float:
    return sum(c * x ** (2 * i + 1) for i, c in enumerate(row))


def levelled(points: list[float]) -> tuple[Row, float]:
    """The odd polynomial whose errors on the points are +E, -E, +E, …, and E."""
    terms = len(points) - 1
    matrix = [[x ** (2 * i + 1) for i in range(terms)] + [(-1.0) ** k] for k, x in enumerate(points)]
    *row, level = solve(matrix, [1.0] * len(points))
    return tuple(row), level


def remez(degree: int, l: float, u: float, grid: int = 4000, rounds: int = 12) -> tuple[Row, float]:
    """The second algorithm of Remez, extrema by looking at every point of a grid."""
    q = degree // 2
    points = [(l + u) / 2 - (u - l) / 2 * cos(pi * i / (q + 1)) for i in range(q + 2)]
    mesh = [l * (u / l) ** (i / grid) for i in range(grid + 1)] + [l + (u - l) * i / grid for i in range(grid + 1)]
    mesh.sort()
    row, level = levelled(points)
    for _ in range(rounds):
        error = [1 - value(row, x) for x in mesh]
        lobes: list[tuple[float, float]] = []
        for x, e in zip(mesh, error, strict=True):
            if lobes and lobes[-1][1] * e > 0:
                if abs(e) > abs(lobes[-1][1]):
                    lobes[-1] = x, e
            else:
                lobes.append((x, e))
        if len(lobes) != q + 2:
            break
        points = [x for x, _ in lobes]
        row, level = levelled(points)
    return row, abs(level)


def optimal_quintic(l: float, u: float) -> Row:
    """The paper's simplified exchange; from l/u = 1 - 5e-6 on, the limit, scaled by u (not by the midpoint)."""
    if l / u >= 1 - 5e-6:
        return (15 / 8) / u, (-10 / 8) / u**3, (3 / 8) / u**5
    q, r = (3 * l + 1) / 4, (l + 3) / 4
    level, before = float("inf"), float("nan")
    for _ in range(100):
        if abs(before - level) <= 1e-15:
            break
        before = level
        (a, b, c), level = levelled([l, q, r, u])
        root = sqrt(9 * b * b - 20 * a * c)
        q, r = sorted((sqrt((-3 * b - root) / (10 * c)), sqrt((-3 * b + root) / (10 * c))))
    return a, b, c


def optimal_composition(l: float, steps: int, safety: float = 1.0, cushion: float = 0.0) -> list[Row]:
    """Greedy quintics with cushion, recentring by 2/(p(l) + p(u)) and a safety factor on all steps but the last."""
    u, rows = 1.0, []
    for t in range(steps):
        row = optimal_quintic(max(l, cushion * u), u)
        if cushion * u > l:
            centre = 2 / (value(row, l) + value(row, u))
            row = tuple(centre * c for c in row)
        if t < steps - 1:
            row = tuple(c / safety ** (2 * i + 1) for i, c in enumerate(row))
        rows.append(row)
        l = value(row, l)
        u = 2 - l
    return rows
