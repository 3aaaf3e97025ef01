"""`check FILE…`: what the independent checker says of certificate files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.output import Format, Out, emit
from muon_theory.errors import UsageError
from muon_theory.verification import verify_files


def check(
    *files: Annotated[Path, Parameter(help="certificate files")], format: Format = "text", out: Out = None
) -> int:
    """Check certificate files; exit status 0 all proved, 1 one refused, 2 one unreadable.

    `python3 -I muon_theory/check.py FILE…` does the same with the standard library alone.
    """
    if not files:
        raise UsageError("name at least one certificate file, such as analysis/certificates/*.json")
    verdicts = verify_files([str(file) for file in files])
    emit(verdicts.to_json(), verdicts.text, format, out)
    return verdicts.exit_status
