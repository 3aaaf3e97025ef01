"""Almost every orbit is trapped: an elementary certificate of exponential decay, in exact arithmetic.

Cells cut an interval that f maps into itself.  A cell is *trapped* if its image lies in the trap or in cells trapped
before it; f is monotone on each of the others.  Weights w > 0 on those with, for every such cell J,

    Σ_branches max { w(I)/min_I |f'| : I in the branch, f(I) meets J } ≤ θ·w(J),   θ < 1,

show that the x whose first n points all lie in untrapped cells have measure at most C·θⁿ: change variables on each
branch.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from muon_theory.errors import UndecidedError
from muon_theory.exact.bernstein import bernstein
from muon_theory.exact.rationals import exact, poly
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial

ROUNDS = 300
"""Of the float iteration that guesses the weights."""
SCALE = 10**6
"""Weights are integers; the least is about so large."""


def enclosure(c: Sequence[Fraction], over: Interval) -> Interval:
    """Σ c_i t^i on the interval, by Bernstein coefficients.

    >>> print(enclosure([Fraction(0), Fraction(1), Fraction(-1)], Interval.of(0, 1)))
    [0, 0.5]
    """
    b, unit = bernstein(poly(c), exact(over.lo), exact(over.hi))
    return Interval(Fraction(min(b), unit), Fraction(max(b), unit))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what contains its image, a lower bound of |f'| (0 where f is not shown to be monotone), its branch."""

    image: Interval
    steepness: Fraction
    branch: int


@dataclass(frozen=True, slots=True)
class Decay:
    """Cells, the order in which they are trapped (None: never), and weights (0 for trapped cells)."""

    f: OddPolynomial
    trap: Interval
    points: tuple[Fraction, ...]
    order: tuple[int | None, ...]
    weights: tuple[int, ...]
    rate: Fraction

    @property
    def factor(self) -> Fraction:
        """C: the measure of the x that are not trapped in n steps is at most C·rateⁿ."""
        widths = (q - p for p, q in pairwise(self.points))
        return sum((w * d for w, d in zip(self.weights, widths, strict=True)), Fraction(0)) / (
            min(w for w in self.weights if w) * self.rate
        )

    def holds(self) -> bool:
        """Every condition, again and exactly."""
        cells = _cells(self.f, self.points)
        inside = all(self.points[0] <= c.image.lo and c.image.hi <= self.points[-1] for c in cells)
        return inside and self._trapped(cells) and self._decays(cells)

    def _trapped(self, cells: Sequence[Cell]) -> bool:
        for cell, rank in zip(cells, self.order, strict=True):
            if rank is not None and not cell.image <= self.trap:
                later = (self.order[j] for j in _met(self.points, cell.image))
                if any(r is None or r >= rank for r in later):
                    return False
        return True

    def _decays(self, cells: Sequence[Cell]) -> bool:
        if any((rank is None) != (w > 0) for rank, w in zip(self.order, self.weights, strict=True)):
            return False
        if any(w and not c.steepness for c, w in zip(cells, self.weights, strict=True)):
            return False
        total = _transferred(self.points, cells, self.weights)
        return all(not w or t <= self.rate * w for w, t in zip(self.weights, total, strict=True))


def decay(f: OddPolynomial, over: Interval, trap: Interval, cells: int, rate: Fraction) -> Decay:
    """Almost every orbit from `over`, which f maps into itself, comes into the trap.

    Raises UndecidedError where these cells do not show it at that rate.
    """
    points = tuple(over.lo + over.width * Fraction(i, cells) for i in range(cells + 1))
    made = _cells(f, points)
    order: list[int | None] = [0 if c.image <= trap else None for c in made]
    for rank in range(1, cells + 1):
        new = [
            i for i, c in enumerate(made)
            if order[i] is None and all(order[j] is not None for j in _met(points, c.image))
        ]  # fmt: skip
        if not new:
            break
        for i in new:
            order[i] = rank
    free = [o is None for o in order]
    if any(u and not c.steepness for u, c in zip(free, made, strict=True)):
        raise UndecidedError("a cell with a critical point is not trapped: take more cells, or a larger trap")
    weights, theta = [float(u) for u in free], float(rate)
    for _ in range(ROUNDS):  # w = 1 + L w/θ, whose solution has L w = θ(w - 1)
        moved = _transferred(points, made, weights)
        weights = [1 + t / theta if u else 0.0 for u, t in zip(free, moved, strict=True)]
    found = Decay(
        f, trap, points, tuple(order), tuple(int(SCALE * w) + u for u, w in zip(free, weights, strict=True)), rate
    )
    if not found.holds():
        raise UndecidedError(
            f"{cells} cells do not show decay at the rate {rate}: take more of them, or a rate nearer 1"
        )
    return found


def _cells(f: OddPolynomial, points: Sequence[Fraction]) -> list[Cell]:
    """Each cell; a branch ends where f is not monotone, or turns."""
    made: list[Cell] = []
    branch, sign = 0, 0
    for p, q in pairwise(points):
        d = enclosure(f.derivative_in_y, Interval(p * p, q * q))
        now = 1 if d.lo > 0 else -1 if d.hi < 0 else 0
        branch, sign = branch + (now != sign), now
        steepness = max(d.lo, -d.hi, Fraction(0))
        image = Interval(*sorted((f(p), f(q)))) if now else enclosure(f.dense(), Interval(p, q))
        made.append(Cell(image, steepness, branch))
    return made


def _met(points: Sequence[Fraction], image: Interval) -> range:
    """The cells whose inside the image meets."""
    return range(max(bisect_right(points, image.lo) - 1, 0), min(bisect_left(points, image.hi), len(points) - 1))


def _transferred(
    points: Sequence[Fraction], cells: Sequence[Cell], weights: Sequence[float | int]
) -> list[float | Fraction]:
    """For each cell the sum over the branches of the greatest w/|f'| that comes to it; exact where the weights are."""
    exactly = isinstance(weights[0], int)
    total: list[float | Fraction] = [Fraction(0) if exactly else 0.0] * len(cells)
    branches: dict[int, dict[int, float | Fraction]] = {}
    for c, w in zip(cells, weights, strict=True):
        if w:
            most, share = branches.setdefault(c.branch, {}), w / (c.steepness if exactly else float(c.steepness))
            for j in _met(points, c.image):
                most[j] = max(most.get(j, share), share)
    for most in branches.values():
        for j, most_here in most.items():
            total[j] = total[j] + most_here
    return total
