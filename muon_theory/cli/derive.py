"""`derive [CLAIM]`: the symbolic derivations, step by step; `derive --family F`: where a family's properties change."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.output import Out, answer, ask, emit
from muon_theory.cli.subjects import settings
from muon_theory.errors import UsageError


def derive(
    claim: Annotated[str | None, Parameter(help="such as a4; without it, the list")] = None,
    /,
    *,
    family: Annotated[
        str | None,
        Parameter(help="cubic, quintic, septic, or coefficients with f(1) = 1: the curves of its properties"),
    ] = None,
    property: Annotated[str | None, Parameter(help="with --family: the elimination for one property")] = None,
    set: Annotated[list[str] | None, Parameter(help="with --family: s=0 fixes a parameter")] = None,
    format: Literal["text", "json", "latex", "mathml"] = "text",
    out: Out = None,
) -> int:
    """List the derivations, or print one as text, LaTeX, MathML or JSON (DERIVED: re-checked, not proved)."""
    from muon_theory.api.derivations import Derived

    formulas = format in ("latex", "mathml")
    if formulas and claim is None and property is None:
        raise UsageError(f"--format {format} is for one derivation: name it, or ask for text or json")
    found = ask(mt.derive, locals(), claim, set=settings("--set", set))
    if formulas and isinstance(found, Derived):
        emit({}, "\n".join(f.latex if format == "latex" else f.mathml for f in found.formulas), "text", out)
        return 0
    return answer(found, format, out)
