"""Rows of coefficients written as text: 'a,b,c;a,b,c', or a list as JSON, Python, MATLAB or a paper have it.

    text   rows separated by ";" or line ends, their numbers by "," or spaces; or the same in brackets:
    value  number | "(" values ")" | "[" values "]"

Numbers stay the text that they are; quotation marks around one are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from muon_theory.errors import ParseError, UsageError
from muon_theory.number import rational
from muon_theory.subject.arguments import short

LARGEST = 200_000
"""Characters of a list."""
_WORD = re.compile(
    r"""(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)|(?P<row>[;\n])|(?P<number>[^\s,;()\[\]{}]+)|\s"""
)
PAIRS = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written, and where."""

    text: str
    at: int


def rows_in(text: str) -> list[list[str]]:
    """The rows that a text holds, as the texts of their numbers.

    Raises ParseError that points at the wrong place.

    >>> rows_in("1.5, -0.5; 2 -1") == rows_in('[["1.5", "-0.5"], (2, -1)]')
    True
    """
    if len(text) > LARGEST:
        raise UsageError(f"coefficients of {len(text)} characters: at most {LARGEST} are read; give a JSON file")
    reader = _Reader(text)
    rows = reader.rows()
    for row in rows:
        for number in row:
            short("--coefficients", number.text)
            try:
                rational(number.text)
            except ParseError as error:
                raise ParseError(str(error), text, number.at + error.position) from None
    return [[number.text for number in row] for row in rows]


class _Reader:
    """The words of the text, one after the other."""

    def __init__(self, text: str) -> None:
        self.text, self.place = text, 0
        found = (m for m in _WORD.finditer(text) if m.lastgroup)
        self.words = [(str(m.lastgroup), m[0], m.start()) for m in found]

    def rows(self) -> list[list[Number]]:
        if not any(kind == "open" for kind, _, _ in self.words):
            return self.plain()
        values: list[list[list[Number]] | list[Number]] = []
        while self.place < len(self.words):
            kind, _, at = self.words[self.place]
            if kind == "open":
                values.append(self.bracket(1))
            elif kind in ("comma", "row"):
                self.place += 1
            else:
                raise ParseError("a number outside the brackets: put it inside, or leave them all out", self.text, at)
        rows: list[list[Number]] = []
        for value in values:
            rows += [value] if isinstance(value[0], Number) else value
        return rows

    def bracket(self, depth: int) -> list[list[Number]] | list[Number]:
        """What stands between two brackets: one row, or several."""
        _, opening, at = self.words[self.place]
        self.place += 1
        numbers, rows = list[Number](), list[list[Number]]()
        ended = False  # "[1 2; 3 4]"
        while self.place < len(self.words):
            kind, word, here = self.words[self.place]
            if kind == "open":
                inner = self.bracket(depth + 1) if depth < 3 else []
                if not inner or not isinstance(inner[0], Number):
                    raise ParseError("brackets three deep: rows of numbers are expected", self.text, here)
                rows.append(inner)
                continue
            self.place += 1
            if kind == "number":
                numbers.append(Number(word.strip("'\""), here + (word[0] in "'\"")))
            elif kind == "row" and word == ";" and numbers:
                rows, numbers, ended = [*rows, numbers], [], True
            elif kind == "close":
                return self.closed(opening, word, here, numbers, rows, ended)
        raise ParseError(f"the bracket {opening} is not closed", self.text, at)

    def closed(
        self, opening: str, word: str, at: int, numbers: list[Number], rows: list[list[Number]], ended: bool
    ) -> list[list[Number]] | list[Number]:
        if PAIRS[opening] != word:
            raise ParseError(f"{word} closes {opening}: write {PAIRS[opening]}", self.text, at)
        if rows and numbers and not ended:
            raise ParseError("numbers and rows beside each other: write a list of rows", self.text, numbers[0].at)
        if not rows and not numbers:
            raise ParseError("there is nothing between these brackets", self.text, at)
        return numbers if not rows else [*rows, numbers] if numbers else rows

    def plain(self) -> list[list[Number]]:
        """Rows without brackets; an empty line is none, an empty place between commas is an error."""
        rows: list[list[Number]] = [[]]
        expected = False  # after a comma
        for kind, word, at in [*self.words, ("row", "", len(self.text))]:
            if kind == "number":
                rows[-1].append(Number(word.strip("'\""), at + (word[0] in "'\"")))
                expected = False
            elif kind == "close":
                raise ParseError(f"{word} closes no bracket", self.text, at)
            elif kind == "comma" and (expected or not rows[-1]):
                raise ParseError("'' is not a number: it is missing; write such as 3.4445", self.text, at)
            elif kind == "comma":
                expected = True
            elif (word == ";" and (expected or not rows[-1])) or (expected and word == ""):
                raise ParseError("'' is not a number: it is missing; write such as 3.4445", self.text, at)
            elif rows[-1] and not expected:
                rows.append([])
        return self.filled(rows)

    def filled(self, rows: list[list[Number]]) -> list[list[Number]]:
        found = [row for row in rows if row]
        if not found:
            raise ParseError("'' is not a number: it is missing; write such as 3.4445", self.text, 0)
        return found
