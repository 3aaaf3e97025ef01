"""Documents with code in them: Markdown and reStructuredText, notebooks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from muon_theory.errors import UsageError
from muon_theory.sources.found import Found, Reading, Refused
from muon_theory.sources.python import File
from muon_theory.sources.shapes import rows_by_shape
from muon_theory.sources.values import Number

_FENCE = re.compile(r"[ \t]*+(?P<fence>`{3,}+|~{3,}+)[ \t]*+\{?+(?P<language>[\w.+-]*+)")
_DIRECTIVE = re.compile(
    r"^\.\. (?:code-block|code|sourcecode):: *+(?P<language>\w*+)[^\n]*+\n(?P<body>(?:[ \t]*+\n|[ \t]++[^\n]*+\n)++)",
    re.M,
)
_PYTHON = {"python", "py", "python3", "pycon", "ipython", "{code-cell}", "code-cell", ""}


def read_text(path: str, text: str, suffix: str) -> Reading:
    """Python code blocks as programs, everything else by the shape of its rows."""
    found: list[Found] = []
    refused: list[Refused] = []
    lines = text.split("\n")
    for language, first, last in (*_fenced(lines), *_directives(text)):
        body = "\n".join(lines[first:last])
        if language.lower() not in _PYTHON or not re.search(r"\d\.\d", body):
            continue
        try:
            reading = File(path, "\n" * first + _dedented(body)).reading()
        except UsageError:
            continue  # no program: read by its shape, with the rest of the text
        found += reading.found
        refused += reading.refused
        lines[first:last] = [""] * (last - first)
    return Reading([*found, *rows_by_shape(path, "\n".join(lines), suffix)], refused)


def _fenced(lines: list[str]) -> Iterator[tuple[str, int, int]]:
    """The blocks between fences: language, first line (from 0), line after the last; one may be open to the end."""
    begin: tuple[str, str, int] | None = None
    for k, line in enumerate(lines):
        match = _FENCE.match(line)
        if match and begin is None:
            begin = match["fence"], match["language"], k + 1
        elif match and begin and match["fence"].startswith(begin[0]):
            yield begin[1], begin[2], k
            begin = None
    if begin:
        yield begin[1], begin[2], len(lines)


def _directives(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _DIRECTIVE.finditer(text):
        first = text.count("\n", 0, match.start("body"))
        yield match["language"], first, first + match["body"].count("\n")


def _dedented(body: str) -> str:
    lines = [re.sub(r"^(?:>>> ?|\.\.\. ?|%.*|!.*)", "", line) for line in body.split("\n")]
    margin = min((len(x) - len(x.lstrip()) for x in lines if x.strip()), default=0)
    return "\n".join(x[margin:] for x in lines)


def read_notebook(path: str, text: str) -> Reading:
    """The code cells, one after the other as one program; lines are those of the file."""
    try:
        cells = json.loads(text)["cells"]
        sources = [c["source"] for c in cells if c["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"{path}:1: not a notebook with cells") from None
    code: list[str] = []
    for source in sources:
        lines = source if isinstance(source, list) else str(source).splitlines(keepends=True)
        code += [re.sub(r"^\s*[%!].*", "pass", str(line).rstrip("\n")) for line in lines]
    try:
        reading = File(path, "\n".join(code)).reading()
    except UsageError as error:
        raise UsageError(
            f"{str(error).partition(':')[0]}:1: the code cells are {str(error).rpartition(': ')[2]}"
        ) from None
    places = dict(_places(code, text))
    return Reading(
        [_moved(f, places) for f in reading.found], [replace(r, line=places.get(r.line, 1)) for r in reading.refused]
    )


def _places(code: list[str], text: str) -> Iterator[tuple[int, int]]:
    """The line of the file for each line of code."""
    at = 0
    for i, line in enumerate(code, 1):
        found = text.find(json.dumps(line, ensure_ascii=False)[1:-1], at) if line.strip() else -1
        found = text.find(json.dumps(line)[1:-1], at) if found < 0 and line.strip() else found
        at = max(at, found)
        yield i, text.count("\n", 0, at) + 1


def _moved(found: Found, places: dict[int, int]) -> Found:
    rows = [[Number(n.value, (n.place[0], places.get(n.place[1], 1))) for n in row] for row in found.rows]
    where = (found.where[0], places.get(found.where[1], 1)) if found.where else None
    return replace(found, rows=rows, line=places.get(found.line, 1), where=where)
