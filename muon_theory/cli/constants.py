"""`constants SUBJECT`: what convergence proofs with an inexact orthogonalisation ask for, with certificates."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.output import CertificatesOut, Format, SameOut, answer, ask, one_of
from muon_theory.cli.subjects import Coefficients, Number, ReadingName, Steps, Subject, subject_of, whole


def constants(
    subject: Subject = None,
    /,
    *,
    coefficients: Coefficients = None,
    steps: Steps = None,
    lower: Annotated[Number, Parameter(help="the least singular value, for δ = max |1 - φ| from there on")] = "1/1000",
    kappa: Annotated[Number, Parameter(help="κ ≥ 1: the input is divided by κ·‖M‖_F")] = "1",
    digits: Annotated[int, whole("how tightly each constant is bracketed", 4, 14)] = 12,
    reading: ReadingName = "decimal",
    dtype: Annotated[
        str | None, Parameter(help="inputs as normalised in this format, and what rounding adds: bf16, fp16, …")
    ] = None,
    shape: Annotated[str | None, Parameter(help="m,n of the matrices, for --dtype: 1024,1024 unless said")] = None,
    certificates: CertificatesOut = None,
    out: SameOut = None,
    format: Format = "text",
) -> int:
    """Bracket ℓ = inf φ(x)/x, u = sup φ(x)/x, c = max φ, ρ̄ = (u + ℓ)/(2√(uℓ)) and δ, with the inequalities they enter.

    Exit status 0 proved, 1 refuted (ℓ ≤ 0: the update may point away from the momentum), 3 undecided.
    """
    written = one_of(certificates, out)
    found = ask(mt.constants, locals(), subject_of(subject, coefficients))
    return answer(found, format, certificates=written, certificate=str(written) if written else None)
