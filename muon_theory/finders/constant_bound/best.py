"""About the best map to repeat: differential evolution in floats from random values at nodes, then a simplex search.

Storn and Price, J. Global Optim. 11 (1997); Nelder and Mead, Comput. J. 7 (1965).  The seeds are fixed, so that the
answer is the same each time.  Nothing is claimed of what is found: its band and the lower bound are certified.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from muon_theory.finders.constant_bound.interpolation import lagrange, nodes_for
from muon_theory.finders.constant_bound.linear import Array
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

POPULATION, GENERATIONS, SEEDS = 160, 500, 2

Errors = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of a map to repeat: its degree and steps, the lower end of its interval, and what is given of f."""

    degree: int
    steps: int
    lower: Fraction
    slope: Fraction | None = None
    at_one: Fraction | None = None
    multiplier: Interval | None = None

    @property
    def nodes(self) -> tuple[Fraction, ...]:
        return nodes_for((self.degree + 1) // 2, self.lower if self.slope is None else Fraction(0))

    @property
    def rows(self) -> Array:
        return np.array([[float(a) for a in row] for row in lagrange(self.nodes)])

    def measured(self, count: int) -> Errors:
        """The errors of maps, by their values at the nodes, and how far f'(1) is from what is asked."""
        x, rows = places(float(self.lower), count), self.rows
        at_one = rows @ (2 * np.arange(len(rows)) + 1)

        def measure(w: Array) -> Array:
            found = errors(w @ rows, x, self.steps)
            if self.multiplier is not None:
                turn = w @ at_one
                found += 10 * np.maximum(
                    0, np.maximum(turn - float(self.multiplier.hi), float(self.multiplier.lo) - turn)
                )
            return found

        return measure


def best(wanted: Wanted) -> tuple[float, ...]:
    """Coefficients of a map with about the least max |1 - fᵀ| on [lower, 1]."""
    nodes = wanted.nodes
    low, high = np.full(len(nodes), 0.5), np.array([2 / float(x) if x else 0 for x in nodes])
    low[0], high[0] = 1, wanted.degree + 2
    if wanted.slope is not None:
        low[0] = high[0] = float(wanted.slope)
    if wanted.at_one is not None:
        low[-1] = high[-1] = float(wanted.at_one)
    with np.errstate(all="ignore"):
        tried = [_evolved(wanted.measured(100), low, high, seed) for seed in range(SEEDS)]
    return polished(wanted, tuple(min(tried, key=lambda t: t[0])[1] @ wanted.rows))


def polished(wanted: Wanted, row: Sequence[float]) -> tuple[float, ...]:
    """The best map near one, by its coefficients."""
    fine, rows = wanted.measured(1500), wanted.rows
    least = np.array(row) @ np.linalg.inv(rows)
    given = [wanted.slope is not None, *[False] * (len(rows) - 2), wanted.at_one is not None]
    free = [i for i, fixed in enumerate(given) if not fixed]
    with np.errstate(all="ignore"):
        for width in (1e-2, 1e-3, 1e-4, 1e-5):
            least = _simplex(fine, least, width, 100 * len(free), free)
    return tuple(map(float, least @ rows))


def errors(rows: Array, x: Array, steps: int) -> Array:
    """max over x of |1 - fᵀ(x)| for each row of coefficients, or 1 and the share of the x where it is 1 or more."""
    z = np.broadcast_to(x, (len(rows), len(x)))
    for _ in range(steps):
        y, g = z * z, np.zeros_like(z)
        for column in rows.T[::-1]:
            g = g * y + column[:, None]
        z = np.clip(z * g, -100, 100)
    away = np.abs(z - 1)
    worst: Array = away.max(1)
    return np.where(worst < 1, worst, 1 + (away >= 1).mean(1))


def turning(schedule: Schedule, lower: float) -> list[float]:
    """The points of [lower, 1] where |1 - φ| has a local maximum of at least a third of its largest value, about."""
    x = places(lower, 20_000)
    with np.errstate(all="ignore"):
        z = x
        for step in schedule.steps:
            z = z * np.polyval([float(c) for c in reversed(step.coefficients)], z * z)
        away = np.concatenate([[-1.0], np.nan_to_num(np.abs(z - 1)), [-1.0]])
    here = away[1:-1]
    peaks = (here >= away[:-2]) & (here >= away[2:]) & (here > here.max() / 3)
    found: list[float] = x[peaks].tolist()
    return found if len(found) < 60 else []


def places(lower: float, count: int) -> Array:
    """So many points of [lower, 1] evenly, and as many evenly in log x."""
    share = np.arange(count + 1) / count
    return np.unique(np.concatenate([lower**share, lower + (1 - lower) * share]))


def _evolved(f: Errors, low: Array, high: Array, seed: int) -> tuple[float, Array]:
    """(least value, where): each point is moved by the difference of two others, from another or from the best."""
    rng = np.random.default_rng(seed)
    shape = POPULATION, len(low)
    points = low + (high - low) * rng.random(shape)
    found = f(points)
    for _ in range(GENERATIONS):
        a, b, c = (points[rng.integers(0, POPULATION, POPULATION)] for _ in range(3))
        base = np.where(rng.random((POPULATION, 1)) < 0.3, points[found.argmin()], a)
        moved = np.where(rng.random(shape) < 0.9, base + rng.uniform(0.4, 0.9, (POPULATION, 1)) * (b - c), points)
        new = f(moved)
        better = new < found
        points[better], found[better] = moved[better], new[better]
        if found.max() - found.min() < 1e-6 * found.min():
            break
    return float(found.min()), points[found.argmin()]


def _simplex(f: Errors, start: Array, width: float, rounds: int, free: Sequence[int]) -> Array:
    """Where f is least near a point, moving its free coordinates, from a simplex of that relative width."""
    points = np.stack([start, *(start * (1 + width * (np.arange(len(start)) == i)) for i in free)])
    found = f(points)
    for _ in range(rounds):
        order = found.argsort()
        points, found = points[order], found[order]
        centre = points[:-1].mean(0)
        tries = centre + np.array([[-1.0], [-2.0], [-0.5], [0.5]]) * (points[-1] - centre)
        reflected, expanded, outside, inside = f(tries)
        if reflected < found[0]:
            k = 1 if expanded < reflected else 0
        elif reflected < found[-2]:
            k = 0
        elif min(outside, inside) < found[-1]:
            k = 2 if outside < inside else 3
        else:
            points[1:] = (points[1:] + points[0]) / 2
            found = f(points)
            continue
        points[-1], found[-1] = tries[k], (reflected, expanded, outside, inside)[k]
    least: Array = points[found.argmin()]
    return least
