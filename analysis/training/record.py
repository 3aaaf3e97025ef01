"""The record of a sweep: its runs, what they say with intervals, and under what it was measured.  No dates, no floats.

Decimals are strings.  `muon_theory.reports` reads the record, the tests compute it anew from its runs.
"""

from __future__ import annotations

import math
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from statistics import fmean, median, stdev
from typing import Any

import torch

from analysis.training.muon import EDGES, TITLES
from analysis.training.statistics import (
    CONFIDENCE,
    Estimate,
    Sweep,
    at_best,
    at_optimum,
    at_same_rate,
    out_of_sample,
    shift,
)
from analysis.training.sweep import ARMS, Setting, corpus_of
from muon_theory import __version__

FORMAT = "muon-theory/training/1"
ARTICLE, JORDAN = "article", "jordan"
MARGIN = 0.01
"""Trains as well as Jordan's: the loss is at most this part of Jordan's higher.  Fixed before the study ran."""
SIZES = {"rms": "ρ = ‖Y‖_F/√min(m, n)", "gain": "Σ σφ(σ)/Σ σ", "norm": "‖Y‖₂"}
"""The sizes of an update by which the best learning rates are compared."""
TEXTS = {"topics": "the text of Python's help", "library": "the sources of Python's library"}

Run = dict[str, Any]
Arm = tuple[str, bool]


def record(runs: Sequence[Run], setting: Setting, device: str, command: str) -> dict[str, Any]:
    text = corpus_of(setting.text)
    parameters = setting.layers * 12 * setting.width**2
    return {
        "format": FORMAT,
        "task": f"a character transformer ({setting.layers} layers, width {setting.width}, context {setting.context}, "
        f"{parameters} weights in its hidden matrices), {setting.steps} steps of {setting.batch} windows, on "
        f"{TEXTS[setting.text]} ({len(text.train)} characters)",
        "command": command,
        "device": {"kind": device, "name": device_name(device)},
        "versions": {"muon_theory": __version__, "python": platform.python_version(), "torch": str(torch.__version__)},
        "text": {"source": setting.text, "characters": len(text.train) + len(text.valid), "sha256": text.digest},
        "setting": {k: v if isinstance(v, (str, int, tuple)) else repr(v) for k, v in asdict(setting).items()},
        "seeds": sorted({run["seed"] for run in runs}),
        **findings(runs),
        "runs": [{k: run[k] for k in ("set", "rescaled", "learning_rate", "seed", "loss")} for run in runs],
    }


def device_name(device: str) -> str:
    if device.startswith("cuda"):
        return str(torch.cuda.get_device_name(device))
    return f"{platform.machine()}, {torch.backends.cpu.get_cpu_capability()}, one thread a run"


def findings(runs: Sequence[Run]) -> dict[str, Any]:
    """What the runs say.  It is computed from them alone."""
    sweeps = {arm: sweep_of(runs, arm) for arm in ARMS}
    best = {arm: [run for run in of(runs, arm) if float(run["learning_rate"]) == s.rates[s.best()]]
            for arm, s in sweeps.items()}  # fmt: skip
    sizes = {arm: {name: mean_size(best[arm], name) for name in SIZES} for arm in ARMS}
    return {
        "confidence": repr(CONFIDENCE),
        "grid": shown(grid(sweeps[JORDAN, False])),
        "arms": [described(arm, sweeps[arm], sizes[arm]) for arm in ARMS],
        "claim": claim(sweeps[ARTICLE, False], sweeps[JORDAN, False]),
        "differences": [
            {
                "set": name,
                "rescaled": rescaled,
                "loss": interval(at_best(sweeps[name, rescaled], sweeps[JORDAN, rescaled])),
            }
            for name, rescaled in ARMS
            if name != JORDAN
        ],
        "rates": [rate(name, sweeps, sizes) for name in TITLES if name != JORDAN],
        "rescaled_rates": [
            {"set": name, **moved(sweeps[name, True], sweeps[JORDAN, True], 0.0)}
            for name, rescaled in ARMS
            if rescaled and name != JORDAN
        ],
        "spectra": [spectra(best[arm], step) for arm in ARMS if not arm[1] for step in steps(best[arm])],
    }


def of(runs: Iterable[Run], arm: Arm) -> list[Run]:
    return [run for run in runs if (run["set"], run["rescaled"]) == arm]


