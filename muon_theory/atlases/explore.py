"""Adaptive halving: every box is shown to have a layer's property, given up, or halved, down to a depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypedDict

from muon_theory.atlases.plane import Box, Plane
from muon_theory.family import Family

State: TypeAlias = dict[str, Any]
"""What is known of each layer on a box: what that is, only the prover that wrote it reads."""

Evidence: TypeAlias = Sequence[Any]
"""What shows a layer on a box, as JSON data; the prover that wrote it makes the certificate of it."""


class Answer(TypedDict):
    """What a task found, as JSON data: the fields of `Found`, each leaf a row of its layer, path and evidence."""

    leaves: list[Evidence]
    pending: list[list[str]]
    tests: int
    rest: list[list[str]]


@dataclass(frozen=True, slots=True)
class Task:
    """A task of a sweep: a box and the layers that are open there, each with the depth to which this task goes."""

    path: str
    depths: tuple[tuple[str, int], ...]

    @property
    def key(self) -> str:
        """Its name in the journal: the coarse exploration is no other task's."""
        return self.path or "coarse"


class Prover(Protocol):
    """What a plane's layers are, and how a box is shown to have them.  A state is a dictionary by layer.

    Laws: the evidence of `prove` makes a certificate that the checker proves, and is tied: what is proved says that the
    box has the layer, which an answer from elsewhere need not; a layer that is in neither answer of
    `prove` is given up on the box; `half` loses nothing that was shown.  A prover may give up where it is wrong to:
    the box then stays open.
    """

    @property
    def family(self) -> Family: ...

    @property
    def layers(self) -> tuple[str, ...]: ...

    def begin(self, box: Box) -> State: ...

    def half(self, state: State, axis: int, upper: bool) -> State: ...

    def prove(self, state: State, path: str) -> tuple[dict[str, Evidence], State]: ...

    def tied(self, plane: Plane, leaf: Leaf) -> bool: ...

    def files(self, plane: Plane, layer: str, leaves: Sequence[Leaf]) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Leaf:
    """One box of one layer, with its evidence (JSON data)."""

    layer: str
    path: str
    evidence: Evidence = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What the exploration of a part of the plane found.

    `pending`: boxes at their layer's depth, undecided; `rest`: boxes that were not tried, as there were enough tests.
    """

    leaves: tuple[Leaf, ...]
    pending: tuple[Leaf, ...]
    tests: int
    rest: tuple[Leaf, ...] = ()


EARLY = 6
"""Down to this depth no layer is given up."""


def explore(prover: Prover, plane: Plane, path: str, depths: Mapping[str, int], most: int | None = None) -> Found:
    """The maximal boxes of every layer below a path, halved down to the layer's depth, in so many tests at most."""
    leaves: list[Leaf] = []
    pending: list[Leaf] = []
    tests = 0
    start = {layer: s for layer, s in prover.begin(plane.box(path)).items() if layer in depths}
    stack: list[tuple[str, State]] = [(path, start)]
    while stack and tests != most:
        at, state = stack.pop()
        tests += 1
        found, left = prover.prove(state, at)
        leaves += [Leaf(layer, at, evidence) for layer, evidence in found.items()]
        if len(at) < EARLY:
            left = {layer: s for layer, s in state.items() if layer not in found} | left
        pending += [Leaf(layer, at) for layer in left if len(at) >= depths[layer]]
        left = {layer: s for layer, s in left.items() if len(at) < depths[layer]}
        if left:
            axis = plane.axis(len(at))
            stack += [(at + "1", prover.half(left, axis, True)), (at + "0", prover.half(left, axis, False))]
    rest = [Leaf(layer, at) for at, state in stack for layer in state]
    return Found(tuple(leaves), tuple(pending), tests, tuple(rest))
