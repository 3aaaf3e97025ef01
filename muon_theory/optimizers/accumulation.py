"""How gradients are accumulated, and what weight decay does, from a few steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from muon_theory.conformance.arrays import dtype_of
from muon_theory.optimizers.contract import FOLLOWS, Contract, Decay, Momentum
from muon_theory.optimizers.iteration import CLOSE, fit
from muon_theory.optimizers.layers import BY_NAME, gradient
from muon_theory.optimizers.reference import STORED, Iteration, Step, evaluated, moved_by
from muon_theory.optimizers.specimen import Specimen, StepError
from muon_theory.precision import format_named

Tensor = torch.Tensor
DECAY = 0.25


def momentum_of(
    specimen: Specimen, iteration: Iteration, said: Contract, tolerance: float, remarks: list[str]
) -> dict[str, Any]:
    """momentum, beta and nesterov: from the direction of the third step, and from the state."""
    layer = BY_NAME["square"]
    gradients = [gradient(layer, seed) for seed in (1, 2, 3)]
    trace = specimen.run({"square": torch.zeros(layer.shape)}, [{"square": G.float()} for G in gradients])
    D = trace.parameters[1]["square"].double() - trace.parameters[2]["square"].double()
    own = specimen.beta()
    betas = [b for b in (own, said.beta) if b is not None] or [k / 100 for k in range(50, 100)]
    guesses = [(0.0, Momentum.NONE, False)] + [(b, Momentum.EMA, n) for b in betas for n in (True, False)]
    guesses += [(b, kind, False) for b in betas for kind in (Momentum.ADDED, Momentum.CORRECTED)]
    scored = []
    for beta, kind, nesterov in guesses:
        contract = Contract(momentum=kind, beta=beta, nesterov=nesterov)
        M, X = None, gradients[0]
        for t, G in enumerate(gradients, 1):
            M, X = moved_by(Step(contract, iteration, 1.0), M, G, t)
        assert M is not None
        scored.append((fit(D, evaluated(X, iteration)).misfit, kind, beta, nesterov, M))
    misfit, kind, beta, nesterov, M = min(scored, key=lambda s: s[0])
    if misfit > tolerance:
        remarks.append(f"no usual momentum explains the third step (the nearest misses by {misfit:.2g})")
        return {"momentum": said.momentum, "beta": said.beta, "nesterov": said.nesterov}
    if kind is Momentum.NONE:
        return {"momentum": kind, "beta": None, "nesterov": None}
    kept = _buffer(trace.state["square"].values(), M)
    state = None if kept is None else _format(specimen, dtype_of(kept))
    if kind in (Momentum.ADDED, Momentum.CORRECTED):
        return {"momentum": kind, "beta": beta, "nesterov": None, "state": state}
    # directions are the same for ema and sum: the buffer that is kept tells, and a sum is taken where none is seen
    average = kept is not None and abs(fit(kept.double(), M).size - 1) < (1 / (1 - beta) - 1) / 2
    kind = Momentum.EMA if average else Momentum.SUM
    return {"momentum": kind, "beta": beta, "nesterov": nesterov, "state": state}


def _buffer(state: Iterable[Tensor], M: Tensor) -> Tensor | None:
    """The first that is M up to its size and the rounding of its own format."""
    for kept in state:
        unit = float(format_named(dtype_of(kept)).roundoff)
        if fit(kept.double(), M).misfit < max(CLOSE, STORED * unit):
            return kept
    return None


def _format(specimen: Specimen, wide: str) -> str | None:
    """How the momentum is kept: as its parameter is, or in one format; `wide` is that of an fp32 parameter."""
    if wide != "fp32":
        return wide
    P, G = torch.zeros(4, 4), gradient(BY_NAME["square"], 1)
    try:
        state = specimen.run({"P": P.bfloat16()}, [{"P": G.bfloat16()}]).state["P"]
    except StepError:
        return None
    kept = _buffer(state.values(), G)
    return None if kept is None else FOLLOWS if dtype_of(kept) == "bf16" else dtype_of(kept)


def decay_of(specimen: Specimen, iteration: Iteration, rate: float, remarks: list[str]) -> Decay | None:
    """From two first steps, of P_0 = 0 without decay and of P_0 ≠ 0 with it."""
    takes = specimen.takes()
    if not takes & {"weight_decay", "wd", "decay"}:
        return None
    layer = BY_NAME["square"]
    P, G = gradient(layer, 5), gradient(layer, 1)
    try:
        trace = specimen.run({"square": P.float()}, [{"square": G.float()}], decay=DECAY)
        plain = specimen.run({"square": P.float()}, [{"square": G.float()}])
    except StepError as error:
        remarks.append(f"with weight decay {error}")
        return None
    extra = plain.parameters[0]["square"].double() - trace.parameters[0]["square"].double()
    if float(extra.norm()) <= 1e-5 * float(P.norm()):
        return Decay.NONE
    seen = fit(extra, P)
    if seen.misfit < 0.01:
        if abs(seen.size - rate * DECAY) > 0.01 * rate * DECAY:
            remarks.append(f"weight decay takes {seen.size / DECAY:.4g}·λP, not ηλP = {rate:.4g}·λP")
        return Decay.DECOUPLED
    return Decay.COUPLED
