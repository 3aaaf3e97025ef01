"""What the picture of an atlas shows, as plain numbers: proved boxes, derived curves, published maps.

Every coloured box is part of a certificate; what stays blank is open.  The curves are symbolic work, the points are
coefficients that were published.  All quintics with f(1) = 1 are drawn by (a, s), s = f'(1), or by (a, b) with

    b = (5 - s)/2 - 2a,

an affine change of coordinates: the boxes proved in (a, s) are parallelograms there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias

from muon_theory.atlases import Atlas
from muon_theory.atlases.plane import maximal
from muon_theory.derivations import divergence_threshold
from muon_theory.derivations.plane import escape_factor, roots_in_a
from muon_theory.exact import dynamics
from muon_theory.exact.algebraic import AlgebraicNumber
from muon_theory.family import QUINTIC, QUINTIC_AB
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial

Point = tuple[float, float]
Place = Callable[[float, float], Point]
Window = tuple[Interval, Interval]
Data: TypeAlias = dict[str, Any]
"""What a figure of the kind *atlas* is drawn from, and its parts."""

SLOPES = (Fraction(-3), Fraction(35, 4))
"""The values of s for which the threshold a*(s) is derived."""

STEP = Fraction(1, 8)
AXES = {"a": "$a = f$′$(0)$", "s": "$s = f$′$(1)$", "b": "$b$", "l": "$l$"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A published map as a point (a, s), with its label and the side where the label stands in (a, s) and in (a, b)."""

    label: str
    a: float
    s: float
    sides: tuple[str, str] = ("right", "right")


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve of the plane, by points with None for gaps; `role` says how it is drawn."""

    role: str
    label: str
    points: Sequence[Point | None]


def by_slope(a: float, s: float) -> Point:
    """(a, s) as it stands."""
    return a, s


def by_coefficient(a: float, s: float) -> Point:
    """(a, s) as (a, b).

    >>> by_coefficient(3.25, -0.98)
    (3.25, -3.51)
    """
    return a, (5 - s) / 2 - 2 * a


def own_place(atlas: Atlas) -> Place | None:
    """From (a, s) to the atlas's own coordinates; None if it is of other maps than the quintics with f(1) = 1."""
    return {QUINTIC: by_slope, QUINTIC_AB: by_coefficient}.get(atlas.prover.family)


def picture(atlases: Sequence[Atlas], axes: tuple[str, str], window: Window, move: Place, place: Place | None) -> Data:
    """The data of a figure of the kind *atlas*.

    Parameters
    ----------
    atlases
        Of one family; where they overlap, so do their boxes.
    axes, window
        The two coordinates of the picture and the part of the plane that it shows.
    move
        From the atlases' coordinates to those of the picture; affine.
    place
        From (a, s) to the picture's coordinates, for the curves and points; None for none of them.
    """
    layers = dict.fromkeys(layer for atlas in atlases for layer in atlas.prover.layers)
    x, y = ([float(side.lo), float(side.hi)] for side in window)
    return {
        "xlabel": AXES.get(axes[0], axes[0]),
        "ylabel": AXES.get(axes[1], axes[1]),
        "xlim": x,
        "ylim": y,
        "layers": [
            {"layer": layer, "boxes": boxes}
            for layer in layers
            if (boxes := [box for atlas in atlases for box in _boxes(atlas, layer, move) if _within(box, x, y)])
        ],
        "curves": [] if place is None else [_moved(curve, place) for curve in curves()],
        "points": [] if place is None else list(_points(place, x, y)),
    }


def _boxes(atlas: Atlas, layer: str, move: Place) -> Iterator[list[list[float]]]:
    if layer in atlas.prover.layers:
        for path in maximal(leaf.path for leaf in atlas.boxes(layer)):
            (x0, x1), (y0, y1) = ((float(side.lo), float(side.hi)) for side in atlas.plane.box(path))
            yield [[*move(x, y)] for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]


def _within(box: list[list[float]], *window: list[float]) -> bool:
    """Does the box reach into the window?"""
    return all(min(p[i] for p in box) < high and max(p[i] for p in box) > low for i, (low, high) in enumerate(window))


def _points(place: Place, xlim: list[float], ylim: list[float]) -> Iterator[Data]:
    for mark in marks():
        x, y = place(mark.a, mark.s)
        if xlim[0] <= x <= xlim[1] and ylim[0] <= y <= ylim[1]:
            yield {"label": mark.label, "x": x, "y": y, "at": mark.sides[place is by_coefficient]}


def _moved(curve: Curve, place: Place) -> Data:
    """A curve in (a, s) in the coordinates of the picture."""
    points = [p and place(*p) for p in curve.points]
    return {
        "role": curve.role,
        "label": curve.label,
        "x": [p and p[0] for p in points],
        "y": [p and p[1] for p in points],
    }


@cache
def curves() -> tuple[Curve, ...]:
    """In (a, s): the threshold a*(s), the other branches of E(a, s) = 0, the edges |s| = 1, the article's two lines."""
    low, high = SLOPES
    slopes = [low + STEP * i for i in range(int((high - low) / STEP) + 1)]
    threshold = [(_float(divergence_threshold(s)), float(s)) for s in slopes]
    others: dict[int, list[Point | None]] = {}
    for (a_star, s), exact in zip(threshold, slopes, strict=True):
        roots = (_float(root) for root, _ in roots_in_a(escape_factor(), exact))
        for i, a in enumerate(a for a in roots if abs(a - a_star) > 1e-6):
            branch = others.setdefault(i, [])
            if branch and branch[-1] and abs(branch[-1][0] - a) > 0.4:
                branch.append(None)
            branch.append((a, s))
    branches = [p for branch in others.values() for p in (*branch, None)]
    across = (0.0, 6.0)
    edges = [(low, side) for side in (1.0, -1.0) for low in across]
    return (
        Curve("threshold", "the threshold $a^*\\!(s)$", threshold),
        Curve("line", "the article’s line $b = 2.99 - 2a$", [(a, -0.98) for a in across]),
        Curve("cubics", "the cubics, $b = 1 - a$", [(a, 3 - 2 * a) for a in across]),
        Curve("branch", "roots of the discriminant that are no threshold", branches),
        Curve("edge", "", [*edges[:2], None, *edges[2:]]),
    )


def _float(number: AlgebraicNumber) -> float:
    return float(number.decimal(12))


def marks() -> list[Mark]:
    """The article's three sets and Jordan's, the latter scaled so that each of its fixed points becomes 1.

    x → f(p·x)/p has the fixed point 1 with the multiplier f'(p), and the same slope a at 0.
    """
    jordan = OddPolynomial.of("3.4445", "-4.7750", "2.0315")
    found = [
        Mark("Bernstein & Newhouse", 1.5, 0.0, ("right", "far below")),
        Mark("the article's cubic", 1.99, -0.98, ("above", "far below")),
        Mark("the article's quintic", 3.25, -0.98, ("left above", "far below")),
    ]
    for fixed in dynamics.fixed_points(jordan):
        p = _float(fixed.point)
        if p > 0:
            found.append(Mark(f"Jordan, $p = {p:.3f}$", 3.4445, _float(fixed.multiplier), ("left", "far above")))
    return found


def open_percent(atlas: Atlas) -> str:
    """The open share in percent, rounded up to two decimals."""
    return f"{math.ceil(atlas.open_share() * 10**4) / 100:g}"
