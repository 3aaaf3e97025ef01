"""`audit`: is this list what it claims to be, and is it safe as it is used?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.output import Out, answer, ask, emit, note, writable
from muon_theory.cli.subjects import Coefficients, ReadingName, Steps, subject_of
from muon_theory.errors import UsageError

Names = Annotated[str | None, Parameter(help="rules, with commas between")]


def audit(
    *subjects: Annotated[str, Parameter(help="files, folders, patterns, - for stdin; presets; file.py::NAME[key]")],
    all: Annotated[bool, Parameter(help="audit the whole catalogue", negative="")] = False,
    coefficients: Coefficients = None,
    steps: Steps = None,
    extension: Annotated[str | None, Parameter(help="exact, repeat-last, cycle, slice-first or slice-last")] = None,
    normalisation: Annotated[
        str | None, Parameter(name=["--normalisation", "--norm"], help="what the matrix is divided by: frobenius, …")
    ] = None,
    dtype: Annotated[str | None, Parameter(help="the number format it runs in, such as bfloat16")] = None,
    reading: ReadingName = "decimal",
    lower: Annotated[str | None, Parameter(help="the least singular value that matters (1/1000)")] = None,
    cap: Annotated[str | None, Parameter(help="the largest acceptable output (3/2)")] = None,
    target: Annotated[str | None, Parameter(help="'m,M': the band for the image of [lower, 1]")] = None,
    select: Annotated[
        str | None, Parameter(help="only these rules, with commas between; all: the quiet ones, too")
    ] = None,
    ignore: Annotated[str | None, Parameter(help="not these rules")] = None,
    exclude: Annotated[str | None, Parameter(help="a pattern of files that are not read in folders")] = None,
    fail_on: Annotated[
        str | None, Parameter(help="note, warning or error (unless said): what makes the status 1")
    ] = None,
    baseline: Annotated[Path | None, Parameter(help="a file of known findings, which are not listed again")] = None,
    write_baseline: Annotated[
        Path | None, Parameter(help="write all findings to this file, as known", validator=writable)
    ] = None,
    format: Literal["text", "json", "github", "sarif"] = "text",
    out: Out = None,
) -> int:
    """Every schedule of files, folders or repositories, and presets: findings with a place, a witness and a fix.

    `[tool.muon-theory]` of the nearest pyproject.toml gives what is not said here.  Exit status 1 where a finding is an
    error, or as grave as --fail-on says.
    """
    given = locals()
    from muon_theory.audits.config import settings
    from muon_theory.audits.gate import baseline as known

    if coefficients is not None and (subjects or all):
        raise UsageError(
            f"{'--all' if all else 'a subject'} and --coefficients both say what to audit: give one of them"
        )
    usual = settings() if coefficients is None and not all else {}
    paths = usual.pop("paths", ())
    if coefficients is not None:
        what: Sequence[object] = [subject_of(None, coefficients)]
    else:
        what = subjects or (paths if isinstance(paths, list) else [])
    named = {"norm": "normalisation", "fail-on": "fail_on"}
    said = {named.get(key, key): value for key, value in usual.items()}
    said = {name: value for name, value in said.items() if given[name] is None}
    if write_baseline is not None:
        said["baseline"] = None
    found = ask(mt.audit, given | said, *what)
    if write_baseline is not None:
        every = [(a.fingerprint(f), f) for a in found.subjects for f in a.findings]
        write_baseline.write_text(known(every), encoding="utf-8")
        note(f"wrote {write_baseline}: {len(every)} findings are known from now on")
        return 0
    if format in ("github", "sarif"):
        from muon_theory import __version__
        from muon_theory.audits.formats import github, sarif

        emit(
            sarif(found, __version__) if format == "sarif" else {},
            github(found),
            "json" if format == "sarif" else "text",
            out,
        )
        return found.exit_status
    return answer(found, format, out)
