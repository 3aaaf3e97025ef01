"""A part of a plane as what proves something on it sees it: the maps of all its members, exact and as floats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product

from muon_theory.atlases.chains import Maps, Row
from muon_theory.atlases.plane import Box
from muon_theory.claims import AnyClaim, Witness
from muon_theory.exact.orbit import value
from muon_theory.interval import Interval

STARTS = 64
"""Orbits in floats begin at so many places."""

Proof = tuple[AnyClaim, Witness]
"""A claim about all members of a box, with its witness."""

Steps = tuple[tuple[float, ...], ...]
"""A member in floats: for each step the coefficients of x, x³, …"""


class NotHere(Exception):
    """No sampled member has the layer's property, so the search is given up."""


@dataclass(frozen=True, slots=True)
class Part:
    """A box of parameters: `rows` are the steps' coefficients, one row where a map is repeated without end."""

    rows: tuple[Row, ...]
    box: Box
    lower: Interval
    target: Interval
    slack: Fraction

    @property
    def fixes_one(self) -> bool:
        """Do all members have f(1) = 1?"""
        return all(_fixes_one(row) for row in self.rows)

    def maps(self, step: int) -> Maps:
        """All f_t of the box."""
        return _maps(self.rows[step % len(self.rows)], self.box)

    def chain(self, steps: int) -> list[Maps]:
        """The maps of so many steps."""
        return [self.maps(t) for t in range(steps)]

    def members(self) -> Iterator[Steps]:
        """The member in the middle, and those at the corners: to guess with."""
        yield self._member(tuple(side.midpoint for side in self.box))
        for corner in product(*((side.lo, side.hi) for side in self.box)):
            yield self._member(corner)

    def _member(self, point: tuple[Fraction, ...]) -> Steps:
        made = {row: tuple(float(c.at(point)) for c in row) for row in set(self.rows)}
        return tuple(made[row] for row in self.rows)


@lru_cache(maxsize=32)
def _maps(row: Row, box: Box) -> Maps:
    return Maps.of(row, box)


@lru_cache(maxsize=32)
def _fixes_one(row: Row) -> bool:
    total: dict[tuple[int, ...], Fraction] = {}
    for e, c in (term for p in row for term in p.terms):
        total[e] = total.get(e, Fraction(0)) + c
    return {e: c for e, c in total.items() if c} == {(0,) * len(next(iter(total), ())): 1}


def orbit(member: Steps, x: float, steps: int) -> list[float]:
    """x and its images; past 10⁶ an orbit ends in ∞."""
    found = [x]
    for t in range(steps):
        x = value(member[t % len(member)], x)
        if not abs(x) < 1e6:
            return [*found, float("inf")]
        found.append(x)
    return found


def starts(lower: float) -> list[float]:
    """Places in [lower, 1], both ends among them."""
    return [lower + (1 - lower) * i / STARTS for i in range(STARTS + 1)]
