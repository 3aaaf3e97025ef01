"""Whole steps of somebody's optimizer: which matrix is orthogonalised, from which momentum, by how much it moves.

A `Contract` says what a step does; `recover` finds out what is not said, from a few steps on small matrices; the laws
of `laws` compare steps with the reference that the contract defines.  Nothing here proves anything: a law is CONFIRMED
on the cases that were tried, or CONTRADICTED by one that is printed.
"""

from muon_theory.errors import MissingDependencyError

try:
    import torch as _torch  # noqa: F401
except ModuleNotFoundError as error:
    raise MissingDependencyError.of("torch", "conform-step") from error

from muon_theory.conformance.scale import Scale
from muon_theory.optimizers.contract import Contract, Momentum
from muon_theory.optimizers.examine import conform_step
from muon_theory.optimizers.laws import LAWS
from muon_theory.optimizers.result import StepConformance
from muon_theory.optimizers.specimen import Specimen

__all__ = ["LAWS", "Contract", "Momentum", "Scale", "Specimen", "StepConformance", "conform_step"]
