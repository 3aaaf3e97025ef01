"""A schedule where each step may err by ε times its largest value: what it still reaches, and what none can beat.

A model (docs/trust.md, Composition with errors), for no number format a bound: rounding follows the terms that cancel
in a step, is mostly less than that, and is not chosen by an adversary.  Both ends are certificates: from above a
`robust-band`, whose errors are ε times the largest values that its own chain leaves; from below the bound for every
composition of these degrees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from muon_theory.answer import Answer, attempt
from muon_theory.claims import Levels, NoisyCompositionBound, RobustBand
from muon_theory.designs.greedy import reach
from muon_theory.finders.alternation import noisy_composition_bound
from muon_theory.finders.band import noisy_band
from muon_theory.interval import Interval
from muon_theory.number import decimal, exact_decimal
from muon_theory.schedule import Schedule


@dataclass(frozen=True, slots=True)
class UnderNoise:
    """What is left of a schedule in the model, from both sides.

    epsilon : the share of its largest value by which each step may err.
    band : all values end in it; its claim has the errors as numbers.
    bound : no composition of these degrees does better.
    """

    epsilon: Fraction
    band: Answer[RobustBand]
    bound: Answer[NoisyCompositionBound]

    @property
    def error(self) -> Fraction | None:
        """Every value ends within this of 1."""
        return reach(self.band.claim.target) if self.band.proved else None

    @property
    def floor(self) -> Fraction | None:
        """Under every composition of these degrees some value may end so far from 1."""
        return self.bound.claim.error if self.bound.proved else None

    @property
    def ratio(self) -> Fraction | None:
        """error/floor ≥ 1: how near the schedule is to the best of its shape in the model."""
        return self.error / self.floor if self.error and self.floor else None

    @property
    def starts(self) -> tuple[Fraction, ...]:
        """The ratios l/u that the steps of the best composition start from: no larger cushion is as good."""
        witness = self.bound.proof.witness if self.bound.proof else None
        return tuple(step.interval.lo for step in witness.steps) if isinstance(witness, Levels) else ()

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """For people."""
        none = "not certified"
        return (
            ("noise", f"errors of up to {decimal(self.epsilon, 6)} × each step's largest value (a model)"),
            ("its error", _up(self.error) or none),
            ("no schedule beats", (self.floor and decimal(self.floor, 15, -1)) or none),
            ("its ratio", _up(self.ratio) or none),
            ("best cushions", ", ".join(decimal(start, 4) for start in self.starts) or none),
        )

    def to_json(self) -> dict[str, Any]:
        """The machine interface's entry."""
        return {
            "epsilon": exact_decimal(self.epsilon),
            "error": _up(self.error),
            "lower_bound": self.floor and decimal(self.floor, 15, -1),
            "ratio": _up(self.ratio),
            "best_cushions": [decimal(start, 12) for start in self.starts],
            "image": self.band.claim.target.outward(15) if self.band.proved else None,
        }


def under_noise(schedule: Schedule, degrees: Sequence[int], interval: Interval, epsilon: Fraction) -> UnderNoise:
    """What a schedule reaches on the interval where each step may err by ε times its largest value, and the floor.

    >>> from muon_theory.designs import compose
    >>> steps = compose((5, 5, 5), Fraction(1, 100), noise=Fraction(1, 256)).schedule
    >>> found = under_noise(steps, (5, 5, 5), Interval.of("1/100", 1), Fraction(1, 256))
    >>> round(float(found.error), 6), round(float(found.floor), 6)
    (0.316648, 0.316648)
    """
    anything = Interval(Fraction(0), Fraction(2))
    errors = (epsilon,) * len(schedule.steps)
    band = attempt(schedule, RobustBand(interval, anything, errors), partial(noisy_band, schedule, interval, epsilon))
    asked = NoisyCompositionBound(tuple(degrees), interval, errors, epsilon)
    bound = attempt(schedule, asked, partial(noisy_composition_bound, degrees, interval, errors))
    return UnderNoise(epsilon, band.needed(), bound.needed())


def _up(q: Fraction | None) -> str | None:
    return None if q is None else decimal(q, 15, +1)
