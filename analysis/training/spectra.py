"""Singular values of the momentum in one run of the study: `python -m analysis.training.spectra --out FILE`.

The record pools five seeds and keeps shares; here are the values themselves, measured as `muon-theory spectrum` does.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch

from analysis.training import muon, sweep
from muon_theory.spectra import measure

SET, RATE, SEED = "jordan", "0.02", 0


def run(setting: sweep.Setting) -> list[dict[str, Any]]:
    """Each momentum matrix at the steps that the study watches: its shape and σ of X/‖X‖_F, largest first."""
    watched, found, calls = sweep.watch(setting.steps), [], {}
    plain = muon.orthogonaliser(SET, getattr(torch, setting.dtype))

    def looking(X: torch.Tensor) -> torch.Tensor:
        step = calls[X.shape] = calls.get(X.shape, 0) + 1
        if step in watched:
            for i, M in enumerate(X):
                name = f"step {step}, {X.shape[1]}×{X.shape[2]} number {i + 1}"
                one = measure(name, M.double().numpy())
                values = [f"{x:.5g}" for x in one.values.tolist()]
                found.append({"name": name, "step": step, "shape": list(one.shape), "values": values})
        return plain(X)

    kept, muon.orthogonaliser = muon.orthogonaliser, lambda *_: looking
    try:
        sweep.train(sweep.Job(SEED, SET, False, RATE), setting, "cpu")
    finally:
        muon.orthogonaliser = kept
    return sorted(found, key=lambda one: (one["step"], one["name"]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    torch.set_num_threads(1)
    out = parser.parse_args().out
    made = {
        "format": "muon-theory/spectra/1",
        "command": "python -m analysis.training.spectra",
        "task": f"the run of docs/training with {SET}, rate {RATE}, seed {SEED}: momentum (Nesterov) over its norm",
        "spectra": run(sweep.SETTINGS["small"]),
    }
    lines = json.dumps(made, ensure_ascii=False, separators=(",", ":")).replace('{"name"', '\n{"name"')
    out.write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
