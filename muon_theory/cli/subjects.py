"""The subject of a command, in the ways a user can name it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Any

from cyclopts import Parameter, Token

from muon_theory.errors import ParseError, UsageError
from muon_theory.family import FAMILIES, Family
from muon_theory.interval import Interval
from muon_theory.number import Reading, rational
from muon_theory.schedule import Schedule

MOST_STEPS = 200
LONGEST = 1000
"""How many characters a number may have."""
LARGEST = Fraction(10) ** 100
"""Numbers lie between 1/LARGEST and LARGEST in size, or are 0."""


def whole(help: str, least: int | None = None, most: int | None = None) -> Parameter:
    """A whole number of an option, from `least` to `most` where they are given; nothing is rounded."""

    def convert(_: Any, tokens: Sequence[Token]) -> int:
        text = tokens[0].value.strip()
        if re.fullmatch(r"[+-]?[0-9]{1,18}", text):
            value = int(text)
            if (least is None or value >= least) and (most is None or value <= most):
                return value
        extent = f" from {least} to {most}" if least is not None and most is not None else ""
        raise UsageError(f"{tokens[0].keyword} {text!r}: write a whole number{extent}")

    return Parameter(help=help, converter=convert, allow_leading_hyphen=True)


Subject = Annotated[
    str | None,
    Parameter(help="a preset (see `presets`), a JSON file, or file.py::NAME[key], read without importing it"),
]
Coefficients = Annotated[
    str | None, Parameter(help='"a,b,c;a,b,c": a row a step; one row is repeated', allow_leading_hyphen=True)
]
Steps = Annotated[int | None, whole("how many steps run (one row: 5 unless said)", 1, MOST_STEPS)]
ReadingName = Annotated[
    str, Parameter(name="--reading", help="which numbers the decimals denote: " + ", ".join(r.value for r in Reading))
]
Number = Annotated[str, Parameter(allow_leading_hyphen=True)]


def schedule_of(subject: str | None, coefficients: str | None, steps: int | None, reading: str = "decimal") -> Schedule:
    """The schedule that the command names."""
    from muon_theory.subject import parse_subject

    for cell in re.split("[,;]", coefficients or ""):
        _short("--coefficients", cell)
    schedule = parse_subject(subject, coefficients, steps, reading_of(reading))
    for t, step in enumerate(schedule.steps, 1):
        for i, coefficient in enumerate(step.coefficients, 1):
            _usual(f"step {t}, coefficient {i}", coefficient)
    return schedule


def family_of(name: str) -> Family:
    """The family of that name, or of coefficients that are written out."""
    if name in FAMILIES:
        return FAMILIES[name]
    if ";" in name:
        return Family.parse(name)
    close = difflib.get_close_matches(name.strip().lower(), FAMILIES, 1)
    hint = f"did you mean {close[0]}? " if close else ""
    raise UsageError(
        f"there is no family {name!r}: {hint}ask for {', '.join(FAMILIES)}, or write coefficients such as 'a; 1-a'"
    )


def reading_of(name: str) -> Reading:
    """The reading of that name."""
    for reading in Reading:
        if reading.value == name:
            return reading
    raise UsageError(f"--reading {name!r} is unknown: use {', '.join(r.value for r in Reading)}")


def number(option: str, text: str) -> Fraction:
    """An exact number from the command line; the error names the option."""
    _short(option, text)
    try:
        return _usual(option, rational(text))
    except ParseError as error:
        raise ParseError(f"{option}: {error}", error.text, error.position) from None


def _short(where: str, text: str) -> None:
    if len(text) > LONGEST:
        raise UsageError(f"{where}: a number of {len(text)} characters: write one of at most {LONGEST}")


def _usual(where: str, value: Fraction) -> Fraction:
    """The value, unless no computation on it would end."""
    if value and not 1 / LARGEST <= abs(value) <= LARGEST:
        raise UsageError(f"{where}: a size between 1e-100 and 1e100, or 0, is needed: write such as 1e-3")
    return value


def matrix_shape(text: str) -> tuple[int, ...]:
    """'rows,columns' or 'batch,rows,columns' of --shape."""
    parts = text.replace("x", ",").split(",")
    if len(parts) < 2 or not all(p.strip().isdigit() and int(p) > 0 for p in parts):
        raise UsageError(f"--shape {text!r}: write rows,columns such as 256,64 (batch,rows,columns for a batch)")
    return tuple(map(int, parts))


def pair(option: str, text: str) -> Interval:
    """'m,M' as an interval."""
    parts = text.split(",")
    if len(parts) != 2:
        raise UsageError(f"{option} {text!r}: two numbers with a comma between are needed, such as 17/25,57/50")
    lo, hi = (number(option, part) for part in parts)
    if lo > hi:
        raise UsageError(f"{option} {text!r}: the first number is above the second; swap them")
    return Interval(lo, hi)
