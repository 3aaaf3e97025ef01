"""Which files of a folder are read: a cheap scan of their bytes, linear in their size."""

from __future__ import annotations

import glob
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from muon_theory.errors import UsageError
from muon_theory.sources.shapes import CODE

LARGEST = 10 * 2**20
"""Bytes of a file that are read."""

PYTHON = {".py", ".pyi"}
DATA = {".toml", ".yaml", ".yml", ".json"}
TEXT = {".md", ".markdown", ".rst", ".txt", ".qmd"}
NOTEBOOK = {".ipynb"}
SUFFIXES = (PYTHON | DATA | TEXT | NOTEBOOK | CODE) - {".txt"}
"""Of the files in folders; most .txt are logs, so these are read where they are named."""

_SKIPPED = {"__pycache__", "node_modules", "site-packages", "build", "dist", "venv", "env", "target"}
_HINTS = (
    *(b"newton%sschul" % gap for gap in (b"", b"-", b"_", b" ")),
    *(b"polar%sexpress" % gap for gap in (b"", b"-", b"_", b" ")),
    b"zeropower", b"zero_power", b"msign", b"matrix sign", b"matrix_sign", b"ns_coef", b"ns_const", b"quintic",
    b"orthogonalize", b"orthogonalise", b"3.4445", b"4.0848", b"8.2872", b"8.1565", b"8.2051", b"3955",
)  # fmt: skip
"""In lower case."""

_ROW = re.compile(rb"\d\.\d+[fF]?\s*,\s*-\s*\d+\.\d")
"""A number, then a negative one: the first two coefficients of a step."""

_TEST = re.compile(r"(?:^|/)(?:tests?|testing|unit_tests)/|(?:^|/)test_[^/]*$|_test\.py$|(?:^|/)conftest\.py$")


def is_test(path: str) -> bool:
    """Is it one of the tests of a repository?  What stands there is seldom what a program runs."""
    return bool(_TEST.search(path.replace(os.sep, "/")))


def hints(data: bytes, suffix: str) -> bool:
    """Could it hold coefficients?  Programs that name the method; other files with a row that looks like a step."""
    low = data.lower()
    hinted = any(hint in low for hint in _HINTS)
    if hinted and suffix in PYTHON | NOTEBOOK:
        return True
    return (hinted or b"uon" in data) and bool(_ROW.search(data))


def files(paths: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The files that paths, folders and patterns name, and whether each was named itself.

    Raises UsageError for a path that is not there.
    """
    for path in paths:
        if path == "-" or os.path.isfile(path):
            yield path, True
        elif os.path.isdir(path):
            for file in _below(path):
                yield file, False
        elif glob.has_magic(path):
            names = sorted(glob.glob(path, recursive=True))
            if not names:
                raise UsageError(f"{path}: no file is named like this")
            for name in names:
                if os.path.isfile(name):
                    yield name, True
        else:
            raise UsageError(f"{path}: no such file or folder")


def _below(folder: str) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in _SKIPPED)
        for name in sorted(names):
            if os.path.splitext(name)[1].lower() in SUFFIXES:
                yield os.path.normpath(os.path.join(where, name))


def text_of(path: str, named: bool) -> str | None:
    """The text of a file, None where nothing in it hints at an iteration of this kind (unless the file was named).

    Raises UsageError: one line that says why the file cannot be read.
    """
    try:
        if path == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            if not named and os.path.getsize(path) > LARGEST:
                return None
            with Path(path).open("rb") as stream:
                data = stream.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from None
    if len(data) > LARGEST:
        raise UsageError(f"{path}:1: more than {LARGEST // 2**20} MB: no source of a person")
    if not named and not hints(data, os.path.splitext(path)[1].lower()):
        return None
    for encoding in ("utf-8-sig", _declared(data)):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    if not named:
        return None
    raise UsageError(f"{path}:1: not text in UTF-8")


def _declared(data: bytes) -> str:
    """The encoding that the first two lines of a Python file name."""
    match = re.match(rb"(?:[^\n]*\n)?[ \t]*#.*?coding[:=][ \t]*([-\w.]+)", data[:400])
    return match[1].decode("ascii") if match else "utf-8"
