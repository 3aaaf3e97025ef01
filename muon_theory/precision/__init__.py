"""Rounding errors of a Newton-Schulz step, with explicit constants: what ε_t a format, a size and an algorithm give."""

from muon_theory.precision.bound import Order, StepBound, Tier, executed, worst_step
from muon_theory.precision.format import FORMATS, Accumulation, Arithmetic, Format, format_named
from muon_theory.precision.gram import gram_errors
from muon_theory.precision.image import chain
from muon_theory.precision.mirsky import Premise, all_but, premises
from muon_theory.precision.placement import GramPlacement, GramStep, conjugate
from muon_theory.precision.restarts import gram_placement
from muon_theory.precision.spectral import typical_step
from muon_theory.precision.steps import StepError, deviation_bound, normalised, step_errors
from muon_theory.precision.summation import Summation

__all__ = [
    "FORMATS",
    "Accumulation",
    "Arithmetic",
    "Format",
    "GramPlacement",
    "GramStep",
    "Order",
    "Premise",
    "StepBound",
    "StepError",
    "Summation",
    "Tier",
    "all_but",
    "chain",
    "conjugate",
    "deviation_bound",
    "executed",
    "format_named",
    "gram_errors",
    "gram_placement",
    "normalised",
    "premises",
    "step_errors",
    "typical_step",
    "worst_step",
]
