"""Mathematical analysis and proofs for the Newton-Schulz coefficients of the Muon optimizer.

The exact core is imported with the package and needs the standard library alone.  What needs sympy, mpmath,
python-flint or torch lives in `derive`, `orbits`, `certify`, `design` and `confirm`; import those by name.

>>> import muon_theory as mt
>>> jordan = mt.Schedule.parse("3.4445,-4.7750,2.0315", steps=5)
>>> jordan.digest[:12]
'ccffebd7bbcb'
"""

from muon_theory.certificate import Certificate
from muon_theory.errors import MuonTheoryError, ParseError, UndecidedError, UsageError
from muon_theory.evidence import Derivation, Evidence, Standing, Verdict
from muon_theory.family import CUBIC, QUINTIC, Family
from muon_theory.interval import Interval
from muon_theory.number import Reading, rational
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Extension, Normalisation, Schedule
from muon_theory.verify import Verification, verify

__version__ = "0.1.0"

__all__ = [
    "CUBIC",
    "QUINTIC",
    "Certificate",
    "Derivation",
    "Evidence",
    "Extension",
    "Family",
    "Interval",
    "MuonTheoryError",
    "Normalisation",
    "OddPolynomial",
    "ParseError",
    "Reading",
    "Schedule",
    "Standing",
    "UndecidedError",
    "UsageError",
    "Verdict",
    "Verification",
    "rational",
    "verify",
]
