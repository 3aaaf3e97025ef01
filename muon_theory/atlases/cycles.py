"""Attracting cycles of all maps of a box: intervals that every member maps into one another, where it contracts.

The critical orbits of one member lead to a cycle (Fatou: an attracting cycle attracts a critical point).  An interval
around its first point, carried once around the cycle by all members, is widened until it falls into itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import prod

from muon_theory.atlases.chains import Maps, grid, near
from muon_theory.atlases.part import NotHere, Part, Proof
from muon_theory.claims import Contraction, Cycles
from muon_theory.errors import UndecidedError
from muon_theory.exact.orbit import settled
from muon_theory.exact.rationals import exact, fraction
from muon_theory.interval import Interval
from muon_theory.polynomial import horner

BLOCK, BLOCKS, PERIODS, CLOSE = 32, 24, 16, 1e-7
"""An orbit is followed so many steps at a time; it has settled if it comes back that close within a period."""

SCAN, FARTHEST = 40, 2.5
"""Critical points are looked for between so many values of y up to the farthest."""

ROUNDS, WIDEST, WIDER = 32, 0.5, 0.01
"""Tries at a trap, its greatest width, and by what share of its width each interval is wider than it must be."""

Range = tuple[float, float]
Rows = Sequence[Sequence[float]]
"""Polynomials in y = x², lowest coefficient first; every member's f/x (or f') lies in their hull."""


def attracting_cycle(part: Part) -> list[Proof]:
    """All members of a part have an attracting cycle in the same intervals, other than the fixed point 1.

    Raises UndecidedError if no intervals are found, NotHere if no sampled member has such a cycle.
    """
    cycle: list[float] = []
    for i, rows in enumerate(part.members()):
        cycle = _cycle(rows[0], part.fixes_one)
        if cycle and i:
            raise UndecidedError("the middle has no attracting cycle, a corner has: halve the box")
        if cycle:
            break
    if not cycle:
        raise NotHere
    through = [
        Interval(near(lo, (hi - lo) / 1000), near(hi, (hi - lo) / 1000)) for lo, hi in _trap(_hull(part.maps(0)), cycle)
    ]
    if any(p.lo <= 0 for p in through) or not all(p.disjoint(q) for i, p in enumerate(through) for q in through[:i]):
        raise UndecidedError("the intervals of the cycle meet: halve the box")
    if part.fixes_one and len(through) == 1 and 1 in through[0]:
        raise UndecidedError("the fixed point may be 1: halve the box")
    return [_shown(part, through)]


def _shown(part: Part, through: Sequence[Interval]) -> Proof:
    """The witness of a cycle in these intervals."""
    f, bounds, cuts = part.maps(0), [], []
    slope = f.derivative()
    steep = _hull(slope, odd=False)
    for here, there in zip(through, [*through[1:], through[0]], strict=True):
        most = max(map(abs, _image(steep, (float(here.lo), float(here.hi)), odd=False)))
        bounds.append(exact(near(most * 1.003 + 1e-4, most * 0.002 + 5e-5)))
        wanted = (
            f.plus(-exact(there.lo)),
            f.plus(exact(there.hi), -1),
            slope.plus(bounds[-1]),
            slope.plus(bounds[-1], -1),
        )
        low, high, falling, rising = (grid(p.cuts(exact(here.lo), exact(here.hi)), len(part.box)) for p in wanted)
        cuts.append((low, high, falling, rising))
    if prod(map(fraction, bounds)) >= 1:
        raise UndecidedError("the slopes along the cycle are not shown to contract: halve the box")
    return Cycles(tuple(through)), Contraction(tuple(cuts), tuple(map(fraction, bounds)))


def _hull(maps: Maps, odd: bool = True) -> list[list[float]]:
    return [[float(c) for c in row[odd::2]] for row in maps.coefficients.tolist()]


@lru_cache(maxsize=2**14)
def _cycle(member: tuple[float, ...], fixes_one: bool) -> list[float]:
    """The points of an attracting cycle of one map on the positive axis, other than the fixed point 1; or none.

    Neighbours share corners: a map is followed once.
    """
    for start in _critical(member):
        points = settled(member, start, BLOCK, BLOCKS, PERIODS, CLOSE)
        if points and min(points) > 0 and not (fixes_one and len(points) == 1 and abs(points[0] - 1) < CLOSE):
            return points
    return []


def _critical(member: Sequence[float]) -> Iterator[float]:
    """The positive critical points that a sign change of f' shows, and one other start, should all be complex."""
    slopes = [(2 * i + 1) * c for i, c in enumerate(member)]
    for lo, hi in pairwise(FARTHEST * i / SCAN for i in range(SCAN + 1)):
        left = horner(slopes, lo)
        if left * horner(slopes, hi) < 0:
            for _ in range(30):
                middle = (lo + hi) / 2
                lo, hi = (middle, hi) if horner(slopes, middle) * left > 0 else (lo, middle)
            yield lo**0.5
    yield 0.5


def _trap(rows: Rows, cycle: Sequence[float]) -> list[Range]:
    """Intervals, each with the images of the one before under all members inside it, with a little to spare.

    The first is widened until it falls into itself; then its images do so as well, and the narrowest is taken.
    Raises UndecidedError where the widening does not end.
    """
    first, trap = (cycle[0] - CLOSE, cycle[0] + CLOSE), list[Range]()
    for _ in range(ROUNDS):
        through, now = [], first
        for _ in cycle:
            through.append(now)
            if now[1] - now[0] > WIDEST:
                raise UndecidedError("the members of the cycle are too far apart: halve the box")
            lo, hi = _image(rows, now)
            more = WIDER * (hi - lo) + CLOSE / 10
            now = lo - more, hi + more
        if first[0] <= now[0] and now[1] <= first[1]:
            trap, before = through, first[1] - first[0]
            if now[1] - now[0] > 0.95 * before:
                return trap
            first = now
        elif trap:
            return trap
        else:
            lo, hi = min(now[0], first[0]), max(now[1], first[1])
            first = lo - (first[0] - lo) / 2 - CLOSE, hi + (hi - first[1]) / 2 + CLOSE
    if trap:
        return trap
    raise UndecidedError("no interval around the cycle falls into itself: halve the box")


def _image(rows: Rows, over: Range, odd: bool = True) -> Range:
    """The range on an interval of all Σ row[i]·y^i, times x where odd: from three values and a parabola."""
    lo, hi = over
    least, most = float("inf"), -float("inf")
    middle = (lo + hi) / 2
    points = [(x, x * x) for x in (lo, middle, hi)]
    for row in rows:
        values = []
        for x, y in points:
            total = horner(row, y)
            values.append(total * x if odd else total)
        p, q, r = values
        bend = p - 2 * q + r
        if abs(r - p) < 2 * abs(bend):  # the parabola has its vertex inside
            q -= (r - p) ** 2 / (8 * bend)
        least, most = min(least, p, q, r), max(most, p, q, r)
    return least, most
