"""composition-bound: what no composition of odd polynomials of some degrees can beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.claims.base import Claim, Lines, Witness, Words
from muon_theory.claims.gallina import Functions, between, every_odd, nested
from muon_theory.claims.minimax import alternation
from muon_theory.claims.record import OnePerStep, Record
from muon_theory.claims.words import AtLeast, Some, Subject, short, steps_of
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class Level(Record):
    """No odd polynomial of the step's degree comes closer to 1 on [r, 1] than `error`: alternation at the points."""

    interval: Interval
    error: Fraction
    points: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Levels(Witness):
    """One for each step."""

    type = "alternations"
    steps: OnePerStep[Level]


@dataclass(frozen=True, slots=True)
class CompositionBound(Claim[Levels]):
    """max |1 - p_T ∘ … ∘ p_1| over the interval is ≥ error for all odd p_t of degree ≤ degrees[t-1]."""

    type = "composition-bound"
    formula = "max over [l, u] of |1 - p_T ∘ … ∘ p_1| ≥ E for all odd polynomials p_t of degrees ≤ d_t"
    letters = (("[l, u]", "interval"), ("d_1, …, d_T", "degrees"), ("E", "error"))
    lemma = "Composition"
    witness = Levels
    reference = True
    degrees: tuple[int, ...]
    interval: Some[Interval]
    error: AtLeast[Fraction]

    def sentence(self, say: Words) -> str:
        far = f"|1 - p(x)| ≥ {say['error']} for some x in {say['interval']}"
        degrees = ", ".join(map(str, self.degrees))
        return f"every composition p of odd polynomials, first to last of degrees at most ({degrees}), has {far}"

    def theorem(self, f: Functions) -> str:
        names = [f"p{t}" for t in range(1, len(self.degrees) + 1)]
        every = map(every_odd, self.degrees, names)
        far = f"{self.error} <= Rabs (1 - {nested(names, 'x')})"
        return "\n  ".join([*every, f"exists x, {between(self.interval, 'x')} /\\ {far}"])

    def obligations(self, subject: Subject, witness: Levels) -> Lines:
        least, why = self.interval.lo / self.interval.hi, "l/u"
        for t, step in enumerate(witness.steps, 1):
            yield from level(t, subject, self.degrees, step, least, why)
            least, why = (1 - step.error) / (1 + step.error), f"(1 - E_{t})/(1 + E_{t})"
        yield f"the claimed {short(self.error)} is at most the last step's {short(witness.steps[-1].error)}"


def level(t: int, subject: Subject, degrees: Sequence[int], step: Level, least: Fraction, why: str) -> Lines:
    """The obligations of step t, whose interval begins at or above `least`."""
    yield f"step {t}: r_{t} = {short(step.interval.lo)} ≥ {why} = {short(least)}"
    row, degree = steps_of(subject)[t - 1], degrees[t - 1]
    for line in alternation(f"p_{t}", row, degree, step.interval, step.error, step.points):
        yield f"step {t}: {line}"
