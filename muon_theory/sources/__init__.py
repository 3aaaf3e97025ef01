"""Sources: the schedules that programs, configurations and documents hold, read without importing or executing them.

`read` takes a file and gives what is in it (`Reading`): lists as the loops of the file run them, lists that no loop of
the file runs, and one line with its place for each thing that could not be followed.
"""

from __future__ import annotations

import os
from pathlib import Path

from muon_theory.errors import UsageError
from muon_theory.sources import tables
from muon_theory.sources.found import Found, Reading, Refused, typical
from muon_theory.sources.matrices import Normal
from muon_theory.sources.python import File
from muon_theory.sources.scan import DATA, NOTEBOOK, PYTHON, files, is_test, text_of
from muon_theory.sources.shapes import rows_by_shape
from muon_theory.sources.values import Number, Place

__all__ = [
    "File",
    "Found",
    "Normal",
    "Number",
    "Place",
    "Reading",
    "Refused",
    "files",
    "is_test",
    "read",
    "table",
    "text_of",
    "typical",
]


def read(path: str, text: str) -> Reading:
    """What the text of a file holds; its name says how it is read.

    Raises UsageError, one line with the place, where the text is not of its format.

    >>> reading = read("m.py", "COEFFS = [(3.4445, -4.7750, 2.0315)] * 2")
    >>> [(f.name, f.line, len(f.rows)) for f in reading.found]
    [('COEFFS', 1, 2)]
    """
    suffix = os.path.splitext(path)[1].lower()
    if suffix in PYTHON or path == "-":
        return File(path, text).reading()
    from muon_theory.sources.data import tables_of_data  # only where they are needed: they load parsers
    from muon_theory.sources.documents import read_notebook, read_text

    if suffix in DATA:
        return Reading(tables_of_data(path, text, suffix))
    if suffix in NOTEBOOK:
        return read_notebook(path, text)
    if suffix in (".md", ".markdown", ".rst", ".txt", ".qmd"):
        return read_text(path, text, suffix)
    return Reading(rows_by_shape(path, text, suffix))


def table(path: Path, selector: str) -> Found:
    """The rows that a name denotes in a Python file: NAME, NAME[key], function.NAME, function.a,b,c.

    Raises UsageError: one line with the place, and what is there instead.
    """
    return _file(path).table(selector)


def available(path: Path) -> str:
    """One clause that names the tables of a Python file."""
    return tables.available(_file(path))


def _file(path: Path) -> File:
    if not path.exists():
        raise UsageError(f"{path}: no such file")
    text = text_of(str(path), True)
    return File(str(path), text or "")
