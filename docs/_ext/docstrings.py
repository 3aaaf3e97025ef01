"""Docstrings as napoleon reads them: examples after a section are examples, and |x| is an absolute value."""

from __future__ import annotations

import re
from typing import Any


def prepared(app: Any, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Before napoleon: what follows `Raises` would be read as one more exception, were it not given a heading."""
    lines[:] = [re.sub(r"'([^'\s]*\*[^'\s]*)'", r"``\1``", line) for line in lines]  # patterns of files
    sections = [i for i, line in enumerate(lines) if line.strip() and set(line.strip()) == {"-"}]
    first = next((i for i, line in enumerate(lines) if line.lstrip().startswith(">>>")), None)
    headed = any(lines[i - 1].strip() == "Examples" for i in sections)
    if sections and first is not None and first > sections[0] and not headed:
        lines[first:first] = ["Examples", "--------"]


def escaped(app: Any, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """After napoleon: bars are no substitutions."""
    lines[:] = [line.replace("|", "\\|") for line in lines]


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx; napoleon's own hook has the priority 500."""
    app.connect("autodoc-process-docstring", prepared, priority=400)
    app.connect("autodoc-process-docstring", escaped, priority=600)
    return {"parallel_read_safe": True}
