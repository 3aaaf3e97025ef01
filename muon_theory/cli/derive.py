"""`derive [CLAIM]`: the symbolic derivations, step by step."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from muon_theory.cli.output import Out, columns, emit
from muon_theory.errors import UsageError


def derive(
    claim: Annotated[str | None, Parameter(help="such as a4; without it, the list")] = None,
    /,
    *,
    format: Literal["text", "json", "latex", "mathml"] = "text",
    out: Out = None,
) -> int:
    """List the derivations, or print one as text, LaTeX, MathML or JSON (DERIVED: re-checked, not proved)."""
    from muon_theory.derive.article import DERIVATIONS

    if claim is None:
        titles = {name: make().title for name, make in DERIVATIONS.items()}
        emit({"derivations": titles}, lambda: columns(list(titles.items())), format, out)
        return 0
    if claim.lower() not in DERIVATIONS:
        raise UsageError(f"there is no derivation {claim!r}: the list is {', '.join(DERIVATIONS)}")
    derivation = DERIVATIONS[claim.lower()]()
    if format in ("latex", "mathml"):
        body = "\n".join(getattr(s.formula, format) for s in derivation.steps if s.formula)
        emit({}, body, "text", out)
    else:
        emit(derivation.to_json(), derivation.text, format, out)
    return 0
