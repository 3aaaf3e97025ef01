"""slope: the derivative at 0."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.claims.base import Claim, Lines, NoWitness, Words
from muon_theory.claims.gallina import Functions, argument
from muon_theory.claims.words import Subject, Value, short
from muon_theory.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Slope(Claim[NoWitness]):
    """φ'(0) = ∏ f_t'(0)."""

    type = "slope"
    formula = "φ'(0) = ∏ f_t'(0)"
    letters = (("φ'(0)", "value"),)
    lemma = "Slope"
    witness = NoWitness
    value: Value[Fraction]

    def sentence(self, say: Words) -> str:
        return f"{say.map}'(0) {say['value']}"

    def theorem(self, f: Functions) -> str:
        return f"derivable_pt_lim (fun x => {f.applied()}) 0 {argument(self.value)}"

    def obligations(self, subject: Subject, witness: NoWitness) -> Lines:
        steps = subject.steps if isinstance(subject, Schedule) else ()
        product = "·".join(f"({short(f.slope)})" for f in steps) if len(steps) <= 12 else "∏ f_t'(0)"
        yield f"φ'(0) = {product} = {short(self.value)}, by exact multiplication"
