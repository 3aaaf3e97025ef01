"""region: a property of every member of a family in some boxes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from muon_theory.claims.base import About, Claim, Lines, Witness, Words
from muon_theory.claims.gallina import Functions
from muon_theory.claims.proof import box, rule
from muon_theory.claims.properties import PROPERTIES, Place
from muon_theory.claims.record import MAX_PARAMETERS, Grid, OneOf, Several, Within
from muon_theory.claims.words import Every, Subject, parameters, short
from muon_theory.interval import Interval

Box = tuple[Interval, ...]
Cell = tuple[Box, Grid, Fraction | None]
"""Where a condition is shown: a box of parameters, the grid of cuts, and x₀² where it is about one point."""

NOTATION = "f(x) = x·g(y), y = x², Z = y·g² = f(x)², g = 1 + (1 - y)·w, w(Z) = w·R, f∘f - x = (f - x)·(g + 1)·N"
_LISTED = 3


@dataclass(frozen=True, slots=True)
class Covers(Witness):
    """For each condition the cells where it is shown; for each box the cell of each condition that it lies in."""

    type = "covers"
    covers: Several[tuple[Cell, ...]]
    uses: Several[Several[Annotated[int, Within(0)]]]


@dataclass(frozen=True, slots=True)
class Region(Claim[Covers]):
    """For every member of the family in the boxes (their interiors, if `open`), with f(1) = 1, the property holds."""

    type = "region"
    formula = "property(θ) for every θ of the boxes"
    lemma = "Families"
    witness = Covers
    about = About.FAMILY
    notation = NOTATION
    property: Annotated[str, OneOf(tuple(PROPERTIES))]
    boxes: Every[tuple[Annotated[Box, Within(1, MAX_PARAMETERS)], ...]]
    open: bool = False

    def sentence(self, say: Words) -> str:
        says, count = PROPERTIES[self.property].says, len(self.boxes)
        if count > _LISTED and not say.printer.exactly:
            inside = "the inside of " if self.open else ""
            return f"for every ({', '.join(say.names)}) in {inside}one of the certificate's {count} boxes: {says}"
        shown = [say.box(b, "()" if self.open else "[]") for b in self.boxes]
        return f"for every {shown[0] if count == 1 else ' or '.join(f'({b})' for b in shown)}: {says}"

    def theorem(self, f: Functions) -> str:
        less, says = "<" if self.open else "<=", PROPERTIES[self.property].gallina.format(f=f.names[0])
        inside = [f.within(box, less) for box in self.boxes]
        several = len(inside) > 1 and len(f.parameters) > 1
        where = " \\/\n  ".join(f"({one})" if several else one for one in inside)
        return f"forall {' '.join(f.parameters)} : R,\n  {where} ->\n  {says}"

    def obligations(self, subject: Subject, witness: Covers) -> Lines:
        names, somewhere = parameters(subject), False
        yield "f(1) = 1 identically in the parameters, by exact arithmetic"
        for condition, shown in zip(PROPERTIES[self.property].conditions, witness.covers, strict=True):
            for place, cuts, point in shown:
                at, y = condition.place.value, "t" if condition.place is Place.BEYOND else "y"
                if point is not None:
                    at, somewhere = f"{at} = {short(point)}", True
                yield rule(f"{condition.says} > 0", [box(names, place, self.open), at], cuts, [*names, y])
        count = len(self.boxes)
        boxes = "the box lies" if count == 1 else f"each of the {count} boxes lies"
        yield f"{boxes} in a cell of each condition" + ", with one x₀ for them" * somewhere
