"""Thresholds of maps and families: the algebraic numbers that `derive` finds, with what `certify` proves of them."""

from muon_theory.thresholds.basins import Basin, basin
from muon_theory.thresholds.families import expression_thresholds, family_thresholds
from muon_theory.thresholds.horizon import horizon_threshold
from muon_theory.thresholds.listing import Threshold, Thresholds
from muon_theory.thresholds.maps import map_thresholds

__all__ = [
    "Basin",
    "Threshold",
    "Thresholds",
    "basin",
    "expression_thresholds",
    "family_thresholds",
    "horizon_threshold",
    "map_thresholds",
]
