"""What an optimizer does, found out from a few steps on small matrices.

Every guess is a prediction of the whole update, up to its size; the guess that explains the update best is taken, if it
explains it as well as rounding allows.  What the size depends on is read off the sizes of several shapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch

from muon_theory import catalogue
from muon_theory.conformance.adapter import COEFFICIENTS, EPS, STEPS
from muon_theory.conformance.arrays import dtype_of
from muon_theory.conformance.normaliser import Normaliser
from muon_theory.conformance.scale import Scale, rule_of
from muon_theory.errors import UsageError
from muon_theory.optimizers.contract import FOLLOWS, Contract, Decay, Momentum, Reading
from muon_theory.optimizers.layers import BY_NAME, LAYERS, Layer, gradient
from muon_theory.optimizers.reference import (
    STORED,
    Iteration,
    Step,
    evaluated,
    matrices,
    matrix_shape,
    misread,
    moved_by,
    polar,
)
from muon_theory.optimizers.specimen import RATE, Specimen, StepError
from muon_theory.precision import format_named
from muon_theory.schedule import Schedule

Tensor = torch.Tensor
PLAIN_GRADIENT = "the update is the gradient itself, up to its size: nothing is orthogonalised"
PLAIN = ("square", "tall", "wide", "embedding")
DECAY = 0.25
CLOSE, NEAR = 1e-3, 0.15
"""A misfit below CLOSE is fp32's, one below NEAR that of 16 bits; what is worse explains nothing."""
ROUNDED = 8
"""A misfit is one of rounding if it is at most so many times what rounding was seen to change."""
COUNTS = 10
"""Numbers of steps that are tried where none that is published explains the update."""
ALIKE = 0.02
"""Sizes that differ by less are equal, in fp32; in 16 bits by NEAR."""
BLOCKS: tuple[tuple[int, ...], ...] = ((), (4,) * 3, (2,) * 6, (6,) * 2)
NORMALISERS = tuple(map(Normaliser.named, ("frobenius", "frobenius*1.02", "schatten-4", "aol", "none")))


@dataclass(frozen=True, slots=True)
class Fit:
    """How a prediction O explains an update D: D ≈ size·O, misfit = ‖D - size·O‖_F/‖D‖_F."""

    size: float
    misfit: float


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found: the contract, the iteration (None: nothing orthogonalises), and remarks in plain words."""

    contract: Contract
    iteration: Iteration | None
    readings: dict[str, Reading] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    rate: float = RATE
    least: int = 1
    """The least side of a matrix that is orthogonalised: some leave small ones to another rule."""
    misses: float = 0.0
    """By how much, as a share, the update misses φ of the declared coefficients where rounding does not explain it."""
    norms: Scale | None = None
    """Of a method that is not known: ‖update‖_F/η of the plain matrices, by their shape."""

    def step(self, decay: float = 0.0) -> Step:
        """The reference step; needs an iteration."""
        if self.iteration is None:
            raise UsageError("nothing orthogonalises here, so that there is no reference step")
        return Step(self.contract, self.iteration, self.rate, decay)

    def to_json(self) -> dict[str, object]:
        """What was found, for the answer's key `recovered`."""
        it = self.iteration
        return {
            **self.contract.to_json(),
            "readings": {name: reading.value for name, reading in self.readings.items()},
            "iteration": None
            if it is None
            else {
                "schedule": it.schedule.name,
                "steps": it.schedule.rows(),
                "normalisation": it.normaliser.name,
                "eps": repr(it.eps),
                "computes": it.arithmetic,
            },
            "norm": None if self.norms is None else str(self.norms),
            "remarks": list(self.remarks),
        }


def fit(D: Tensor, O: Tensor) -> Fit:
    """The least-squares size."""
    inner, square, whole = float((D * O).sum()), float((O * O).sum()), float(D.norm())
    size = inner / square if square else 0.0
    return Fit(size, float((D - size * O).norm()) / whole if whole else 1.0)


