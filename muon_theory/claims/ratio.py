"""ratio: bounds on φ(x)/x, by which φ stretches and shrinks."""

from __future__ import annotations

from dataclasses import dataclass

from muon_theory.claims.base import Claim, Lines, Words
from muon_theory.claims.gallina import Functions, between
from muon_theory.claims.models import Models, modelled
from muon_theory.claims.words import Encloses, Every, Subject, short
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class Ratio(Claim[Models]):
    """ℓ ≤ φ(x)/x ≤ u for every x > 0 in an interval [a, b], a ≥ 0."""

    type = "ratio"
    formula = "φ(x)/x ∈ [ℓ, u] for every x > 0 in [a, b]"
    letters = (("[a, b]", "interval"), ("[ℓ, u]", "bounds"))
    lemma = "Ratio"
    witness = Models
    interval: Every[Interval]
    bounds: Encloses[Interval]

    def sentence(self, say: Words) -> str:
        x = "x" if self.interval.lo else "x > 0"
        return f"{say.map}(x)/x ∈ {say['bounds']} for every {x} in {say['interval']}"

    def theorem(self, f: Functions) -> str:
        return f"forall x, {between(self.interval, 'x')} -> 0 < x ->\n  {between(self.bounds, f'{f.applied()} / x')}"

    def obligations(self, subject: Subject, witness: Models) -> Lines:
        yield from modelled(self.interval, witness)
        ends = f"{short(self.bounds.lo)} ≤ p - e and p + e ≤ {short(self.bounds.hi)}"
        yield f"on each cell {ends} for the last model, by {2 * len(witness.cells)} uses of the rule"
