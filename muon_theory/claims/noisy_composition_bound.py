"""noisy-composition-bound: what no composition of odd polynomials of some degrees can beat where each step may err."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.claims.base import Claim, Lines, Words
from muon_theory.claims.composition_bound import Levels, level
from muon_theory.claims.gallina import Functions, between, every_odd
from muon_theory.claims.words import AtLeast, Exact, Some, Subject, short
from muon_theory.errors import UsageError
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class NoisyCompositionBound(Claim[Levels]):
    """Where step t may move its values by errors[t-1] times its largest modulus, one of the results is `error` from 1.

    A model: K_0 = [l, u], K_t = {p_t(x) + d : x ∈ K_(t-1), |d| ≤ ε_t·max |p_t| over K_(t-1)}.  For all odd p_t of
    degree ≤ degrees[t-1] there is a z ∈ K_T with |1 - z| ≥ error.  How a number format rounds is not part of it.
    """

    type = "noisy-composition-bound"
    formula = (
        "some z ∈ K_T has |1 - z| ≥ E for all odd p_t of degrees ≤ d_t; "
        "K_0 = [l, u], K_t = p_t(K_(t-1)) ± ε_t·max |p_t|"
    )
    letters = (("[l, u]", "interval"), ("d_1, …, d_T", "degrees"), ("ε_1, …, ε_T", "errors"), ("E", "error"))
    lemma = "Composition with errors"
    witness = Levels
    reference = True
    notation = "E'_t = (1 + E_t)(1 + ε_t) - 1."
    degrees: tuple[int, ...]
    interval: Some[Interval]
    errors: Exact[tuple[Fraction, ...]]
    error: AtLeast[Fraction]

    def sentence(self, say: Words) -> str:
        degrees = ", ".join(map(str, self.degrees))
        return (
            f"every composition of odd polynomials, first to last of degrees at most ({degrees}), whose steps may err"
            f" by ({say['errors']}) times their largest moduli, can take some x in {say['interval']} to a z with"
            f" |1 - z| ≥ {say['error']}"
        )

    def theorem(self, f: Functions) -> str:
        if len(self.errors) != len(self.degrees):
            counts = f"{len(self.errors)} errors for {len(self.degrees)} degrees"
            raise UsageError(f"noisy-composition-bound: {counts}: give one a step")
        steps = range(1, len(self.degrees) + 1)
        lines = [every_odd(degree, f"p{t}") for t, degree in zip(steps, self.degrees, strict=True)]
        lines.append(f"let k0 x := {between(self.interval, 'x')} in")
        for t, e in zip(steps, self.errors, strict=True):
            err = f"Rabs (y - p{t} x) <= {e} * Rabs (p{t} z)"
            lines.append(f"let k{t} y := exists x z, k{t - 1} x /\\ k{t - 1} z /\\ {err} in")
        return "\n  ".join([*lines, f"exists y, k{len(steps)} y /\\ {self.error} <= Rabs (1 - y)"])

    def obligations(self, subject: Subject, witness: Levels) -> Lines:
        least, why = self.interval.lo / self.interval.hi, "l/u"
        reached = Fraction(0)
        for t, (step, e) in enumerate(zip(witness.steps, self.errors, strict=True), 1):
            yield from level(t, subject, self.degrees, step, least, why)
            reached = (1 + step.error) * (1 + e) - 1
            least, why = (1 - reached) / (1 + reached), f"(1 - E'_{t})/(1 + E'_{t})"
        yield f"the claimed {short(self.error)} is at most 1 and the last step's E' = {short(reached)}"
