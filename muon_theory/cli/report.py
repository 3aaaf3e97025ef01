"""`report`: the derivation report on the article, as a folder to open in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.output import Format, emit, fraction_progress, make_folder, note


def report(
    *,
    out: Annotated[Path, Parameter(help="the folder to write; an older report there is replaced")] = Path("out"),
    pdf: Annotated[
        bool, Parameter(negative="", help="write report.pdf too, the same as a paper (needs typst)")
    ] = False,
    format: Format = "text",
) -> int:
    """Settle the article's claims A1-A17: derivations, certificates, figures and verdicts in one page."""
    from muon_theory.api.reports import article_explorer
    from muon_theory.article import article_report
    from muon_theory.reports import needs_typst, write_report

    if pdf:
        needs_typst()
    make_folder(out)
    with fraction_progress("report") as step:
        written = write_report(article_report(progress=step), out, pdf, article_explorer())
    emit(written, lambda: _text(written), format)
    note(f"open {out / 'index.html'}" + (f" or {out / 'report.pdf'}" if pdf else ""))
    return 0


def _text(data: dict[str, object]) -> str:
    sections = data["sections"]
    assert isinstance(sections, list)
    return "\n".join(f"{s['id']:4} {s['verdict']:26} {s['title']}" for s in sections)
