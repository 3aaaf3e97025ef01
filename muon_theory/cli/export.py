"""`export`: certificates and schedules in other languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from muon_theory.cli.output import Format, Out, emit, note
from muon_theory.cli.subjects import Coefficients, Steps, schedule_of
from muon_theory.errors import UsageError


def export(
    subject: Annotated[
        str | None, Parameter(help="with --to coq a certificate file, else a preset, a JSON file or file.py::NAME")
    ] = None,
    /,
    *,
    coefficients: Coefficients = None,
    steps: Steps = None,
    to: Annotated[Literal["coq", "json", "python", "c", "latex"], Parameter(help="the language")] = "coq",
    run: Annotated[bool, Parameter(help="with --to coq: compile it with coqc and report", negative="")] = False,
    seconds: Annotated[float, Parameter(help="how long coqc may take, with --run")] = 600,
    out: Out = None,
    format: Format = "text",
) -> int:
    """Write a certificate as a Coq file with a readable theorem, or a schedule as JSON, Python, C or LaTeX.

    With --run, coqc compiles the theorem and the axioms are printed.  Exit status then: 0 accepted, 1 rejected,
    2 nothing to run, 3 unfinished after --seconds.
    """
    if to == "coq":
        if subject is None:
            raise UsageError("name a certificate file, such as one that `certify --out` wrote")
        return _coq(Path(subject), run, seconds, out, format)
    if run:
        raise UsageError("--run belongs to --to coq")
    from muon_theory.exports.source import TARGETS

    text = TARGETS[to](schedule_of(subject, coefficients, steps))
    emit({"subject": subject or coefficients, "to": to, "text": text}, text, format, out)
    return 0


def _coq(certificate: Path, run: bool, seconds: float, out: Path | None, format: str) -> int:
    from muon_theory.exports import coq

    text = coq.to_coq(load(certificate))
    if not run:
        emit({"file": str(certificate), "to": "coq", "text": text}, text.rstrip("\n"), format, out)
        return 0
    if out is not None:
        emit({}, text.rstrip("\n"), "text", out)
    note("compiling (the library first, where it is not compiled yet)")
    result = coq.run_coq(text, seconds=seconds)
    verdict, status = {
        coq.CoqVerdict.ACCEPTED: ("accepted", 0),
        coq.CoqVerdict.UNFINISHED: ("unfinished", 3),
    }.get(result.verdict, ("rejected", 1))
    data = {
        "file": str(certificate),
        "verdict": verdict,
        "message": result.message or result.verdict.value,
        "axioms": sorted(result.axioms),
        "seconds": round(result.seconds, 2),
    }
    emit(data, f"{data['verdict']}: {data['message']}\naxioms: {', '.join(sorted(result.axioms)) or 'none'}", format)
    return status


MAX_BYTES = 4_000_000  # of a file that the checker reads


def load(path: Path) -> dict[str, Any]:
    """A certificate file as JSON data; every failure is one line."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}: name a certificate file") from None
    if len(data) > MAX_BYTES:
        raise UsageError(f"{path} has more than {MAX_BYTES} bytes: no certificate is as long, name another file")
    if not data.strip():
        raise UsageError(f"{path} is empty: name a certificate file, such as one that `certify --out` wrote")
    try:
        value = json.loads(data)
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not text: name a certificate file, in JSON") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise UsageError(f"{path} is not a certificate: an object is expected")
    return value
