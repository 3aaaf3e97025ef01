"""Thresholds of maps and families: the algebraic numbers that `derive` finds, with what `certify` proves of them."""

from muon_theory.bifurcations.basins import Basin, basin
from muon_theory.bifurcations.families import expression_thresholds, family_thresholds
from muon_theory.bifurcations.horizon import horizon_threshold
from muon_theory.bifurcations.listing import Threshold, Thresholds
from muon_theory.bifurcations.maps import map_thresholds

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
