"""φ(s) for singular values s, without torch: balls of 200 bits, so that a float's error is never our own."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from itertools import islice

from muon_theory.exact.orbit import Place, walk
from muon_theory.exact.rationals import fraction, midpoint
from muon_theory.schedule import Schedule

BITS = 200
MEMORY = 1 << 16  # values kept of one schedule
ESCAPED = Fraction(1 << 3896)  # an orbit past this is not followed


def _places(schedule: Schedule, s: Fraction) -> list[Place]:
    found = []
    for place in islice(walk(schedule.steps, s, BITS, 0), 1, None):
        found.append(place)
        if place.beyond(ESCAPED):
            break
    return found


def orbit(schedule: Schedule, s: Fraction) -> tuple[Fraction, ...]:
    """s_1, …, s_T with s_t = f_t(s_{t-1}): the middles of balls of 200 bits.

    The error of s_T is below 2⁻¹⁸⁰ wherever the orbit stays below 2 and ∏ max|f_t'| below 2¹⁵.  An orbit that passes
    2³⁸⁹⁶ ends there.

    >>> float(orbit(Schedule.parse("3/2,-1/2", 2), Fraction(1, 2))[-1])
    0.8687744140625
    """
    return tuple(fraction(midpoint(place.ball)) for place in _places(schedule, s))


@lru_cache(maxsize=64)
def _memory(schedule: Schedule) -> dict[Fraction, Fraction]:
    """The values computed so far."""
    return {}


def phi(schedule: Schedule, spectrum: Iterable[Fraction]) -> tuple[Fraction, ...]:
    """φ(s) for each s (the last value reached where an orbit escapes)."""
    known, points = _memory(schedule), tuple(spectrum)
    if len(known) > MEMORY:
        known.clear()
    for s in points:
        if s not in known:
            known[s] = fraction(midpoint(_places(schedule, s)[-1].ball))
    return tuple(known[s] for s in points)
