"""Other people's Newton-Schulz functions against the laws that such a function obeys.

A `Law` is a statement and a check of one concrete `Case`; a `Subject` is a function with what it declares of itself.
The search for cases, and their shrinking, is `muon_theory.conformance.engine`.  Nothing here proves anything: a law is
CONFIRMED on the cases that were tried, or CONTRADICTED by one that is printed.
"""

from muon_theory.conformance.adapter import Adapter, load
from muon_theory.conformance.case import Case
from muon_theory.conformance.declare import declare
from muon_theory.conformance.expected import Expected
from muon_theory.conformance.law import Broken, Law, Silent
from muon_theory.conformance.laws import LAWS
from muon_theory.conformance.result import Conformance
from muon_theory.conformance.subject import Subject
from muon_theory.conformance.tally import LawResult

__all__ = [
    "LAWS",
    "Adapter",
    "Broken",
    "Case",
    "Conformance",
    "Expected",
    "Law",
    "LawResult",
    "Silent",
    "Subject",
    "declare",
    "load",
]
