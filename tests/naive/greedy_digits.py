"""The greedy composition by mpmath, at any precision: a matrix is solved, and the extrema come from all roots of p'.

Written from arXiv 2505.16932, Theorem 3.1, for comparison with `muon_theory.designs`; no short cuts, and no limit row.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import mpmath
from mpmath import mp, mpf


def best(degree: int, l: mpf, u: mpf) -> tuple[list[mpf], mpf]:
    """(coefficients of x, x³, …, the error) of the best odd polynomial to 1 on [l, u]."""
    q = degree // 2
    points = [(l + u) / 2 - (u - l) / 2 * mpmath.cos(mp.pi * i / (q + 1)) for i in range(q + 2)]
    level, before = mpf(0), None
    for _ in range(100):
        matrix = mpmath.matrix([[*(x ** (2 * i + 1) for i in range(q + 1)), (-1) ** k] for k, x in enumerate(points)])
        *row, level = mpmath.lu_solve(matrix, mpmath.matrix([1] * (q + 2)))
        inside = extrema(row, l, u)
        assert len(inside) == q
        points = [l, *inside, u]
        if before is not None and abs(level - before) <= abs(level) * mpf(10) ** (-mp.dps // 3):
            break
        before = level
    return row, abs(level)


def extrema(row: list[mpf], l: mpf, u: mpf) -> list[mpf]:
    """The zeros of p' in (l, u), by all complex roots in t, x² = l² + (u² - l²)t."""
    y0, h = l * l, u * u - l * l
    d, n = [(2 * i + 1) * c for i, c in enumerate(row)], len(row)
    shifted = [sum(mpmath.binomial(i, k) * d[i] * y0 ** (i - k) for i in range(k, n)) * h**k for k in range(n)]
    roots = mpmath.polyroots(shifted[::-1], maxsteps=500, extraprec=2 * mp.prec) if n > 1 else []
    real = [mpmath.re(t) for t in roots if abs(mpmath.im(t)) < mpf(10) ** (-mp.dps // 2)]
    inside = sorted(t for t in real if 0 < t < 1)
    return [mpmath.sqrt(y0 + h * t) for t in inside]


def composition(degree: int, steps: int, l: Fraction, dps: int) -> Iterator[tuple[list[mpf], mpf]]:
    """Row by row, with the error after each: the precision grows with what cancellation costs."""
    lower, upper = None, None
    digits = dps
    for _ in range(steps):
        with mp.workdps(digits):
            lower = mpf(l.numerator) / l.denominator if lower is None else lower
            upper = mpf(1) if upper is None else upper
            narrow = -int(mpmath.log10((upper - lower) / upper)) + 1
        digits = max(digits, dps + 2 * (degree // 2 + 2) * narrow)
        with mp.workdps(digits):
            row, level = best(degree, lower, upper)
            yield row, level
            lower, upper = 1 - level, 1 + level
