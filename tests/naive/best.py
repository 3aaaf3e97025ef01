"""The error of best approximation of 1 by odd polynomials on [l, u], enclosed: by duality and by an actual polynomial.

A signed measure λ on points with Σ λ_i x_i^(2k+1) = 0 for all k ≤ q gives |Σ λ_i| / Σ |λ_i| ≤ error (Hahn–Banach); the
points come from exchanges in exact rationals on a grid.
"""

from fractions import Fraction as Q
from functools import cache

from sympy import Matrix, Rational

from tests.naive import signs


def solve(rows: list[list[Q]], right: list[Q]) -> list[Q]:
    matrix = Matrix([[Rational(q.numerator, q.denominator) for q in row] for row in rows])
    answer = matrix.LUsolve(Matrix([Rational(q.numerator, q.denominator) for q in right]))
    return [Q(int(v.p), int(v.q)) for v in answer]


def levelled(points: list[Q], q: int) -> tuple[list[Q], Q]:
    """The odd polynomial of degree 2q + 1 and the E with 1 - p(x_i) = (-1)^i E on q + 2 points."""
    rows = [[*(x ** (2 * k + 1) for k in range(q + 1)), Q((-1) ** i)] for i, x in enumerate(points)]
    *coefficients, error = solve(rows, [Q(1)] * (q + 2))
    return coefficients, error


def dual(points: list[Q], q: int) -> Q:
    """|Σ λ_i| / Σ |λ_i| for the λ that annihilates the odd polynomials on the points, with λ_0 = 1."""
    rows = [[x ** (2 * k + 1) for x in points[1:]] for k in range(q + 1)]
    weights = [Q(1), *solve(rows, [-(points[0] ** (2 * k + 1)) for k in range(q + 1)])]
    return abs(sum(weights, Q(0))) / sum(map(abs, weights), Q(0))


@cache
def error(degree: int, l: Q, u: Q) -> tuple[Q, Q]:
    """(lower, upper) bounds of the least max over [l, u] of |1 - p|."""
    q = degree // 2
    if degree % 2 == 0 or not 0 < l < u:
        return Q(0), Q(0)
    points = [l + (u - l) * Q(i, q + 1) for i in range(q + 2)]
    for _ in range(6):
        coefficients, _ = levelled(points, q)
        points = extrema(coefficients, l, u, q) or points
    coefficients, _ = levelled(points, q)
    (low, high), _ = signs.image(signs.add([Q(1)], [-c for c in signs.odd(coefficients)]), l, u)
    return dual(points, q), max(abs(low), abs(high))


def extrema(coefficients: list[Q], l: Q, u: Q, q: int) -> list[Q]:
    """The ends and the critical points of p, rounded: where 1 - p alternates; empty if they are not q + 2."""
    critical = signs.isolated(signs.derivative(signs.odd(coefficients)), l, u)
    inside = sorted(Q(round(a * 2**60), 2**60) for a, _ in critical)
    points = [l, *(x for x in inside if l < x < u), u]
    return points if len(points) == q + 2 else []
