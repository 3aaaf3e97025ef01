"""The closed list of claims: one file a kind, with its type, its sentence, its witness and its obligations in words.

A claim is a statement; the proof is the witness beside it in a certificate.  Its fields carry the roles of its numbers,
by which the one printer (`claims.words`) rounds them; docs/statements.md is the grammar of the sentences.
"""

from __future__ import annotations

from muon_theory.claims.all_but import AllBut, Widened
from muon_theory.claims.attains import Attains, Reach, Reaches
from muon_theory.claims.attracts import Attracts, Contracting
from muon_theory.claims.base import About, AnyClaim, Claim, NoWitness, Witness
from muon_theory.claims.chain import Chain, Outer
from muon_theory.claims.composition_bound import CompositionBound, Level, Levels
from muon_theory.claims.constant_bound import Boxes, ConstantBound, Growth
from muon_theory.claims.converges import Converges, Signs
from muon_theory.claims.cycles import Contraction, Cycles
from muon_theory.claims.escapes import Escape, Escapes
from muon_theory.claims.fixes import Alone, Fixes
from muon_theory.claims.flips import Flips
from muon_theory.claims.maps_into import Band, Bands, MapsInto
from muon_theory.claims.mean_square import MeanSquare, Parts
from muon_theory.claims.minimax import Alternating, Minimax
from muon_theory.claims.models import Model, Models
from muon_theory.claims.moments import Moments
from muon_theory.claims.noisy_composition_bound import NoisyCompositionBound
from muon_theory.claims.ratio import Ratio
from muon_theory.claims.record import Cuts, Grid, Json, Line, to_json
from muon_theory.claims.region import Covers, Region
from muon_theory.claims.repels import Expanding, Repels
from muon_theory.claims.robust_band import RobustBand
from muon_theory.claims.sign_safe import Ceiling, Ceilings, SignSafe
from muon_theory.claims.slope import Slope
from muon_theory.claims.threshold import Contact, Threshold
from muon_theory.claims.words import Subject
from muon_theory.errors import UsageError

__all__ = [
    "CLAIMS",
    "About",
    "AllBut",
    "Alone",
    "Alternating",
    "AnyClaim",
    "Attains",
    "Attracts",
    "Band",
    "Bands",
    "Boxes",
    "Ceiling",
    "Ceilings",
    "Chain",
    "Claim",
    "CompositionBound",
    "ConstantBound",
    "Contact",
    "Contracting",
    "Contraction",
    "Converges",
    "Covers",
    "Cuts",
    "Cycles",
    "Escape",
    "Escapes",
    "Expanding",
    "Fixes",
    "Flips",
    "Grid",
    "Growth",
    "Json",
    "Level",
    "Levels",
    "Line",
    "MapsInto",
    "MeanSquare",
    "Minimax",
    "Model",
    "Models",
    "Moments",
    "NoWitness",
    "NoisyCompositionBound",
    "Outer",
    "Parts",
    "Ratio",
    "Reach",
    "Reaches",
    "Region",
    "Repels",
    "RobustBand",
    "SignSafe",
    "Signs",
    "Slope",
    "Subject",
    "Threshold",
    "Widened",
    "Witness",
    "claim_from_json",
    "to_json",
]  # fmt: skip

CLAIMS: dict[str, type[AnyClaim]] = {
    kind.type: kind
    for kind in (
        MapsInto, Attains, RobustBand, AllBut, SignSafe, Slope, Flips, MeanSquare, Ratio, Moments,
        Fixes, Attracts, Repels, Converges, Escapes, Cycles,
        Minimax, CompositionBound, NoisyCompositionBound, ConstantBound,
        Region, Threshold,
    )
}  # fmt: skip
"""The closed list, by type."""


def claim_from_json(value: Json) -> AnyClaim:
    """The claim whose JSON this is.  Raises UsageError.

    >>> claim_from_json({"type": "slope", "value": "6"})
    Slope(value=Fraction(6, 1))
    """
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in CLAIMS:
        raise UsageError(f"a claim whose type is one of {', '.join(CLAIMS)} is expected, found {str(kind)[:40]!r}")
    return CLAIMS[kind].from_json(value)
