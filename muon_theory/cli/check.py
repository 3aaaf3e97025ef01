"""`check FILE…`: what the independent checker says of certificate files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.output import Format, Out, emit
from muon_theory.cli.subjects import ReadingName, Steps, schedule_of
from muon_theory.errors import UsageError
from muon_theory.verification import verify_files

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
    if not files:
        raise UsageError("name at least one certificate file, such as analysis/certificates/*.json")
    verdicts = verify_files([str(file) for file in files], digest_of(expect, steps, reading))
    emit(verdicts.to_json(), verdicts.text, format, out)
    return verdicts.exit_status


def digest_of(expect: str | None, steps: int | None, reading: str) -> str | None:
    """The digest of the subject that is expected: as it is, or of a schedule in any of the ways to name one."""
    if expect is None or re.fullmatch("[0-9a-f]{64}", expect):
        return expect
    written_out = re.fullmatch(r"[-+0-9./eE,; ]+", expect) and "," in expect
    subject, coefficients = (None, expect) if written_out else (expect, None)
    return schedule_of(subject, coefficients, steps, reading).digest
