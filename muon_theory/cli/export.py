"""`export`: certificates and schedules in other languages."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.output import Format, Out, answer, note
from muon_theory.cli.subjects import Coefficients, Steps, subject_of
from muon_theory.errors import UsageError


def export(
    subject: Annotated[
        str | None, Parameter(help="with --to coq a certificate file, else a preset, a JSON file or file.py::NAME")
    ] = None,
    /,
    *,
    coefficients: Coefficients = None,
    steps: Steps = None,
    to: Annotated[
        Literal["coq", "json", "python", "c", "latex", "torch", "optax"], Parameter(help="the language")
    ] = "coq",
    run: Annotated[bool, Parameter(help="with --to coq: compile it with coqc and report", negative="")] = False,
    seconds: Annotated[float, Parameter(help="how long coqc may take, with --run")] = 600,
    out: Out = None,
    format: Format = "text",
) -> int:
    """Write a certificate as a Coq file with a readable theorem, or a schedule in another language.

    A schedule is written as JSON, Python, C, LaTeX, or as the arguments of torch.optim.Muon or optax.contrib.muon.

    With --run, coqc compiles the theorem and the axioms are printed.  Exit status then: 0 accepted, 1 rejected,
    2 nothing to run, 3 unfinished after --seconds.
    """
    if to == "coq" and subject is None:
        raise UsageError("name a certificate file, such as one that `certify --out` wrote")
    what = subject_of(subject, coefficients)
    if run and to == "coq":
        mt.export(what, steps=steps, to=to)  # what cannot be exported says so before a compiler is started
        note("compiling (the library first, where it is not compiled yet)")
    found = mt.export(what, steps=steps, to=to, run=run, seconds=seconds)
    if run and out is not None:
        found.save(out)
        note(f"wrote {out}")
    return answer(found, format, None if run else out)
