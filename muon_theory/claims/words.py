"""The one printer of claims: every number of a claim by its role, so that the sentence follows from what was proved.

A role says where in the statement a number stands.  A bound in a conclusion may only move outward, a range under
"every x" and an error that is allowed only inward, a range in which something exists only outward; what serves both
ways is printed as it is.  docs/statements.md has the grammar of the sentences.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log10
from typing import Annotated, TypeAlias, TypeVar

from muon_theory.expression import ParameterPolynomial
from muon_theory.family import Family, Members
from muon_theory.interval import Interval
from muon_theory.number import decimal, exact_decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

Subject: TypeAlias = Schedule | Family | Members
"""What a claim is about: a schedule, a family, or all schedules of a family in a box."""


def steps_of(subject: Subject) -> tuple[OddPolynomial, ...]:
    """The steps of a schedule; a family and its members have none with numbers."""
    if isinstance(subject, Schedule):
        return subject.steps
    raise TypeError(f"the steps of {subject.name} depend on parameters")


DIGITS, MOST_DIGITS = 12, 50
SHORT, SHOWN = 20, 40  # characters of a decimal that is not rounded; of a number, or numbers of a list, written out
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_STEPS = 5  # of the article's φ: fⁿ for another number of steps


class Role(enum.Enum):
    """Where a number stands in its statement, which decides how it may be rounded."""

    ENCLOSES = "the conclusion: values lie in it, so it is rounded outward"
    REACHED = "the conclusion: each of its numbers is a value, so it is rounded inward"
    AT_LEAST = "the conclusion: something is ≥ it, so it is rounded down"
    EVERY = "a range under 'every', or the end of (0, u] or of an error allowed: rounded inward"
    SOME = "a range in which something exists: rounded outward"
    VALUE = "a value: printed as it is, or enclosed"
    EXACT = "it serves both ways, or is a point: printed as it is"


T = TypeVar("T")
Encloses = Annotated[T, Role.ENCLOSES]
Reached = Annotated[T, Role.REACHED]
AtLeast = Annotated[T, Role.AT_LEAST]
Every = Annotated[T, Role.EVERY]
Some = Annotated[T, Role.SOME]
Value = Annotated[T, Role.VALUE]
Exact = Annotated[T, Role.EXACT]

_OUTWARD, _INWARD = (Role.ENCLOSES, Role.SOME), (Role.REACHED, Role.EVERY, Role.AT_LEAST)


@dataclass(frozen=True, slots=True)
class Printer:
    """How numbers are written: rounded by their roles, to `least` digits or more, or all exactly."""

    exactly: bool = False
    least: int = 0

    def number(self, q: Fraction, role: Role) -> str:
        """A bound of one side is ≥ 0 and rounded down: (0, u] and an error allowed shrink, a lower bound falls."""
        if self.exactly or role is Role.EXACT:
            return exact(q)
        if role not in (Role.AT_LEAST, Role.EVERY):
            raise TypeError(f"a single number has no side to be rounded to: {role}")
        return rounded(q, max(self.least, DIGITS), -1)

    def interval(self, i: Interval, role: Role, ends: str = "[]") -> str:
        """[l, u]; a point of a range under "every" is printed exactly, as is an interval that rounding would turn."""
        lo, hi = self._ends(i, role)
        return f"{ends[0]}{lo}, {hi}{ends[1]}"

    def _ends(self, i: Interval, role: Role) -> tuple[str, str]:
        if not self.exactly and role in _OUTWARD:
            digits = max(self.least, _digits(i))
            return rounded(i.lo, digits, -1), rounded(i.hi, digits, +1)
        if not self.exactly and role in _INWARD:
            digits = max(self.least, _digits(i))
            lo, hi = rounded(i.lo, digits, +1), rounded(i.hi, digits, -1)
            if Fraction(lo) < Fraction(hi):
                return lo, hi
        return exact(i.lo), exact(i.hi)

    def value(self, q: Fraction) -> str:
        """= 6, or, where that is long, ∈ an interval around it."""
        text = exact(q)
        if self.exactly or len(text) <= SHOWN:
            return f"= {text}"
        return f"∈ {self.interval(Interval(q, q), Role.ENCLOSES)}"

    def within(self, name: str, i: Interval, role: Role, ends: str = "[]") -> str:
        """x in [1/100, 1], or x = 1."""
        return f"{name} = {exact(i.lo)}" if i.is_point else f"{name} in {self.interval(i, role, ends)}"

    def box(self, names: Sequence[str], box: Sequence[Interval], role: Role, ends: str = "[]") -> str:
        """a in [1, 2], s = 0."""
        return ", ".join(self.within(n, i, role, ends) for n, i in zip(names, box, strict=True))

    def polynomial(self, p: ParameterPolynomial, names: Sequence[str]) -> str:
        """With its exact coefficients, or how long it is."""
        text = polynomial(p, names, exact)
        if self.exactly or len(text) <= 4 * SHOWN:
            return text
        return f"the certificate's polynomial of {len(p.terms)} terms"


def _digits(i: Interval) -> int:
    """Enough that the width is seen, 12 at least."""
    size = max(abs(i.lo), abs(i.hi))
    if i.width <= 0 or size == 0:
        return DIGITS
    return max(DIGITS, min(MOST_DIGITS, ceil(_log10(size) - _log10(i.width)) + 2))


def _log10(q: Fraction) -> float:
    return log10(q.numerator) - log10(q.denominator)


def rounded(q: Fraction, digits: int, toward: int) -> str:
    """A decimal on the side that is asked for; the number itself where that is short.

    >>> rounded(Fraction(4, 3), 5, -1), rounded(Fraction("1.00012245786957"), 5, -1)
    ('1.3333', '1.00012245786957')
    """
    text = exact(q)
    return text if len(text) <= SHORT and "/" not in text else plain(q, digits, toward)


def plain(q: Fraction, digits: int, toward: int) -> str:
    """A decimal without an exponent, rounded down, up, or to nearest (`toward` -1, +1, 0).

    >>> plain(Fraction(1, 3 * 10**9), 4, -1), plain(Fraction(7, 4), 12, +1), plain(Fraction(10**25, 3), 27, -1)
    ('0.0000000003333', '1.75', '3333333333333333333333333.33')
    """
    return _without_exponent(decimal(q, digits, toward))


def _without_exponent(text: str) -> str:
    if "e" not in text:
        return text
    mantissa, _, exponent = text.partition("e")
    whole, _, part = mantissa.lstrip("-").partition(".")
    shift = int(exponent)
    if abs(shift) > SHOWN:
        return text
    figures, sign = whole + part, "-" * text.startswith("-")
    if shift < 0:
        return f"{sign}0.{'0' * (-shift - 1)}{figures}"
    whole, part = figures[: shift + 1].ljust(shift + 1, "0"), figures[shift + 1 :]
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def exact(q: Fraction) -> str:
    """The number itself: a finite decimal where that is short, or no longer than the fraction; else a fraction.

    >>> exact(Fraction(1, 1000)), exact(Fraction(1, 3)), exact(Fraction("1.2023686051632126"))
    ('0.001', '1/3', '1.2023686051632126')
    """
    fraction, text = str(q), exact_decimal(q)
    if "/" in text or len(text) > max(SHOWN, len(fraction)):
        return fraction
    return _without_exponent(text)


def near(q: Fraction) -> str:
    """To 6 digits, behind an ≈ unless that is exact."""
    return about(q, 6)


def about(q: Fraction, digits: int = DIGITS) -> str:
    """To so many digits, behind an ≈ unless that is exact: in text that is no statement.

    >>> about(Fraction(1, 3), 4), about(Fraction(1, 4))
    ('≈ 0.3333', '0.25')
    """
    text = plain(q, digits, 0)
    return text if Fraction(text) == q else f"≈ {text}"


def short(q: Fraction) -> str:
    """Exactly, or, if that is long, to 12 digits behind an ≈: for a number that no statement rests on."""
    text = str(q) if max(abs(q.numerator), q.denominator) < 10**SHOWN else ""
    return text if text and len(text) <= SHOWN else f"≈ {decimal(q)}"


def several(texts: Iterable[str], between: str = ", ") -> str:
    """A list, cut off in the middle if it is long."""
    every = list(texts)
    if len(every) > SHOWN:
        every = [*every[: SHOWN // 2], f"… ({len(every) - SHOWN} more) …", *every[-SHOWN // 2 :]]
    return between.join(every)


def superscript(n: int) -> str:
    """¹²."""
    return str(n).translate(_SUPERSCRIPT)


def composed(subject: Subject) -> str:
    """φ, or fⁿ for one map that is not repeated five times.

    >>> composed(Schedule.parse("3/2,-1/2")), composed(Schedule.parse("3/2,-1/2", steps=7))
    ('φ', 'f⁷')
    """
    if isinstance(subject, Family):
        return "f"
    rows = subject.rows if isinstance(subject, Members) else subject.steps
    if any(row != rows[0] for row in rows) or len(rows) == _STEPS:
        return "φ"
    return f"f{superscript(len(rows))}" if len(rows) > 1 else "f"


def parameters(subject: Subject) -> list[str]:
    """The names of a family's parameters; t1, t2, … where they are not plain words."""
    names = () if isinstance(subject, Schedule) else subject.parameters
    plain_words = all(n.isidentifier() and len(n) <= SHOWN for n in names)
    return list(names) if plain_words else [f"t{i}" for i in range(1, len(names) + 1)]


def polynomial(p: ParameterPolynomial, names: Sequence[str], number: Callable[[Fraction], str] = short) -> str:
    """A polynomial in the parameters: 5/2 - 2·a + a²·s."""
    text = ""
    for exponents, q in p.terms:
        powers = [n if k == 1 else n + superscript(k) for n, k in zip(names, exponents, strict=True) if k]
        term = "·".join(powers if abs(q) == 1 and powers else [number(abs(q)), *powers])
        text += (" - " if q < 0 else " + ") + term if text else ("-" if q < 0 else "") + term
    return text or "0"
