"""`SpectrumProbe`: the spectra of an optimizer's momentum, sampled as it trains."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from muon_theory.conformance.emulated import Array
from muon_theory.errors import UsageError
from muon_theory.spectra.files import matrix
from muon_theory.spectra.measure import Measured, measure
from muon_theory.spectra.result import Spectrum, of_layers
from muon_theory.subject import Subject, schedule_of

if TYPE_CHECKING:
    from torch import Tensor
    from torch.optim import Optimizer
    from torch.utils.hooks import RemovableHandle

BUFFERS = ("momentum_buffer", "momentum", "exp_avg", "mu", "m")
CALIBRATED = 64
"""Side of the matrix that is measured first, so that the time for larger ones is known before it is spent."""


@dataclass
class SpectrumProbe:
    """Measures momentum matrices after every so many steps, within a share of the time.

    Parameters
    ----------
    optimizer
        A torch optimizer; the momentum is found in its state, under "momentum_buffer" or another usual key.
    every : int
        Steps between measurements.
    layers : int
        Matrices measured each time, drawn at random; all take turns.
    share : float
        Of the time since the probe was set that measuring may take.  A matrix whose measurement would exceed it, as
        the time for those before says, is left out, and counted in `skipped`;
        1 leaves nothing out.
    seed : int
        Of the draw.

    `records` holds (step, Measured) pairs, `overhead` is the share of the time that was taken, `spectrum` shows the
    last record of each layer as the command does; `close()` takes the hook off.

    >>> import torch
    >>> W = torch.nn.Parameter(torch.zeros(4, 3))
    >>> optimizer = torch.optim.SGD([W], lr=0.1, momentum=0.9)
    >>> probe = SpectrumProbe(optimizer, every=1, share=1.0)
    >>> W.grad = torch.eye(4, 3)
    >>> optimizer.step()
    >>> [(step, found.shape, round(found.norm_ratio, 3)) for step, found in probe.records]
    [(1, (4, 3), 0.577)]
    """

    optimizer: Optimizer
    every: int = 100
    layers: int = 4
    share: float = 0.02
    seed: int = 0
    records: list[tuple[int, Measured]] = field(default_factory=list)
    skipped: int = 0

    def __post_init__(self) -> None:
        if self.every < 1 or self.layers < 1 or not 0 < self.share <= 1:
            raise UsageError(
                f"a probe every {self.every} steps of {self.layers} layers in {self.share} of the time: "
                "whole numbers from 1, and a share above 0 and up to 1, are needed"
            )
        self._random, self._step, self._spent = random.Random(self.seed), 0, 0.0
        self._waiting: list[str] = []
        self._began = time.perf_counter()
        self._rate = 0.0  # seconds per multiplication, the dearest seen
        self._measured("calibration", np.eye(CALIBRATED))
        self._rate = self._spent / work((CALIBRATED, CALIBRATED))
        self._handle: RemovableHandle = self.optimizer.register_step_post_hook(self._after)

    def close(self) -> None:
        """Take the hook off."""
        self._handle.remove()

    @property
    def overhead(self) -> float:
        """The share of the time since the probe was set that measuring took."""
        return self._spent / max(time.perf_counter() - self._began, 1e-9)

    def spectrum(self, schedule: Subject, *, share: float = 0.99, band: tuple[float, float] = (0.7, 1.3)) -> Spectrum:
        """The last record of each layer, what φ makes of it, and the advice, as `muon-theory spectrum` shows them.

        Raises UsageError where nothing was measured.
        """
        last = {found.name: (step, found) for step, found in self.records}
        if not last:
            raise UsageError(f"nothing was measured in {self._step} steps: let it run longer, or allow a larger share")
        steps = sorted({step for step, _ in last.values()})
        when = f"after step {steps[-1]}" if len(steps) == 1 else f"after steps {steps[0]} to {steps[-1]}"
        left = f"; {self.skipped} measurements left out" if self.skipped else ""
        remark = f"measured {when}, in {self.overhead:.2%} of the time{left}"
        layers = tuple(found for _, found in last.values())
        return of_layers(layers, schedule_of(schedule), share=share, band=band, remarks=(remark,))

    def _after(self, *_: object) -> None:
        self._step += 1
        if self._step % self.every:
            return
        kept = self._kept()
        for name in self._turn(list(kept)):
            allowed = self.share * (time.perf_counter() - self._began)
            if self.share < 1 and self._spent + self._rate * work(kept[name].shape) > allowed:
                self.skipped += 1
            else:
                self._measured(name, kept[name])

    def _turn(self, names: list[str]) -> list[str]:
        """The next names, in a random order in which each comes once before one comes again."""
        self._waiting = [name for name in self._waiting if name in names]
        while len(self._waiting) < min(self.layers, len(names)):
            fresh = [name for name in names if name not in self._waiting]
            self._waiting += self._random.sample(fresh, len(fresh))
        chosen, self._waiting = self._waiting[: self.layers], self._waiting[self.layers :]
        return chosen

    def _measured(self, name: str, value: Array | Tensor) -> None:
        began = time.perf_counter()
        X = matrix(value)
        if X is not None and np.isfinite(X).all() and X.any():
            found = measure(name, X)
            if self._rate:
                self.records.append((self._step, found))
        took = time.perf_counter() - began
        self._spent += took
        self._rate = max(self._rate, took / work(value.shape)) if self._rate else 0.0

    def _kept(self) -> dict[str, Tensor]:
        """The momentum of every matrix by the name of its parameter, or its place (group.index)."""
        found = {}
        for g, group in enumerate(self.optimizer.param_groups):
            names = group.get("param_names") or [f"{g}.{i}" for i in range(len(group["params"]))]
            for name, p in zip(names, group["params"], strict=True):
                state = self.optimizer.state.get(p, {})
                kept = next((state[key] for key in BUFFERS if getattr(state.get(key), "ndim", 0) >= 2), None)
                if kept is not None:
                    found[str(name)] = kept
        return found


def work(shape: tuple[int, ...]) -> float:
    """Multiplications of an SVD, up to a factor: m·n·min(m, n) for shape (m, …), as m × n, and for its reading."""
    m, n = shape[0], int(np.prod(shape[1:]))
    return float(m * n * (min(m, n) + 64))
