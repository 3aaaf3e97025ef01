"""Families of odd polynomials: coefficients that are polynomials in named rational parameters.

The article's two families fix f(1) = 1; `s` is the multiplier f'(1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.errors import UsageError
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

    def at(self, **values: str | int | Fraction) -> OddPolynomial:
        """The member with these parameter values (all of them, exact)."""
        self._known(values)
        if missing := [p for p in self.parameters if p not in values]:
            raise UsageError(f"family {self.name!r} needs a value for {missing[0]}")
        point = tuple(rational(values[p]) for p in self.parameters)
        return OddPolynomial(tuple(c.at(point) for c in self.coefficients))

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


def _linear(parameters: int, constant: str | int, *slopes: str | int) -> ParameterPolynomial:
    units = [tuple(int(i == j) for j in range(parameters)) for i in range(parameters)]
    terms: dict[Exponents, str | int | Fraction] = {(0,) * parameters: constant}
    terms.update(zip(units, slopes, strict=True))
    return ParameterPolynomial.of(terms)


CUBIC = Family("cubic", ("a",), (_linear(1, 0, 1), _linear(1, 1, -1)))
"""f(1) = 1: f = a·x + (1 - a)·x³, f'(1) = 3 - 2a."""

QUINTIC = Family(
    "quintic", ("a", "s"), (_linear(2, 0, 1, 0), _linear(2, "5/2", -2, "-1/2"), _linear(2, "-3/2", 1, "1/2"))
)
"""f(1) = 1, f'(1) = s: b = (5 - s)/2 - 2a, c = a - (3 - s)/2."""

QUINTIC_AB = Family("quintic in (a, b)", ("a", "b"), (_linear(2, 0, 1, 0), _linear(2, 0, 0, 1), _linear(2, 1, -1, -1)))
"""f(1) = 1: c = 1 - a - b, f'(1) = 5 - 4a - 2b."""

FAMILIES = {f.name: f for f in (CUBIC, QUINTIC)}
