"""cycles: an attracting cycle, one point in each of some intervals."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod

from muon_theory.claims.base import About, Claim, Lines, Witness, Words
from muon_theory.claims.gallina import Functions, between, nested
from muon_theory.claims.proof import Over, within
from muon_theory.claims.record import Cuts, Several
from muon_theory.claims.words import Exact, Subject, several, short
from muon_theory.errors import UsageError
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class Contraction(Witness):
    """For each interval cuts for f ≥ lo, f ≤ hi, f' ≥ -d and f' ≤ d, [lo, hi] the next interval; and the bounds d."""

    type = "cycle"
    splits: Several[tuple[Cuts, Cuts, Cuts, Cuts]]
    bounds: Several[Fraction]


@dataclass(frozen=True, slots=True)
class Cycles(Claim[Contraction]):
    """A cycle of least period k with one point in each of k disjoint intervals, and |(f^k)'| < 1 on it."""

    type = "cycles"
    formula = "p_i ∈ J_i, f(p_i) = p_{i+1}, f(p_k) = p_1, the p_i different, and |f'(p_1)·…·f'(p_k)| < 1"
    letters = (("J_1, …, J_k", "intervals"),)
    lemma = "Cycles"
    witness = Contraction
    about = About.MAP
    members = True
    intervals: Exact[Several[Interval]]

    def sentence(self, say: Words) -> str:
        k = len(self.intervals)
        places = (
            f"one point in each of {say['intervals']}, in this order" if k > 1 else f"its point in {say['intervals']}"
        )
        return f"f has an attracting cycle of least period {k} with {places}"

    def theorem(self, f: Functions) -> str:
        places, k = self.intervals, len(self.intervals)
        if not places:
            raise UsageError("cycles: there is no interval: give one for each point of the cycle")
        visits = " /\\ ".join(between(i, nested([f.names[0]] * t, "p")) for t, i in enumerate(places))
        return (
            f"exists p, ({visits}) /\\\n  Nat.iter {k} {f.f} p = p /\\\n"
            f"  (forall m, (0 < m < {k})%nat -> Nat.iter m {f.f} p <> p) /\\\n"
            f"  (exists d, derivable_pt_lim (Nat.iter {k} {f.f}) p d /\\ Rabs d < 1) /\\\n"
            f"  forall x, {between(places[0], 'x')} -> is_lim_seq (fun n => Nat.iter (n * {k}) {f.f} x) p"
        )

    def obligations(self, subject: Subject, witness: Contraction) -> Lines:
        over, through = Over(subject), self.intervals
        yield "the intervals are disjoint"
        for i, (here, cuts, bound) in enumerate(zip(through, witness.splits, witness.bounds, strict=True)):
            there, x, d = through[(i + 1) % len(through)], within("x", here), short(bound)
            yield over.rule(f"f(x) ≥ {short(there.lo)}", "x", x, cuts[0])
            yield over.rule(f"f(x) ≤ {short(there.hi)}", "x", x, cuts[1])
            yield over.rule(f"f'(x) ≥ -{d}", "x", x, cuts[2])
            yield over.rule(f"f'(x) ≤ {d}", "x", x, cuts[3])
        product = prod(witness.bounds, start=Fraction(1))
        yield f"the product of the bounds {several(map(short, witness.bounds))} is {short(product)} < 1"
