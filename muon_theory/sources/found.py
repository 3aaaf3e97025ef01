"""What a reader of sources gives back: schedules with their places, and what could not be followed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from muon_theory.sources.matrices import Normal
from muon_theory.sources.values import Instance, Items, Number, Table

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


SAID = "only the numbers were read: what runs them is not followed"


def by_shape(name: str, rows: list[list[Number]], evidence: bool) -> Found:
    """Rows of which nothing but the numbers was read."""
    return Found(name, *rows[0][0].place, rows, "numbers", assumed=(SAID,), evidence=evidence)


def bound_to(selector: str, rows: list[list[Number]], bound: int = 0) -> Found:
    """Rows that a program binds to a name."""
    return Found(selector, *rows[0][0].place, rows, "table", evidence=bool(LIKELY.search(selector)), bound=bound)


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
    keyed = [row for item in value.items if (row := keyed_row(item))]
    return keyed if len(keyed) == len(value.items) else None


def _row(value: Items) -> list[Number] | None:
    row = [v for v in value.items if isinstance(v, Number)]
    return row if row and not value.changed and len(row) == len(value.items) else None


def keyed_row(item: object) -> list[Number] | None:
    """A dictionary {"a": …, "b": …}, or an object with such fields, as a row."""
    names = item.items if isinstance(item, Table) else item.attributes if isinstance(item, Instance) else {}
    row = [v for v in names.values() if isinstance(v, Number)]
    return row if lettered(names) and len(row) == len(names) else None


def lettered(names: Collection[object]) -> bool:
    """Are these the names a, b, c, …, two to nine of them?"""
    return 2 <= len(names) <= 9 and list(names) == list("abcdefghi"[: len(names)])


def letters_from(name: str, names: Mapping[str, object]) -> dict[str, Number]:
    """The numbers of a scope whose names differ from this one, …a or …A, in their last letter: a, b, c and so on."""
    run: dict[str, Number] = {}
    for letter in {"a": "abcdefg", "A": "ABCDEFG"}.get(name[-1:], ""):
        if not isinstance(value := names.get(name[:-1] + letter), Number):
            break
        run[name[:-1] + letter] = value
    return run


def shaped(rows: list[list[Number]]) -> bool:
    """Could these be coefficients of odd polynomials: 1 to 200 rows of 2 to 12 numbers that begin with a slope?"""
    return 0 < len(rows) <= 200 and all(
        2 <= len(r) <= 12 and r[0].value > 0 and any(c.value for c in r[1:]) for r in rows
    )


def typical(rows: list[list[Number]]) -> bool:
    """Do all rows rise from 0 with slope ≥ 1 and bend down, as steps of an iteration do?"""
    return all(r[0].value >= 1 and r[1].value < 0 and abs(r[1].value) < 100 and r[0].value < 100 for r in rows)
