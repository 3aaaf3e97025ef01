"""Rows of coefficients given in Python: numbers, one row, or a list of rows; and the same written as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeGuard, TypeVar

from muon_theory.errors import UsageError
from muon_theory.number import Reading
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule
from muon_theory.subject.arguments import Number, exact, short, written

FLOATS = "floats, read as the decimals that repr prints"
MOST_ROWS = 1000
"""Of a schedule."""
MOST_COEFFICIENTS = 200
"""Of one row: degree 399."""

Sized = TypeVar("Sized", bound=Sequence[Sequence[object]])
Rows = Sequence[Number] | Sequence[Sequence[Number]]


def schedule_of_rows(rows: Rows, steps: int | None, reading: Reading) -> Schedule:
    """The schedule of rows given in Python; one row (or one row in a list) is repeated, 5 times unless said.

    >>> jordan = schedule_of_rows([(3.4445, -4.7750, 2.0315)] * 5, None, Reading.DECIMAL)
    >>> jordan.rows()[0], jordan.note
    (['6889/2000', '-191/40', '4063/2000'], 'floats, read as the decimals that repr prints')
    """
    every = _nested(rows)
    exact = [[_coefficient(cell, t, i) for i, cell in enumerate(row, 1)] for t, row in enumerate(every, 1)]
    name = "; ".join(", ".join(str(written(c)) for c in row) for row in every[:1])
    name = name if len(every) == 1 or all(row == exact[0] for row in exact) else f"{len(every)} rows"
    note = FLOATS if any(isinstance(cell, float) for row in every for cell in row) else ""
    written_out = tuple(OddPolynomial(tuple(map(reading.round, row))) for row in exact)
    return Schedule(written_out, name, reading, note=note).asked(steps)


def _nested(rows: Rows) -> list[list[Number]]:
    """A list of rows: a list of numbers is one row."""
    outer = list(rows)
    if not outer:
        raise UsageError("there are no rows: write such as [(3.4445, -4.7750, 2.0315)]")
    if len(outer) > MOST_ROWS and not _is_number(outer[0]):
        raise UsageError(f"{len(outer)} rows: at most {MOST_ROWS} steps are read")
    every: list[object] = [outer] if all(map(_is_number, outer)) else [list(r) if _is_row(r) else r for r in outer]
    found: list[list[Number]] = []
    for t, row in enumerate(every, 1):
        if not isinstance(row, list) or not row:
            raise UsageError(
                f"row {t} is {str(row)[:60]!r}: write a list of coefficients, such as (3.4445, -4.7750, 2.0315)"
            )
        found.append(row)
    return within_limits(found)


def within_limits(rows: Sized, where: str = "") -> Sized:
    """The rows, unless there are more than any schedule has, or longer ones.  Raises UsageError."""
    if len(rows) > MOST_ROWS:
        raise UsageError(f"{where}{len(rows)} rows: at most {MOST_ROWS} steps are read")
    for t, row in enumerate(rows, 1):
        if len(row) > MOST_COEFFICIENTS:
            raise UsageError(f"{where}row {t} has {len(row)} coefficients: at most {MOST_COEFFICIENTS} are read")
    return rows


def _is_number(value: object) -> bool:
    return isinstance(value, (str, int, float, Fraction, Decimal)) and not isinstance(value, bool)


def _is_row(value: object) -> TypeGuard[Iterable[Number]]:
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, dict))


def _coefficient(cell: Number, t: int, i: int) -> Fraction:
    where = f"row {t}, coefficient {i}"
    if isinstance(cell, str):
        short(where, cell)
    return exact(where, cell)
