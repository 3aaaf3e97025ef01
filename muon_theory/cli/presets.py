"""`presets`: the published schedules of the catalogue."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.output import Format, Out, columns, emit


def presets(
    name: Annotated[str | None, Parameter(help="one of them; without it, the list")] = None,
    /,
    *,
    format: Format = "text",
    out: Out = None,
) -> int:
    """List the schedules of the catalogue, or show one with its rows, sources and conventions."""
    from muon_theory import catalogue

    if name is not None:
        entry = catalogue.entry(name)
        emit(entry.to_json(), lambda: _one(entry.to_json()), format, out)
        return 0
    entries = [e.to_json() for e in catalogue.entries()]
    emit({"presets": entries}, lambda: columns([(str(e["id"]), str(e["name"])) for e in entries]), format, out)
    return 0


def _one(entry: dict[str, object]) -> str:
    lines = []
    for key, value in entry.items():
        if value in (None, [], "", {}):
            continue
        body = (
            "\n".join(f"    {', '.join(map(str, v)) if isinstance(v, list) else v}" for v in value)
            if isinstance(value, list)
            else None
        )
        lines.append(f"{key}:\n{body}" if body else f"{key}: {value}")
    return "\n".join(lines)
