"""Families of odd polynomials: coefficients that are polynomials in named rational parameters.

The article's two families fix f(1) = 1; `s` is the multiplier f'(1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction
from string import ascii_lowercase

from muon_theory.errors import UsageError
from muon_theory.expression import LONGEST, ParameterPolynomial, names_in, read
from muon_theory.interval import Interval
from muon_theory.number import lowest_terms, rational
from muon_theory.polynomial import OddPolynomial

MOST_COEFFICIENTS = 60
"""Of a family's map: degree 119."""
_CONDITION = re.compile(r"\s*f(?P<prime>'|′)?\((?P<point>[^()]*)\)\s*=")


@dataclass(frozen=True, slots=True, repr=False)
class Family:
    """f(x; θ) = Σ coefficients[i](θ)·x^(2i+1).

    >>> CUBIC.at(a="1.99")
    OddPolynomial.of('1.99', '-0.99')
    >>> QUINTIC.fix(s="-49/50").at(a="3.25").row()
    ['13/4', '-351/100', '63/50']
    """

    name: str
    parameters: tuple[str, ...]
    coefficients: tuple[ParameterPolynomial, ...]

    @classmethod
    def parse(cls, text: str, parameters: Sequence[str] | None = None) -> Family:
        """From the coefficients of x, x³, x⁵, … as polynomials in named parameters, separated by semicolons.

        Or from as many conditions on f and its derivative at points as there are coefficients.  `parameters` orders the
        names; alphabetical unless said.  A number before a name multiplies it.  Raises ParseError.

        >>> Family.parse("a; (5-s)/2 - 2a; a - (3-s)/2").at(a=3, s=0).row()
        ['3', '-7/2', '3/2']
        >>> Family.parse("f'(0) = a; f(1) = 1").coefficients == CUBIC.coefficients
        True
        """
        if len(text) > LONGEST:
            raise UsageError(f"a family of {len(text)} characters: at most {LONGEST} are read")
        cells, places = _cells(text)
        if len(cells) > MOST_COEFFICIENTS:
            raise UsageError(f"a family of {len(cells)} coefficients: at most {MOST_COEFFICIENTS} are read")
        conditions = [_CONDITION.match(cell) for cell in cells] if "=" in text else []
        if conditions:
            places = [p + (m.end() if m else 0) for p, m in zip(places, conditions, strict=True)]
            cells = [cell[m.end() :] if m else cell for cell, m in zip(cells, conditions, strict=True)]
        named = sorted({n for cell, place in zip(cells, places, strict=True) for n in names_in(cell, place, text)})
        names = tuple(named if parameters is None else parameters)
        if unknown := [n for n in named if n not in names]:
            raise UsageError(f"{unknown[0]!r} in {text!r} is not a parameter: the list is {', '.join(names)}")
        rows = tuple(read(cell, names, place, text) for cell, place in zip(cells, places, strict=True))
        return cls(text, names, _solved(text, conditions, rows) if conditions else rows)

    @classmethod
    def fixing_one(cls, degree: int) -> Family:
        """All odd polynomials of the degree with f(1) = 1 and f'(1) = s: parameters a, b, … and s.

        The two highest coefficients follow: f(1) = 1 and f'(1) = s are two linear equations for them.

        >>> [c.at((Fraction(3), Fraction(0))) for c in Family.fixing_one(5).coefficients]
        [Fraction(3, 1), Fraction(-7, 2), Fraction(3, 2)]
        """
        if degree < 5 or degree % 2 == 0:
            raise UsageError(f"degree {degree}: an odd degree from 5 on has coefficients left to choose")
        n = (degree - 1) // 2
        free = n - 1
        names = (*ascii_lowercase[:free], "s")
        units = [ParameterPolynomial.of({tuple(int(i == j) for j in range(n)): 1}) for i in range(n)]
        one = ParameterPolynomial.of({(0,) * n: 1})
        rest, slope = one, units[-1]  # what f(1) and f'(1) leave to the last two
        for i, c in enumerate(units[:-1]):
            rest, slope = rest + c.scaled(Fraction(-1)), slope + c.scaled(Fraction(-(2 * i + 1)))
        last = (slope + rest.scaled(Fraction(-(2 * n - 1)))).scaled(Fraction(1, 2))
        return cls(f"degree {degree}", names, (*units[:-1], rest + last.scaled(Fraction(-1)), last))

    def at(self, **values: str | int | Fraction) -> OddPolynomial:
        """The member with these parameter values (all of them, exact)."""
        self._known(values)
        if missing := [p for p in self.parameters if p not in values]:
            raise UsageError(f"family {self.name!r} needs a value for {missing[0]}")
        point = tuple(rational(values[p]) for p in self.parameters)
        return OddPolynomial(tuple(c.at(point) for c in self.coefficients))

    def ordered(self, parameters: Sequence[str]) -> Family:
        """The same family with its parameters in this order."""
        places = [self.parameters.index(p) for p in parameters]
        cells = [{tuple(e[i] for i in places): c for e, c in cell.terms} for cell in self.coefficients]
        return Family(self.name, tuple(parameters), tuple(map(ParameterPolynomial.of, cells)))

    def fix(self, **values: str | int | Fraction) -> Family:
        """The subfamily with some parameters set to numbers."""
        self._known(values)
        family = self
        for name, value in values.items():
            i = family.parameters.index(name)
            family = Family(
                f"{family.name}, {name} = {value}",
                family.parameters[:i] + family.parameters[i + 1 :],
                tuple(c.substitute(i, rational(value)) for c in family.coefficients),
            )
        return family

    def __repr__(self) -> str:
        return f"<Family {self.name}: {'; '.join(c.text(self.parameters) for c in self.coefficients)}>"

    def at_one(self) -> str | None:
        """f(1) in words, or None where the family fixes 1, f(1) = 1 identically."""
        value = sum(self.coefficients, ParameterPolynomial(()))
        one = ParameterPolynomial.of({(0,) * len(self.parameters): 1})
        return None if value == one else value.text(self.parameters)

    def _known(self, values: Mapping[str, object]) -> None:
        if unknown := [v for v in values if v not in self.parameters]:
            raise UsageError(
                f"family {self.name!r} has no parameter {unknown[0]!r}: it has {', '.join(self.parameters) or 'none'}"
            )

    def to_json(self) -> dict[str, object]:
        return {"parameters": list(self.parameters), "coefficients": [c.to_json() for c in self.coefficients]}


