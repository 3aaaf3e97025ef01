"""`recommend`: which schedule, for a format, a number of steps, a norm and a budget?"""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.output import Format, Out, answer
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
    shape: Annotated[str | None, Parameter(help="m,n of the matrices: say what rounding does to all values")] = None,
    margin: Annotated[Number, Parameter(help="without --dtype: how far above 1 σ₁ may lie, such as 1/256")] = "0",
    decimals: Annotated[int, whole("decimals of designed coefficients", 0, 100)] = 4,
    format: Format = "text",
    out: Out = None,
) -> int:
    """Published and designed schedules that are safe in the format, best certified error first, ready to paste.

    What is not offered stands below with the reason. Exit status 0; 3 where nothing is offered.
    """
    from muon_theory.api.schedules import recommend as find

    found = find(
        dtype=dtype,
        steps=steps,
        normalisation=normalisation,
        lower=lower,
        budget=budget,
        shape=shape,
        margin=margin,
        decimals=decimals,
    )
    return answer(found, format, out)
