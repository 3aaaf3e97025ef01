"""The best cubic (or linear map) to repeat, by looking at many: an oracle that knows nothing of boxes."""

from __future__ import annotations

from fractions import Fraction as Q
from functools import lru_cache


def deviation(a: float, b: float, steps: int, places: list[float], enough: float) -> float:
    worst = 0.0
    for x in places:
        z = x
        for _ in range(steps):
            z *= a + b * z * z
            if abs(z) > 1e6:
                return enough + abs(z)
        worst = max(worst, abs(z - 1))
        if worst > enough:
            break
    return worst


@lru_cache(maxsize=256)
def error(
    degree: int,
    steps: int,
    lower: Q,
    at_one: tuple[Q, Q] | None,
    slope: tuple[Q, Q] | None = None,
    multiplier: tuple[Q, Q] | None = None,
) -> float:
    """About the least max |1 - fᵀ| on [l, 1] over f = ax + bx³ with |f| ≤ 1 somewhere and |f(1)| in the range; with a
    slope or a multiplier, over those with f(1) ≥ 0 and a, or f'(1), in it.
    """
    l = float(lower)
    places = sorted({l ** (k / 40) for k in range(41)} | {l + (1 - l) * k / 40 for k in range(41)})
    low, high = map(float, at_one or (0, 6))
    first, last = map(float, slope or (0, 6))
    least, most = map(float, multiplier or (-1e9, 1e9))
    signs = (1, -1) if slope is multiplier is None else (1,)
    found, near = 1.0, (0.0, 0.0)

    def seen(a: float, value: float) -> float:
        b = value - a if degree == 3 else 0.0
        if degree == 1:
            a = value
        if not least - 1e-12 <= a + 3 * b <= most + 1e-12:
            return 1e9
        if all(abs(a * x + b * x**3) > 1 for x in places):
            return 1e9
        return deviation(a, b, steps, places, found)

    for sign in signs:
        for i in range(61 if last > first else 1):
            for j in range(61 if high > low else 1):
                a, value = sign * (first + (last - first) * i / 60), sign * (low + (high - low) * j / 60)
                if (now := seen(a, value)) < found:
                    found, near = now, (a, value)
    width = 0.1
    while width > 1e-5:
        a, value = near
        tries = [(a + s * width, value + t * width) for s in (-1, 0, 1) for t in (-1, 0, 1)]
        inside = [(seen(*t), t) for t in tries if low <= abs(t[1]) <= high and (slope is None or first <= t[0] <= last)]
        if inside and min(inside)[0] < found:
            found, near = min(inside)
        else:
            width /= 2
    return found
