"""Orbits of single points through a schedule, enclosed in balls: exact witnesses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import islice

from muon_theory.exact.orbit import interval, walk
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

BITS = 128
"""Of the balls around each value."""

ESCAPED = 10**6
"""Beyond this an orbit is not followed: every cap is far below."""

_FAR = Fraction(10**300)

GRID = 192
"""Points of the linear part of the search for witnesses."""


@dataclass(frozen=True, slots=True)
class Orbit:
    """The iterates of x: one enclosure a step, ending early at a step that is negative or beyond `ESCAPED`."""

    start: Fraction
    values: tuple[Interval, ...]
    complete: bool

    @property
    def end(self) -> Interval:
        return self.values[-1]

    @property
    def flips(self) -> bool:
        """Is the last value negative for certain?"""
        return self.end.hi < 0

    def unsafe(self, cap: Fraction) -> bool:
        """Is the last value negative, or above the cap, for certain?"""
        return self.flips or self.end.lo > (cap if self.complete else ESCAPED)

    def story(self) -> str:
        """The orbit as far as it was followed; ≈ stands before a point, or values, that are rounded."""
        start, values = decimal(self.start, 6), [decimal(v.midpoint, 5) for v in self.values]
        exact = all(Fraction(text) == v.lo == v.hi for text, v in zip(values, self.values, strict=True))
        return f"x {'=' if Fraction(start) == self.start else '≈'} {start}: {'' if exact else '≈ '}{' → '.join(values)}"


def orbit(schedule: Schedule, x: Fraction) -> Orbit:
    """Follow one point of (0, ∞).

    >>> jordan = Schedule.parse("3.4445,-4.7750,2.0315")
    >>> Fraction("0.701") in orbit(jordan, Fraction(1)).values[0]
    True
    """
    values: list[Interval] = []
    for place in islice(walk(schedule.steps, x, BITS, 0), 1, None):
        values.append(interval(place.ball))
        if values[-1].lo <= 0 or values[-1].hi > ESCAPED:
            break
    return Orbit(x, tuple(values), len(values) == len(schedule.steps))


def grid(upper: Fraction) -> Iterator[Fraction]:
    """Points of (0, upper]: the end first (rank-one inputs sit there), then a linear grid, then small values."""
    yield upper
    yield from (upper * k / GRID for k in range(GRID - 1, 0, -1))
    yield from (upper / 2**k for k in range(8, 15))


def first_unsafe(schedule: Schedule, upper: Fraction, cap: Fraction) -> Orbit | None:
    """A point of (0, upper] that some step makes negative, that leaves `ESCAPED`, or that ends above the cap.

    What is returned is certain; that nothing is found proves nothing.
    """
    return _first_unsafe(schedule.steps, upper, cap)


@lru_cache(maxsize=4096)  # the same list stands in many files
def _first_unsafe(steps: tuple[OddPolynomial, ...], upper: Fraction, cap: Fraction) -> Orbit | None:
    rows = [tuple(float(max(min(c, _FAR), -_FAR)) for c in f.coefficients[::-1]) for f in steps]
    tried = (x for x in grid(upper) if _suspect(rows, float(x), float(cap)))
    return next((o for x in tried if (o := orbit(Schedule(steps), x)).unsafe(cap)), None)


def _suspect(rows: list[tuple[float, ...]], x: float, cap: float) -> bool:
    """Might the orbit be unsafe?  In floats: what passes is followed in balls, and what does not is no witness."""
    for row in rows:
        y, value = x * x, 0.0
        for c in row:
            value = value * y + c
        x *= value
        if not 1e-9 <= x <= ESCAPED / 2:  # so is what is no number
            return True
    return x > cap * (1 - 1e-9)