def recover(specimen: Specimen, declared: Contract | None = None) -> Recovered:
    """What the specimen does; what is declared is tried first, and believed only where steps cannot tell.

    Raises UsageError if no parameter of the small model can be stepped.
    """
    said, updates, refusals = declared or Contract(), {}, {}
    for layer in LAYERS:
        try:
            updates[layer.name] = first_update(specimen, layer)
        except StepError as error:
            refusals[layer.name] = str(error)
    if not any(name in updates for name in PLAIN):
        raise UsageError(f"{specimen.name} cannot be stepped on a 4×4 parameter: {refusals['square']}")
    rate = specimen.rate()
    remarks: list[str] = []
    iteration, misses = _iteration(specimen, updates, said, remarks)
    readings = dict.fromkeys(refusals, Reading.REFUSED)
    if iteration is None:
        norms = None if PLAIN_GRADIENT in remarks else _norms(updates, rate)
        return Recovered(said, None, readings, {}, tuple(remarks), rate, misses=misses, norms=norms)
    tolerance = ALIKE if iteration.arithmetic in ("fp32", "fp64") and not misses else NEAR
    sizes, blocks = {}, {}
    for name, D in updates.items():
        reading, cut, size = _reading(BY_NAME[name], D, iteration, tolerance, said.blocks.get(name))
        readings[name] = reading
        if reading is Reading.SKIPPED:
            continue
        sizes[name] = size / rate
        if cut:
            blocks[name] = cut
    scale = _scale({name: (BY_NAME[name], s) for name, s in sizes.items()}, readings, blocks, tolerance)
    several = [readings[n] for n in ("convolution", "depthwise") if n in sizes]
    contract = Contract(
        several[0] if several else None,
        blocks,
        scale=scale,
        **_momentum(specimen, iteration, said, tolerance, remarks),
        decay=_decay(specimen, iteration, rate, remarks),
        coefficients=iteration.schedule,
        steps=len(iteration.schedule.steps),
        computes=iteration.arithmetic,
    )
    remarks += _remarks(contract, readings, sizes, refusals, tolerance)
    least = _least(specimen, iteration, tolerance, scale, rate)
    return Recovered(contract, iteration, readings, sizes, tuple(remarks), rate, least, misses)


def first_update(specimen: Specimen, layer: Layer, factor: int = 1) -> Tensor:
    """P_0 - P_1 in fp64 for P_0 = 0 and `factor` times the layer's gradient, without decay.  Raises StepError."""
    G = factor * gradient(layer, 1).float()
    trace = specimen.run({layer.name: torch.zeros(layer.shape)}, [{layer.name: G}])
    return -trace.parameters[0][layer.name].double()


# The iteration -------------------------------------------------------------------------------------------------------


def _iteration(
    specimen: Specimen, updates: dict[str, Tensor], said: Contract, remarks: list[str]
) -> tuple[Iteration | None, float]:
    """(which φ, after which normalisation, explains the directions of the plain updates; `Recovered.misses`)."""
    plain = {name: D for name, D in updates.items() if name in PLAIN}
    if all(fit(D, gradient(BY_NAME[name], 1)).misfit < CLOSE for name, D in plain.items()):
        remarks.append(PLAIN_GRADIENT)
        return None, 1.0
    said_eps = specimen.setting(*EPS)
    eps = float(said_eps) if isinstance(said_eps, int | float) else 1e-7
    likely = [*([said.coefficients] if said.coefficients else []), *_own(specimen)]
    misfit, iteration = _nearest([*likely, *_published()], plain, eps)
    if misfit > NEAR:
        misfit, iteration = min((misfit, iteration), _nearest(_counted(likely), plain, eps), key=lambda found: found[0])
    if misfit < CLOSE:
        return iteration, 0.0
    explained = misfit < NEAR and misfit < ROUNDED * _rounding(specimen)
    if explained:
        return replace(iteration, arithmetic=_narrow(iteration, plain)), 0.0
    if misfit < NEAR and iteration.schedule is said.coefficients:
        return iteration, misfit
    remarks.append(
        f"no schedule explains the update; the nearest, {iteration.schedule.name}, misses by {misfit:.2g}"
        + (", more than its rounding" if misfit < NEAR else "")
        + ": say --coefficients or --preset"
    )
    return None, misfit


