"""`orbits SUBJECT --x0 x`: one orbit, and where it goes; `orbits SUBJECT --basin`: all orbits that go to one place."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.output import CertificatesOut, Format, Out, Plot, answer, ask
from muon_theory.cli.subjects import Coefficients, Number, ReadingName, Subject, subject_of, whole
from muon_theory.errors import UsageError


def orbits(
    subject: Subject = None,
    /,
    *,
    x0: Annotated[Number | None, Parameter(help="the starting point, such as 1/2", allow_leading_hyphen=True)] = None,
    basin: Annotated[bool, Parameter(negative=(), help="instead: the basin (0, β) of the first fixed point")] = False,
    coefficients: Coefficients = None,
    steps: Annotated[int | None, whole("how many steps are followed, with --x0", 1, 10_000)] = None,
    digits: Annotated[int, whole("of what is printed", 1, 4000)] = 30,
    reading: ReadingName = "decimal",
    format: Format = "text",
    out: Out = None,
    certificates: Annotated[
        CertificatesOut, Parameter(help="with --basin: write the certificates to this file")
    ] = None,
    plot: Plot = None,
) -> int:
    """Follow the orbit of x0 and classify it (OBSERVED); or find a basin, its end certified from both sides."""
    if certificates is not None and not basin:
        raise UsageError("--certificates belongs to --basin: an orbit is observed, not proved")
    found = ask(mt.orbits, locals(), subject_of(subject, coefficients), x0)
    return answer(found, format, out, certificates=certificates, plot=plot)
