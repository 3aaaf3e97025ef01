"""`recommend`: which schedule for how many matrix products?"""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.output import Format, Out, answer
from muon_theory.cli.subjects import Number, whole


def recommend(
    *,
    lower: Annotated[Number, Parameter(help="the least singular value that matters")] = "1/1000",
    budget: Annotated[int, whole("matrix products in all; a quintic step takes 3", 2, 300)] = 15,
    margin: Annotated[Number, Parameter(help="how far above 1 the format leaves σ₁, such as 1/256")] = "0",
    digits: Annotated[int, whole("decimals of designed coefficients", 0, 100)] = 4,
    format: Format = "text",
    out: Out = None,
) -> int:
    """Published and designed schedules within the budget, best certified error first."""
    from muon_theory.api.schedules import recommend as find

    return answer(find(lower=lower, budget=budget, margin=margin, digits=digits), format, out)
