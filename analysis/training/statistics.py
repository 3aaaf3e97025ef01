"""Intervals from a few seeds: the jackknife with Student's t, and the learning rate at which a curve is lowest.

With n seeds, θ the statistic of all and θ₋ᵢ that without seed i, the pseudo-values are nθ − (n−1)θ₋ᵢ; the interval is
their mean ± t·s/√n, with t the quantile of Student's distribution for n − 1 degrees of freedom (Tukey 1958).  For a
mean the pseudo-values are the data, and this is the ordinary t-interval: of paired differences, the paired one.
It supposes that pseudo-values are about normal; five seeds cannot test that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from muon_theory.errors import UsageError

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A number with its confidence interval."""

    value: float
    low: float
    high: float

    def within(self, margin: float) -> str:
        """Is it known to lie in [−margin, margin] ("yes"), outside ("no"), or neither ("unresolved")?

        >>> [Estimate(x, x - 0.2, x + 0.2).within(0.5) for x in (0.1, 0.4, 0.8)]
        ['yes', 'unresolved', 'no']
        """
        if -margin <= self.low and self.high <= margin:
            return "yes"
        return "no" if self.low > margin or self.high < -margin else "unresolved"

    def at_most(self, margin: float) -> str:
        """Is it known to be ≤ margin ("yes"), above it ("no"), or neither ("unresolved")?"""
        return "yes" if self.high <= margin else "no" if self.low > margin else "unresolved"


def student(t: float, nu: int) -> float:
    """P(|T| ≤ t) for Student's distribution with ν degrees of freedom (Abramowitz & Stegun 26.7.3 and 26.7.4).

    >>> round(student(2.776445, 4), 6)
    0.95
    """
    theta = math.atan(t / math.sqrt(nu))
    term, total = (math.cos(theta), math.cos(theta)) if nu % 2 else (1.0, 1.0)
    for k in range(3 if nu % 2 else 2, nu - 1, 2):
        term *= (k - 1) / k * math.cos(theta) ** 2
        total += term
    if nu % 2 == 0:
        return math.sin(theta) * total
    return 2 / math.pi * (theta + (math.sin(theta) * total if nu > 1 else 0.0))


@cache
def quantile(nu: int, confidence: float = CONFIDENCE) -> float:
    """The t with P(|T| ≤ t) = confidence, by bisection."""
    low, high = 0.0, 1.0
    while student(high, nu) < confidence:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if student(middle, nu) < confidence else (low, middle)
    return high


def jackknife(statistic: Callable[[Sequence[int]], float | None], seeds: int) -> Estimate | None:
    """The interval of `statistic`, which takes the numbers of the seeds to use; None where it has no value for some.

    Raises UsageError for fewer than two seeds.
    """
    if seeds < 2:
        raise UsageError(f"an interval needs two seeds or more, found {seeds}: add seeds")
    everyone = range(seeds)
    whole = statistic(everyone)
    parts = [statistic([j for j in everyone if j != i]) for i in everyone]
    if whole is None or None in parts:
        return None
    pseudo = [seeds * whole - (seeds - 1) * part for part in parts if part is not None]
    mean = math.fsum(pseudo) / seeds
    variance = math.fsum((p - mean) ** 2 for p in pseudo) / (seeds - 1)
    half = quantile(seeds - 1) * math.sqrt(variance / seeds)
    return Estimate(mean, mean - half, mean + half)


def mean_interval(values: Sequence[float]) -> Estimate:
    """The t-interval of a mean.

    >>> e = mean_interval([1.0, 2.0, 3.0])
    >>> round(e.value, 6), round(e.high - e.value, 4)
    (2.0, 2.4841)
    """
    found = jackknife(lambda chosen: math.fsum(values[i] for i in chosen) / len(chosen), len(values))
    assert found is not None  # a mean always has a value
    return found


def vertex(x: Sequence[float], y: Sequence[float]) -> tuple[float, float] | None:
    """Where the parabola through three points is lowest, and its value there; None if it is not convex.

    >>> vertex([0.0, 1.0, 2.0], [5.0, 2.0, 1.0])
    (2.0, 1.0)
    """
    slope = [(y[i + 1] - y[i]) / (x[i + 1] - x[i]) for i in (0, 1)]
    curvature = (slope[1] - slope[0]) / (x[2] - x[0])
    if not curvature > 0:
        return None
    at = (x[0] + x[1]) / 2 - slope[0] / (2 * curvature)
    return at, y[0] + slope[0] * (at - x[0]) + curvature * (at - x[0]) * (at - x[1])


@dataclass(frozen=True)
class Sweep:
    """Final losses of one arm: `losses[i][s]` at `rates[i]` (increasing) for seed s; inf where it diverged."""

    rates: tuple[float, ...]
    losses: tuple[tuple[float, ...], ...]

    @property
    def seeds(self) -> int:
        return len(self.losses[0])

    def means(self, seeds: Sequence[int]) -> list[float]:
        return [sum(row[s] for s in seeds) / len(seeds) for row in self.losses]

    def best(self, seeds: Sequence[int] | None = None) -> int:
        """The index of the learning rate with the lowest mean loss."""
        means = self.means(range(self.seeds) if seeds is None else seeds)
        return min(range(len(means)), key=means.__getitem__)

    def optimum(self, seeds: Sequence[int]) -> tuple[float, float] | None:
        """Where the parabola through the best point and its neighbours is lowest: log₂ of the rate, and the loss.

        The three points are those of all seeds.  None where the best is an end of the grid, which then does not
        bracket the optimum, and where a neighbour diverged.
        """
        i = self.best()
        if not 0 < i < len(self.rates) - 1:
            return None
        x, y = [math.log2(r) for r in self.rates[i - 1 : i + 2]], self.means(seeds)[i - 1 : i + 2]
        return vertex(x, y) if all(map(math.isfinite, y)) else None


def at_best(a: Sweep, b: Sweep) -> Estimate:
    """Loss of a less that of b, each at the learning rate that is best over all seeds; paired by seed."""
    return mean_interval([x - y for x, y in zip(a.losses[a.best()], b.losses[b.best()], strict=True)])


def out_of_sample(a: Sweep, b: Sweep) -> Estimate:
    """As `at_best`, but the learning rates for a seed are those that are best over the *other* seeds."""
    differences = []
    for s in range(a.seeds):
        others = [j for j in range(a.seeds) if j != s]
        differences.append(a.losses[a.best(others)][s] - b.losses[b.best(others)][s])
    return mean_interval(differences)


def at_same_rate(a: Sweep, b: Sweep) -> Estimate:
    """Loss of a less that of b, both at the best learning rate of b."""
    i = b.best()
    return mean_interval([x - y for x, y in zip(a.losses[i], b.losses[i], strict=True)])


def at_optimum(a: Sweep, b: Sweep) -> Estimate | None:
    """Loss of a less that of b, each at the lowest point of its parabola: freer of where the grid's points lie."""
    return _between_optima(a, b, 1, 0.0)


def shift(a: Sweep, b: Sweep, offset: float = 0.0) -> Estimate | None:
    """log₂ of the ratio of the best learning rates, a to b, plus `offset`."""
    return _between_optima(a, b, 0, offset)


def _between_optima(a: Sweep, b: Sweep, part: int, offset: float) -> Estimate | None:
    def statistic(seeds: Sequence[int]) -> float | None:
        ours, theirs = a.optimum(seeds), b.optimum(seeds)
        return None if ours is None or theirs is None else ours[part] - theirs[part] + offset

    return jackknife(statistic, a.seeds)
