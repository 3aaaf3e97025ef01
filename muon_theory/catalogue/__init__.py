"""Published schedules: verbatim decimal strings, at least one source each, and how implementations run them.

An id is written with underscores; hyphens and an entry's aliases are understood too.  The data files below `data/`
(format `muon-theory/catalogue/1`) are read on first use.
"""

from __future__ import annotations

import json
from difflib import get_close_matches
from functools import cache
from importlib import resources

from muon_theory.catalogue.entry import Divides, Entry, Evaluation, Safety, User
from muon_theory.errors import UsageError
from muon_theory.number import Reading
from muon_theory.schedule import Schedule

__all__ = [
    "Divides",
    "Entry",
    "Evaluation",
    "Safety",
    "User",
    "entries",
    "entry",
    "get",
    "ids",
    "known",
    "related",
]


@cache
def _all() -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for file in sorted(resources.files(__name__).joinpath("data").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".json"):
            for data in json.loads(file.read_text(encoding="utf-8"))["entries"]:
                found[data["id"]] = Entry.from_json(data)
    return found


@cache
def _names() -> dict[str, str]:
    """Each lower-case name with underscores that is understood, and the id it means."""
    named = {alias: e.id for e in _all().values() for alias in e.aliases}
    return {key.lower(): value for key, value in {**named, **{i: i for i in _all()}}.items()}


def ids() -> list[str]:
    """The ids of all schedules, in alphabetical order."""
    return [e.id for e in entries()]


def entries() -> list[Entry]:
    """All schedules, by id; related entries are apart, in `related()`."""
    return sorted((e for e in _all().values() if e.certifiable), key=lambda e: e.id)


def related() -> list[Entry]:
    """Entries that are no odd sign maps, kept with the reason, by id."""
    return sorted((e for e in _all().values() if not e.certifiable), key=lambda e: e.id)


def entry(name: str) -> Entry:
    """Everything known about an entry, related ones included.

    Raises UsageError that names the closest ids.

    >>> entry("polar-express-101").safety.factor
    Fraction(101, 100)
    >>> entry("jordn")
    Traceback (most recent call last):
    ...
    muon_theory.errors.UsageError: there is no preset 'jordn': did you mean jordan? `presets` lists all
    """
    key = name.strip().lower().replace("-", "_")
    if key not in _names():
        close = get_close_matches(key, _names(), n=3)
        hint = f"did you mean {' or '.join(close)}? " if close else ""
        raise UsageError(f"there is no preset {name!r}: {hint}`presets` lists all")
    return _all()[_names()[key]]


def known(name: str) -> bool:
    """Is there an entry of that name?"""
    return name.strip().lower().replace("-", "_") in _names()


def get(name: str, steps: int | None = None, reading: Reading = Reading.DECIMAL) -> Schedule:
    """The schedule an implementation of the entry runs: safety factor divided out exactly, then extended to `steps`.

    One row is repeated as often as its authors say (5 where they do not).  With a binary reading each coefficient is
    rounded after the division, as code does that folds the factor in when it loads the list.

    >>> get("jordan").rows()[0], len(get("bernstein-newhouse").steps)
    (['6889/2000', '-191/40', '4063/2000'], 5)
    """
    return entry(name).schedule(steps, reading)
