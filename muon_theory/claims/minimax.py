"""minimax: what no odd polynomial of a degree can beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.claims.base import Claim, Lines, Witness, Words
from muon_theory.claims.gallina import Functions, between, every_odd
from muon_theory.claims.proof import interval
from muon_theory.claims.words import AtLeast, Some, Subject, near, several, short, steps_of
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial


@dataclass(frozen=True, slots=True)
class Alternating(Witness):
    """q + 2 points where 1 - p alternates in sign."""

    type = "alternation"
    points: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Minimax(Claim[Alternating]):
    """max |1 - p| over the interval is ≥ error for every odd polynomial p of degree ≤ `degree`."""

    type = "minimax"
    formula = "max over [l, u] of |1 - p| ≥ E for every odd polynomial p of degree ≤ d"
    letters = (("[l, u]", "interval"), ("d", "degree"), ("E", "error"))
    lemma = "Alternation"
    witness = Alternating
    reference = True
    degree: int
    interval: Some[Interval]
    error: AtLeast[Fraction]

    def sentence(self, say: Words) -> str:
        far = f"|1 - p(x)| ≥ {say['error']} for some x in {say['interval']}"
        return f"every odd polynomial p of degree at most {self.degree} has {far}"

    def theorem(self, f: Functions) -> str:
        far = f"{self.error} <= Rabs (1 - p x)"
        return f"{every_odd(self.degree, 'p')}\n  exists x, {between(self.interval, 'x')} /\\ {far}"

    def obligations(self, subject: Subject, witness: Alternating) -> Lines:
        yield from alternation("p", steps_of(subject)[0], self.degree, self.interval, self.error, witness.points)


def alternation(
    name: str, reference: OddPolynomial, degree: int, over: Interval, error: Fraction, points: Sequence[Fraction]
) -> Lines:
    """The obligations of one bound by alternation."""
    deviations = several(near(1 - reference(x)) for x in points)
    yield f"the {len(points)} points {several(map(short, points))} increase in {interval(over)}, right of 0"
    yield (
        f"there 1 - {name} is {deviations}: of alternating sign and at least {short(error)} in modulus, by exact"
        f" evaluation; {len(points)} points for the {len(points) - 1} coefficients of degree {degree}"
    )
