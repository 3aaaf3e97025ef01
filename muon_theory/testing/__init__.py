"""For tests of your own: Hypothesis strategies for the exact types, assertions that end in a certificate, and studies.

The pytest plugin of this package adds nothing by itself; import what you need from here.  The strategies are loaded
when one is asked for: the assertions, and pytest, do without Hypothesis.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from muon_theory.errors import MissingDependencyError
from muon_theory.testing.assertions import assert_certified, assert_refuted
from muon_theory.testing.studies import Study, study

if TYPE_CHECKING:
    from muon_theory.testing.strategies import (
        attracting_cubics,
        attracting_quintics,
        intervals,
        matrices,
        odd_polynomials,
        rationals,
        schedules,
    )

__all__ = [
    "Study",
    "assert_certified",
    "assert_refuted",
    "attracting_cubics",
    "attracting_quintics",
    "intervals",
    "matrices",
    "odd_polynomials",
    "rationals",
    "schedules",
    "study",
]


def __getattr__(name: str) -> object:
    if name in __all__:
        try:
            return getattr(import_module("muon_theory.testing.strategies"), name)
        except ModuleNotFoundError as error:
            raise MissingDependencyError.of(str(error.name), f"the strategy {name}") from error
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
