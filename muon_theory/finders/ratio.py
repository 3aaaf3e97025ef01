"""Finder for ratio: the tightest ℓ ≤ φ(x)/x ≤ u, by polynomial models on cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.certificate import Certificate
from muon_theory.claims import Ratio
from muon_theory.errors import UndecidedError
from muon_theory.exact.rationals import exact
from muon_theory.finders.landscape import Landscape, value
from muon_theory.finders.models import Model, cells, model, near_zero, witness
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational
from muon_theory.schedule import Schedule

DEGREES = (2, 4, 7)
"""Tried in turn on each cell, before it is halved."""
UNIT = Interval.of(0, 1)


@dataclass(frozen=True, slots=True)
class Found:
    """The certificate of ℓ ≤ φ(x)/x ≤ u, and where φ(x)/x is about ℓ and about u: 0 stands for the limit there."""

    certificate: Certificate[Ratio]
    least: Fraction
    greatest: Fraction


def ratio(schedule: Schedule, over: Interval = UNIT, digits: int = 12) -> Certificate[Ratio]:
    """The tightest ℓ ≤ φ(x)/x ≤ u over the interval (without 0), rounded outward to so many digits.

    Where φ(x)/x is largest in the limit at 0, u is φ'(0) exactly if constants near 0 show it.
    Raises UndecidedError if too many cells are needed.
    """
    return sharp_ratio(schedule, over, digits).certificate


def sharp_ratio(schedule: Schedule, over: Interval = UNIT, digits: int = 12) -> Found:
    """The same, and where the bounds are nearly reached."""
    land = Landscape(schedule, over)
    least, greatest = land.least(1), land.least(-1)
    lower, most = value(schedule, least), value(schedule, greatest)
    lower, upper = _below(lower, digits), -_below(-most, digits)
    if not over.lo and schedule.slope >= most:
        upper, greatest = schedule.slope, Fraction(0)
    if not over.lo and schedule.slope == 0 <= value(schedule, least):
        lower, least = Fraction(0), Fraction(0)  # 0 is no number to round digits of
    if not over.lo and schedule.slope == 0 >= value(schedule, greatest):
        upper, greatest = Fraction(0), Fraction(0)
    for _ in range(12):
        try:
            return Found(_ratio(schedule, over, Interval(lower, upper), digits), least, greatest)
        except _OutOfBounds as error:
            low, high = land.near(error.at, 1), land.near(error.at, -1)
            below, above = value(schedule, low), value(schedule, high)
            inside = lower <= below and above <= upper  # so a bound itself is touched there: give way by a digit
            slack = abs(below) / 10 ** (digits + 1) if inside else Fraction(0)
            if below - slack < lower:
                lower, least = _below(below - slack, digits), least if inside else low
            if above + slack > upper:
                upper, greatest = -_below(-above - slack, digits), greatest if inside else high
    raise UndecidedError("no bounds of φ(x)/x were found: ask for fewer digits")


def _below(q: Fraction, digits: int) -> Fraction:
    return rational(decimal(q, digits, -1))


class _OutOfBounds(Exception):
    def __init__(self, at: Fraction) -> None:
        self.at = at


def _ratio(schedule: Schedule, over: Interval, bounds: Interval, digits: int) -> Certificate[Ratio]:
    least, most = exact(bounds.lo), exact(bounds.hi)
    finest = max(abs(bounds.lo), Fraction(1, 1000)) / 10 ** (digits + 4)
    touches = over.hi == bounds.lo == 1 and all(f(1) == 1 for f in schedule.steps)
    land, ends = Landscape(schedule, over), (float(bounds.lo), float(bounds.hi))

    def attempts(cell: Interval) -> Iterator[Model]:
        if not cell.lo:
            yield near_zero(schedule, cell)
        for degree in DEGREES:
            if not land.forbids(cell, degree, *ends):
                yield model(schedule, cell, degree, finest, exact_end=touches and cell.hi == 1)

    def refuse(cell: Interval) -> None:
        raise _OutOfBounds(cell.midpoint)

    found = cells([over], lambda cell: next((m for m in attempts(cell) if m.between(least, most)), None), refuse)
    return Certificate(schedule, Ratio(over, bounds), witness(found))
