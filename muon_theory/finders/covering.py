"""A finder that halves a box of parameters until every part has one of several properties of `region`.

Where a property rests on one x₀ of (0, 1), each part has its own: the x₀² with the most room at the middle of the part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq_mpoly

from muon_theory.certificate import Certificate
from muon_theory.claims import Covers, Region
from muon_theory.claims.properties import PROPERTIES
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.bernstein import bernstein_tensor
from muon_theory.exact.rationals import exact
from muon_theory.family import Family
from muon_theory.finders.families import PLACES, UNIT, Unit
from muon_theory.interval import Interval

Part = tuple[Interval, ...]
STARTS = tuple(sorted({Fraction(i, PLACES) for i in range(1, PLACES)} | {
    Fraction(i, PLACES * 8**k) for i in range(1, 8) for k in (1, 2)
}))  # fmt: skip
"""The x₀² that are tried: even steps, and finer ones next to 0, where steep maps turn."""
TRIED = 3
"""So many x₀² of a part are tried, those with the most room first."""
MARGIN = Fraction(1, 4)
"""How far the parts overlap where their boundaries do not belong to them, in widths."""
PARTS = 250
"""Parts in a certificate at most, for the checker's limit of work."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A part that has a property, and its x₀²."""

    part: Part
    at: Fraction


class _Condition:
    """A condition of a property as a polynomial in the parameters, for each x₀²."""

    def __init__(self, p: fmpq_mpoly, at_point: bool) -> None:
        self.at_point = at_point
        self._by_start: dict[Fraction | None, fmpq_mpoly] = {}
        self._p = p
        powers: dict[int, list[tuple[tuple[int, ...], float]]] = {}
        for e, c in p.to_dict().items():
            powers.setdefault(int(e[-1]), []).append((tuple(map(int, e[:-1])), float(Fraction(int(c.p), int(c.q)))))
        self._powers = sorted(powers.items(), reverse=True)

    def about(self, middle: Sequence[float], starts: Sequence[float]) -> list[float]:
        """The values at the middle of a part, in floats, to choose an x₀²."""
        tables = [[1.0] for _ in middle]
        for table, m in zip(tables, middle, strict=True):
            while len(table) < 32:
                table.append(table[-1] * m)
        row = [(k, sum(c * _product(tables, e) for e, c in terms)) for k, terms in self._powers]
        return [sum(c * y**k for k, c in row) for y in starts]

    def positive(self, part: Part, at: Fraction, interior: bool) -> bool:
        """> 0 on the part (its interior) at that x₀², by the signs of Bernstein coefficients."""
        key = at if self.at_point else None
        if key not in self._by_start:
            self._by_start[key] = self._p.subs({"y": exact(at)}) if self.at_point else self._p
        _, b, _ = bernstein_tensor(self._by_start[key], [*((exact(i.lo), exact(i.hi)) for i in part), UNIT])
        return min(b) > 0 or (interior and min(b) >= 0 and max(b) > 0)


def _product(tables: Sequence[Sequence[float]], exponents: Sequence[int]) -> float:
    value = 1.0
    for table, e in zip(tables, exponents, strict=True):
        value *= table[e]
    return value


def covering(
    family: Family, names: Sequence[str], box: Sequence[Interval], interior: bool = False, most: int = 20000
) -> tuple[Certificate[Region], ...]:
    """Every member of the closed box (of its interior) has one of the properties, each of which rests on one x₀.

    A part is halved along its longest side until it has a property; with `interior` the parts overlap, so that their
    interiors cover that of the box.  A certificate says that all its parts have one property.  Raises UndecidedError
    after so many parts.
    """
    if wrong := [n for n in names if not any(c.at_point for c in getattr(PROPERTIES.get(n), "conditions", ()))]:
        raise UsageError(f"{wrong[0]!r} is no property that rests on one x₀: take region for it")
    unit = Unit.of(family)
    known = {n: [_Condition(p, c.at_point) for c, p in unit.conditions(n).items()] for n in names}
    found: dict[str, list[_Shown]] = {n: [] for n in names}
    left, tried = [tuple(box)], 0
    while left:
        part = left.pop()
        tried += 1
        if tried > most:
            raise UndecidedError(f"{most} parts did not suffice; open: {' × '.join(map(str, part))}")
        outer = _enlarged(part, box) if interior else part
        shown = next(_showing(known, outer, interior), None)
        if shown is None:
            left += _halves(part)
        else:
            found[shown[0]].append(_Shown(outer, shown[1]))
    return tuple(
        _certificate(family, name, shown[i : i + PARTS], interior)
        for name, shown in found.items()
        for i in range(0, len(shown), PARTS)
    )


def _showing(known: dict[str, list[_Condition]], part: Part, interior: bool) -> Iterator[tuple[str, Fraction]]:
    """The properties that the part has, with the x₀² that shows it."""
    middle, starts = [float(i.midpoint) for i in part], [float(y) for y in STARTS]
    for name, conditions in known.items():
        values = [c.about(middle, starts) for c in conditions if c.at_point]
        least = [min(column) for column in zip(*values, strict=True)]
        for k in sorted(range(len(starts)), key=lambda k: -least[k])[:TRIED]:
            if least[k] > 0 and all(c.positive(part, STARTS[k], interior) for c in conditions):
                yield name, STARTS[k]


def _halves(part: Part) -> list[Part]:
    axis = max(range(len(part)), key=lambda i: part[i].width)
    lo, middle, hi = part[axis].lo, part[axis].midpoint, part[axis].hi
    return [(*part[:axis], Interval(*ends), *part[axis + 1 :]) for ends in ((lo, middle), (middle, hi))]


def _enlarged(part: Part, box: Sequence[Interval]) -> Part:
    """With a margin on each side that is not a side of the box."""
    return tuple(
        Interval(max(i.lo - i.width * MARGIN, j.lo), min(i.hi + i.width * MARGIN, j.hi))
        for i, j in zip(part, box, strict=True)
    )


def _certificate(family: Family, name: str, shown: Sequence[_Shown], interior: bool) -> Certificate[Region]:
    plain = tuple(() for _ in (*family.parameters, "y"))
    covers = tuple(
        tuple((s.part, plain, s.at if c.at_point else None) for s in shown) for c in PROPERTIES[name].conditions
    )
    uses = tuple((i,) * len(covers) for i in range(len(shown)))
    return Certificate(family, Region(name, tuple(s.part for s in shown), interior), Covers(covers, uses))
