"""For tests of your own: Hypothesis strategies for the exact types, and assertions that end in a certificate.

The pytest plugin of this package adds nothing by itself; import what you need from here.  The strategies are loaded
when one is asked for: the assertions, and pytest, do without Hypothesis.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from muon_theory.testing.assertions import assert_certified, assert_refuted

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
    "assert_certified",
    "assert_refuted",
    "attracting_cubics",
    "attracting_quintics",
    "intervals",
    "matrices",
    "odd_polynomials",
    "rationals",
    "schedules",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("muon_theory.testing.strategies"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
