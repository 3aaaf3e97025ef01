"""Finder for mean-square: bounds on the mean of (φ - 1)² over an interval, from a partition of it."""

from __future__ import annotations

import heapq
from fractions import Fraction
from itertools import count

from muon_theory.certificate import Certificate
from muon_theory.claims import MeanSquare, Outer, Parts
from muon_theory.errors import UndecidedError
from muon_theory.exact.rationals import precision
from muon_theory.finders.band import outer_steps
from muon_theory.interval import Interval
from muon_theory.number import simplest_between
from muon_theory.schedule import Schedule

MAX_CELLS = 4000
DIGITS = 5
"""Of the chains on the parts: what rounding loses stays far below what the width of a part loses."""


def squares(image: Interval) -> tuple[Fraction, Fraction]:
    """The least and the greatest (v - 1)² for v in the image."""
    below, above = 1 - image.hi, image.lo - 1
    return max(below, above, Fraction(0)) ** 2, max(1 - image.lo, image.hi - 1) ** 2


def mean_square(schedule: Schedule, over: Interval, tolerance: Fraction) -> Certificate[MeanSquare]:
    """(1/(u-l)) ∫ (φ - 1)² over [l, u] to within the tolerance: the part that loses most is halved until it is met.

    Raises UndecidedError if that takes more than MAX_CELLS parts.
    """
    if over.is_point:
        raise UndecidedError("the mean over a point is no mean: give an interval with l < u")
    precision(DIGITS)
    parts: list[tuple[Fraction, int, Interval, Interval, tuple[Outer, ...]]] = []
    number = count()

    def add(part: Interval) -> Fraction:
        image, steps = outer_steps(schedule, part, DIGITS)
        low, high = squares(image)
        loss = (high - low) * part.width
        heapq.heappush(parts, (-loss, next(number), part, image, tuple(steps)))
        return loss

    gap = add(over)
    while gap > tolerance * over.width:
        if len(parts) >= MAX_CELLS:
            raise UndecidedError(
                f"{MAX_CELLS} parts do not reach the tolerance {float(tolerance):.3g}: allow a larger one"
            )
        loss, _, part, _, _ = heapq.heappop(parts)
        third = part.width / 3
        middle = simplest_between(part.lo + third, part.hi - third)
        gap += loss + add(Interval(part.lo, middle)) + add(Interval(middle, part.hi))
    ordered = sorted(parts, key=lambda found: found[2].lo)
    low = high = Fraction(0)
    for _, _, part, image, _ in ordered:
        a, b = squares(image)
        low, high = low + a * part.width, high + b * part.width
    low, high = low / over.width, high / over.width
    slack = (high - low) / 100 + Fraction(1, 10**9)
    bounds = Interval(simplest_between(max(low - slack, Fraction(0)), low), simplest_between(high, high + slack))
    witness = Parts(tuple(part.lo for _, _, part, *_ in ordered[1:]), tuple(steps for *_, steps in ordered))
    return Certificate(schedule, MeanSquare(over, bounds), witness)
