"""`check FILE…`: what the independent checker says of certificate files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.output import Format, Out, answer
from muon_theory.cli.subjects import ReadingName, Steps
from muon_theory.errors import UsageError

Expect = Annotated[
    str | None,
    Parameter(
        help="refuse certificates about anything else: a digest, a preset, file.py::NAME[key], a JSON file, or 'a,b,c'",
        allow_leading_hyphen=True,
    ),
]


def check(
    *files: Annotated[Path, Parameter(help="certificate files")],
    expect: Expect = None,
    steps: Steps = None,
    reading: ReadingName = "decimal",
    format: Format = "text",
    out: Out = None,
) -> int:
    """Check certificate files; exit status 0 all proved, 1 one refused, 2 one unreadable.

    `python3 -I muon_theory/check.py [--expect DIGEST] FILE…` does the same with the standard library alone.
    """
    from muon_theory.verification import Verifications

    if not files:
        raise UsageError("name at least one certificate file, such as analysis/certificates/*.json")
    seen = tuple(mt.verify(file, expect=expect, steps=steps, reading=reading) for file in files)
    return answer(Verifications(seen), format, out)
