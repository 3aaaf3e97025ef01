"""What is audited: a schedule as it runs, where it stands, and what is known of how it is used.

What a source says is read; what it does not say is assumed, and each assumption is kept with the subject.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from muon_theory import catalogue
from muon_theory.audits.remarks import Beside, beside
from muon_theory.catalogue import Entry
from muon_theory.errors import UsageError
from muon_theory.normalisation import Normalisation
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision.format import Format, format_named
from muon_theory.schedule import STEPS, Extension, Schedule
from muon_theory.sources import Found, Number, Place

KINDS = {
    "frobenius": Normalisation.FROBENIUS,
    "spectral": Normalisation.SPECTRAL_ESTIMATE,
    "schatten-4": Normalisation.SCHATTEN_4,
    "aol": Normalisation.AOL,
}


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the caller says of every list: it goes before what was read, and before what would be assumed."""

    steps: int | None = None
    extension: Extension | None = None
    normalisation: Normalisation | None = None
    dtype: str | None = None


@dataclass(frozen=True, slots=True)
class Audited:
    """One subject: the steps in the order in which they run, and how.

    `bound` is what the normalisation guarantees for σ₁ in exact arithmetic, None where it guarantees nothing.
    `read` and `assumed` say how it is used, in words: the first from the source, the second for want of it.
    `places` has the place of each step's row.
    """

    name: str
    schedule: Schedule
    entry: Entry | None = None
    path: str | None = None
    line: int | None = None
    dtype: str | None = None
    bound: Fraction | None = Fraction(1)
    read: Mapping[str, str] = field(default_factory=dict)
    assumed: Mapping[str, str] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    found: Found | None = None
    said: Beside = field(default_factory=Beside)

    @property
    def format(self) -> Format | None:
        """The number format of the iteration, None where it is not known."""
        return format_of(self.dtype)


def format_of(text: str | None) -> Format | None:
    """The first number format that a description names ('bfloat16 / float32'), or None ('any')."""
    match = re.search(r"bfloat16|float16|float32|float64|bf16|fp16|fp32|tf32|fp64", text or "")
    return format_named(match[0]) if match else None


def of_schedule(schedule: Schedule, says: Overrides, path: str | None = None) -> Audited:
    """A schedule that somebody names.  One that `catalogue.get` made is judged with what is known of its entry."""
    entry = next((e for e in catalogue.entries() if (e.id, e.sources) == (schedule.name, schedule.sources)), None)
    if says.extension:
        schedule = replace(schedule, extension=says.extension)
    if says.normalisation:
        schedule = replace(schedule, normalisation=says.normalisation)
    line: int | None = None
    place = re.fullmatch(r"(?!http)(.+):(\d+)", schedule.sources[0]) if schedule.sources else None
    if path is None and place:
        path, line = place[1], int(place[2])
    read = {"normalisation": entry.normalisation_text, "dtype": entry.dtype} if entry else {}
    assumed: dict[str, str] = {}
    if entry is None:
        assumed["normalisation"] = schedule.normalisation.name
    if says.normalisation:
        read["normalisation"] = schedule.normalisation.name
        assumed.pop("normalisation", None)
    dtype = says.dtype or (entry.dtype if entry else None)
    if says.dtype:
        read["dtype"] = says.dtype
    elif dtype is None:
        assumed["dtype"] = "exact arithmetic; room for rounding is judged for bf16"
    return Audited(
        schedule.name, schedule, entry, path, line, dtype, schedule.normalisation.bound, read, assumed
    )  # fmt: skip


def of_found(found: Found, says: Overrides, text: str = "") -> Audited:
    """A list of a source, as the loop there runs it; `text` is the source, for what is said beside the list."""
    rows, assumed, read = _rows_as_run(found, says)
    normal, bound = _normalisation(found, says, read, assumed)
    dtype = says.dtype or found.dtype
    if dtype is None:
        assumed["dtype"] = "exact arithmetic; room for rounding is judged for bf16"
    else:
        read["dtype"] = dtype
    steps = tuple(OddPolynomial(tuple(n.value for n in row)) for row in rows)
    where = f"{found.where[0]}:{found.where[1]}" if found.where else f"{found.path}:{found.line}"
    schedule = Schedule(steps, found.name, normalisation=normal, sources=(where,))
    places = tuple(row[0].place for row in rows)
    said = beside(text, found)
    return Audited(
        found.name, schedule, None, found.path, found.line, dtype, bound, read, assumed, places, found, said
    )  # fmt: skip


