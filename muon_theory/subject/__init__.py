"""What the user names as the subject of a command, as a schedule: a preset, coefficients, a JSON file, source code.

No number passes through a float: JSON numbers and literals in source code are taken by their decimal text.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from muon_theory import catalogue
from muon_theory.catalogue import Entry
from muon_theory.errors import UsageError
from muon_theory.number import Reading
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import STEPS, Schedule
from muon_theory.sources import available, table
from muon_theory.subject.arguments import exact, usual
from muon_theory.subject.rows import Rows, schedule_of_rows, within_limits
from muon_theory.subject.written import LARGEST, rows_in

__all__ = ["HasSchedule", "Subject", "Written", "parse_subject", "schedule_of"]


class Written(str):
    """Coefficients as text; it is read as such even where it looks like a name."""

    __slots__ = ()


class HasSchedule(Protocol):
    """A result that is about a schedule, such as a design."""

    @property
    def schedule(self) -> Schedule: ...


Subject = str | os.PathLike[str] | Schedule | Entry | OddPolynomial | HasSchedule | Rows
"""What names a schedule: a preset, a file, coefficients as text or as numbers, an object of this package."""


def schedule_of(what: Subject, steps: int | None = None, reading: Reading = Reading.DECIMAL) -> Schedule:
    """The schedule that somebody means, in any of the ways of writing one.

    One row is repeated `steps` times (5 unless said).  A `Schedule` stays as it is, but for what is asked: so many
    steps, as its extension says, and coefficients rounded to the reading.

    >>> schedule_of([3.4445, -4.7750, 2.0315]).digest == schedule_of("jordan").digest
    True
    >>> schedule_of("3.4445, -4.7750, 2.0315").digest == schedule_of("jordan").digest
    True
    """
    schedule = _read(what, steps, reading)
    for t, step in enumerate(schedule.steps, 1):
        for i, coefficient in enumerate(step.coefficients, 1):
            usual(f"step {t}, coefficient {i}", coefficient)
    return schedule


def _read(what: Subject, steps: int | None, reading: Reading) -> Schedule:
    if isinstance(what, Written):
        return _written(what, steps, reading)
    if isinstance(what, (str, os.PathLike)):
        return parse_subject(os.fspath(what), None, steps, reading)
    if isinstance(what, Entry):
        return what.schedule(steps, reading)
    if isinstance(what, OddPolynomial):
        return replace(Schedule((what,), str(what)).asked(steps), reading=reading)
    if not isinstance(what, Schedule) and isinstance(inner := getattr(what, "schedule", None), Schedule):
        what = inner
    if isinstance(what, Schedule):
        return _as_asked(what, steps, reading)
    if isinstance(what, bool) or not hasattr(what, "__iter__") or isinstance(what, (dict, bytes)):
        raise UsageError(f"{str(what)[:60]!r} names no schedule: give a preset, a file, or rows of coefficients")
    return schedule_of_rows(what, steps, reading)  # type: ignore[arg-type]


def _as_asked(schedule: Schedule, steps: int | None, reading: Reading) -> Schedule:
    """So many steps, with rounded coefficients where a reading other than the schedule's own is asked for."""
    if reading not in (Reading.DECIMAL, schedule.reading):
        rows = (OddPolynomial(tuple(map(reading.round, step.coefficients))) for step in schedule.steps)
        schedule = replace(schedule, steps=tuple(rows), reading=reading)
    if steps is None:
        return schedule
    return schedule.repeated(steps) if schedule.constant else schedule.with_steps(steps)


MOST_BYTES = 2_000_000
"""Of a JSON file with rows."""
_OURS = {"format", "digest", "image", "claim"}
"""Keys of objects that this package writes: their rows are the whole schedule, even a single one."""


def parse_subject(
    text: str | None,
    coefficients: str | None = None,
    steps: int | None = None,
    reading: Reading = Reading.DECIMAL,
) -> Schedule:
    """The schedule that a command line names.

    Parameters
    ----------
    text
        A preset id of the catalogue; a JSON file (a certificate, the output of `certify` or `design`, or a list of
        rows); or `file.py::NAME[key]`, read from the file's syntax tree without importing it.
    coefficients
        Instead of `text`: 'a,b,c;a,b,c', one row a step.
    steps
        How many steps run.  One row is repeated (5 times unless said); several rows are extended as the preset's
        extension says.
    reading
        Which numbers the decimal texts denote.

    Raises
    ------
    ParseError
        A number cannot be read; `pointer()` shows where.
    UsageError
        Anything else: the line says which file, which line or name, and what is there instead.

    >>> parse_subject("jordan").digest == parse_subject(None, "3.4445,-4.7750,2.0315").digest
    True
    """
    if coefficients is not None and text is None:
        return _written(coefficients, steps, reading)
    if text is None or coefficients is not None:
        raise UsageError("name one subject: a preset, a JSON file, file.py::NAME, or --coefficients='a,b,c;a,b,c'")
    if len(text) > LARGEST:
        raise UsageError(f"a subject of {len(text)} characters: at most {LARGEST} are read; give a JSON file")
    text = re.sub(r"(\.py):(?=[^:/\\])", r"\1::", text, count=1) if "::" not in text else text
    if "::" in text:
        return _from_source(text, steps, reading)
    path = Path(text)
    if path.suffix not in (".json", ".py") and _WRITTEN.search(text):
        return _written(text, steps, reading)
    if path.suffix == ".json":
        return _from_json(path, steps, reading)
    if path.suffix == ".py":
        raise UsageError(f"{text}: say which variable, as {text}::NAME; {available(path)}")
    if path.is_file():
        raise UsageError(f"{text} is neither a .json nor a .py file: save its rows as JSON")
    return catalogue.get(text, steps, reading)


