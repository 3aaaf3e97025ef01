"""Layers of a family with f(1) = 1: the properties of `region`, tried on a box and on what its halves inherit.

A condition that was shown on a box holds on its halves: its *cell* is handed down and never tested again.  The others
are halved as integer tensors.  A condition is either for all y in (0, 1) or, where its name ends so, at one y.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from flint import fmpz

from muon_theory.atlases.explore import Evidence, Leaf
from muon_theory.atlases.plane import Box, Plane
from muon_theory.atlases.tensor import GRID, PLACES, Tensor
from muon_theory.certificate import Certificate
from muon_theory.claims import Covers, Region
from muon_theory.claims.properties import PROPERTIES
from muon_theory.claims.record import rational
from muon_theory.claims.region import Cell as RegionCell
from muon_theory.family import Family
from muon_theory.finders.families import Unit

MAX_PIECES = 16
"""A condition's interval in y is cut into at most so many pieces before the box itself is halved."""

SAMPLES = 16
"""A condition for all y is refuted at y = 1/16, …, 15/16, or not at all."""

OPEN_LAYERS = ("multiplier-above-1", "multiplier-below-minus-1")
"""Layers of open boxes: they end where their boxes do."""

Cell = tuple[str, tuple[str, ...], str | None]
"""Where a condition was shown: the path of the box, the cuts in y, and the point for a condition at one point."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the interval in y on which a condition is still to be shown."""

    lo: Fraction
    hi: Fraction
    tensor: Tensor

    def halves(self) -> list[Piece]:
        middle = (self.lo + self.hi) / 2
        return [
            Piece(self.lo, middle, self.tensor.half_y(False)),
            Piece(middle, self.hi, self.tensor.half_y(True)),
        ]


@dataclass(frozen=True, slots=True)
class Condition:
    """The state of one condition on a box: shown in a cell, or the pieces that are left and the cuts made so far."""

    whole: Tensor
    pieces: tuple[Piece, ...]
    cuts: frozenset[Fraction] = frozenset()
    cell: Cell | None = None
    at_point: bool = False

    @classmethod
    def of(cls, tensor: Tensor, at_point: bool) -> Condition:
        return cls(tensor, (Piece(Fraction(0), Fraction(1), tensor),), at_point=at_point)

    def half(self, axis: int, upper: bool) -> Condition:
        if self.cell is not None:
            return self
        pieces = tuple(Piece(p.lo, p.hi, p.tensor.half(axis, upper)) for p in self.pieces)
        return replace(self, whole=self.whole.half(axis, upper), pieces=pieces)

    def tried(self, path: str, closed: bool) -> Condition:
        """Shown for all y, where a few cuts are enough."""
        left, cuts = list(self.pieces), set(self.cuts)
        while left:
            piece = left.pop()
            if not _shown(piece, closed):
                if len(cuts) + 1 >= MAX_PIECES or piece.tensor.matrix.ncols() == 1:
                    return self
                cuts.add((piece.lo + piece.hi) / 2)
                left += piece.halves()
        return replace(self, pieces=(), cuts=frozenset(cuts), cell=(path, tuple(str(q) for q in sorted(cuts)), None))


def _shown(piece: Piece, closed: bool) -> bool:
    least = piece.tensor.least()
    return least > 0 or (least == 0 and piece.tensor.positive_inside(closed, piece.lo > 0, piece.hi < 1))


State = dict[str, dict[str, Condition]]
"""For each layer that is still open on a box, its conditions."""


