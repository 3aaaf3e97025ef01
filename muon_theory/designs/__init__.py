"""Making schedules: best polynomials, greedy composition, rounding, families with a formula, and what to recommend.

`design` is the front door: a schedule for an interval with its certified band and the certified error that no schedule
of its shape beats.
"""

from muon_theory.designs.ends import least_lower_end, lower_end, published_cushion
from muon_theory.designs.families import cubic_lower_end, pade, relaxed_cubic
from muon_theory.designs.formats import InFormat, Setting, in_format
from muon_theory.designs.greedy import Composition, Recipe, SafetyOn, compose
from muon_theory.designs.making import design
from muon_theory.designs.products import Scheme, products
from muon_theory.designs.rate import asymptotic_constant, asymptotic_derivation, next_level, rate_bound
from muon_theory.designs.recommend import recommend
from muon_theory.designs.recommendation import Recommendation, Recommendations
from muon_theory.designs.result import Design
from muon_theory.designs.rounding import Rounding
from muon_theory.designs.search import Fewest, best_degrees

__all__ = [
    "Composition",
    "Design",
    "Fewest",
    "InFormat",
    "Recipe",
    "Recommendation",
    "Recommendations",
    "Rounding",
    "SafetyOn",
    "Scheme",
    "Setting",
    "asymptotic_constant",
    "asymptotic_derivation",
    "best_degrees",
    "compose",
    "cubic_lower_end",
    "design",
    "in_format",
    "least_lower_end",
    "lower_end",
    "next_level",
    "pade",
    "products",
    "published_cushion",
    "rate_bound",
    "recommend",
    "relaxed_cubic",
]