def _rows_as_run(found: Found, says: Overrides) -> tuple[list[list[Number]], dict[str, str], dict[str, str]]:
    """The rows in the order in which they run, with what was assumed and read about their number."""
    rows = found.rows
    assumed: dict[str, str] = {}
    read: dict[str, str] = {}
    if found.kind == "run":
        read["steps"] = str(len(rows))
        for said in found.assumed:
            key = "order" if said.startswith("each row") else "steps"
            assumed[key] = said
            if key == "steps":
                read.pop("steps", None)
        if says.steps is None and says.extension is None:
            return rows, assumed, read
    elif found.kind == "numbers":
        assumed["use"] = found.assumed[0] if found.assumed else ""
    count = says.steps
    if count is None and len(rows) == 1:
        count = STEPS
        assumed["steps"] = f"{STEPS} steps, as no loop that uses the row was followed"
    elif count is None and found.kind != "run":
        assumed["steps"] = f"{len(rows)} steps, one for each row, as no loop that uses the list was followed"
    elif count is not None:
        read["steps"] = str(count)
        assumed.pop("steps", None)
    extension = says.extension or (Extension.REPEAT_LAST if len(rows) == 1 else Extension.EXACT)
    if count is not None and count != len(rows):
        if len({tuple(n.value for n in row) for row in rows}) == 1:
            extension = Extension.REPEAT_LAST
        chosen = extension.chosen(len(rows), count)
        if chosen is None:
            raise UsageError(
                f"{found.path}:{found.line}: {found.name} has {len(rows)} rows: with the extension {extension.value!r} "
                f"it cannot run {count} steps; say --extension: {' or '.join(e.value for e in Extension)}"
            )
        rows = [rows[t] for t in chosen]
    return rows, assumed, read


def _published(found: Found) -> Entry | None:
    """The entry of which a list has all rows, if it is made for another norm than Frobenius's, one with a bound."""
    rows = tuple(tuple(n.value for n in row) for row in found.rows)
    for e in catalogue.entries():
        other = e.normalisation.kind is not Normalisation.FROBENIUS.kind and e.normalisation.bound is not None
        if other and len(rows) > 1 and rows == tuple(f.coefficients for f in e.published()):
            return e
    return None


def _normalisation(
    found: Found, says: Overrides, read: dict[str, str], assumed: dict[str, str]
) -> tuple[Normalisation, Fraction | None]:
    normal = found.normal
    if says.normalisation:
        read["normalisation"] = says.normalisation.name
        return says.normalisation, says.normalisation.bound
    if normal is None and (entry := _published(found)):
        assumed["normalisation"] = f"{entry.normalisation.name}, with which {entry.id} is published"
        return entry.normalisation, entry.normalisation.bound
    if normal is None or normal.kind not in KINDS:
        assumed["normalisation"] = Normalisation.FROBENIUS.name
        if normal is not None:
            assumed["normalisation"] += f" (what scales the matrix on line {normal.place[1]} was not followed)"
        return Normalisation.FROBENIUS, Fraction(1)
    factor = normal.factor if normal.factor is not None else Fraction(1)
    kind = KINDS[normal.kind]
    words = normal.kind
    if factor != 1:
        words += f"*{decimal(factor)}"
        kind = replace(kind, factor=factor) if factor > 0 else kind
    if normal.eps is not None:
        words += f", ε = {decimal(normal.eps.value)}" + (" as a lower bound" if normal.how == "clamp" else " added")
    read["normalisation"] = f"{words} (line {normal.place[1]})"
    if normal.factor is None:
        assumed["normalisation"] = "the factor of the norm is 1 (it is not in the file)"
    return kind, kind.bound if factor > 0 else None
