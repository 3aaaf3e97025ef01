"""Spectra of a real training run, shipped as data: for reports, studies and examples that need a realistic spectrum."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files

import numpy as np

from muon_theory.spectra.measure import Measured


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
