"""`explain`: a certificate as a proof for people, or a rule of `audit`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.output import Format, Out, answer


def explain(
    certificate: Annotated[Path, Parameter(help="a certificate file, or a rule of `audit`")],
    /,
    *,
    format: Format = "text",
    out: Out = None,
) -> int:
    """Show a certificate as a proof: the statement, the theorem used, each obligation with its numbers, the verdict.

    The id of a rule of `audit`, such as near-miss, shows that rule's page.
    """
    return answer(mt.explain(certificate), format, out)
