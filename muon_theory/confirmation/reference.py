"""φ(s) for singular values s, without torch: integers scaled by 2²⁰⁰, so that a float's error is never our own."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from muon_theory.schedule import Schedule

BITS = 200
MEMORY = 1 << 16  # orbits kept of one schedule
ESCAPED = 1 << 4096  # in units of 2^-200; an orbit past this is not followed


@lru_cache(maxsize=64)
def _memory(schedule: Schedule) -> tuple[tuple[tuple[int, ...], ...], dict[Fraction, tuple[int, ...]]]:
    """The rows in units of 2^-200, and the orbits computed so far."""
    return tuple(tuple(round(c * (1 << BITS)) for c in f.coefficients) for f in schedule.steps), {}


def _orbit(rows: tuple[tuple[int, ...], ...], s: Fraction) -> tuple[int, ...]:
    x, values = round(s * (1 << BITS)), []
    for row in rows:
        y, value = (x * x) >> BITS, 0
        for c in reversed(row):
            value = ((value * y) >> BITS) + c
        x = (value * x) >> BITS
        values.append(x)
        if abs(x) > ESCAPED:
            break
    return tuple(values)


def orbit(schedule: Schedule, s: Fraction) -> tuple[Fraction, ...]:
    """s_1, …, s_T with s_t = f_t(s_{t-1}), each operation rounded to a multiple of 2⁻²⁰⁰.

    The error of s_T is below 2⁻¹⁸⁰ wherever the orbit stays below 2 and ∏ max|f_t'| below 2¹⁵.  An orbit that passes
    2³⁸⁹⁶ ends there.

    >>> float(orbit(Schedule.parse("3/2,-1/2", 2), Fraction(1, 2))[-1])
    0.8687744140625
    """
    return tuple(Fraction(x, 1 << BITS) for x in _orbit(_memory(schedule)[0], s))


def phi(schedule: Schedule, spectrum: Iterable[Fraction]) -> tuple[Fraction, ...]:
    """φ(s) for each s (the last value reached where an orbit escapes)."""
    rows, known = _memory(schedule)
    points = tuple(spectrum)
    if len(known) > MEMORY:
        known.clear()
    for s in points:
        if s not in known:
            known[s] = _orbit(rows, s)
    return tuple(Fraction(known[s][-1], 1 << BITS) for s in points)
