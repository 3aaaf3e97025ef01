"""For tests of your own: Hypothesis strategies for the exact types, and assertions that end in a certificate.

The pytest plugin of this package adds nothing by itself; import what you need from here.
"""

from muon_theory.testing.assertions import assert_certified, assert_refuted
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
