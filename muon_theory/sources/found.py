"""What a reader of sources gives back: schedules with their places, and what could not be followed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from muon_theory.sources.matrices import Normal
from muon_theory.sources.values import Items, Number

LIKELY = re.compile(
    r"newton|schulz|polar|muon|zeropower|zero_power|orthogonal|msign|coef|abc|ns_|\bns\b|quintic|\ba,b,c", re.I
)
"""Names that say that a table is one of coefficients."""


@dataclass(frozen=True, slots=True)
class Refused:
    """One line about what was not followed, with its place."""

    path: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """A schedule in a source.

    `kind` is 'run' (the steps as a loop of the file runs them), 'table' (rows bound to a name) or 'numbers' (rows by
    their shape alone).  `where` is the function that runs them; `short` and `extended` say (asked for, rows) and
    (how, asked for, rows) where the number of steps differs from the number of rows.  `evidence`: the name says
    what it is; `bound` is the line where the list itself begins; `doc` the docstring of the
    function that runs it, with its first line.
    """

    name: str
    path: str
    line: int
    rows: list[list[Number]]
    kind: str
    normal: Normal | None = None
    dtype: str | None = None
    assumed: tuple[str, ...] = ()
    where: tuple[str, int] | None = None
    evidence: bool = False
    short: tuple[int, int] | None = None
    extended: tuple[str, int, int] | None = None
    bound: int = 0
    doc: tuple[int, str] | None = None


@dataclass(slots=True)
class Reading:
    """What a source holds."""

    found: list[Found] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def as_rows(value: object) -> list[list[Number]] | None:
    """The value as rows of numbers: a list of numbers is one row."""
    if not isinstance(value, Items) or value.changed or not value.items:
        return None
    if row := _row(value):
        return [row]
    rows = [row for item in value.items if isinstance(item, Items) and (row := _row(item))]
    if len(rows) == len(value.items):
        return rows
    nested = [row for item in value.items if (row := _fields(item))]
    return nested if len(nested) == len(value.items) else None


def _row(value: Items) -> list[Number] | None:
    row = [v for v in value.items if isinstance(v, Number)]
    return row if row and not value.changed and len(row) == len(value.items) else None


def _fields(item: object) -> list[Number] | None:
    """A dictionary {"a": …, "b": …}, or an object with such fields, as a row."""
    names = getattr(item, "items", None) if not hasattr(item, "attributes") else item.attributes
    if isinstance(names, dict) and 2 <= len(names) <= 9 and list(names) == list("abcdefghi"[: len(names)]):
        row = list(names.values())
        return row if all(isinstance(v, Number) for v in row) else None
    return None


def shaped(rows: list[list[Number]]) -> bool:
    """Could these be coefficients of odd polynomials: 1 to 200 rows of 2 to 12 numbers that begin with a slope?"""
    return 0 < len(rows) <= 200 and all(
        2 <= len(r) <= 12 and r[0].value > 0 and any(c.value for c in r[1:]) for r in rows
    )


def typical(rows: list[list[Number]]) -> bool:
    """Do all rows rise from 0 with slope ≥ 1 and bend down, as steps of an iteration do?"""
    return all(r[0].value >= 1 and r[1].value < 0 and abs(r[1].value) < 100 and r[0].value < 100 for r in rows)