def sweep_of(runs: Iterable[Run], arm: Arm) -> Sweep:
    table: dict[float, dict[int, float]] = {}
    for run in of(runs, arm):
        loss = math.inf if run["loss"] is None else float(run["loss"])
        table.setdefault(float(run["learning_rate"]), {})[run["seed"]] = loss
    rates = tuple(sorted(table))
    return Sweep(rates, tuple(tuple(table[rate][seed] for seed in sorted(table[rate])) for rate in rates))


def grid(sweep: Sweep) -> float:
    """The step of the grid of learning rates, in doublings."""
    return math.log2(sweep.rates[-1] / sweep.rates[0]) / (len(sweep.rates) - 1)


def mean_size(runs: Iterable[Run], name: str) -> float:
    """A size of the updates at the best learning rate, over the steps watched but the first, and over the seeds."""
    return fmean(spectrum[name] for run in runs for spectrum in run["spectra"][1:])


def described(arm: Arm, sweep: Sweep, sizes: dict[str, float]) -> dict[str, Any]:
    i = sweep.best()
    losses = sweep.losses[i]
    position = sweep.optimum(range(sweep.seeds))
    return {
        "set": arm[0],
        "rescaled": arm[1],
        "rates": [repr(rate) for rate in sweep.rates],
        "mean_losses": [shown(mean) for mean in sweep.means(range(sweep.seeds))],
        "best_rate": repr(sweep.rates[i]),
        "bracketed": position is not None,
        "optimum": None if position is None else shown(2 ** position[0]),
        "mean": shown(fmean(losses)),
        "deviation": shown(stdev(losses)),
        "sizes": {name: shown(value) for name, value in sizes.items()},
    }


def claim(ours: Sweep, theirs: Sweep) -> dict[str, Any]:
    """The article's set against Jordan's, and whether its loss is known to be at most MARGIN of Jordan's higher."""
    difference = at_best(ours, theirs)
    margin = MARGIN * fmean(theirs.losses[theirs.best()])
    return {
        "difference": interval(difference),
        "at_optimum": None if (e := at_optimum(ours, theirs)) is None else interval(e),
        "out_of_sample": interval(out_of_sample(ours, theirs)),
        "same_rate": interval(at_same_rate(ours, theirs)),
        "margin": shown(margin),
        "holds": difference.at_most(margin),
    }  # fmt: skip


def rate(name: str, sweeps: dict[Arm, Sweep], sizes: dict[Arm, dict[str, float]]) -> dict[str, Any]:
    """By how many doublings the best learning rate differs from Jordan's, and what the sizes of the updates predict."""
    ours, theirs = (name, False), (JORDAN, False)
    predicted = {size: math.log2(sizes[theirs][size] / sizes[ours][size]) for size in SIZES}
    return {
        "set": name,
        **moved(sweeps[ours], sweeps[theirs], 0.0),
        "sizes": {
            size: {"predicted": shown(p), "left": moved(sweeps[ours], sweeps[theirs], -p)}
            for size, p in predicted.items()
        },
    }


def moved(ours: Sweep, theirs: Sweep, offset: float) -> dict[str, Any]:
    """The shift with its interval, and whether it is known to be within half a step of the grid."""
    found = shift(ours, theirs, offset)
    if found is None:
        return {"shift": None, "coincide": "unresolved"}
    return {"shift": interval(found), "coincide": found.within(grid(theirs) / 2)}


def steps(runs: Sequence[Run]) -> list[int]:
    return [spectrum["step"] for spectrum in runs[0]["spectra"]]


def spectra(runs: Sequence[Run], step: int) -> dict[str, Any]:
    """The momentum matrices of all seeds at one step, pooled."""
    seen = [spectrum for run in runs for spectrum in run["spectra"] if spectrum["step"] == step]
    values = sum(s["values"] for s in seen)
    largest = [x for s in seen for x in s["largest"]]
    return {
        "set": runs[0]["set"],
        "step": step,
        "matrices": len(largest),
        "values": values,
        "below": {f"{edge:g}": shown(sum(s["below"][i] for s in seen) / values) for i, edge in enumerate(EDGES)},
        "largest_median": shown(median(largest)),
        "largest": shown(max(largest)),
        "sizes": {name: shown(fmean(s[name] for s in seen)) for name in SIZES},
    }


def shown(x: float) -> str:
    return f"{x:.6f}"


def interval(e: Estimate) -> dict[str, str]:
    return {"value": shown(e.value), "low": shown(e.low), "high": shown(e.high)}
