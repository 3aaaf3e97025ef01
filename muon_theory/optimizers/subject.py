"""The optimizer with what is known of it."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from muon_theory.optimizers.case import Case
from muon_theory.optimizers.recover import Recovered
from muon_theory.optimizers.specimen import Specimen, Trace

Tensor = torch.Tensor


@dataclass(frozen=True, slots=True)
class Subject:
    """A specimen and its contract; `keeps`, `saves`: has it a momentum that can be seen, a state_dict.

    `noise`: by how much, as a share of a move, two runs of one step may differ (0: they are equal).  `compiling` is why
    the compiled step is not tried, or "".
    """

    specimen: Specimen
    found: Recovered
    keeps: bool = True
    saves: bool = True
    noise: float = 0.0
    dtypes: tuple[str, ...] = ("fp32",)
    compiling: str = "ask for it with --compiled"

    def run(self, case: Case, exponent: int | None = None, **options: object) -> Trace:
        """The steps of the case on one parameter called "P".  Raises StepError."""
        gradients = [{"P": case.gradient(t, exponent)} for t in range(len(case.gradients))]
        if case.decay:
            options["decay"] = 0.25
        return self.specimen.run({"P": case.parameter()}, gradients, **options)

    def moves(self, case: Case, exponent: int | None = None, **options: object) -> list[Tensor]:
        """P_(t-1) - P_t for each step, in fp64."""
        before, found = case.parameter(), []
        for after in self.run(case, exponent, **options).parameters:
            found.append(before.double() - after["P"].double())
            before = after["P"]
        return found
