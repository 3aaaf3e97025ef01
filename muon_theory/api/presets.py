"""The verb `presets`: the published schedules of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from muon_theory import catalogue
from muon_theory.catalogue import Entry
from muon_theory.display import Facts, Lines, Page, Table, Unjudged
from muon_theory.display.stepwise import stepwise
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

if TYPE_CHECKING:
    from muon_theory.display.plots import Figure


@dataclass(frozen=True, slots=True, repr=False)
class Preset(Unjudged):
    """One entry of the catalogue, which is a subject itself."""

    entry: Entry

    @property
    def schedule(self) -> Schedule:
        """The steps that run."""
        return self.entry.schedule()

    def to_json(self) -> dict[str, object]:
        return self.entry.to_json()

    def page(self) -> Page:
        return Page(self.entry.id, (Facts(tuple((k, _said(v)) for k, v in self.to_json().items() if v)),))

    def plot(self) -> Figure:
        """φ, its error, and each step's error, on [1/1000, 1]."""
        return stepwise(self.schedule, Interval.of("1/1000", 1), {})


def _said(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(", ".join(map(str, v)) if isinstance(v, list) else str(v) for v in value)
    return ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)


@dataclass(frozen=True, slots=True, repr=False)
class Presets(Unjudged):
    """The published schedules, by id."""

    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, name: str) -> Entry:
        return catalogue.entry(name)

    def to_json(self) -> dict[str, object]:
        return {"presets": [e.to_json() for e in self.entries]}

    def page(self) -> Page:
        rows = tuple((e.id, e.title) for e in self.entries)
        return Page(f"{len(rows)} published schedules", (Table(rows), Lines(("presets NAME shows one of them",))))


def presets(name: str | None = None) -> Presets | Preset:
    """The published schedules of the catalogue; or one with its rows, sources and conventions.

    >>> presets("jordan").entry.rows
    (('3.4445', '-4.7750', '2.0315'),)
    """
    return Presets(tuple(catalogue.entries())) if name is None else Preset(catalogue.entry(name))
