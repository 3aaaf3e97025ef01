"""`thresholds SUBJECT` and `thresholds --family F`: where the behaviour changes, as algebraic numbers."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.output import CertificatesOut, Format, Plot, SameOut, answer, ask, one_of
from muon_theory.cli.subjects import Coefficients, Number, ReadingName, Subject, settings, subject_of, whole
from muon_theory.errors import UsageError
from muon_theory.family import family_named

MOST_STEPS = 64
MOST_DIGITS = 4000  # as exact.algebraic has it, which is slow to import


def thresholds(
    subject: Subject = None,
    /,
    *,
    coefficients: Coefficients = None,
    family: Annotated[
        str | None,
        Parameter(help='cubic, quintic, septic, or coefficients such as "a; (5-s)/2 - 2a; a - (3-s)/2" with f(1) = 1'),
    ] = None,
    set: Annotated[
        list[str] | None, Parameter(help="d=1/4: fix a parameter; d=0,1: one certificate for the whole interval")
    ] = None,
    range: Annotated[
        Number | None,
        Parameter(help="lo,hi: where to look, with --horizon, expressions and intervals; 1,4 unless said"),
    ] = None,
    slope_at_one: Annotated[
        Number | None, Parameter(help="s = f'(1) of a quintic or septic: a number, or lo,hi for a whole interval")
    ] = None,
    horizon: Annotated[
        int | None, whole("after so many steps instead: the largest a with φ((0, 1]) ≤ cap", 1, MOST_STEPS)
    ] = None,
    cap: Annotated[Number | None, Parameter(help="for --horizon: 2 unless said")] = None,
    digits: Annotated[int | None, whole("50 unless said; 9 with --horizon", 1, MOST_DIGITS)] = None,
    reading: ReadingName = "decimal",
    plot: Plot = None,
    certificates: CertificatesOut = None,
    out: SameOut = None,
    format: Format = "text",
) -> int:
    """Fixed points, critical points, 2-cycles, escape and sign flip of a map; or a family's thresholds in a."""
    if family is not None and (subject is not None or coefficients is not None):
        raise UsageError("give a family or a subject, not both")
    written = one_of(certificates, out)
    what = subject_of(subject, coefficients) if family is None else family_named(family)
    found = ask(mt.thresholds, locals(), what, set=settings("--set", set))
    return answer(found, format, certificates=written, plot=plot)
