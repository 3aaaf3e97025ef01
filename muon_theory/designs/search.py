"""Which degrees: closest to 1 for a budget, or the fewest steps or matrix products for a band.

Only the ratio ρ of the ends of the interval reached matters to the steps that follow, and a larger one is better: a
step's image has the ratio (1-E)/(1+E), which rises with the ratio it starts from.  So for each cost the best ratio is
enough (dynamic programming), and it is exact up to the digits of E.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

from muon_theory.designs.products import products
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.finders.alternation import best
from muon_theory.interval import Interval

DEGREES = (3, 5, 7, 9)
"""Degrees tried: the cubic, and those that reach furthest for 3 and 4 products."""

ENOUGH = Fraction(1, 10**9)
"""A level that no format used in training can tell from 0: smaller ones are not told apart."""

MOST = 60
"""Steps, or products over 3, after which a band is called out of reach."""


class Fewest(enum.Enum):
    """What is to be few."""

    STEPS = "steps"
    PRODUCTS = "products"


@lru_cache(maxsize=4096)
def following(degree: int, ratio: Fraction) -> Fraction:
    """(1-E)/(1+E), E the error of the best polynomial on [ratio, 1]: of the ends of what a step makes of it."""
    _, error = best(degree, Interval(ratio, Fraction(1)))
    return _short((1 - error) / (1 + error))


def _short(q: Fraction) -> Fraction:
    """Twenty digits of q and of 1 - q: ratios are compared, and begin the next search."""
    small = min(q, 1 - q)
    exponent = len(str(small.numerator)) - len(str(small.denominator)) if small else 0
    unit = Fraction(10) ** (20 - min(0, exponent))
    return Fraction((q * unit).__floor__()) / unit


def best_degrees(
    budget: int,
    lower: Fraction,
    upper: Fraction = Fraction(1),
    among: Sequence[int] = DEGREES,
    steps: int | None = None,
) -> tuple[int, ...]:
    """The degrees whose greedy composition ends closest to 1 on [l, u] for so many matrix products, and steps.

    Levels below 10^-9 count as equal; then fewer products win.

    Raises UsageError if no step is affordable.

    >>> best_degrees(6, Fraction(1, 100))
    (3, 9)
    >>> best_degrees(9, Fraction(1, 100), steps=2)
    (9, 9)
    """
    enough = (1 - ENOUGH) / (1 + ENOUGH)
    most = budget // products(3) if steps is None else steps
    best: dict[tuple[int, int], tuple[Fraction, tuple[int, ...]]] = {(0, 0): (lower / upper, ())}
    for spent in range(1, budget + 1):
        for used in range(1, most + 1):
            found = [
                (following(degree, before[0]), (*before[1], degree))
                for degree in among
                if (before := best.get((spent - products(degree), used - 1))) and before[0] < enough
            ]
            if found:
                best[spent, used] = max(found, key=lambda f: f[0])
    degrees = max(best.values(), key=lambda f: (min(f[0], enough), -sum(map(products, f[1]))))[1]
    if not degrees:
        raise UsageError(f"{budget} matrix products allow no step: a cubic takes {products(3)}")
    return degrees


def enough_for(delta: Fraction, ratio: Fraction, fewest: Fewest, degree: int) -> Iterator[tuple[int, ...]]:
    """Degrees whose greedy composition on [ratio, 1] ends within δ of 1: the fewest first, then longer ones.

    Fewest steps: of the degree given.  Fewest products: of any of `DEGREES`.

    >>> next(enough_for(Fraction(1, 10), Fraction(1, 100), Fewest.STEPS, 5))
    (5, 5, 5, 5)
    """
    wanted = (1 - delta) / (1 + delta)
    for cost in range(1, MOST + 1):
        if fewest is Fewest.STEPS:
            degrees, reached = (degree,) * cost, ratio
            for d in degrees:
                reached = following(d, reached) if reached < wanted else reached
        elif cost < products(3):
            continue
        else:
            degrees, reached = best_degrees(cost, ratio), ratio
            for d in degrees:
                reached = following(d, reached)
        if reached >= wanted:
            yield degrees
    raise UndecidedError(f"{MOST} {fewest.value} do not reach within {float(delta):.6g} of 1: widen the band")