def _cells(text: str) -> tuple[list[str], list[int]]:
    """What semicolons separate, and where each begins."""
    cells, places = text.split(";"), [0]
    for cell in cells[:-1]:
        places.append(places[-1] + len(cell) + 1)
    return cells, places


def _solved(
    text: str, conditions: Sequence[re.Match[str] | None], values: Sequence[ParameterPolynomial]
) -> tuple[ParameterPolynomial, ...]:
    """The coefficients that satisfy f(p) = v and f'(p) = v, by elimination; they are linear in them."""
    n, rows, right = len(values), list[list[Fraction]](), list(values)
    for condition in conditions:
        if condition is None:
            raise UsageError(f"{text!r} mixes coefficients and conditions: write f(1) = 1 or f'(0) = a in each place")
        p = rational(condition["point"].strip())
        rows.append([(2 * i + 1) * p ** (2 * i) if condition["prime"] else p ** (2 * i + 1) for i in range(n)])
    for k in range(n):
        pivot = next((t for t in range(k, n) if rows[t][k]), None)
        if pivot is None:
            raise UsageError(f"{text!r} does not determine {n} coefficients: its conditions depend on each other")
        rows[k], rows[pivot], right[k], right[pivot] = rows[pivot], rows[k], right[pivot], right[k]
        scale = 1 / rows[k][k]
        rows[k], right[k] = [c * scale for c in rows[k]], right[k].scaled(scale)
        for t in range(n):
            if t != k and (factor := rows[t][k]):
                rows[t] = [c - factor * d for c, d in zip(rows[t], rows[k], strict=True)]
                right[t] = right[t] + right[k].scaled(-factor)
    return tuple(right)


