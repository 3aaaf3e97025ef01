"""Polynomials in named parameters: a family, all its members in a box, and their data in the order of the library.

A certificate numbers its variables (parameters, y); the library reads y first.  `turned` does nothing but that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

from muon_theory.errors import UsageError
from muon_theory.exports.coq_parts import (
    Part,
    Range,
    Steps,
    data,
    interval,
    items,
    lines,
    listed,
    points,
    ratio,
    rational,
    rationals,
)

Monomial = tuple[Fraction, list[int]]

_NAME = re.compile(r"[abceghijklqrstuvw]")  # the others have a meaning in the statements: f, m, n, x, …


def monomials(value: Any, variables: int) -> list[Monomial]:
    """[["coefficient", [exponents]], …]."""
    found = []
    for c, exponents in (items(monomial, 2) for monomial in items(value)):
        powers = items(exponents, variables)
        if not all(type(e) is int and 0 <= e <= 64 for e in powers):
            raise UsageError(f"not a certificate: exponents from 0 to 64 are expected, found {str(powers)[:60]!r}")
        found.append((rational(c), powers))
    return found


def as_data(ms: Iterable[Monomial]) -> str:
    """A polynomial as data: [(5#2, [0; 1]%nat); …]."""
    return listed(f"({ratio(c)}, {listed(map(str, es))}%nat)" for c, es in ms)


def as_text(ms: list[Monomial], names: list[str]) -> str:
    """The text that the library's `sum_text` computes: 5/2 - 1/2 * s - 2 * a.

    >>> as_text([(Fraction(5, 2), [0, 0]), (Fraction(-1, 2), [0, 1]), (Fraction(1), [2, 0])], ["a", "s"])
    '5/2 - 1/2 * s + a^2'
    """

    def monomial(c: Fraction, es: list[int]) -> str:
        powers = [name if e == 1 else f"{name}^{e}" for name, e in zip(names, es, strict=True) if e]
        return " * ".join([str(c), *powers] if c != 1 or not powers else powers)

    text = monomial(*ms[0]) if ms else "0"
    for c, es in ms[1:]:
        text += f" {'-' if c < 0 else '+'} {monomial(abs(c), es)}"
    return text


def turned(values: list[Any]) -> list[Any]:
    """(parameters, y) in the order (y, parameters)."""
    return [*values[-1:], *values[:-1]]


def first_y(value: Any, variables: int) -> str:
    """A polynomial in the parameters and y, as data."""
    return as_data((c, turned(es)) for c, es in monomials(value, variables))


def cuts(value: Any, axes: int) -> str:
    """Split points for each axis, those for y first."""
    return listed(points(rationals(v)) for v in turned(items(value, axes)))


def axis(i: Range, closed: bool = True, cut_at: str = "[]") -> str:
    """A parameter's interval and its split points, as data."""
    inside = "true" if closed else "false"
    return f"Axis {data(i[0])} {inside} {data(i[1])} {inside} {cut_at}"


def within(names: list[str], box: list[Range], closed: bool = True) -> str:
    """The bounds of each parameter, as a conjunction."""
    less = "<=" if closed else "<"
    return " /\\ ".join(f"{lo} {less} {name} {less} {hi}" for name, (lo, hi) in zip(names, box, strict=True))


def written(name: str, names: list[str], row: list[list[Monomial]]) -> str:
    """The definition of a step: the text that the library's `family_text` computes."""
    terms = []
    for i, ms in enumerate(row):
        text = as_text(ms, names)
        power = "x" if i == 0 else f"x^{2 * i + 1}"
        terms.append(f"({text}) * {power}" if len(ms) > 1 else f"{text} * {power}")
    return f"Definition {name} ({' '.join([*names, 'x'])} : R) : R := {' + '.join(terms)}."


@dataclass(frozen=True, slots=True)
class Family:
    """The step f of a statement, with its parameters."""

    names: list[str]
    row: list[list[Monomial]]

    def applied(self) -> str:
        return " ".join(["f", *self.names])

    def definitions(self) -> str:
        return written("f", self.names, self.row)

    def as_data(self) -> str:
        return "list (list monomial) :=" + lines(map(as_data, self.row))


def read_family(part: Part) -> Family:
    """The family of a certificate."""
    names = _names(part)
    row = [monomials(c, len(names)) for c in items(part.raw("coefficients"))]
    if not row:
        raise UsageError("not a certificate: a family without coefficients")
    return Family(names, row)


def _names(part: Part) -> list[str]:
    """The names of the parameters; a certificate's own only if they are one letter each."""
    names = items(part.raw("parameters"))
    if not 1 <= len(names) <= 3:
        raise UsageError(f"a family has one to three parameters, not {len(names)}")
    if len(set(map(str, names))) < len(names) or not all(isinstance(v, str) and _NAME.fullmatch(v) for v in names):
        return [f"t{i}" for i in range(1, len(names) + 1)]
    return names


@dataclass(frozen=True, slots=True)
class Members(Steps):
    """The functions of every member of a family, with parameters in a closed box."""

    parameters: list[str]
    polynomials: list[list[list[Monomial]]]
    box: list[Range]
    row_type = "list (list monomial)"
    suffix = "_in_box"

    @property
    def count(self) -> int:
        return len(self.polynomials)

    @property
    def constant(self) -> bool:
        return all(row == self.polynomials[0] for row in self.polynomials)

    def name(self, t: int) -> str:
        return " ".join(["f" if self.constant else f"f{t + 1}", *self.parameters])

    def definitions(self) -> str:
        shown = self.polynomials[:1] if self.constant else self.polynomials
        names = ["f"] if self.constant else [f"f{t}" for t in range(1, self.count + 1)]
        return "\n".join(written(name, self.parameters, row) for name, row in zip(names, shown, strict=True))

    def row(self, t: int) -> str:
        return listed(map(as_data, self.polynomials[t]))

    def cuts(self, value: Any) -> str:
        return cuts(value, len(self.parameters) + 1)

    def negative_at_infinity(self) -> bool:
        corner = [lo for lo, _ in self.box]
        return not sum(c * prod(x**e for x, e in zip(corner, es, strict=True)) for c, es in self.polynomials[0][-1]) > 0

    def says(self, statement: str) -> str:
        return f"forall {' '.join(self.parameters)} : R,\n  {within(self.parameters, self.box)} ->\n  {statement}"

    def by(self, file: str, theorem: str) -> str:
        name, _, arguments = theorem.partition(" ")
        every = " ".join(self.parameters)
        box = listed(map(axis, self.box))
        return f"fun {every} here =>\n    InBox.{name} {box} {listed(self.parameters)} here\n    {arguments}"

    def file(self, file: str) -> str:
        return "InBox"


def read_members(part: Part) -> Members:
    """The members that a certificate speaks of."""
    names = _names(part)
    k = len(names)
    rows = [[_normal(monomials(c, k)) for c in items(row)] for row in items(part.raw("rows"))]
    if not rows or not all(rows):
        raise UsageError("not a certificate: rows with coefficients are expected")
    for row in rows:
        while len(row) > 1 and not row[-1]:
            row.pop()
    return Members(names, rows, [interval(i) for i in items(part.raw("box"), k)])


def _normal(ms: list[Monomial]) -> list[Monomial]:
    """In the order that tells whether two rows are equal, without zeros."""
    return sorted(((c, es) for c, es in ms if c), key=lambda m: m[1])