@dataclass(frozen=True, slots=True)
class Properties:
    """The layers of a family: names of properties of `region`.  Laws: see `explore.Prover`."""

    family: Family
    layers: tuple[str, ...]

    def begin(self, box: Box) -> State:
        """Nothing is shown yet."""
        shared: dict[str, Tensor] = {}
        state: State = {}
        for layer in self.layers:
            state[layer] = {}
            for condition, p in _unit(self.family).conditions(layer).items():
                key = str(p)
                if key not in shared:
                    shared[key] = Tensor.of(p, box)
                state[layer][condition.name] = Condition.of(shared[key], condition.at_point)
        return state

    def half(self, state: State, axis: int, upper: bool) -> State:
        """What is known on one half of the box."""
        return {
            layer: {what: c.half(axis, upper) for what, c in conditions.items()} for layer, conditions in state.items()
        }

    def prove(self, state: State, path: str) -> tuple[dict[str, Evidence], State]:
        """The evidence for the layers that the whole box has; the state of those that its parts may have."""
        found: dict[str, Evidence] = {}
        left: State = {}
        for layer, before in state.items():
            closed, after, signs = layer not in OPEN_LAYERS, {}, []
            for what, c in before.items():
                if not c.at_point and c.cell is None:
                    values = c.whole.sampled(SAMPLES)
                    signs.append([_positive(row) for row in values])
                    if all(signs[-1]) or (not closed and all(min(row) >= 0 for row in values)):
                        c = c.tried(path, closed)
                after[what] = c
            places = _good_places(after)
            cells = _cells(after, path, places)
            if cells is not None:
                found[layer] = cells
            elif any(p and all(column) for p, *column in zip(places, *signs, strict=True)):
                left[layer] = after
        return found, left

    def tied(self, plane: Plane, leaf: Leaf) -> bool:
        """A cell for each condition, around the box: the claim is made of the layer and the boxes themselves."""
        count = len(PROPERTIES[leaf.layer].conditions) if leaf.layer in self.layers else 0
        return 0 < count == len(leaf.evidence) and all(leaf.path.startswith(path) for path, _, _ in leaf.evidence)

    def files(self, plane: Plane, layer: str, leaves: Sequence[Leaf]) -> bytes:
        """One file that claims the layer on all these boxes: a certificate of `region`."""
        covers: list[dict[str, int]] = [{} for _ in leaves[0].evidence]
        uses = []
        for leaf in leaves:
            cells = [json.dumps(cell) for cell in leaf.evidence]
            uses.append([cover.setdefault(cell, len(cover)) for cover, cell in zip(covers, cells, strict=True)])
        written = tuple(tuple(self._cell(plane, *json.loads(cell)) for cell in cover) for cover in covers)
        claim = Region(layer, tuple(plane.box(leaf.path) for leaf in leaves), layer in OPEN_LAYERS)
        return Certificate(self.family, claim, Covers(written, tuple(map(tuple, uses)))).data

    def _cell(self, plane: Plane, path: str, cuts: list[str], point: str | None) -> RegionCell:
        grid = (*(() for _ in plane.axes), tuple(map(rational, cuts)))
        return plane.box(path), grid, None if point is None else rational(point)


def _positive(row: Sequence[fmpz]) -> bool:
    """Values of a polynomial at places of [0, 1]: ≥ 0, and > 0 between the ends."""
    return min(row[1:-1]) > 0 and row[0] >= 0 and row[-1] >= 0


@cache
def _unit(family: Family) -> Unit:
    return Unit.of(family)


def _good_places(conditions: dict[str, Condition]) -> list[list[int]]:
    """For each sampled point of the box the places where the conditions at one y hold (the place 0, without any)."""
    tables = [c.whole.sampled(PLACES) for c in conditions.values() if c.at_point]
    if not tables:
        return [[0]] * (GRID + 1) ** len(next(iter(conditions.values())).whole.shape)
    good = []
    for rows in zip(*tables, strict=True):
        columns = list(zip(*rows, strict=True))
        good.append([j for j in range(1, PLACES) if min(columns[j]) > 0])
    return good


def _cells(conditions: dict[str, Condition], path: str, good: list[list[int]]) -> list[Cell] | None:
    """The cells of all conditions, if everything is shown, with one point for those at a point."""
    at = [c for c in conditions.values() if c.at_point]
    if any(c.cell is None for c in conditions.values() if not c.at_point):
        return None
    for place in _from_the_middle(sorted(set(good[0]).intersection(*good[1:]))):
        if all(c.whole.least_at(place) > 0 for c in at):
            return [c.cell or (path, (), str(Fraction(place, PLACES))) for c in conditions.values()]
    return None


def _from_the_middle(places: Sequence[int]) -> list[int]:
    middle = (len(places) - 1) / 2
    return [place for _, place in sorted(enumerate(places), key=lambda pair: abs(pair[0] - middle))][:5]
