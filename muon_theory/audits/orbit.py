"""Orbits of single points through a schedule, enclosed in fixed-point arithmetic rounded outward: exact witnesses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.schedule import Schedule

BITS = 128
"""Bits after the point."""

ESCAPED = 10**6
"""Beyond this an orbit is not followed: every cap is far below."""

GRID = 192
"""Points of the linear part of the search for witnesses."""

_Range = tuple[int, int]


def fixed(schedule: Schedule) -> list[list[_Range]]:
    """The coefficients of each step as integers over 2^BITS, rounded down and up."""
    scaled = [[c * (1 << BITS) for c in f.coefficients] for f in schedule.steps]
    return [[(c.__floor__(), c.__ceil__()) for c in row] for row in scaled]


def enclose(row: list[_Range], x: _Range) -> _Range:
    """f of [lo, hi], 0 ≤ lo, by Horner's rule in y = x², each operation rounded outward."""
    lo, hi = x
    y = (lo * lo) >> BITS, -((-hi * hi) >> BITS)
    value = 0, 0
    for c in reversed(row):
        product = _times(value, y)
        value = product[0] + c[0], product[1] + c[1]
    return _times(value, x)


def _times(v: _Range, y: _Range) -> _Range:
    """v·y for y ≥ 0."""
    low = v[0] * (y[0] if v[0] >= 0 else y[1])
    high = v[1] * (y[1] if v[1] >= 0 else y[0])
    return low >> BITS, -((-high) >> BITS)


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
        """The orbit as far as it was followed."""
        return f"x = {decimal(self.start, 6)}: " + " → ".join(decimal(v.midpoint, 5) for v in self.values)


def orbit(schedule: Schedule, x: Fraction) -> Orbit:
    """Follow one point of (0, ∞).

    >>> jordan = Schedule.parse("3.4445,-4.7750,2.0315")
    >>> Fraction("0.701") in orbit(jordan, Fraction(1)).values[0]
    True
    """
    return follow(fixed(schedule), x)


def follow(rows: list[list[_Range]], x: Fraction) -> Orbit:
    """The same, for coefficients that `fixed` made."""
    one = 1 << BITS
    at: _Range = (x * one).__floor__(), (x * one).__ceil__()
    values: list[Interval] = []
    for row in rows:
        at = enclose(row, at)
        values.append(Interval(Fraction(at[0], one), Fraction(at[1], one)))
        if at[0] <= 0 or at[1] > ESCAPED * one:
            break
    return Orbit(x, tuple(values), len(values) == len(rows))


def grid(upper: Fraction) -> Iterator[Fraction]:
    """Points of (0, upper]: the end first (rank-one inputs sit there), then a linear grid, then small values."""
    yield upper
    yield from (upper * k / GRID for k in range(GRID - 1, 0, -1))
    yield from (upper / 2**k for k in range(8, 15))


def first_unsafe(schedule: Schedule, upper: Fraction, cap: Fraction) -> Orbit | None:
    """A point of (0, upper] that some step makes negative, that leaves `ESCAPED`, or that ends above the cap.

    What is returned is certain; that nothing is found proves nothing.
    """
    rows = fixed(schedule)
    return next((o for x in grid(upper) if (o := follow(rows, x)).unsafe(cap)), None)
