"""The words of a command line: subjects, numbers, whole numbers, as their annotations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter, Token

from muon_theory.errors import UsageError
from muon_theory.number import Reading
from muon_theory.subject import Written
from muon_theory.subject.arguments import LONGEST, number, pair

__all__ = ["LONGEST", "number", "pair"]

MOST_STEPS = 200


def whole(help: str, least: int | None = None, most: int | None = None) -> Parameter:
    """A whole number of an option, from `least` to `most` where they are given; nothing is rounded."""

    def convert(_: object, tokens: Sequence[Token]) -> int:
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


def subject_of(subject: str | None, coefficients: str | None) -> str | Written:
    """What the command is about."""
    if coefficients is None and subject is not None:
        return subject
    if coefficients is None or subject is not None:
        raise UsageError("name one subject: a preset, a JSON file, file.py::NAME, or --coefficients 'a,b,c;a,b,c'")
    return Written(coefficients)


def settings(option: str, texts: list[str] | None) -> dict[str, str] | None:
    """name=value, several times."""
    if texts is None:
        return None
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"{option} {text!r}: write name=value, such as s=-49/50, or name=lo,hi")
        if name.strip() in found:
            raise UsageError(f"{option} {text}: {name.strip()} is set twice; give it once")
        found[name.strip()] = value
    return found
