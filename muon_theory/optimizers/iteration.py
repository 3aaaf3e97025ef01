"""Which iteration an update shows: which φ, after which normalisation, in which format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import torch

from muon_theory import catalogue
from muon_theory.conformance.adapter import COEFFICIENTS, EPS, STEPS
from muon_theory.conformance.normaliser import Normaliser
from muon_theory.optimizers.contract import Contract, Reading
from muon_theory.optimizers.layers import BY_NAME, Layer, gradient
from muon_theory.optimizers.reference import Iteration, evaluated, polar
from muon_theory.optimizers.specimen import Specimen
from muon_theory.schedule import Schedule

Tensor = torch.Tensor
PLAIN_GRADIENT = "the update is the gradient itself, up to its size: nothing is orthogonalised"
PLAIN = ("square", "tall", "wide", "embedding")
CLOSE, NEAR = 1e-3, 0.15
"""A misfit below CLOSE is fp32's, one below NEAR that of 16 bits; what is worse explains nothing."""
ROUNDED = 8
"""A misfit is one of rounding if it is at most so many times what rounding was seen to change."""
COUNTS = 10
"""Numbers of steps that are tried where none that is published explains the update."""
NORMALISERS = tuple(map(Normaliser.named, ("frobenius", "frobenius*1.02", "schatten-4", "aol", "none")))


@dataclass(frozen=True, slots=True)
class Fit:
    """How a prediction O explains an update D: D ≈ size·O, misfit = ‖D - size·O‖_F/‖D‖_F."""

    size: float
    misfit: float


def fit(D: Tensor, O: Tensor) -> Fit:
    """The least-squares size."""
    inner, square, whole = float((D * O).sum()), float((O * O).sum()), float(D.norm())
    size = inner / square if square else 0.0
    return Fit(size, float((D - size * O).norm()) / whole if whole else 1.0)


def first_update(specimen: Specimen, layer: Layer, factor: int = 1) -> Tensor:
    """P_0 - P_1 in fp64 for P_0 = 0 and `factor` times the layer's gradient, without decay.  Raises StepError."""
    G = factor * gradient(layer, 1).float()
    trace = specimen.run({layer.name: torch.zeros(layer.shape)}, [{layer.name: G}])
    return -trace.parameters[0][layer.name].double()


def iteration_of(
    specimen: Specimen, updates: dict[str, Tensor], said: Contract, remarks: list[str]
) -> tuple[Iteration | None, float]:
    """Which φ, after which normalisation, explains the directions of the plain updates, None where none does.

    Beside it, by what share the update misses the φ that is declared, where rounding does not explain it.
    """
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
