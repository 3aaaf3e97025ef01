"""A1 on real matrices, where torch is installed: what the runs saw, for the report's own data."""

from __future__ import annotations

from typing import Any

from muon_theory.article.sets import NAMES
from muon_theory.errors import MissingDependencyError
from muon_theory.interval import Interval

SHAPES = ((12, 12), (16, 8), (2, 8, 12))
DTYPES = ("fp32",)
SPECTRA = ("log-uniform", "critical")
"""A few of the spectra of `confirm`, whose own command runs them all."""
START = Interval.of("1/100", 1)


def measured() -> dict[str, Any]:
    """For every coefficient set: the verdict and the cases of `confirm`; or why there are none."""
    try:
        from muon_theory.confirmation import confirm
    except MissingDependencyError as error:
        return {"matrices": {"absent": str(error)}}
    found = {}
    for word, (_, schedule) in NAMES.items():
        found[word] = confirm(schedule, start=START, shapes=SHAPES, dtypes=DTYPES, spectra=SPECTRA).to_json()
    return {"matrices": found}
