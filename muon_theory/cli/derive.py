"""`derive [CLAIM]`: the symbolic derivations, step by step; `derive --family F`: where a family's properties change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from muon_theory.cli.output import Out, columns, emit, width
from muon_theory.cli.subjects import number
from muon_theory.display.text import wrapped
from muon_theory.errors import UsageError
from muon_theory.family import family_named

if TYPE_CHECKING:
    from muon_theory.evidence import Derivation


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
    from muon_theory.article import DERIVATIONS

    if property is None and claim is None:
        _listed(format)
    if family is not None:
        if claim is not None:
            raise UsageError("give a claim or --family, not both")
        return _boundaries(family, property, set or [], format, out)
    for option, given in (("--property", property), ("--set", set)):
        if given is not None:
            raise UsageError(f"{option} belongs to --family")
    if claim is None:
        titles = {name: make().title for name, make in DERIVATIONS.items()}
        emit({"derivations": titles}, lambda: columns(list(titles.items())), _listed(format), out)
        return 0
    if claim.lower() not in DERIVATIONS:
        raise UsageError(f"there is no derivation {claim!r}: the list is {', '.join(DERIVATIONS)}")
    return _show(DERIVATIONS[claim.lower()](), format, out)


def _boundaries(name: str, one: str | None, settings: list[str], format: str, out: Out) -> int:
    from muon_theory.derivations.boundaries import boundaries
    from muon_theory.derivations.formula import plain

    family = family_named(name)
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise UsageError(f"--set {setting!r}: write name=value, such as s=-49/50")
        family = family.fix(**{key.strip(): number("--set", text)})
    if not family.parameters:
        raise UsageError(f"family {name!r} has no parameter left: leave one free")
    found = boundaries(family)
    if one is not None:
        if one not in found:
            raise UsageError(f"there is no property {one!r} of this family: the list is {', '.join(found)}")
        return _show(found[one].derivation, format, out)
    curves = {key: [plain(c) for c in b.curves] for key, b in found.items()}
    rows = [(key, " = 0, ".join([*values, ""]).removesuffix(", ") or "none") for key, values in curves.items()]
    emit(
        {"family": family.name, "boundaries": curves}, lambda: f"{family.name}\n\n{columns(rows)}", _listed(format), out
    )
    return 0


def _listed(format: str) -> str:
    if format in ("latex", "mathml"):
        raise UsageError(f"--format {format} is for one derivation: name it, or ask for text or json")
    return format


def _show(derivation: Derivation, format: str, out: Out) -> int:
    if format in ("latex", "mathml"):
        body = "\n".join(getattr(s.formula, format) for s in derivation.steps if s.formula)
        emit({}, body, "text", out)
    else:
        lines = derivation.text().split("\n")
        fit = [part for line in lines for part in wrapped(line, width(), len(line) - len(line.lstrip()) + 2)]
        emit(derivation.to_json(), "\n".join(fit), format, out)
    return 0
