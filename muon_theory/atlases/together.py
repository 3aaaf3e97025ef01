"""Several provers on one plane: their layers side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from muon_theory.atlases.explore import Evidence, Leaf, Prover, State
from muon_theory.atlases.plane import Box, Plane
from muon_theory.family import Family


@dataclass(frozen=True, slots=True)
class Together:
    """The layers of all parts, whose names differ.  Laws: see `explore.Prover`."""

    parts: tuple[Prover, ...]

    @property
    def family(self) -> Family:
        """The one they share."""
        return self.parts[0].family

    @property
    def layers(self) -> tuple[str, ...]:
        """All of them, in the parts' order."""
        return tuple(layer for part in self.parts for layer in part.layers)

    def begin(self, box: Box) -> State:
        """Nothing is shown yet."""
        return {layer: state for part in self.parts for layer, state in part.begin(box).items()}

    def half(self, state: State, axis: int, upper: bool) -> State:
        """What is known on one half of the box."""
        halves: State = {}
        for part in self.parts:
            halves |= part.half(_of(part, state), axis, upper)
        return halves

    def prove(self, state: State, path: str) -> tuple[dict[str, Evidence], State]:
        """What each part shows on its layers."""
        found: dict[str, Evidence] = {}
        left: State = {}
        for part in self.parts:
            shown, open_ = part.prove(_of(part, state), path)
            found |= shown
            left |= open_
        return found, left

    def tied(self, plane: Plane, leaf: Leaf) -> bool:
        """As the part that has the layer says."""
        return any(part.tied(plane, leaf) for part in self.parts if leaf.layer in part.layers)

    def files(self, plane: Plane, layer: str, leaves: Sequence[Leaf]) -> bytes:
        """One file of the part that has the layer."""
        (part,) = (part for part in self.parts if layer in part.layers)
        return part.files(plane, layer, leaves)


def _of(part: Prover, state: State) -> State:
    return {layer: state[layer] for layer in part.layers if layer in state}
