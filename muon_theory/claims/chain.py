"""Chains of intervals through the steps of a schedule: the witness of many claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.claims.base import Witness
from muon_theory.claims.proof import Lines, Over, interval, within
from muon_theory.claims.record import Cuts, OnePerStep, Record
from muon_theory.claims.words import Subject, short
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class Outer(Record):
    """f_t(O_{t-1}) ⊆ `outer` = O_t, shown between the cuts for its lower and its upper end."""

    outer: Interval
    splits: tuple[Cuts, Cuts]


@dataclass(frozen=True, slots=True)
class Chain(Witness):
    """Intervals that contain the values, one for each step."""

    type = "chain"
    steps: OnePerStep[Outer]


def shown(subject: Subject, start: Interval, steps: Sequence[Outer], errors: Sequence[Fraction] = ()) -> Lines:
    """The obligations of a chain from outside, two uses of the rule a step."""
    over, here = Over(subject), start
    for t, step in enumerate(steps, 1):
        plus, minus = (f" {sign} {short(errors[t - 1])}" if errors else "" for sign in "+-")
        place, (below, above) = within("x", here), step.splits
        yield over.rule(f"step {t}: f_{t}(x) ≥ {short(step.outer.lo)}{plus}", "x", place, below)
        yield over.rule(f"step {t}: f_{t}(x) ≤ {short(step.outer.hi)}{minus}", "x", place, above)
        here = step.outer


def reached(start: Interval, steps: Sequence[tuple[Interval, tuple[Fraction, Fraction]]]) -> Lines:
    """The obligations of a chain from inside: each step reaches both ends of its interval at two points."""
    here = start
    for t, (inner, points) in enumerate(steps, 1):
        (p, q), lo, hi = map(short, points), short(inner.lo), short(inner.hi)
        yield f"step {t}: f_{t}({p}) ≤ {lo} and f_{t}({q}) ≥ {hi} at points of {interval(here)}, by evaluation"
        here = inner
