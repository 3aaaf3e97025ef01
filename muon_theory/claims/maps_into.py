"""maps-into: the values on an interval lie in another."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.claims.base import Claim, Lines, Witness, Words
from muon_theory.claims.chain import Outer, reached, shown
from muon_theory.claims.gallina import Functions, between
from muon_theory.claims.proof import interval
from muon_theory.claims.record import OnePerStep
from muon_theory.claims.words import Encloses, Every, Subject, exact
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class Band(Outer):
    """A step from outside, and perhaps from inside, as `attains` has it: then all steps are."""

    inner: Interval | None = None
    points: tuple[Fraction, Fraction] | None = None


@dataclass(frozen=True, slots=True)
class Bands(Witness):
    """Intervals that contain the values, one for each step, and perhaps intervals that the values reach."""

    type = "chain"
    steps: OnePerStep[Band]


@dataclass(frozen=True, slots=True)
class MapsInto(Claim[Bands]):
    """φ(start) ⊆ target."""

    type = "maps-into"
    formula = "φ([l, u]) ⊆ [m, M]"
    letters = (("[l, u]", "start"), ("[m, M]", "target"))
    lemma = "Images"
    witness = Bands
    members = True
    start: Every[Interval]
    target: Encloses[Interval]

    def sentence(self, say: Words) -> str:
        if self.start.is_point:
            return f"{say.map}({exact(self.start.lo)}) ∈ {say['target']}"
        return f"{say.map}({say['start']}) ⊆ {say['target']}"

    def theorem(self, f: Functions) -> str:
        return f"forall x, {between(self.start, 'x')} ->\n  {between(self.target, f.applied())}"

    def obligations(self, subject: Subject, witness: Bands) -> Lines:
        yield from shown(subject, self.start, witness.steps)
        yield from reached(self.start, [(s.inner, s.points) for s in witness.steps if s.inner and s.points])
        yield f"the last interval lies inside {interval(self.target)}"
