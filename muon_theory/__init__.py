"""Mathematical analysis and proofs for the Newton-Schulz coefficients of the Muon optimizer.

Names are loaded when they are first used; those here need the standard library alone.  What needs sympy, mpmath,
python-flint or torch lives in `derive`, `orbits`, `certify`, `design` and `confirm`; import those by name.

>>> import muon_theory as mt
>>> jordan = mt.Schedule.parse("3.4445,-4.7750,2.0315", steps=5)
>>> jordan.digest[:12]
'ccffebd7bbcb'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from muon_theory.verification import (  # not lazily: the module of that name would hide the function
    Verdict,
    Verification,
    verify,
)

if TYPE_CHECKING:
    from muon_theory.certificate import Certificate
    from muon_theory.errors import MuonTheoryError, ParseError, UndecidedError, UsageError
    from muon_theory.evidence import Derivation, Evidence, Standing
    from muon_theory.family import CUBIC, QUINTIC, Family
    from muon_theory.interval import Interval
    from muon_theory.number import Reading, rational
    from muon_theory.polynomial import OddPolynomial
    from muon_theory.schedule import Extension, Normalisation, Schedule

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

_HOMES = {
    "certificate": ("Certificate",),
    "errors": ("MuonTheoryError", "ParseError", "UndecidedError", "UsageError"),
    "evidence": ("Derivation", "Evidence", "Standing"),
    "family": ("CUBIC", "QUINTIC", "Family"),
    "interval": ("Interval",),
    "number": ("Reading", "rational"),
    "polynomial": ("OddPolynomial",),
    "schedule": ("Extension", "Normalisation", "Schedule"),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
