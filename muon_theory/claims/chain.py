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


Margins = tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]
"""Of a step's lower and of its upper end: by which share of the value and by how much it is widened."""


def absolute(error: Fraction) -> Margins:
    """By ± error at both ends."""
    return (Fraction(0), error), (Fraction(0), error)


def shown(subject: Subject, start: Interval, steps: Sequence[Outer], margins: Sequence[Margins] = ()) -> Lines:
    """The obligations of a chain from outside, two uses of the rule a step."""
    over, here = Over(subject), start
    for t, step in enumerate(steps, 1):
        place, (below, above) = within("x", here), step.splits
        (r, e), (s, d) = margins[t - 1] if margins else absolute(Fraction(0))
        less, more = (f"{short(factor)}·" if factor != 1 else "" for factor in (1 - r, 1 + s))
        plus, minus = (f" {sign} {short(by)}" if margins else "" for sign, by in (("+", e), ("-", d)))
        yield over.rule(f"step {t}: {less}f_{t}(x) ≥ {short(step.outer.lo)}{plus}", "x", place, below)
        yield over.rule(f"step {t}: {more}f_{t}(x) ≤ {short(step.outer.hi)}{minus}", "x", place, above)
        here = step.outer


def reached(start: Interval, steps: Sequence[tuple[Interval, tuple[Fraction, Fraction]]]) -> Lines:
    """The obligations of a chain from inside: each step reaches both ends of its interval at two points."""
    here = start
    for t, (inner, points) in enumerate(steps, 1):
        (p, q), lo, hi = map(short, points), short(inner.lo), short(inner.hi)
        yield f"step {t}: f_{t}({p}) ≤ {lo} and f_{t}({q}) ≥ {hi} at points of {interval(here)}, by evaluation"
        here = inner
