"""What an optimizer does, found out from a few steps on small matrices.

Every guess is a prediction of the whole update, up to its size; the guess that explains the update best is taken, if it
explains it as well as rounding allows.  What the size depends on is read off the sizes of several shapes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import torch

from muon_theory.conformance.case import sides
from muon_theory.conformance.scale import Scale, rule_of
from muon_theory.errors import UsageError
from muon_theory.optimizers.accumulation import decay_of, momentum_of
from muon_theory.optimizers.contract import Contract, Reading
from muon_theory.optimizers.iteration import NEAR, PLAIN, PLAIN_GRADIENT, first_update, fit, iteration_of
from muon_theory.optimizers.layers import BY_NAME, LAYERS, Layer, gradient
from muon_theory.optimizers.reference import Iteration, Step, evaluated, matrices, matrix_shape, misread
from muon_theory.optimizers.specimen import RATE, Specimen, StepError

Tensor = torch.Tensor
ALIKE = 0.02
"""Sizes that differ by less are equal, in fp32; in 16 bits by NEAR."""
BLOCKS: tuple[tuple[int, ...], ...] = ((), (4,) * 3, (2,) * 6, (6,) * 2)


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
    iteration, misses = iteration_of(specimen, updates, said, remarks)
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
        **momentum_of(specimen, iteration, said, tolerance, remarks),
        decay=decay_of(specimen, iteration, rate, remarks),
        coefficients=iteration.schedule,
        steps=len(iteration.schedule.steps),
        computes=iteration.arithmetic,
    )
    remarks += _remarks(contract, readings, sizes, refusals, tolerance)
    least = _least(specimen, iteration, tolerance, scale, rate)
    return Recovered(contract, iteration, readings, sizes, tuple(remarks), rate, least, misses)


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
            f"{name} {sides(layer.shape)} is orthogonalised as {right[0]}×{right[1]}, "
            f"where {contract.scale} is {contract.scale.of(*right):.4g}, and scaled by {size:.4g}{as_if}"
        )
    reasons: dict[str, list[str]] = {}
    for name, why in refusals.items():
        reasons.setdefault(re.sub(r"torch\.Size\(.*?\)|\d+", "…", why), []).append(name)
    return found + [f"refused: {', '.join(names)}: {refusals[names[0]]}" for names in reasons.values()]
