"""Every schedule of files, folders and repositories, as subjects of an audit; what is left out is counted."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from muon_theory.audits.near import near_miss
from muon_theory.audits.published import known_row
from muon_theory.audits.subjects import Audited, Overrides, of_found
from muon_theory.errors import UsageError
from muon_theory.sources import File, Found, Refused, files, is_test, read, text_of, typical


@dataclass(slots=True)
class Gathered:
    """What was found below some paths: subjects, what could not be followed, texts, how many tests were left out."""

    subjects: list[Audited] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    files: int = 0
    tests: int = 0


def gather(paths: Sequence[str], says: Overrides, exclude: Sequence[str] = ()) -> Gathered:
    """Read every file that the paths name, and those of folders in which something hints at an iteration.

    Tests of a folder are left out: what stands there is seldom what a program runs.  A file that was named itself is
    always read.

    Raises UsageError for a path that is not there.
    """
    out = Gathered()
    for path, named in files(paths):
        if not named and any(fnmatch.fnmatch(path, p) or fnmatch.fnmatch(path, f"*/{p}") for p in exclude):
            continue
        out.files += 1
        try:
            text = text_of(path, named)
            if text is None:
                continue
            if not named and is_test(os.path.relpath(path, _top(path, paths))):
                out.tests += 1
                continue
            reading = read(path, text)
        except UsageError as error:
            out.refused.append(_as_refused(path, str(error)))
            continue
        kept = [f for f in reading.found if plausible(f)]
        for found in kept:
            out.subjects.append(of_found(found, says, text if found.path == path else ""))
        out.refused += reading.refused
        if kept or reading.refused:
            out.texts[path] = text
    return out


def _top(path: str, paths: Sequence[str]) -> str:
    """The folder that was named, so that a repository that lies in a folder 'tests' is read."""
    return next((p for p in paths if os.path.isdir(p) and not os.path.relpath(path, p).startswith("..")), ".")


def _as_refused(path: str, line: str) -> Refused:
    rest = line.removeprefix(path).lstrip(":")
    number, _, why = rest.partition(":")
    return Refused(path, int(number), why.strip()) if number.isdigit() else Refused(path, 1, rest.strip())


def plausible(found: Found) -> bool:
    """Is it a schedule: run by a loop, named like one and shaped like one, or with a row that is known?"""
    if found.kind == "run" or (found.evidence and typical(found.rows)):
        return True
    for t, row in enumerate(found.rows):
        exact = tuple(n.value for n in row)
        if known_row(exact):
            return True
        if len(exact) > 2 and exact[0] >= 1 and near_miss(exact, t, len(found.rows)):
            return True
    return False


def selected(path: str, selector: str, says: Overrides) -> list[Audited]:
    """One list of a Python file: as the loops that use it run it, or as it is where no loop of the file does."""
    text = text_of(path, True) or ""
    file = File(path, text)
    found = file.table(selector)
    mine = {row[0].place for row in found.rows}
    runs = [f for f in file.reading().found if f.kind == "run" and {row[0].place for row in f.rows} <= mine]
    chosen = [replace(f, name=selector) if len(runs) == 1 else f for f in runs] or [found]
    return [of_found(f, says, text) for f in chosen]
