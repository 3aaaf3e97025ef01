"""Expressions such as `(5-s)/2 - 2a`: the polynomial in named parameters that each denotes, and their reader.

    expression  sign? term (("+" | "-") term)*
    term        factor (("*" | "/") factor)*        a number or a closing parenthesis multiplies what follows it
    factor      sign? (number | name | "(" expression ")") (("^" | "**") exponent)?

A number is read as it is written, `1e-3` too; a name has letters of the alphabet, digits and `_`; / divides by numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NoReturn

from muon_theory.errors import ParseError
from muon_theory.number import lowest_terms, rational

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


LONGEST = 10_000
"""Characters of an expression."""
DEEPEST = 60
"""Parentheses inside each other."""
GREATEST_EXPONENT = 16
MOST_TERMS = 4000
MOST_BITS = 20_000
"""What a product may have: its terms, and the bits of its coefficients."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>\*\*|[-+*/^()]))", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of an expression: `kind` is number, name, sign or end, `at` its place in the whole text."""

    kind: str
    text: str
    at: int


def tokens(text: str, offset: int = 0, whole: str | None = None) -> list[Token]:
    """The words of an expression, and its end.  Raises ParseError that points into `whole`."""
    found, place = list[Token](), 0
    whole = text if whole is None else whole
    if len(text) > LONGEST:
        raise ParseError(f"an expression of {len(text)} characters: at most {LONGEST} are read", whole[:60] + "…", 0)
    end = len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            place += len(text[place:]) - len(text[place:].lstrip())
            raise ParseError(
                f"{text[place]!r} does not belong in an expression: write such as (5-s)/2 - 2a", whole, offset + place
            )
        found.append(Token(match.lastgroup, match[match.lastgroup], offset + match.start(match.lastgroup)))
        place = match.end()
    return [*found, Token("end", "", offset + end)]


def names_in(text: str, offset: int = 0, whole: str | None = None) -> list[str]:
    """The parameters that an expression names, in alphabetical order.

    >>> names_in("(5-s)/2 - 2a + 1e-3")
    ['a', 's']
    """
    return sorted({token.text for token in tokens(text, offset, whole) if token.kind == "name"})


def read(text: str, names: Sequence[str], offset: int = 0, whole: str | None = None) -> ParameterPolynomial:
    """The polynomial in `names` that the text denotes; errors point into `whole`, where the text begins at `offset`.

    Raises ParseError.

    >>> read("(1 - a)^2/2 + 1e-1", ("a",)).text(("a",))
    '1/2*a^2 - a + 3/5'
    """
    whole = text if whole is None else whole
    reader = _Reader(whole, tokens(text, offset, whole), tuple(names))
    value = reader.sum()
    if reader.here.kind != "end":
        reader.refuse(f"{reader.here.text!r} does not belong here")
    return value


@dataclass(slots=True)
class _Reader:
    """Recursive descent over the words, one method a line of the grammar."""

    whole: str
    words: list[Token]
    names: tuple[str, ...]
    place: int = 0
    depth: int = field(default=0)

    @property
    def here(self) -> Token:
        return self.words[self.place]

    def taken(self, *texts: str) -> str | None:
        """The sign that stands here, if it is one of these; it is passed."""
        if self.here.kind != "sign" or self.here.text not in texts:
            return None
        self.place += 1
        return self.words[self.place - 1].text

    def refuse(self, what: str, at: Token | None = None) -> NoReturn:
        place = (at or self.here).at
        raise ParseError(f"{what}: write such as (5-s)/2 - 2a", self.whole, place)

    def sum(self) -> ParameterPolynomial:
        value = self.product()
        while sign := self.taken("+", "-"):
            value = value + self.product().scaled(Fraction(1 if sign == "+" else -1))
        return value

    def product(self) -> ParameterPolynomial:
        value = self.factor()
        while True:
            at, before = self.here, self.words[self.place - 1]
            if self.taken("*"):
                value = self.times(value, self.factor(), at)
            elif self.taken("/"):
                value = value.scaled(1 / self.divisor())
            elif (before.kind == "number" or before.text == ")") and (at.kind == "name" or at.text == "("):
                value = self.times(value, self.factor(), at)
            else:
                return value

    def factor(self) -> ParameterPolynomial:
        if sign := self.taken("+", "-"):
            return self.factor().scaled(Fraction(1 if sign == "+" else -1))
        value = self.atom()
        if not self.taken("^", "**"):
            return value
        token = self.here
        if token.kind != "number" or not token.text.isdecimal() or int(token.text[:9]) > GREATEST_EXPONENT:
            self.refuse(f"an exponent is a whole number up to {GREATEST_EXPONENT}")
        self.place += 1
        power = self.constant(Fraction(1))
        for _ in range(int(token.text)):
            power = self.times(power, value, token)
        return power

    def atom(self) -> ParameterPolynomial:
        token = self.here
        self.place += token.kind != "end"
        if token.kind == "number":
            try:
                return self.constant(rational(token.text))
            except ParseError as error:
                self.refuse(str(error).partition(";")[0], token)
        if token.kind == "name":
            if token.text not in self.names:
                self.refuse(f"{token.text!r} is not a parameter: the list is {', '.join(self.names)}", token)
            return ParameterPolynomial.of({tuple(int(token.text == n) for n in self.names): 1})
        if token.text == "(":
            self.depth += 1
            if self.depth > DEEPEST:
                self.refuse(f"more than {DEEPEST} parentheses inside each other", token)
            value = self.sum()
            if not self.taken(")"):
                self.refuse("a closing parenthesis is missing")
            self.depth -= 1
            return value
        self.refuse(
            "a number or a parameter is missing" if token.kind == "end" else f"{token.text!r} has nothing before it",
            token,
        )

    def constant(self, value: Fraction) -> ParameterPolynomial:
        return ParameterPolynomial.of({(0,) * len(self.names): value})

    def divisor(self) -> Fraction:
        token = self.here
        terms = dict(self.factor().terms)
        if set(terms) != {(0,) * len(self.names)}:
            self.refuse("only a number other than 0 divides", token)
        return terms[(0,) * len(self.names)]

    def times(self, p: ParameterPolynomial, q: ParameterPolynomial, at: Token) -> ParameterPolynomial:
        """The product, unless it is too large to work with."""
        bits = _bits(p) + _bits(q)
        if len(p.terms) * len(q.terms) > MOST_TERMS or bits > MOST_BITS:
            self.refuse(f"the polynomial has more than {MOST_TERMS} terms, or {MOST_BITS} bits in a coefficient", at)
        return p * q


def _bits(p: ParameterPolynomial) -> int:
    return max((max(c.numerator.bit_length(), c.denominator.bit_length()) for _, c in p.terms), default=0)
