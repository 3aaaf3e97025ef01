"""Spectra of a real training run, shipped as data: for reports, studies and examples that need a realistic spectrum."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from muon_theory.conformance.emulated import Array
from muon_theory.schedule import Schedule
from muon_theory.spectra.measure import Measured, image

STEPS = (1, 12, 60, 120)


@lru_cache(maxsize=8)
def recorded(step: int | None = None) -> tuple[Measured, ...]:
    """The momentum matrices of docs/training's character transformer, run with Jordan's map; five digits.

    Parameters
    ----------
    step : int, optional
        Only those after so many steps: 1, 12, 60 or 120.

    >>> found = recorded(120)
    >>> len(found), found[0].shape, len(found[0].values)
    (12, (256, 64), 64)
    """
    text = files("muon_theory.spectra").joinpath("records/training.json").read_text(encoding="utf-8")
    entries = [e for e in json.loads(text)["spectra"] if step is None or e["step"] == step]
    values = [np.array([float(x) for x in e["values"]]) for e in entries]
    return tuple(Measured(e["name"], tuple(e["shape"]), v, float(v[0])) for e, v in zip(entries, values, strict=True))


@dataclass(frozen=True, slots=True)
class Pooled:
    """The singular values of all matrices after so many steps, and what φ makes of them; fp64, and no bound."""

    step: int
    values: Array

    @property
    def median(self) -> float:
        return float(np.median(self.values))

    @property
    def largest(self) -> float:
        return float(self.values.max())

    def below(self, edge: float) -> float:
        """The share of the values < edge."""
        return float((self.values < edge).mean())

    def root_mean_square(self, schedule: Schedule) -> float:
        """√ of the mean of φ(σ)²: ‖update‖_F/√rank."""
        return float(np.sqrt(np.mean(image(schedule, self.values) ** 2)))

    def variance(self, schedule: Schedule) -> float:
        """The mean of (φ(σ) - mean of φ)²."""
        return float(np.var(image(schedule, self.values)))


def pooled(step: int) -> Pooled:
    """`recorded(step)` as one distribution.

    >>> found = pooled(120)
    >>> len(found.values), round(found.median, 4), round(found.below(0.01), 3)
    (768, 0.0278, 0.262)
    """
    return Pooled(step, np.concatenate([one.values for one in recorded(step)]))
