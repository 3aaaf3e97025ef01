"""Symbolic work on Newton-Schulz maps: exact, DERIVED, and re-checked at random rational points.

One map for ever (`fixed_points`, `two_cycles`, `critical_points`, `escape_radius`, …), the families of the
article (`feasible_region`, `thresholds`, `divergence_threshold`).  This is the engine; what it says about the article's
claims stands with them, in `muon_theory.article`.
Every number is an `AlgebraicNumber`; every proof is an `evidence.Derivation`.
"""

from muon_theory.derivations.divergence import divergence, divergence_on_line
from muon_theory.derivations.factors import FactorRoot, double_root, factor_table
from muon_theory.derivations.formula import formula, plain
from muon_theory.derivations.outside import divergence_above, divergence_below
from muon_theory.derivations.plane import divergence_threshold, supremum_of_thresholds
from muon_theory.derivations.recheck import Notebook, RecheckError
from muon_theory.derivations.regions import FeasibleRegion, attraction, feasible_region, second_order
from muon_theory.derivations.thresholds import KINDS, ParameterThreshold, cubic_thresholds, thresholds
from muon_theory.exact.algebraic import AlgebraicNumber, real_roots
from muon_theory.exact.dynamics import (
    CriticalPoint,
    FixedPoint,
    Stability,
    TwoCycle,
    antipodal_cycles,
    critical_points,
    escape_radius,
    first_zero,
    fixed_points,
    two_cycle_polynomial,
    two_cycles,
)

__all__ = [
    "KINDS",
    "AlgebraicNumber",
    "CriticalPoint",
    "FactorRoot",
    "FeasibleRegion",
    "FixedPoint",
    "Notebook",
    "ParameterThreshold",
    "RecheckError",
    "Stability",
    "TwoCycle",
    "antipodal_cycles",
    "attraction",
    "critical_points",
    "cubic_thresholds",
    "divergence",
    "divergence_above",
    "divergence_below",
    "divergence_on_line",
    "divergence_threshold",
    "double_root",
    "escape_radius",
    "factor_table",
    "feasible_region",
    "first_zero",
    "fixed_points",
    "formula",
    "plain",
    "real_roots",
    "second_order",
    "supremum_of_thresholds",
    "thresholds",
    "two_cycle_polynomial",
    "two_cycles",
]
