"""mean-square: bounds on the mean of (φ - 1)²."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from muon_theory.claims.base import Claim, Lines, Witness, Words
from muon_theory.claims.chain import Outer
from muon_theory.claims.gallina import Functions, argument
from muon_theory.claims.proof import interval, within
from muon_theory.claims.record import OnePerStep, Several
from muon_theory.claims.words import Encloses, Exact, Subject, near
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class Parts(Witness):
    """The points that cut the interval, and on each part a chain from outside."""

    type = "cells"
    points: tuple[Fraction, ...]
    chains: Several[OnePerStep[Outer]]


@dataclass(frozen=True, slots=True)
class MeanSquare(Claim[Parts]):
    """m ≤ (1/(u - l)) ∫ (φ - 1)² ≤ M over [l, u]."""

    type = "mean-square"
    formula = "(1/(u - l)) ∫ (φ - 1)² over [l, u] ∈ [m, M]"
    letters = (("[l, u]", "interval"), ("[m, M]", "bounds"))
    lemma = "Mean square"
    witness = Parts
    interval: Exact[Interval]
    bounds: Encloses[Interval]

    def sentence(self, say: Words) -> str:
        return f"the mean of ({say.map} - 1)² over {say['interval']} lies in {say['bounds']}"

    def theorem(self, f: Functions) -> str:
        (l, u), (low, high) = (self.interval.lo, self.interval.hi), (self.bounds.lo, self.bounds.hi)
        integral = f"RInt (fun x => ({f.applied()} - 1)^2) {argument(l)} {argument(u)}"
        return f"{low} * ({u} - {l})\n  <= {integral}\n  <= {high} * ({u} - {l})"

    def obligations(self, subject: Subject, witness: Parts) -> Lines:
        ends = [self.interval.lo, *witness.points, self.interval.hi]
        low, high = Fraction(0), Fraction(0)
        for (a, b), chain in zip(pairwise(ends), witness.chains, strict=True):
            image = chain[-1].outer
            low += (b - a) * max(image.lo - 1, 1 - image.hi, Fraction(0)) ** 2
            high += (b - a) * max(1 - image.lo, image.hi - 1) ** 2
            uses = f"{2 * len(chain)} uses of the rule, two a step"
            yield f"φ(x) lies in {interval(image)} for {within('x', Interval(a, b))}, by {uses}"
        sums = f"{near(low / self.interval.width)} and {near(high / self.interval.width)}"
        yield f"so the mean lies between {sums}, sums over the parts, and these lie in {interval(self.bounds)}"
