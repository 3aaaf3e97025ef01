"""`presets`: the published schedules of the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.output import Format, Out, answer, can_make_folder, note


def presets(
    name: Annotated[str | None, Parameter(help="one of them; without it, the list")] = None,
    /,
    *,
    page: Annotated[
        Path | None, Parameter(help="write the catalogue's page and all certificates to this folder")
    ] = None,
    format: Format = "text",
    out: Out = None,
) -> int:
    """List the schedules of the catalogue, or show one with its rows, sources and conventions.

    --page writes a table of all (or of the one that is named) with what is certified of each: catalogue.md,
    catalogue.html, which sorts without a network, and certificates/.
    """
    if page is not None:
        from muon_theory.api.catalogue_page import write_page
        from muon_theory.catalogue import entry

        can_make_folder(page)
        rows = write_page(page, [entry(name).id] if name else None)
        note(f"wrote {page / 'catalogue.html'}: {len(rows)} schedules")
        return 0
    return answer(mt.presets(name), format, out)