def _rounding(specimen: Specimen) -> float:
    """By what share the updates for 3G, 5G, 7G differ from that for G: by roundings alone."""
    square = BY_NAME["square"]
    D = first_update(specimen, square)
    others = (first_update(specimen, square, factor=k) for k in (3, 5, 7))
    return max(float((other - D).norm()) for other in others) / max(float(D.norm()), 1e-300)


def _nearest(candidates: Iterable[Schedule], plain: dict[str, Tensor], eps: float) -> tuple[float, Iteration]:
    """The first that explains the directions of all updates as well as fp32 does, else the best, with its misfit."""
    best: tuple[float, Iteration] | None = None
    for candidate in candidates:
        own = Normaliser.named(candidate.normalisation)
        for normaliser in dict.fromkeys((own, *NORMALISERS)):
            trial = Iteration(candidate, normaliser, eps, "fp32")
            worst = max(fit(D, evaluated(gradient(BY_NAME[name], 1), trial)).misfit for name, D in plain.items())
            if best is None or worst < 0.8 * best[0]:
                best = worst, trial
        if best is not None and best[0] < CLOSE:
            break
    assert best is not None  # there are published schedules
    return best


def _counted(likely: Iterable[Schedule]) -> Iterable[Schedule]:
    """One map repeated another number of times: of those that are likely, and Jordan's."""
    for schedule in (*likely, catalogue.get("jordan")):
        if schedule.constant:
            yield from (schedule.repeated(k) for k in range(1, COUNTS + 1) if k != len(schedule.steps))


def _narrow(iteration: Iteration, plain: dict[str, Tensor]) -> str:
    """bf16 or fp16: the narrowest whose model explains the misfit, fp16 where that suffices."""
    for name in ("fp16", "bf16"):
        trial = replace(iteration, arithmetic=name)
        explained = []
        for layer, D in plain.items():
            O = polar(gradient(BY_NAME[layer], 1), trial, Reading.ROWS)
            seen = fit(D, O.value)
            explained.append(seen.misfit * float(D.norm()) <= abs(seen.size) * O.tolerance / 2)
        if all(explained):
            return name
    return "bf16"


def _own(specimen: Specimen) -> list[Schedule]:
    """The schedule that the optimizer's own settings name."""
    values, steps = specimen.setting(*COEFFICIENTS), specimen.setting(*STEPS)
    if not isinstance(values, Sequence) or isinstance(values, str) or not values:
        return []
    rows = values if isinstance(values[0], Sequence) else [values]
    try:
        found = Schedule.of([[repr(float(c)) for c in row] for row in rows], "the optimizer's own coefficients")
    except (TypeError, ValueError):
        return []
    return [found.asked(steps if isinstance(steps, int) else None) if len(rows) == 1 else found]


def _published() -> Iterable[Schedule]:
    """The catalogue's, the most used first."""
    first = ["jordan", "polar_express_101"]
    for name in [*first, *(i for i in catalogue.ids() if i not in first)]:
        yield catalogue.get(name)


# Readings, sizes -----------------------------------------------------------------------------------------------------


def _reading(
    layer: Layer, D: Tensor, iteration: Iteration, tolerance: float, declared: tuple[int, ...] | None = None
) -> tuple[Reading, tuple[int, ...], float]:
    """How the parameter is read as matrices, in which blocks, and the size of its update."""
    if len(layer.shape) < 2:
        return Reading.SKIPPED, (), 0.0
    readings = (Reading.ROWS,) if len(layer.shape) == 2 else (Reading.ROWS, Reading.LAST, Reading.COLUMNS)
    cuts = BLOCKS if layer.name == "fused" else ((),)
    cuts = (declared, *cuts) if declared else cuts
    found = []
    for reading in readings:
        for cut in dict.fromkeys(cuts):
            G = gradient(layer, 1)
            O = torch.zeros_like(G)
            for M, out in zip(matrices(G, reading, cut), matrices(O, reading, cut), strict=True):
                out.copy_(evaluated(M, iteration))
            seen = fit(D, O)
            found.append((seen.misfit, reading, cut, seen.size))
    misfit, reading, cut, size = min(found, key=lambda f: f[0])
    return (reading, cut, size) if misfit < tolerance else (Reading.SKIPPED, (), 0.0)


