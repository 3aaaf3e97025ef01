"""`report [SUBJECT]`: a folder to open in a browser, on the article or on anything that can be named."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.output import answer, ask, can_make_folder, fraction_progress, note
from muon_theory.cli.subjects import Coefficients, Number, ReadingName, Steps, subject_of
from muon_theory.errors import UsageError


def report(
    subject: Annotated[
        str | None,
        Parameter(help="a preset, a JSON file, file.py::NAME, a file or folder to audit; none: the article"),
    ] = None,
    /,
    *,
    coefficients: Coefficients = None,
    family: Annotated[str | None, Parameter(help="cubic, quintic, or coefficients with a parameter")] = None,
    steps: Steps = None,
    lower: Number = "1/1000",
    upper: Number | None = None,
    cap: Number = "3/2",
    target: Annotated[Number | None, Parameter(help="m,M: require the image of [lower, upper] to lie there")] = None,
    reading: ReadingName = "decimal",
    dtype: Annotated[str | None, Parameter(help="say what rounding adds in this format: bf16, fp16, fp32, …")] = None,
    shape: Annotated[str | None, Parameter(help="m,n of the matrices, with --dtype")] = None,
    out: Annotated[
        Path, Parameter(help="the folder to write, certificates included; an older report there is replaced")
    ] = Path("out"),
    pdf: Annotated[
        bool, Parameter(negative="", help="write report.pdf too, the same as a paper (needs typst)")
    ] = False,
    language: Annotated[
        Literal["en", "zh"], Parameter(help="of the article's report: English, or Chinese (HTML and Markdown)")
    ] = "en",
    format: Annotated[
        Literal["text", "json", "markdown"], Parameter(help="what is printed; markdown: for an issue")
    ] = "text",
) -> int:
    """Write a report: verdict first, with pictures, derivations, certificates and an explorer, in one folder.

    Without a subject it is the report on the article's claims A1-A17, of some minutes.
    """
    from muon_theory.reports import needs_typst

    if sum(given is not None for given in (subject, coefficients, family)) > 1:
        raise UsageError("name one subject: a preset, a file, --coefficients or --family")
    if pdf:
        needs_typst()
    can_make_folder(out)
    what = family or (subject_of(subject, coefficients) if subject or coefficients else None)
    with fraction_progress("report") as step:
        found = ask(mt.report, locals(), what, out, progress=step)
    if format == "markdown":
        print(found.markdown, end="")
    else:
        answer(found, format)
    note(f"open {out / 'index.html'}" + (f" or {out / 'report.pdf'}" if pdf else ""))
    return 0
