"""Arguments from Python and from the command line, as exact numbers; each error names the argument.

A float is read as the decimal that `repr` prints, which is what was typed; no other digit of it is used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite

from muon_theory.errors import ParseError, UsageError
from muon_theory.interval import Interval
from muon_theory.number import Reading, rational

Number = str | int | Fraction | float | Decimal
"""What is read as an exact number."""
Pair = str | Sequence[Number] | Interval
"""What is read as an interval: 'm,M', two numbers, or an interval."""

LONGEST = 1000
"""How many characters a number may have."""
LARGEST = Fraction(10) ** 100
"""Numbers lie between 1/LARGEST and LARGEST in size, or are 0."""
LARGEST_SIDE = 10**9
"""Of a matrix."""


def written(value: Number) -> str | int | Fraction:
    """The value as it was written: a float as the decimal that `repr` prints.

    >>> written(0.1), written(Decimal("1.50"))
    ('0.1', '1.50')
    """
    if isinstance(value, float):
        if not isfinite(value):
            raise UsageError(f"{float.__repr__(value)} is no number to compute with: write a finite one")
        return float.__repr__(value)
    return str(value) if isinstance(value, Decimal) else value


def number(argument: str, value: Number) -> Fraction:
    """An exact number of ordinary size.

    >>> number("lower", 0.01), number("lower", "1e-2")
    (Fraction(1, 100), Fraction(1, 100))
    """
    if isinstance(value, str):
        short(argument, value)
    return usual(argument, exact(argument, value))


def exact(where: str, value: Number) -> Fraction:
    """The number that was written; an error says where it stands."""
    try:
        return rational(written(value))
    except ParseError as error:
        raise ParseError(f"{where}: {error}", error.text, error.position) from None
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None


def short(where: str, text: str) -> None:
    """Refuse a number of too many characters."""
    if len(text) > LONGEST:
        raise UsageError(f"{where}: a number of {len(text)} characters: write one of at most {LONGEST}")


def usual(where: str, value: Fraction) -> Fraction:
    """The value, unless no computation on it would end."""
    if value and not 1 / LARGEST <= abs(value) <= LARGEST:
        raise UsageError(f"{where}: a size between 1e-100 and 1e100, or 0, is needed: write such as 1e-3")
    return value


def pair(argument: str, value: Pair) -> Interval:
    """An interval, from its two ends in order.

    >>> print(pair("target", "0.9,1.1"), pair("target", (0.9, 1.1)))
    [0.9, 1.1] [0.9, 1.1]
    """
    if isinstance(value, Interval):
        return value
    parts = value.split(",") if isinstance(value, str) else list(value)
    if len(parts) != 2:
        raise UsageError(f"{argument}={str(value)!r}: two numbers with a comma between are needed, such as 17/25,57/50")
    lo, hi = (number(argument, part) for part in parts)
    if lo > hi:
        raise UsageError(f"{argument}={str(value)!r}: the first number is above the second; swap them")
    return Interval(lo, hi)


def shape_of(argument: str, value: str | Sequence[int]) -> tuple[int, ...]:
    """The sides of a matrix, after those of a batch.

    >>> shape_of("shape", "256,64"), shape_of("shape", (3, 24, 40))
    ((256, 64), (3, 24, 40))
    """
    parts = value.replace("x", ",").split(",") if isinstance(value, str) else list(map(str, value))
    if len(parts) < 2 or not all(re.fullmatch(r"\s*[0-9]{1,10}\s*", p) and 0 < int(p) <= LARGEST_SIDE for p in parts):
        raise UsageError(
            f"{argument}={str(value)[:60]!r}: write rows,columns such as 256,64 (batch,rows,columns for a batch), "
            f"each at most {LARGEST_SIDE}"
        )
    return tuple(map(int, parts))


def reading_named(value: str | Reading) -> Reading:
    """The reading of that name."""
    for one in Reading:
        if value in (one, one.value):
            return one
    raise UsageError(f"--reading={value!r} is unknown: use {', '.join(r.value for r in Reading)}")
