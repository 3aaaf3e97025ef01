"""flips: a step makes an iterate negative."""

from __future__ import annotations

from dataclasses import dataclass

from muon_theory.claims.base import Claim, Lines, Words
from muon_theory.claims.chain import Chain, shown
from muon_theory.claims.gallina import Functions, between
from muon_theory.claims.words import Every, Subject
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class Flips(Claim[Chain]):
    """x > 0, f_1(x) > 0, … and then f_t(… f_1(x)) < 0 for t = step, for every x in the start."""

    type = "flips"
    formula = "x > 0, f_1(x) > 0, …, but f_t(… f_1(x)) < 0, for every x ∈ [l, u]"
    letters = (("[l, u]", "start"), ("t", "step"))
    lemma = "Flips"
    witness = Chain
    members = True
    start: Every[Interval]
    step: int

    def sentence(self, say: Words) -> str:
        return f"step {self.step} makes the iterate of {say.every('start')} negative"

    def theorem(self, f: Functions) -> str:
        signs = [*(f"0 < {f.applied(t)}" for t in range(self.step)), f"{f.applied(self.step)} < 0"]
        return f"forall x, {between(self.start, 'x')} ->\n  " + " /\\\n  ".join(signs)

    def obligations(self, subject: Subject, witness: Chain) -> Lines:
        yield from shown(subject, self.start, witness.steps)
        yield f"the intervals before step {self.step} lie right of 0, the one after it left of 0"