def _least(specimen: Specimen, iteration: Iteration, tolerance: float, scale: Scale | None, rate: float) -> int:
    """The least n for which n×n and n×(n + 1) matrices are orthogonalised, and scaled as others are; up to 4.

    A matrix of rank one looks orthogonalised whatever is done to it: only its size tells.
    """
    for n in (1, 2, 3):
        if all(_small(specimen, Layer("small", (n, m)), iteration, tolerance, scale, rate) for m in (n, n + 1)):
            return n
    return 4


def _small(
    specimen: Specimen, layer: Layer, iteration: Iteration, tolerance: float, scale: Scale | None, rate: float
) -> bool:
    try:
        _, _, size = _reading(layer, first_update(specimen, layer), iteration, tolerance)
    except StepError:
        return False
    right = rate * (scale or Scale()).of(layer.shape[0], layer.shape[1])
    return abs(size - right) <= NEAR * right


def _scale(
    sizes: dict[str, tuple[Layer, float]],
    readings: dict[str, Reading],
    blocks: dict[str, tuple[int, ...]],
    tolerance: float,
) -> Scale | None:
    """The rule of the plain shapes."""
    plain = {name: sizes[name] for name in PLAIN if name in sizes}
    shapes = {n: matrix_shape(layer.shape, readings[n], blocks.get(n, ())) for n, (layer, _) in plain.items()}
    return rule_of({shapes[name]: size for name, (_, size) in plain.items()}, tolerance)


def _norms(updates: dict[str, Tensor], rate: float) -> Scale | None:
    """The rule of ‖update‖_F of the plain matrices, where it depends on the shape alone: adaptive methods have one."""
    sizes = {BY_NAME[name].shape: float(updates[name].norm()) / rate for name in PLAIN if name in updates}
    return rule_of({(m, n): size for (m, n), size in sizes.items()}, ALIKE) if len(sizes) > 2 else None


# Momentum, decay -----------------------------------------------------------------------------------------------------


def _momentum(
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


def _decay(specimen: Specimen, iteration: Iteration, rate: float, remarks: list[str]) -> Decay | None:
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


# In words ------------------------------------------------------------------------------------------------------------


def _remarks(
    contract: Contract,
    readings: dict[str, Reading],
    sizes: dict[str, float],
    refusals: dict[str, str],
    tolerance: float,
) -> list[str]:
    found = []
    for name, size in sizes.items():
        layer = BY_NAME[name]
        right = matrix_shape(layer.shape, readings[name], contract.blocks.get(name, ()))
        if contract.scale is None or abs(size - contract.scale.of(*right)) <= 1.5 * tolerance * abs(size):
            continue
        wrong = next((s for s in misread(layer.shape) if abs(size - contract.scale.of(*s)) <= tolerance * size), None)
        as_if = f": that is the size for {wrong[0]}×{wrong[1]}" if wrong else ""
        found.append(
            f"{name} {'×'.join(map(str, layer.shape))} is orthogonalised as {right[0]}×{right[1]}, "
            f"where {contract.scale} is {contract.scale.of(*right):.4g}, and scaled by {size:.4g}{as_if}"
        )
    reasons: dict[str, list[str]] = {}
    for name, why in refusals.items():
        reasons.setdefault(re.sub(r"torch\.Size\(.*?\)|\d+", "…", why), []).append(name)
    return found + [f"refused: {', '.join(names)}: {refusals[names[0]]}" for names in reasons.values()]
