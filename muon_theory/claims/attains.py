"""attains: every number of an interval is a value."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.claims.base import Claim, Lines, Witness, Words
from muon_theory.claims.chain import Outer, reached, shown
from muon_theory.claims.gallina import Functions, between
from muon_theory.claims.proof import interval
from muon_theory.claims.record import Cuts, OnePerStep, Record
from muon_theory.claims.words import Reached, Some, Subject
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class Reach(Record):
    """f_t reaches both ends of `inner` = I_t at two points of I_{t-1}; perhaps `outer`, too, in all steps."""

    inner: Interval
    points: tuple[Fraction, Fraction]
    outer: Interval | None = None
    splits: tuple[Cuts, Cuts] | None = None


@dataclass(frozen=True, slots=True)
class Reaches(Witness):
    """One for each step."""

    type = "chain"
    steps: OnePerStep[Reach]


@dataclass(frozen=True, slots=True)
class Attains(Claim[Reaches]):
    """φ(start) ⊇ contains: with maps-into, the band is known from both sides."""

    type = "attains"
    formula = "φ([l, u]) ⊇ [m, M]"
    letters = (("[l, u]", "start"), ("[m, M]", "contains"))
    lemma = "Attained values"
    witness = Reaches
    start: Some[Interval]
    contains: Reached[Interval]

    def sentence(self, say: Words) -> str:
        return f"{say.map}({say['start']}) ⊇ {say['contains']}"

    def theorem(self, f: Functions) -> str:
        taken = f"exists x, {between(self.start, 'x')} /\\ {f.applied()} = z"
        return f"forall z, {between(self.contains, 'z')} ->\n  {taken}"

    def obligations(self, subject: Subject, witness: Reaches) -> Lines:
        yield from reached(self.start, [(s.inner, s.points) for s in witness.steps])
        yield from shown(subject, self.start, [Outer(s.outer, s.splits) for s in witness.steps if s.outer and s.splits])
        yield f"the last interval contains {interval(self.contains)}"
