"""`presets`: the published schedules of the catalogue."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.output import Format, Out, answer


def presets(
    name: Annotated[str | None, Parameter(help="one of them; without it, the list")] = None,
    /,
    *,
    format: Format = "text",
    out: Out = None,
) -> int:
    """List the schedules of the catalogue, or show one with its rows, sources and conventions."""
    from muon_theory.api.schedules import presets as find

    return answer(find(name), format, out)
