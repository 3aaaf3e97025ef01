"""Polynomial models of φ(x)/x on the cells of an interval: the witness of ratio and moments."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from muon_theory.claims.base import Witness
from muon_theory.claims.proof import Lines, within
from muon_theory.claims.record import OnePerStep, Record, Several
from muon_theory.claims.words import short
from muon_theory.interval import Interval

Coefficients = Several[Fraction]


@dataclass(frozen=True, slots=True)
class Model(Record):
    """On a cell [a, b], x = a + (b - a)·u: φ_t(x)/x is within `error` of `model`, by coefficients of 1, u, u², etc."""

    model: Coefficients
    error: Coefficients


@dataclass(frozen=True, slots=True)
class Models(Witness):
    """The points that cut the interval into cells, and on each cell a model after every step."""

    type = "models"
    points: tuple[Fraction, ...]
    cells: Several[OnePerStep[Model]]


def modelled(over: Interval, witness: Models) -> Lines:
    """The obligations of the models, two uses of the rule a step."""
    for (a, b), steps in zip(pairwise([over.lo, *witness.points, over.hi]), witness.cells, strict=True):
        degree, most = len(steps[-1].model) - 1, short(sum(map(abs, steps[-1].error), Fraction(0)))
        place = within("x", Interval(a, b))
        uses = f"step by step |φ_t(x)/x - p_t| ≤ e_t, by {2 * len(steps)} uses of the rule"
        yield f"for {place}: {uses}; the last p has degree {degree}, and the last e is at most {most}"
