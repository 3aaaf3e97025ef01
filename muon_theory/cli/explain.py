"""`explain`: a certificate as a proof for people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.export import load
from muon_theory.cli.output import Format, Out, emit
from muon_theory.errors import UsageError
from muon_theory.verification import verify_files


def explain(
    certificate: Annotated[Path, Parameter(help="a certificate file")], /, *, format: Format = "text", out: Out = None
) -> int:
    """Show a certificate as a proof: the statement, the theorem used, each obligation with its numbers, the verdict."""
    from muon_theory.explanation import explain as proof

    verdicts = verify_files([str(certificate)])
    verdict = verdicts.files[0]
    data = load(certificate)
    if verdict["reason"].startswith("malformed"):
        raise UsageError(f"{certificate} is no certificate that could be explained: {verdict['reason']}")
    text = proof(data)
    whole = f"FILE        {verdict['verdict']}: {certificate}"
    emit({"file": str(certificate), "proof": text, **verdict}, f"{text}\n{whole}", format, out)
    return verdicts.exit_status
