"""What interpolation says of a map: a value that it cannot reach, and the box of its values f(x)/x at nodes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import cos, floor, pi

from muon_theory.claims import Growth
from muon_theory.interval import Interval


def lagrange(nodes: Sequence[Fraction]) -> list[list[Fraction]]:
    """The coefficients in y of L_i, L_i(x_j²) = 1 for i = j and else 0."""
    found = []
    for x in nodes:
        row = [Fraction(1)]
        for z in nodes:
            if z != x:
                raised, same = [Fraction(0), *row], [*row, Fraction(0)]
                row = [(a - z * z * b) / (x * x - z * z) for a, b in zip(raised, same, strict=True)]
        found.append(row)
    return found


def growing(degree: int, lower: Fraction) -> Growth:
    """A value that no good map reaches, by Chebyshev's points."""
    n = (degree + 1) // 2
    points = tuple(max(lower, Fraction(round(1000 * cos(pi * j / degree)), 1000)) for j in range(n))
    parts = [[a / t for a in row] for t, row in zip(points, lagrange(points), strict=True)]
    top = Fraction(2)
    while sum(max(a, Fraction(0)) / top ** (2 * i + 1) for part in parts for i, a in enumerate(part)) >= 1:
        top += Fraction(1, 64)
    return Growth(top, points)


def nodes_for(n: int, first: Fraction) -> tuple[Fraction, ...]:
    """n nodes from `first` to 1, where values differ most between maps: thinner near 1."""
    inner = (first + (1 - first) * Fraction(round(20 * (k / (n - 1)) ** 0.75), 20) for k in range(1, n - 1))
    short = (Fraction(round(100 * x), 100) if first < Fraction(1, 20) else x for x in inner)
    return (*([first] if n > 1 else []), *short, Fraction(1))


def values(x: Fraction, lower: Fraction, growth: Growth) -> Interval:
    """What f(x)/x can be: by interpolation at the growth's points, where 0 < f < top; rounded outward."""
    parts = zip(growth.points, lagrange(growth.points), strict=True)
    weights = [sum((a * x ** (2 * i) for i, a in enumerate(row)), Fraction(0)) / t for t, row in parts]
    if lower <= x <= 1:
        least, most = Fraction(0), min(growth.top * sum(max(v, Fraction(0)) for v in weights), growth.top / x)
    else:
        least, most = (growth.top * sum(side(v, Fraction(0)) for v in weights) for side in (min, max))
    return Interval(Fraction(floor(least * 16), 16), Fraction(floor(most * 16) + 1, 16))
