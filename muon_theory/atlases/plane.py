"""A window of parameters, the boxes that repeated halving cuts it into, and exact areas.

A box is named by its *path*: a text of 0 and 1, one for each halving, the axes taking turns (0 is the lower half).  All
layers of a plane live in the same binary tree, so two boxes are nested or share no inner point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.errors import UsageError
from muon_theory.interval import Interval

Box = tuple[Interval, ...]
Point = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Plane:
    """Named parameters and the window of their values: two for a picture, or more.

    >>> unit = Plane(("a", "s"), (Interval.of(0, 1), Interval.of(-1, 1)))
    >>> print(*unit.box("01"))
    [0, 0.5] [0, 1]
    """

    axes: tuple[str, ...]
    window: Box

    def __post_init__(self) -> None:
        if len(self.axes) != len(self.window) or len(set(self.axes)) < len(self.axes):
            raise UsageError(f"a plane needs different axes and one interval for each, not {', '.join(self.axes)}")
        if flat := [a for a, i in zip(self.axes, self.window, strict=True) if i.is_point]:
            raise UsageError(f"the window of {flat[0]} is a point: give it a width, or fix that parameter")

    def box(self, path: str) -> Box:
        """The box of a path."""
        ends = [[i.lo, i.hi] for i in self.window]
        for depth, bit in enumerate(path):
            lo, hi = ends[depth % len(ends)]
            ends[depth % len(ends)] = [(lo + hi) / 2, hi] if bit == "1" else [lo, (lo + hi) / 2]
        return tuple(Interval(lo, hi) for lo, hi in ends)

    def axis(self, depth: int) -> int:
        """Which parameter the next halving cuts."""
        return depth % len(self.axes)

    @property
    def area(self) -> Fraction:
        return volume(self.window)


def volume(box: Box) -> Fraction:
    """The area of a box, or its volume."""
    product = Fraction(1)
    for side in box:
        product *= side.width
    return product


def maximal(paths: Iterable[str]) -> list[str]:
    """The paths that lie in no other of them: the same union, without overlaps.

    >>> maximal(["0", "01", "10", "1011"])
    ['0', '10']
    """
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


@dataclass(frozen=True, slots=True)
class Strip:
    """The part of a plane where an affine function of its two parameters, m₀ + m₁·x + m₂·y, lies between bounds."""

    name: str
    constant: Fraction
    slopes: Point
    bounds: Interval

    def area(self, box: Box) -> Fraction:
        """The exact area of the strip within a box."""
        (x0, x1), (y0, y1) = ((i.lo, i.hi) for i in box)
        corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        above = _cut(corners, lambda p: self._at(p) - self.bounds.lo)
        return _shoelace(_cut(above, lambda p: self.bounds.hi - self._at(p)))

    def _at(self, p: Point) -> Fraction:
        return self.constant + self.slopes[0] * p[0] + self.slopes[1] * p[1]


def _cut(polygon: Sequence[Point], height: Callable[[Point], Fraction]) -> list[Point]:
    """The part of a convex polygon where an affine function is ≥ 0 (Sutherland and Hodgman)."""
    kept: list[Point] = []
    for p, q in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True):
        h, k = height(p), height(q)
        if h >= 0:
            kept.append(p)
        if h * k < 0:
            t = h / (h - k)
            kept.append((p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])))
    return kept


def _shoelace(polygon: Sequence[Point]) -> Fraction:
    return sum(
        ((p[0] * q[1] - q[0] * p[1]) / 2 for p, q in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True)),
        Fraction(0),
    )
