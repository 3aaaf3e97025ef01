"""Orbits of points with an error that is known, and the points worth trying: ends, critical points, extremes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction as Q
from functools import lru_cache

import numpy as np

Rows = Sequence[Sequence[Q]]
Enclosed = tuple[Q, Q]  # a number lies between these
BITS = 256
ONE = 1 << BITS
LARGE, FAR = 10.0**6, 10**1200  # beyond the first, numbers are rounded relative to their size; beyond the second, left


@lru_cache(maxsize=4096)
def scaled(row: tuple[Q, ...], bits: int) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The coefficients times 2^bits, and their sizes."""
    return tuple(round(c * (1 << bits)) for c in row), tuple(float(abs(c)) for c in row)


def fixed_point(row: tuple[int, ...], x: int, bits: int) -> int:
    """Σ c_i x^(2i+1) in units of 2^-bits."""
    y, total = x * x >> bits, 0
    for c in reversed(row):
        total = (total * y >> bits) + c
    return total * x >> bits


def orbit(rows: Rows, x: Q, bits: int = BITS) -> Iterator[Enclosed]:
    """x, f_1(x), f_2(f_1(x)), …, each enclosed; it ends where values run away."""
    here, error, unit = round(x * (1 << bits)), 2.0**-bits, 2.0**-bits
    yield x, x
    for t, row in enumerate(rows):
        integers, sizes = scaled(tuple(row), bits)
        radius = abs(here) / (1 << bits) + error
        if radius > LARGE:
            yield from far_orbit(rows[t:], Q(here, 1 << bits), Q(error))
            return
        slope = sum(c * (2 * i + 1) * radius ** (2 * i) for i, c in enumerate(sizes))
        rounding = unit * 8 * len(row) * (1 + sum(sizes)) * max(1.0, radius) ** (2 * len(row))
        here, error = fixed_point(integers, here, bits), 1.001 * (error * slope + rounding)
        middle, margin = Q(here, 1 << bits), Q(error)
        yield middle - margin, middle + margin


def far_orbit(rows: Rows, x: Q, error: Q) -> Iterator[Enclosed]:
    """The same for numbers of any size."""
    for row in rows:
        radius = abs(x) + error
        if radius > FAR:
            return
        spread = error * sum((abs(c) * (2 * i + 1) * radius ** (2 * i) for i, c in enumerate(row)), Q(0))
        exact = value(row, x)
        unit = Q(2) ** (max(exact.numerator.bit_length() - exact.denominator.bit_length(), 0) - BITS)
        x = round(exact / unit) * unit
        error = math.ceil((spread + unit) / unit) * unit
        yield x - error, x + error


def follow(row: Sequence[Q], x: Q, count: int, bits: int = 400) -> Iterator[float]:
    """The next iterates to 400 bits, with no bound on the error: for long orbits that settle."""
    integers, here = scaled(tuple(row), bits)[0], round(x * (1 << bits))
    for _ in range(count):
        here = fixed_point(integers, here, bits)
        if abs(here) >> bits > 10**40:
            yield math.copysign(math.inf, here)
            return
        yield here / (1 << bits)


def value(row: Sequence[Q], x: Q) -> Q:
    """Σ c_i x^(2i+1), exactly."""
    total, y = Q(0), x * x
    for c in reversed(row):
        total = total * y + c
    return total * x


def last(rows: Rows, x: Q) -> Enclosed | None:
    """φ(x), unless values run away."""
    values = list(orbit(rows, x))
    return values[-1] if len(values) == len(rows) + 1 else None


HUGE = np.longdouble(10) ** 4000


def floats(rows: Rows, x: np.ndarray) -> list[np.ndarray]:
    """The orbits of many points, in the longest floats: to choose points, not to judge them."""
    every = [x.astype(np.longdouble)]
    with np.errstate(all="ignore"):
        return _floats(rows, every)


def _floats(rows: Rows, every: list[np.ndarray]) -> list[np.ndarray]:
    for row in rows:
        x, total = every[-1], np.zeros_like(every[-1])
        y = np.minimum(x * x, HUGE ** np.longdouble(1 / (2 * len(row))))
        for c in reversed(row):
            total = total * y + np.longdouble(float(c))
        every.append(np.clip(np.nan_to_num(total * x, posinf=HUGE, neginf=-HUGE), -HUGE, HUGE))
    return every


def slopes(rows: Rows, x: np.ndarray) -> np.ndarray:
    """The signs of the derivative of the composition."""
    product = np.ones(x.shape)
    with np.errstate(all="ignore"):
        return _slopes(rows, x, product)


def _slopes(rows: Rows, x: np.ndarray, product: np.ndarray) -> np.ndarray:
    for row, at in zip(rows, floats(rows, x), strict=False):
        y, total = np.minimum(at * at, HUGE ** np.longdouble(1 / (2 * len(row)))), np.zeros_like(at)
        for i, c in reversed(list(enumerate(row))):
            total = total * y + np.longdouble(float(c * (2 * i + 1)))
        product = product * np.sign(total).astype(float)
    return product


def sample(lo: Q, hi: Q, count: int = 2000) -> np.ndarray:
    """Evenly, and evenly in the logarithm at each end."""
    l, u = float(lo), float(hi)
    steps = np.geomspace(1e-12, 1, count // 4) * (u - l)
    points = np.concatenate([np.linspace(l, u, count // 2), l + steps, u - steps])
    return np.unique(np.clip(points, l, u))


def critical(rows: Rows, x: np.ndarray) -> np.ndarray:
    """Where the derivative of one of f_1, f_2∘f_1, … changes its sign between the points, bisected to the last bit."""
    found = []
    for k in range(1, len(rows) + 1):
        d = slopes(rows[:k], x)
        where = np.nonzero(d[:-1] * d[1:] < 0)[0]
        a, b, da = x[where], x[where + 1], d[where]
        for _ in range(60):
            middle = (a + b) / 2
            same = slopes(rows[:k], middle) * da > 0
            a, b = np.where(same, middle, a), np.where(same, b, middle)
        found.append((a + b) / 2)
    return np.concatenate(found) if found else x[:0]


def worth_trying(rows: Rows, lo: Q, hi: Q, count: int = 2000, most: int = 40) -> list[Q]:
    """The ends, and of thousands of points those where some iterate is extreme, and the critical points."""
    if lo == hi:
        return [lo]
    x = sample(lo, hi, count)
    candidates = np.unique(np.concatenate([x, critical(rows, x)]))
    chosen = {float(x[len(x) // 2])}
    for at in floats(rows, candidates)[1:]:
        order = np.argsort(at)
        chosen.update(map(float, candidates[np.concatenate([order[: most // 8], order[-most // 8 :]])]))
    inside = [q for q in map(Q, sorted(chosen)) if lo < q < hi]
    return [lo, *inside, hi]
