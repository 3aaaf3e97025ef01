"""Uses of the rule and other obligations as lines of text: what `explain` lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product

from muon_theory.claims.record import Cuts
from muon_theory.claims.words import Subject, parameters, several, short
from muon_theory.family import Members
from muon_theory.interval import Interval

Lines = Iterator[str]


def interval(i: Interval, left: str = "[", right: str = "]") -> str:
    """[1/100, 1]."""
    return f"{left}{short(i.lo)}, {short(i.hi)}{right}"


def within(name: str, i: Interval, left: str = "[", right: str = "]") -> str:
    """x in [1/100, 1], or x = 1."""
    return f"{name} = {short(i.lo)}" if i.is_point else f"{name} in {interval(i, left, right)}"


def box(names: Sequence[str], intervals: Sequence[Interval], interior: bool = False) -> str:
    """a in [1, 2], s in [0, 1]; without the ends for the interior."""
    left, right = ("(", ")") if interior else ("[", "]")
    return ", ".join(within(n, i, left, right) for n, i in zip(names, intervals, strict=True))


def square(q: Fraction) -> str:
    """(4/3)², 2²."""
    shown = short(q)
    return f"{shown}²" if shown.isdigit() else f"({shown})²"


def nested(cuts: Cuts) -> Sequence[Sequence[Fraction]]:
    """A grid as it is; cuts of one interval as a grid of one axis."""
    if cuts and not isinstance(cuts[0], Fraction):
        return [axis for axis in cuts if not isinstance(axis, Fraction)]
    return [[q for q in cuts if isinstance(q, Fraction)]]


def rule(what: str, where: Sequence[str], cuts: Cuts, axes: Sequence[str]) -> str:
    """One use of the rule: what is shown, for which values, and the cells it was cut into."""
    grid, count = nested(cuts), 1
    for axis in grid:
        count *= len(axis) + 1
    cut = "; ".join(f"{n} cut at {several(map(short, axis))}" for n, axis in zip(axes, grid, strict=False) if axis)
    shown = f"by the rule on {count} cells: {cut}" if cut else "by the rule"
    return f"{what} for {', '.join(filter(None, where))}, {shown}"


def cells(axes: Sequence[Sequence[Fraction]]) -> list[tuple[Interval, ...]]:
    """The cells of a grid whose axes are given with their ends, in the checker's order."""
    return list(product(*([Interval(lo, hi) for lo, hi in pairwise(axis)] for axis in axes)))


class Over:
    """Uses of the rule for a schedule, or for every member of a family in a box."""

    def __init__(self, subject: Subject) -> None:
        self.names = parameters(subject) if isinstance(subject, Members) else []
        self.where = box(self.names, subject.box) if isinstance(subject, Members) else ""

    def rule(self, what: str, variable: str, where: str, cuts: Cuts) -> str:
        """For all values of the variable that `where` names, and all parameters."""
        return rule(what, [self.where, where], cuts, [*self.names, variable])
