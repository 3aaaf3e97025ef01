"""converges: every orbit of an interval tends to a fixed point."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.claims.base import About, Claim, Lines, Witness, Words
from muon_theory.claims.fixes import fixed
from muon_theory.claims.gallina import Functions, argument, between
from muon_theory.claims.proof import Over, square
from muon_theory.claims.record import Line
from muon_theory.claims.words import Every, Exact, Subject, exact, short
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class Signs(Witness):
    """Cuts for: g' of one sign around p²; g > 0; f ≤ β; g > 1 below p²; g < 1 above it; (g + 1)·N > 0 below it."""

    type = "splits"
    splits: tuple[Line, Line, Line, Line, Line, Line]


@dataclass(frozen=True, slots=True)
class Converges(Claim[Signs]):
    """f(p) = p (as in fixes), p ≤ upper, and every orbit from (0, upper] tends to p."""

    type = "converges"
    formula = "f(p) = p, and fⁿ(x) → p as n → ∞ for every x ∈ (0, β]"
    letters = (("p", "point"), ("β", "upper"))
    lemma = "Convergence"
    witness = Signs
    about = About.MAP
    notation = "f(x) = x·g(y), y = x², f(f(x)) - x = (f(x) - x)·(g + 1)·N"
    point: Exact[Interval]
    upper: Every[Fraction]

    def sentence(self, say: Words) -> str:
        orbits = f"every orbit of f from (0, {say['upper']}] tends to"
        if self.point.is_point:
            return f"{orbits} {exact(self.point.lo)}"
        return f"f(p) = p for exactly one p in {say['point']}, and {orbits} it"

    def theorem(self, f: Functions) -> str:
        orbits = f"forall x0, 0 < x0 <= {self.upper} -> is_lim_seq (fun n => Nat.iter n f x0)"
        if self.point.is_point:
            return f"{orbits} {argument(self.point.lo)}"
        return f"exists p, {between(self.point, 'p', '<')} /\\ f p = p /\\\n  {orbits} p"

    def obligations(self, subject: Subject, witness: Signs) -> Lines:
        over, point, u = Over(subject), self.point, self.upper
        alone, positive, below, rising, falling, no_cycle = witness.splits
        yield from fixed(subject, point, alone)
        yield over.rule("g(y) > 0, so that f(x) > 0,", "y", f"y in [0, {square(u)}]", positive)
        yield over.rule(f"f(x) ≤ {short(u)}", "x", f"x in [0, {short(u)}]", below)
        yield over.rule("g(y) > 1, so that f(x) > x,", "y", f"y in [0, {square(point.lo)})", rising)
        yield over.rule("(g + 1)·N > 0, so that f(f(x)) > x,", "y", f"y in [0, {square(point.hi)})", no_cycle)
        if u != point.hi:
            beyond = f"y in ({square(point.hi)}, {square(u)}]"
            yield over.rule("g(y) < 1, so that f(x) < x,", "y", beyond, falling)
