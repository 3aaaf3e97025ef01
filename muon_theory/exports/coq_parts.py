"""Parts of a Coq file: reading a certificate's JSON, writing rationals, intervals and functions.

A rational appears twice: as data, `-191#40`, and in the statement, `-191/40`, a real number.  The library's function
`written` turns the first into the second, so that Coq reads them as equal by computation.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from muon_theory.errors import UsageError

_RATIONAL = re.compile(r"-?[0-9]+(?:/[0-9]*[1-9][0-9]*)?")

Row = list[Fraction]
Range = tuple[Fraction, Fraction]


# Reading -------------------------------------------------------------------------------------------------------------
# Every text that reaches a Coq file is built from numbers read here; none is copied from the certificate.


def _unexpected(expected: str, found: Any) -> UsageError:
    return UsageError(f"not a certificate: {expected} is expected, found {str(found)[:60]!r}")


def items(value: Any, length: int | None = None) -> list[Any]:
    """A list, of that length if one is given."""
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise _unexpected("a list" if length is None else f"a list of {length}", value)
    return value


def rational(value: Any) -> Fraction:
    """The number of a text such as '-17/25'."""
    if not isinstance(value, str) or not _RATIONAL.fullmatch(value):
        raise _unexpected("a rational such as '-17/25'", value)
    return Fraction(value)


def rationals(value: Any) -> list[Fraction]:
    """The numbers of a list of texts."""
    return [rational(v) for v in items(value)]


def interval(value: Any) -> Range:
    """The two numbers of a pair."""
    lo, hi = items(value, 2)
    return rational(lo), rational(hi)


def whole(value: Any) -> int:
    """A positive integer."""
    if type(value) is not int or value < 1:
        raise _unexpected("a positive integer", value)
    return value


@dataclass(frozen=True, slots=True)
class Part:
    """An object of the JSON, read by key and kind.  Every reader raises UsageError where it finds something else."""

    value: Any

    def raw(self, key: str) -> Any:
        if not isinstance(self.value, dict) or key not in self.value:
            raise _unexpected(f"an object with the key {key!r}", self.value)
        return self.value[key]

    def part(self, key: str) -> Part:
        return Part(self.raw(key))

    def parts(self, key: str, length: int | None = None) -> list[Part]:
        return [Part(v) for v in items(self.raw(key), length)]

    def rational(self, key: str) -> Fraction:
        return rational(self.raw(key))

    def rationals(self, key: str, length: int | None = None) -> list[Fraction]:
        return rationals(items(self.raw(key), length))

    def interval(self, key: str) -> Range:
        return interval(self.raw(key))

    def intervals(self, key: str) -> list[Range]:
        return [interval(v) for v in items(self.raw(key))]

    def whole(self, key: str) -> int:
        return whole(self.raw(key))

    def wholes(self, key: str, length: int) -> list[int]:
        return [whole(v) for v in items(self.raw(key), length)]

    def rows(self, key: str) -> list[Row]:
        """Rows of coefficients without trailing zeros, as the digest reads them."""
        rows = [rationals(row) for row in items(self.raw(key))]
        if not rows or not all(rows):
            raise _unexpected("a schedule of rows with coefficients", rows)
        for row in rows:
            while len(row) > 1 and not row[-1]:
                row.pop()
        return rows


# Writing: data -------------------------------------------------------------------------------------------------------


def ratio(q: Fraction) -> str:
    """17#25, the number as data in a list or a pair."""
    return f"{q.numerator}#{q.denominator}"


def data(q: Fraction) -> str:
    """The same as an argument: (17#25)."""
    return f"({ratio(q)})"


def pair(i: Range) -> str:
    """An interval as data: (1#100, 1#1)."""
    return f"({ratio(i[0])}, {ratio(i[1])})"


def listed(values: Iterable[str]) -> str:
    """A list as data."""
    return f"[{'; '.join(values)}]"


def points(qs: Iterable[Fraction]) -> str:
    """A list of rationals as data."""
    return listed(map(ratio, qs))


def lines(values: Iterable[str]) -> str:
    """A list with a line for each of its elements."""
    return "\n  [" + ";\n   ".join(values) + "]"


# Writing: statements -------------------------------------------------------------------------------------------------


def argument(q: Fraction) -> str:
    """A real number as the argument of a function: 2, but (1/2) and (-2)."""
    return f"({q})" if q < 0 or q.denominator > 1 else str(q)


