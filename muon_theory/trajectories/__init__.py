"""High-precision orbits of one map: their points, what becomes of them, and where a family begins to diverge.

Every digit and every decision rests on interval arithmetic at a precision that rises until it suffices; nothing here is
a certificate, so its standing is OBSERVED.

>>> from muon_theory.polynomial import OddPolynomial
>>> jordan = OddPolynomial.of("3.4445", "-4.7750", "2.0315")
>>> found = classify(jordan, "1/3", digits=12)
>>> found.kind.value, found.period, found.points
('cycle', 4, ('0.681919320806', '1.13426764038', '0.752916213733', '1.04690703408'))
"""

from muon_theory.trajectories.classify import Classification, Kind, classify
from muon_theory.trajectories.orbit import Orbit, orbit
from muon_theory.trajectories.report import OrbitReport, orbit_report
from muon_theory.trajectories.thresholds import (
    Bracket,
    Finding,
    escape_from_unit_interval,
    locate_threshold,
)

__all__ = [
    "Bracket",
    "Classification",
    "Finding",
    "Kind",
    "Orbit",
    "OrbitReport",
    "classify",
    "escape_from_unit_interval",
    "locate_threshold",
    "orbit",
    "orbit_report",
]
