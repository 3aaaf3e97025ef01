"""attracts: a fixed point with |f'(p)| < 1."""

from __future__ import annotations

from dataclasses import dataclass

from muon_theory.claims.base import About, Claim, Lines, Witness, Words
from muon_theory.claims.fixes import NOTATION, at, fixed, squared
from muon_theory.claims.gallina import Functions, at_fixed_point
from muon_theory.claims.proof import Over
from muon_theory.claims.record import Line
from muon_theory.claims.words import Exact, Subject
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class Contracting(Witness):
    """Cuts of [lo², hi²]: g' has one sign; d < 1 and d > -1."""

    type = "splits"
    splits: tuple[Line, Line, Line]


@dataclass(frozen=True, slots=True)
class Attracts(Claim[Contracting]):
    """f(p) = p and |f'(p)| < 1: p as in fixes."""

    type = "attracts"
    formula = "f(p) = p and |f'(p)| < 1 for p, or for the only fixed point p ∈ [l, u]"
    letters = (("p", "point"),)
    lemma = "Multipliers"
    witness = Contracting
    about = About.MAP
    notation = NOTATION
    point: Exact[Interval]

    def sentence(self, say: Words) -> str:
        return at(self.point, "|f'(p)| < 1")

    def theorem(self, f: Functions) -> str:
        return at_fixed_point(f, self.point, "Rabs d < 1")

    def obligations(self, subject: Subject, witness: Contracting) -> Lines:
        over, (alone, below, above) = Over(subject), witness.splits
        yield from fixed(subject, self.point, alone)
        yield over.rule("f' = d(y) < 1", "y", squared(self.point), below)
        yield over.rule("f' = d(y) > -1", "y", squared(self.point), above)
