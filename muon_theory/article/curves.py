"""Plain numbers for the figures, in floating point: they show, and prove nothing."""

from __future__ import annotations

from collections.abc import Sequence

from muon_theory.exact.orbit import value
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

Floats = Sequence[float]
OFF_THE_PAGE = 4.0


def floats(f: OddPolynomial) -> list[float]:
    """The coefficients in floating point."""
    return [float(c) for c in f.coefficients]


def iterate(coefficients: Floats, x: float, steps: int) -> float:
    """f^steps(x), given up where it is far off the page."""
    for _ in range(steps):
        x = value(coefficients, x)
        if abs(x) > OFF_THE_PAGE:
            return x
    return x


def grid(count: int = 600, low: float = 1e-4) -> list[float]:
    """Points of (0, 1]: half of them evenly spread over x, half over log x."""
    half = count // 2
    return sorted({*(i / half for i in range(1, half + 1)), *(low ** (i / half) for i in range(half + 1))})


def phi_curve(schedule: Schedule, label: str) -> dict[str, object]:
    """φ over (0, 1] for one map repeated; a gap where it is off the page."""
    coefficients, steps, xs = floats(schedule.steps[0]), len(schedule.steps), grid()
    ys = [iterate(coefficients, x, steps) for x in xs]
    return {"label": label, "x": xs, "y": [y if abs(y) < OFF_THE_PAGE else None for y in ys]}


def map_curve(f: OddPolynomial, high: float) -> dict[str, object]:
    """f over [0, high]."""
    xs = [high * i / 300 for i in range(301)]
    return {"x": xs, "y": [value(floats(f), x) for x in xs]}


def orbit(f: OddPolynomial, x: float, steps: int, most: float) -> list[float]:
    """x, f(x), …, until it passes `most`."""
    points = [x]
    while len(points) <= steps and abs(points[-1]) <= most:
        points.append(value(floats(f), points[-1]))
    return points


def critical_square(f: Floats) -> float:
    """y = x² at the first critical point x > 0 of f = a·x + b·x³ + c·x⁵: the lesser root of a + 3b·y + 5c·y²."""
    a, b, c = f
    return float(2 * a / (-3 * b + (9 * b * b - 20 * a * c) ** 0.5))
