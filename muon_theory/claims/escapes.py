"""escapes: an orbit leaves every bound."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.claims.base import About, Claim, Lines, Witness, Words
from muon_theory.claims.chain import Outer, shown
from muon_theory.claims.gallina import Functions, between
from muon_theory.claims.proof import Over
from muon_theory.claims.record import Cuts
from muon_theory.claims.words import Every, Subject, short
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class Escape(Witness):
    """A chain past the radius R, and cuts that show |f(x)| ≥ ratio·|x| for |x| ≥ R."""

    type = "escape"
    steps: tuple[Outer, ...]
    radius: Fraction
    ratio: Fraction
    splits: Cuts


@dataclass(frozen=True, slots=True)
class Escapes(Claim[Escape]):
    """|fⁿ(x)| → ∞ for every x in the start."""

    type = "escapes"
    formula = "|fⁿ(x)| → ∞ as n → ∞, for every x ∈ [l, u]"
    letters = (("[l, u]", "start"),)
    lemma = "Escape"
    witness = Escape
    about = About.MAP
    members = True
    start: Every[Interval]

    def sentence(self, say: Words) -> str:
        return f"the orbit of {say.every('start')} under f leaves every bound"

    def theorem(self, f: Functions) -> str:
        orbit = f"is_lim_seq (fun n => Rabs (Nat.iter n {f.f} x0)) p_infty"
        return f"forall x0, {between(self.start, 'x0')} ->\n  {orbit}"

    def obligations(self, subject: Subject, witness: Escape) -> Lines:
        yield from shown(subject, self.start, witness.steps)
        radius, ratio = short(witness.radius), short(witness.ratio)
        yield f"the last interval lies in |x| ≥ {radius}"
        far = f"|x| ≥ {radius}, with the variable t = ({radius}/x)² in (0, 1]"
        yield Over(subject).rule(f"|f(x)| ≥ {ratio}·|x|", "t", far, witness.splits)
