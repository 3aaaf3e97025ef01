"""Adaptive halving: every box is shown to have a layer's property, given up, or halved, down to a depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from muon_theory.atlas.plane import Box, Plane


class Prover(Protocol):
    """What a plane's layers are, and how a box is shown to have them.

    Laws: the evidence of `prove` makes a certificate that the checker proves; a layer that is in neither answer of
    `prove` is given up on the box; `half` loses nothing that was shown.  A prover may give up where it is wrong to:
    the box then stays open.
    """

    @property
    def layers(self) -> tuple[str, ...]: ...

    def begin(self, box: Box) -> Any: ...

    def half(self, state: Any, axis: int, upper: bool) -> Any: ...

    def prove(self, state: Any, path: str) -> tuple[dict[str, Any], Any]: ...


@dataclass(frozen=True, slots=True)
class Leaf:
    """One box of one layer, with its evidence (JSON data)."""

    layer: str
    path: str
    evidence: Any


@dataclass(frozen=True, slots=True)
class Found:
    """What the exploration of a part of the plane found; `pending`: boxes that are to be halved further."""

    leaves: tuple[Leaf, ...]
    pending: tuple[str, ...]
    tests: int


EARLY = 6
"""Down to this depth a box is halved even where no corner has the property."""


def explore(prover: Prover, plane: Plane, path: str, depth: int) -> Found:
    """The maximal boxes of every layer below a path, halved down to the depth."""
    leaves: list[Leaf] = []
    pending: list[str] = []
    tests = 0
    for answer in _walk(prover, plane, path, depth):
        tests += 1
        at, found, left = answer
        leaves += [Leaf(layer, at, evidence) for layer, evidence in found.items()]
        if left:
            pending.append(at)
    return Found(tuple(leaves), tuple(pending), tests)


def _walk(prover: Prover, plane: Plane, path: str, depth: int) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Each box that was tried: its path, what was shown there, and whether it is left at the greatest depth."""
    stack = [(path, prover.begin(plane.box(path)))]
    while stack:
        at, state = stack.pop()
        found, left = prover.prove(state, at)
        if len(at) < EARLY:
            left = {layer: s for layer, s in state.items() if layer not in found} | left
        last = len(at) >= depth
        yield at, found, bool(left) and last
        if left and not last:
            axis = plane.axis(len(at))
            stack += [(at + "1", prover.half(left, axis, True)), (at + "0", prover.half(left, axis, False))]
