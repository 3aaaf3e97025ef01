"""`design`: optimal schedules, with a bound that none of their degrees can beat."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from muon_theory.cli.output import CertificatesOut, Format, answer
from muon_theory.cli.subjects import MOST_STEPS, Number, ReadingName, whole


def design(
    *,
    degree: Annotated[int, whole("the odd degree of every step", 1, 63)] = 5,
    steps: Annotated[int | None, whole("how many steps: 5 unless said", 1, MOST_STEPS)] = None,
    lower: Annotated[Number, Parameter(help="the least singular value that matters")] = "1/1000",
    upper: Annotated[Number, Parameter(help="the largest one")] = "1",
    digits: Annotated[int | None, whole("so many correct digits of every coefficient", 1, 1000)] = None,
    decimals: Annotated[int | None, whole("the best coefficients of so many decimals", 0, 1000)] = None,
    safety: Annotated[Number, Parameter(help="use p(x/s) in all steps but the last")] = "1",
    cushion: Annotated[Number | None, Parameter(help="l <- max(l, k u) in every step")] = None,
    reading: ReadingName = "decimal",
    out: CertificatesOut = None,
    format: Format = "text",
) -> int:
    """The schedule that minimises max |1 - φ| on [lower, upper], certified, beside the least error possible."""
    from muon_theory.api.schedules import design as make

    found = make(
        degree=degree,
        steps=steps,
        lower=lower,
        upper=upper,
        digits=digits,
        decimals=decimals,
        safety=safety,
        cushion=cushion,
        reading=reading,
    )
    return answer(found, format, certificates=out)
