"""Mathematical analysis and proofs for the Newton-Schulz coefficients of the Muon optimizer.

>>> import muon_theory as mt
>>> found = mt.certify([(3.4445, -4.7750, 2.0315)] * 5, lower=0.01)
>>> found.verdict.value, str(found.image)
('proved', '[0.681831462177, 1.13435726457]')

Every verb of the command line is a function here, under its name and with its options as arguments.  Names are loaded
when they are first used: importing the package loads nothing but the standard library, and a verb the libraries it
needs.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muon_theory.api.atlases import atlas
    from muon_theory.api.audits import audit
    from muon_theory.api.certification import certify
    from muon_theory.api.constants import constants
    from muon_theory.api.derivations import derive
    from muon_theory.api.designs import constant_front, design, design_constant, recommend
    from muon_theory.api.maps import orbits, thresholds
    from muon_theory.api.matrices import confirm, conform, orthogonalize
    from muon_theory.api.presets import presets
    from muon_theory.api.proofs import explain, export, verify
    from muon_theory.api.reports import report
    from muon_theory.api.steps import conform_step, spectrum
    from muon_theory.certificate import Certificate, load
    from muon_theory.errors import MuonTheoryError, ParseError, UndecidedError, UsageError
    from muon_theory.evidence import Derivation, Evidence, Standing
    from muon_theory.family import CUBIC, QUINTIC, Family
    from muon_theory.interval import Interval
    from muon_theory.normalisation import Normalisation
    from muon_theory.number import Reading, rational
    from muon_theory.polynomial import OddPolynomial
    from muon_theory.schedule import Extension, Schedule
    from muon_theory.verification import Verdict, Verification

__version__ = "0.1.0"

_HOMES = {
    "api.atlases": ("atlas",),
    "api.audits": ("audit",),
    "api.certification": ("certify",),
    "api.constants": ("constants",),
    "api.derivations": ("derive",),
    "api.designs": ("constant_front", "design", "design_constant", "recommend"),
    "api.maps": ("orbits", "thresholds"),
    "api.matrices": ("confirm", "conform", "orthogonalize"),
    "api.presets": ("presets",),
    "api.proofs": ("explain", "export", "verify"),
    "api.reports": ("report",),
    "api.steps": ("conform_step", "spectrum"),
    "certificate": ("Certificate", "load"),
    "errors": ("MuonTheoryError", "ParseError", "UndecidedError", "UsageError"),
    "evidence": ("Derivation", "Evidence", "Standing"),
    "family": ("CUBIC", "QUINTIC", "Family"),
    "interval": ("Interval",),
    "number": ("Reading", "rational"),
    "polynomial": ("OddPolynomial",),
    "normalisation": ("Normalisation",),
    "schedule": ("Extension", "Schedule"),
    "verification": ("Verdict", "Verification"),
}

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
    "atlas",
    "audit",
    "certify",
    "confirm",
    "conform",
    "conform_step",
    "constant_front",
    "constants",
    "derive",
    "design",
    "design_constant",
    "explain",
    "export",
    "load",
    "orbits",
    "orthogonalize",
    "presets",
    "rational",
    "recommend",
    "report",
    "spectrum",
    "thresholds",
    "verify",
]


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
