"""fixes: a fixed point, and the obligations that attracts, repels and converges share."""

from __future__ import annotations

from dataclasses import dataclass

from muon_theory.claims.base import About, Claim, Lines, Witness, Words
from muon_theory.claims.gallina import Functions, argument, between
from muon_theory.claims.proof import Over, square
from muon_theory.claims.record import Line
from muon_theory.claims.words import Exact, Subject, exact, short
from muon_theory.interval import Interval

NOTATION = "f(x) = x·g(y), y = x², f'(x) = d(y)"


@dataclass(frozen=True, slots=True)
class Alone(Witness):
    """Cuts between which g' has one sign on [lo², hi²]; none for a point."""

    type = "splits"
    splits: tuple[Line]


@dataclass(frozen=True, slots=True)
class Fixes(Claim[Alone]):
    """f(p) = p: p rational (a point), or the one positive fixed point inside an interval."""

    type = "fixes"
    formula = "f(p) = p for p, or for exactly one p ∈ [l, u]"
    letters = (("p", "point"),)
    lemma = "Fixed points"
    witness = Alone
    about = About.MAP
    notation = NOTATION
    point: Exact[Interval]

    def sentence(self, say: Words) -> str:
        return at(self.point)

    def theorem(self, f: Functions) -> str:
        if self.point.is_point:
            return f"f {argument(self.point.lo)} = {self.point.lo}"
        return f"exists! p, {between(self.point, 'p', '<')} /\\ f p = p"

    def obligations(self, subject: Subject, witness: Alone) -> Lines:
        yield from fixed(subject, self.point, witness.splits[0])


def at(point: Interval, more: str = "") -> str:
    """f(p) = p for p = 1, or for exactly one p of an interval; and what else holds of it."""
    if point.is_point:
        return f"f(p) = p{f' and {more}' if more else ''} for p = {exact(point.lo)}"
    only = f"f(p) = p for exactly one p in [{exact(point.lo)}, {exact(point.hi)}]"
    return f"{only}, and {more} for it" if more else only


def squared(point: Interval) -> str:
    """Where y = p² is."""
    if point.is_point:
        return f"y = p² = {square(point.lo)}"
    return f"y in [{square(point.lo)}, {square(point.hi)}]"


def fixed(subject: Subject, point: Interval, alone: Line) -> Lines:
    """f(p) = p, and no other fixed point beside it."""
    if point.is_point:
        yield f"f({short(point.lo)}) = {short(point.lo)}, by exact evaluation"
        return
    yield f"g(y) - 1 has opposite signs at y = {square(point.lo)} and y = {square(point.hi)}, by exact evaluation"
    yield Over(subject).rule("g' has one sign, so that p² is the only root of g - 1,", "y", squared(point), alone)