_WRITTEN = re.compile(r"[,;\n]|^[\s0-9+./eE\[\]()'\"-]+$")
"""Coefficients and no name: a separator, or nothing but numbers."""


def _written(text: str, steps: int | None, reading: Reading) -> Schedule:
    """Coefficients as text; one row is repeated."""
    rows = within_limits(rows_in(text))
    name = " ".join(text.split())
    return Schedule.of(rows, name if len(name) <= 100 else f"{name[:99]}…", reading).asked(steps)


def _from_source(text: str, steps: int | None, reading: Reading) -> Schedule:
    file, _, selector = text.partition("::")
    found = table(Path(file), selector)
    rows = [[cell.value for cell in row] for row in found.rows]
    return _schedule(rows, text, steps, reading, f"{found.path}:{found.line}", whole=False)


def _from_json(path: Path, steps: int | None, reading: Reading) -> Schedule:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path} has more than {MOST_BYTES} bytes: that is no schedule; give its rows alone")
        data = json.loads(path.read_text(encoding="utf-8"), parse_float=str, parse_int=str, parse_constant=str)
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error})") from None
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}: line {error.lineno}, column {error.colno}: not JSON ({error.msg})") from None
    except RecursionError:
        raise UsageError(f"{path}: nested too deeply to be a list of rows") from None
    rows, whole = _rows_of(data, path)
    exact = [[_number(cell, f"{path}: row {t}, coefficient {i}") for i, cell in enumerate(row, 1)] for t, row in rows]
    return _schedule(exact, path.stem, steps, reading, str(path), whole)


def _rows_of(data: object, path: Path) -> tuple[list[tuple[int, list[object]]], bool]:
    """The rows of a JSON value, numbered from 1, and whether they are the whole schedule as it ran."""
    whole = False
    while isinstance(data, dict):
        whole = whole or not _OURS.isdisjoint(data)
        inner = next((key for key in ("schedule", "steps") if key in data), None)
        if inner is None:
            data, whole = _only(data, path), True
        else:
            data = data[inner]
    if isinstance(data, list) and data and all(isinstance(cell, str) for cell in data):
        data = [data]
    if not isinstance(data, list) or not data:
        raise UsageError(f'{path}: rows are expected, such as [["3.4445", "-4.7750", "2.0315"]]')
    for t, row in enumerate(data, 1):
        if not isinstance(row, list) or not row:
            raise UsageError(f'{path}: row {t} is not a list of coefficients such as ["3.4445", "-4.7750", "2.0315"]')
    return list(enumerate(data, 1)), whole


_SEVERAL = ("certificates", "subjects", "schedules", "presets", "cases")
"""Keys under which answers and certificate files have several objects with a schedule each."""


def _only(data: dict[str, object], path: Path) -> dict[str, object]:
    """The one schedule that an answer or a file of certificates is about."""
    key, several = next(((key, v) for key in _SEVERAL if isinstance(v := data.get(key), list)), (None, []))
    if key is None and isinstance(name := data.get("subject", data.get("id")), str) and catalogue.known(name):
        return {"steps": catalogue.get(name).rows()}
    if key is None:
        keys = ", ".join(map(repr, data)) or "nothing"
        raise UsageError(f"{path}: the object has {keys} but neither 'schedule' nor 'steps' with rows in it")
    found = {json.dumps(rows): rows for one in several if (rows := _listed(one))}
    if len(found) != 1:
        names = ", ".join(str(one.get("name", "")) for one in several[:4] if isinstance(one, dict)).strip(", ")
        which = f" ({names})" if names else ""
        raise UsageError(f"{path}: {key} has {len(found) or 'no'} schedules{which}: name the one you mean, by its own")
    return {"steps": next(iter(found.values()))}


def _listed(one: object) -> object:
    """The rows of an object, where it has any: those of a schedule, not of a family."""
    while isinstance(one, dict):
        one = one.get("schedule", one.get("steps"))
    return one


def _number(cell: object, where: str) -> Fraction:
    if not isinstance(cell, str):
        raise UsageError(f"{where} is {json.dumps(cell)}: write a number")
    return exact(where, cell)


def _schedule(
    rows: list[list[Fraction]], name: str, steps: int | None, reading: Reading, source: str, whole: bool
) -> Schedule:
    within_limits(rows, f"{source}: ")
    schedule = replace(Schedule.of(rows, name, reading), sources=(source,))
    return schedule.asked(steps, 1 if whole else STEPS)
