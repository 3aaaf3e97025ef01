"""Families of odd polynomials: coefficients that are polynomials in named rational parameters.

The article's two families fix f(1) = 1; `s` is the multiplier f'(1).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from string import ascii_lowercase

from muon_theory.errors import ParseError, UsageError
from muon_theory.interval import Interval
from muon_theory.number import lowest_terms, rational
from muon_theory.polynomial import OddPolynomial

Exponents = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParameterPolynomial:
    """A polynomial in the parameters of a family: rational coefficients by exponent vector, zeros left out."""

    terms: tuple[tuple[Exponents, Fraction], ...]

    @classmethod
    def of(cls, terms: Mapping[Exponents, str | int | Fraction]) -> ParameterPolynomial:
        exact = ((e, rational(c)) for e, c in terms.items())
        return cls(tuple(sorted((e, c) for e, c in exact if c)))

    def __add__(self, other: ParameterPolynomial) -> ParameterPolynomial:
        terms = dict(self.terms)
        for e, c in other.terms:
            terms[e] = terms.get(e, Fraction(0)) + c
        return ParameterPolynomial.of(terms)

    def __mul__(self, other: ParameterPolynomial) -> ParameterPolynomial:
        terms: dict[Exponents, Fraction] = {}
        for e, c in self.terms:
            for k, d in other.terms:
                s = tuple(map(int.__add__, e, k))
                terms[s] = terms.get(s, Fraction(0)) + c * d
        return ParameterPolynomial.of(terms)

    def scaled(self, by: Fraction) -> ParameterPolynomial:
        return ParameterPolynomial.of({e: c * by for e, c in self.terms})

    def at(self, values: tuple[Fraction, ...]) -> Fraction:
        total = Fraction(0)
        for exponents, c in self.terms:
            for v, k in zip(values, exponents, strict=True):
                c *= v**k
            total += c
        return total

    def substitute(self, position: int, value: Fraction) -> ParameterPolynomial:
        """With the parameter at `position` set to a number and removed."""
        out: dict[Exponents, Fraction] = {}
        for e, c in self.terms:
            rest = e[:position] + e[position + 1 :]
            out[rest] = out.get(rest, Fraction(0)) + c * value ** e[position]
        return ParameterPolynomial.of(out)

    def text(self, names: Sequence[str]) -> str:
        """In the notation that `Family.parse` reads.

        >>> ParameterPolynomial.of({(2, 0): 4, (0, 1): "-1/2", (0, 0): 1}).text(("a", "s"))
        '4*a^2 - 1/2*s + 1'
        """
        parts = []
        for exponents, c in reversed(self.terms):
            powers = [n if k == 1 else f"{n}^{k}" for n, k in zip(names, exponents, strict=True) if k]
            size = [str(abs(c))] if abs(c) != 1 or not powers else []
            parts.append(f"{'-' if c < 0 else '+'} {'*'.join([*size, *powers])}")
        return " ".join(parts).removeprefix("+ ").replace("- ", "-", 1 if parts and parts[0][0] == "-" else 0) or "0"

    def to_json(self) -> list[list[object]]:
        return [[lowest_terms(c), list(e)] for e, c in self.terms]


@dataclass(frozen=True, slots=True)
class Family:
    """f(x; θ) = Σ coefficients[i](θ)·x^(2i+1).

    >>> CUBIC.at(a="1.99")
    OddPolynomial(coefficients=(Fraction(199, 100), Fraction(-99, 100)))
    >>> QUINTIC.fix(s="-49/50").at(a="3.25").row()
    ['13/4', '-351/100', '63/50']
    """

    name: str
    parameters: tuple[str, ...]
    coefficients: tuple[ParameterPolynomial, ...]

    @classmethod
    def parse(cls, text: str, parameters: Sequence[str] | None = None) -> Family:
        """From the coefficients of x, x³, x⁵, … as polynomials in named parameters, separated by semicolons.

        `parameters` orders them; alphabetical unless said.  A number before a name multiplies it.

        >>> Family.parse("a; (5-s)/2 - 2a; a - (3-s)/2").at(a=3, s=0).row()
        ['3', '-7/2', '3/2']
        """
        named = names_in(text)
        names = tuple(named if parameters is None else parameters)
        if unknown := [n for n in named if n not in names]:
            raise UsageError(f"{unknown[0]!r} in {text!r} is not a parameter: the list is {', '.join(names)}")
        rows, position = [], 0
        for cell in text.split(";"):
            rows.append(_Expression(text, position, names).read(cell))
            position += len(cell) + 1
        return cls(text, names, tuple(rows))

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

    def _known(self, values: Mapping[str, object]) -> None:
        if unknown := [v for v in values if v not in self.parameters]:
            raise UsageError(
                f"family {self.name!r} has no parameter {unknown[0]!r}: it has {', '.join(self.parameters) or 'none'}"
            )

    def to_json(self) -> dict[str, object]:
        return {"parameters": list(self.parameters), "coefficients": [c.to_json() for c in self.coefficients]}


def names_in(text: str) -> list[str]:
    """The parameters that an expression names, in alphabetical order."""
    return sorted(set(re.findall(r"[A-Za-z_]\w*", text)))


class _Expression:
    """Reads a polynomial expression: + - * / ^ and parentheses, exact numbers, the parameters' names."""

    def __init__(self, whole: str, offset: int, names: Sequence[str]) -> None:
        self.whole, self.offset = whole, offset
        self.units = {n: ParameterPolynomial.of({tuple(int(n == m) for m in names): 1}) for n in names}
        self.zero = (0,) * len(names)

    def read(self, text: str) -> ParameterPolynomial:
        python = re.sub(r"(\d|\))\s*(?=[A-Za-z_(])", r"\1*", text.replace("^", "**"))
        try:
            tree = ast.parse(python.strip(), mode="eval")
        except SyntaxError:
            raise self.error("is not an expression in the parameters") from None
        return self.value(tree.body, python.strip())

    def error(self, what: str) -> ParseError:
        message = f"a coefficient of {self.whole!r} {what}: write such as (5-s)/2 - 2a"
        return ParseError(message, self.whole, self.offset)

    def value(self, node: ast.expr, source: str) -> ParameterPolynomial:
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                literal = ast.get_source_segment(source, node) or ""
                return ParameterPolynomial.of({self.zero: rational(literal)})
            case ast.Name(id=name):
                return self.units[name]
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return self.value(inner, source).scaled(Fraction(-1))
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
                sign = Fraction(1 if isinstance(op, ast.Add) else -1)
                return self.value(left, source) + self.value(right, source).scaled(sign)
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return self.value(left, source) * self.value(right, source)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self.value(left, source).scaled(1 / self.number(right, source))
            case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int(power))) if 0 <= power <= 16:
                result = ParameterPolynomial.of({self.zero: 1})
                for _ in range(power):
                    result = result * self.value(left, source)
                return result
        raise self.error("has something else than + - * / ^, numbers and names in it")

    def number(self, node: ast.expr, source: str) -> Fraction:
        value = dict(self.value(node, source).terms)
        if set(value) != {self.zero}:
            raise self.error("is divided by something that is not a number other than 0")
        return value[self.zero]


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
