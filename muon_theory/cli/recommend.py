"""`recommend`: which schedule, for a format, a number of steps, a norm and a budget?"""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

import muon_theory as mt
from muon_theory.cli.languages import Language, alone, answer_in
from muon_theory.cli.output import CertificatesOut, Format, Out, Plot, ask
from muon_theory.cli.subjects import MOST_STEPS, Number, whole


def recommend(
    *,
    dtype: Annotated[str | None, Parameter(help="the format it runs in, such as bf16; exact unless said")] = None,
    steps: Annotated[int | None, whole("at most so many steps", 1, MOST_STEPS)] = None,
    normalisation: Annotated[str, Parameter(help="the norm that is divided by")] = "frobenius",
    lower: Annotated[Number, Parameter(help="the least singular value that matters")] = "1/1000",
    budget: Annotated[
        int | None, whole("matrix products in all, 3 a quintic step: 15 unless said, or what --steps need", 2, 300)
    ] = None,
    shape: Annotated[str | None, Parameter(help="m,n of the matrices, for --dtype: 1024,1024 unless said")] = None,
    margin: Annotated[Number, Parameter(help="without --dtype: how far above 1 σ₁ may lie, such as 1/256")] = "0",
    decimals: Annotated[int, whole("decimals of designed coefficients", 0, 100)] = 4,
    constants: Annotated[
        bool, Parameter(help="bound φ(x)/x for each, in about two seconds a schedule", negative="--no-constants")
    ] = True,
    to: Language = None,
    plot: Plot = None,
    format: Format = "text",
    out: Out = None,
    certificates: CertificatesOut = None,
) -> int:
    """Published and designed schedules that are safe in the format, best certified error first, ready to paste.

    What is not offered stands below with the reason. With --to, the best one that the language can hold:
    torch.optim.Muon repeats one row, optax takes degree 5. Exit status 0; 3 where nothing is offered.
    """
    alone(to, format, out, certificates)
    found = ask(mt.recommend, locals(), constants=constants and to is None, during="schedules")
    return answer_in(to, found, format, out, certificates=certificates, plot=plot)