def between(i: Range, what: str) -> str:
    """lo <= what <= hi."""
    return f"{i[0]} <= {what} <= {i[1]}"


def polynomial(row: Row) -> str:
    """c1 x + c3 x^3 + …, without the terms that are 0: the text that the library's `written` computes."""
    text = f"{row[0]} * x"
    for i, c in enumerate(row[1:], 1):
        if c:
            text += f" {'-' if c < 0 else '+'} {abs(c)} * x^{2 * i + 1}"
    return text


def nested(functions: Iterable[str], x: str) -> str:
    """f_T ( … (f_1 x)).

    >>> nested(["f1", "f2", "f3"], "x")
    'f3 (f2 (f1 x))'
    """
    text = x
    for f in functions:
        text = f"{f} {x}" if text == x else f"{f} ({text})"
    return text


# The functions of a statement ----------------------------------------------------------------------------------------


class Steps(ABC):
    """The functions f_1, …, f_T of a statement: one name where all are equal, else one for each step.

    Either their coefficients are numbers (`Maps`), or they are those of every member of a family in a box
    (`coq_parameters.Members`).  What is abstract here is what the theorems about the two do not share.
    """

    row_type: str  # of the library
    suffix: str  # of the library's types for the parts of a proof, after "step", "ceiling" and "arc"

    @property
    @abstractmethod
    def count(self) -> int:
        """T."""

    @property
    @abstractmethod
    def constant(self) -> bool:
        """Are all of them equal?"""

    @abstractmethod
    def name(self, t: int) -> str:
        """The function f_(t+1), with its parameters."""

    @abstractmethod
    def definitions(self) -> str:
        """The functions, written out."""

    @abstractmethod
    def row(self, t: int) -> str:
        """The coefficients of f_(t+1), as data."""

    @abstractmethod
    def cuts(self, value: Any) -> str:
        """Where a use of the rule is cut, as data."""

    @abstractmethod
    def negative_at_infinity(self) -> bool:
        """The sign of f_1 far out to the right."""

    @abstractmethod
    def says(self, statement: str) -> str:
        """The statement, for all parameters if there are any."""

    @abstractmethod
    def by(self, file: str, theorem: str) -> str:
        """The library's theorem, with what it is applied to first."""

    @abstractmethod
    def file(self, file: str) -> str:
        """The library's file with the theorem."""

    @property
    def applied_map(self) -> str:
        """f_1 as the argument of a function."""
        name = self.name(0)
        return f"({name})" if " " in name else name

    @property
    def names(self) -> list[str]:
        return [self.name(t) for t in range(self.count)]

    def applied(self, steps: int | None = None) -> str:
        """The composition of all, or of the first, steps at x."""
        return nested(self.names if steps is None else [self.name(t) for t in range(steps)], "x")

    def rows(self, count: int | None = None) -> str:
        """The data of all rows, or of so many; a repeated map goes on past its last row."""
        every = range(self.count if count is None else count)
        return f"list ({self.row_type}) :=" + lines(self.row(t if t < self.count else 0) for t in every)

    def all_cuts(self, value: Any, length: int) -> list[str]:
        """So many of them."""
        return [self.cuts(v) for v in items(value, length)]


@dataclass(frozen=True, slots=True)
class Maps(Steps):
    """The functions of a schedule of numbers."""

    numbers: list[Row]
    row_type = "row"
    suffix = ""

    @property
    def count(self) -> int:
        return len(self.numbers)

    @property
    def constant(self) -> bool:
        return all(row == self.numbers[0] for row in self.numbers)

    def name(self, t: int) -> str:
        return "f" if self.constant else f"f{t + 1}"

    def definitions(self) -> str:
        shown = self.numbers[:1] if self.constant else self.numbers
        return "\n".join(f"Definition {self.name(t)} (x : R) : R := {polynomial(row)}." for t, row in enumerate(shown))

    def row(self, t: int) -> str:
        return points(self.numbers[t])

    def cuts(self, value: Any) -> str:
        return points(rationals(value))

    def negative_at_infinity(self) -> bool:
        return self.numbers[0][-1] < 0

    def says(self, statement: str) -> str:
        return statement

    def by(self, file: str, theorem: str) -> str:
        return f"{file}.{theorem}"

    def file(self, file: str) -> str:
        return file
