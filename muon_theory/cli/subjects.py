"""The subject of a command, in the ways a user can name it."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from cyclopts import Parameter

from muon_theory.errors import ParseError, UsageError
from muon_theory.interval import Interval
from muon_theory.number import Reading, rational
from muon_theory.schedule import Schedule

Subject = Annotated[
    str | None,
    Parameter(help="a preset (see `presets`), a JSON file, or file.py::NAME[key], read without importing it"),
]
Coefficients = Annotated[
    str | None, Parameter(help='"a,b,c;a,b,c": a row a step; one row is repeated', allow_leading_hyphen=True)
]
Steps = Annotated[int | None, Parameter(help="how many steps run (one row: 5 unless said)")]
ReadingName = Annotated[
    str, Parameter(name="--reading", help="which numbers the decimals denote: " + ", ".join(r.value for r in Reading))
]
Number = Annotated[str, Parameter(allow_leading_hyphen=True)]


def schedule_of(subject: str | None, coefficients: str | None, steps: int | None, reading: str = "decimal") -> Schedule:
    """The schedule that the command names."""
    from muon_theory.subject import parse_subject

    return parse_subject(subject, coefficients, steps, reading_of(reading))


def reading_of(name: str) -> Reading:
    """The reading of that name."""
    for reading in Reading:
        if reading.value == name:
            return reading
    raise UsageError(f"--reading {name!r} is unknown: use {', '.join(r.value for r in Reading)}")


def number(option: str, text: str) -> Fraction:
    """An exact number from the command line; the error names the option."""
    try:
        return rational(text)
    except ParseError as error:
        raise ParseError(f"{option}: {error}", error.text, error.position) from None


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
