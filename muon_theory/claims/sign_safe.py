"""sign-safe: no step makes an iterate 0 or negative."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.claims.base import Claim, Lines, Witness, Words
from muon_theory.claims.gallina import Functions
from muon_theory.claims.proof import Over, square
from muon_theory.claims.record import Cuts, OnePerStep, Record
from muon_theory.claims.words import Every, Subject, short


@dataclass(frozen=True, slots=True)
class Ceiling(Record):
    """g_t > 0 on [0, u_{t-1}²] and f_t ≤ `upper` = u_t on [0, u_{t-1}], shown between the cuts."""

    upper: Fraction
    splits: tuple[Cuts, Cuts]


@dataclass(frozen=True, slots=True)
class Ceilings(Witness):
    """One for each step."""

    type = "uppers"
    steps: OnePerStep[Ceiling]


@dataclass(frozen=True, slots=True)
class SignSafe(Claim[Ceilings]):
    """f_t(… f_1(x)) > 0 for every t and every x in (0, upper]."""

    type = "sign-safe"
    formula = "f_1(x) > 0, f_2(f_1(x)) > 0, … up to φ(x) > 0, for every x ∈ (0, u]"
    letters = (("u", "upper"),)
    lemma = "Sign safety"
    witness = Ceilings
    members = True
    notation = "f_t(x) = x·g_t(y), y = x²"
    upper: Every[Fraction]

    def sentence(self, say: Words) -> str:
        return f"every step is > 0 on the orbits of (0, {say['upper']}]"

    def theorem(self, f: Functions) -> str:
        signs = " /\\\n  ".join(f"0 < {f.applied(t)}" for t in range(1, len(f.names) + 1))
        return f"forall x, 0 < x <= {self.upper} ->\n  {signs}"

    def obligations(self, subject: Subject, witness: Ceilings) -> Lines:
        over, upper = Over(subject), self.upper
        for t, step in enumerate(witness.steps, 1):
            positive, below = step.splits
            yield over.rule(f"step {t}: g_{t}(y) > 0", "y", f"y in [0, {square(upper)}]", positive)
            yield over.rule(f"step {t}: f_{t}(x) ≤ {short(step.upper)}", "x", f"x in [0, {short(upper)}]", below)
            upper = step.upper
