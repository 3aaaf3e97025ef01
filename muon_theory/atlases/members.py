"""Layers of maps, or schedules, whose parameters lie in a box: what is claimed holds for every member of it.

Each box has certificates of its own, whose subject is the box.  How a layer is shown stands in `chained` and `cycles`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.atlases.chained import band, bounded_positive, escapes, flips, leaves_band
from muon_theory.atlases.chains import Row
from muon_theory.atlases.cycles import attracting_cycle
from muon_theory.atlases.explore import Evidence, Leaf
from muon_theory.atlases.part import NotHere, Part, Proof
from muon_theory.atlases.plane import Box, Plane
from muon_theory.atlases.tied import TIED
from muon_theory.certificate import AnyCertificate, Certificate, dump
from muon_theory.claims import Bands, claim_from_json
from muon_theory.errors import UndecidedError
from muon_theory.family import Family, Members
from muon_theory.interval import Interval

BAND = Interval(Fraction(2, 3), Fraction(4, 3))

FINITE = ("band", "leaves-band")
"""Layers about a number of steps; the others are about one map repeated without end, or about a whole schedule."""


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of a family's maps, or of a schedule with the family's parameters.  Laws: see `explore.Prover`.

    `band`: φ([lower, 1]) ⊆ target · `leaves-band`: φ(x) is outside the target for some x in [lower, 1] ·
    `bounded-positive`: every orbit from (0, 1] stays in some (0, M] · `flips`: an orbit from (0, 1) turns negative ·
    `escapes`: an orbit from (0, 1) leaves every bound · `attracting-cycle`: there is one, other than the fixed point 1.

    φ is the family's map repeated `steps` times, or the schedule, where one is given.  Of a schedule `bounded-positive`
    says that every step is positive on what reaches it from (0, 1]; it has no layer about orbits without end.

    Where a box has one interval more than the family has parameters, the first is that of the lower end.
    """

    family: Family
    layers: tuple[str, ...]
    steps: int = 5
    lower: Fraction = Fraction(1, 100)
    target: Interval = BAND
    slack: Fraction = Fraction(1, 1000)
    schedule: tuple[Row, ...] = ()

    def begin(self, box: Box) -> dict[str, Box]:
        """Nothing is shown yet."""
        return dict.fromkeys(self.layers, box)

    def half(self, state: dict[str, Box], axis: int, upper: bool) -> dict[str, Box]:
        """One half of the box."""
        halved = {}
        for layer, box in state.items():
            side = box[axis]
            part = Interval(side.midpoint, side.hi) if upper else Interval(side.lo, side.midpoint)
            halved[layer] = (*box[:axis], part, *box[axis + 1 :])
        return halved

    def prove(self, state: dict[str, Box], path: str) -> tuple[dict[str, Evidence], dict[str, Box]]:
        """What is shown for the whole box, and the layers that its parts may have."""
        found: dict[str, Evidence] = {}
        left: dict[str, Box] = {}
        for layer, box in state.items():
            try:
                found[layer] = [[claim.to_json(), witness.to_json()] for claim, witness in self.proofs(layer, box)]
            except UndecidedError:
                left[layer] = box
            except NotHere:
                continue
        return found, left

    def proofs(self, layer: str, box: Box) -> list[Proof]:
        """What shows a layer on a box.  Raises UndecidedError or NotHere where nothing does."""
        return PROVERS[layer](self._part(layer, box))

    def _part(self, layer: str, box: Box) -> Part:
        parameters, lower = self._split(box)
        rows = self.schedule or (self.family.coefficients,) * (self.steps if layer in FINITE else 1)
        return Part(rows, parameters, lower, self.target, self.slack)

    def tied(self, plane: Plane, leaf: Leaf) -> bool:
        """Are the claims those of the layer?  Raises UsageError where there are none."""
        return leaf.layer in self.layers and TIED[leaf.layer](
            self._part(leaf.layer, plane.box(leaf.path)), _read(leaf.evidence)
        )

    def _split(self, box: Box) -> tuple[Box, Interval]:
        """The parameters' box, and the interval of lower ends."""
        if len(box) == len(self.family.parameters):
            return box, Interval(self.lower, self.lower)
        return box[1:], box[0]

    def certificates(self, box: Box, proofs: Sequence[Proof]) -> list[AnyCertificate]:
        """The certificates of one box: maps-into is about as many steps as its chain has."""
        parameters, _ = self._split(box)
        found = []
        for claim, witness in proofs:
            repeats = len(witness.steps) if isinstance(witness, Bands) else 1
            rows = self.schedule or (self.family.coefficients,) * repeats
            found.append(
                Certificate(Members(self.family.name, self.family.parameters, rows, parameters), claim, witness)
            )
        return found

    def files(self, plane: Plane, layer: str, leaves: Sequence[Leaf]) -> bytes:
        """One file that claims the layer on all these boxes: a bundle."""
        every: list[AnyCertificate] = []
        for leaf in leaves:
            every += self.certificates(plane.box(leaf.path), _read(leaf.evidence))
        return dump(every)


def _read(evidence: Evidence) -> list[Proof]:
    claims = [(claim_from_json(claim), witness) for claim, witness in evidence]
    return [(claim, claim.witness.from_json(witness)) for claim, witness in claims]


PROVERS: dict[str, Callable[[Part], list[Proof]]] = {
    "band": band,
    "leaves-band": leaves_band,
    "bounded-positive": bounded_positive,
    "flips": flips,
    "escapes": escapes,
    "attracting-cycle": attracting_cycle,
}