@dataclass(frozen=True, slots=True)
class Members:
    """All schedules whose rows are polynomials in the parameters, for the parameters of a closed box.

    A claim about a schedule that has this subject says that it holds for every one of them.
    """

    name: str
    parameters: tuple[str, ...]
    rows: tuple[tuple[ParameterPolynomial, ...], ...]
    box: tuple[Interval, ...]

    @classmethod
    def of(cls, family: Family, box: tuple[Interval, ...], steps: int = 1) -> Members:
        """The maps of a family, each repeated so many times.

        >>> Members.of(CUBIC, (Interval.of(1, 2),)).to_json()["rows"]
        [[[['1', [1]]], [['1', [0]], ['-1', [1]]]]]
        """
        if len(box) != len(family.parameters):
            raise UsageError(f"{family.name!r} has {', '.join(family.parameters)}: give one interval for each")
        return cls(family.name, family.parameters, (family.coefficients,) * steps, box)

    def to_json(self) -> dict[str, object]:
        return {
            "parameters": list(self.parameters),
            "rows": [[c.to_json() for c in row] for row in self.rows],
            "box": [[lowest_terms(i.lo), lowest_terms(i.hi)] for i in self.box],
        }


CUBIC = Family("cubic", ("a",), Family.parse("a; 1-a").coefficients)
"""f(1) = 1: f = a·x + (1 - a)·x³, f'(1) = 3 - 2a."""

QUINTIC = Family("quintic", ("a", "s"), Family.fixing_one(5).coefficients)
"""f(1) = 1, f'(1) = s: b = (5 - s)/2 - 2a, c = a - (3 - s)/2."""

QUINTIC_AB = Family("quintic in (a, b)", ("a", "b"), Family.parse("a; b; 1-a-b").coefficients)
"""f(1) = 1: c = 1 - a - b, f'(1) = 5 - 4a - 2b."""

SEPTIC = Family(
    "septic", ("a", "s", "d"), Family.parse("a; (5-s)/2 - 2a + d; a - (3-s)/2 - 2d; d", ("a", "s", "d")).coefficients
)
"""f(1) = 1, f'(1) = s, d the coefficient of x⁷; d = 0 is the quintic.  g = 1 + (1 - y)·w with
w = (a - 1)(1 - y) + ((1 - s)/2)·y + d·y(1 - y)."""

FAMILIES = {f.name: f for f in (CUBIC, QUINTIC, SEPTIC)}


def family_named(name: str) -> Family:
    """The family of that name, or of coefficients that are written out.  Raises UsageError that names the closest."""
    if name.strip() in FAMILIES:
        return FAMILIES[name.strip()]
    if ";" in name:
        return Family.parse(name)
    close = get_close_matches(name.strip().lower(), FAMILIES, 1)
    hint = f"did you mean {close[0]}? " if close else ""
    raise UsageError(
        f"there is no family {name!r}: {hint}ask for {', '.join(FAMILIES)}, or write coefficients such as 'a; 1-a'"
    )


def recognised(family: Family) -> tuple[Family, dict[str, Fraction]]:
    """The family of the list that this is, however it was written, and the parameters that it fixes; else itself.

    >>> found, fixed = recognised(Family.parse("a; 1-a"))
    >>> found.name, fixed
    ('cubic', {})
    >>> found, fixed = recognised(Family.parse("a; 2.99 - 2a; a - 1.99"))
    >>> found.name, fixed
    ('quintic', {'s': Fraction(-49, 50)})
    """
    while len(family.coefficients) > 1 and not family.coefficients[-1].terms:
        family = replace(family, coefficients=family.coefficients[:-1])
    for known in FAMILIES.values():
        same = {*known.parameters} == {*family.parameters}
        if same and known.coefficients == family.ordered(known.parameters).coefficients:
            return known, {}
    if family.parameters == ("a",):
        slopes = [c.scaled(Fraction(2 * i + 1)) for i, c in enumerate(family.coefficients)]
        slope = dict(sum(slopes, ParameterPolynomial(())).terms)
        if set(slope) <= {(0,)}:
            s = slope.get((0,), Fraction(0))
            if QUINTIC.fix(s=s).coefficients == family.coefficients:
                return QUINTIC, {"s": s}
    return family, {}
