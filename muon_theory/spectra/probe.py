"""`SpectrumProbe`: the spectra of an optimizer's momentum, sampled as it trains."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import Any

import torch

from muon_theory.errors import UsageError
from muon_theory.spectra.measure import Measured, measure

Tensor = torch.Tensor
BUFFERS = ("momentum_buffer", "momentum", "exp_avg", "mu", "m")


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
        Of the time since the first step that measuring may take.  A measurement that would exceed it is left out, and
        counted in `skipped`.
    seed : int
        Of the draw.

    `records` holds (step, Measured) pairs; `close()` takes the hook off.

    >>> W = torch.nn.Parameter(torch.zeros(4, 3))
    >>> optimizer = torch.optim.SGD([W], lr=0.1, momentum=0.9)
    >>> probe = SpectrumProbe(optimizer, every=1, share=1.0)
    >>> W.grad = torch.eye(4, 3)
    >>> optimizer.step()
    >>> [(step, found.shape, round(found.norm_ratio, 3)) for step, found in probe.records]
    [(1, (4, 3), 0.577)]
    """

    optimizer: torch.optim.Optimizer
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
        self._random, self._step, self._spent, self._longest = random.Random(self.seed), 0, 0.0, 0.0
        self._began = time.perf_counter()
        self._handle: Any = self.optimizer.register_step_post_hook(self._after)

    def close(self) -> None:
        """Take the hook off."""
        self._handle.remove()

    @property
    def overhead(self) -> float:
        """The share of the time since the probe was set that measuring took."""
        return self._spent / max(time.perf_counter() - self._began, 1e-9)

    def _after(self, *_: Any) -> None:
        self._step += 1
        if self._step % self.every:
            return
        began = time.perf_counter()
        elapsed = began - self._began
        if self._spent + self._longest > self.share * elapsed:
            self.skipped += 1
            return
        names = self._matrices()
        for name, X in self._random.sample(names, min(self.layers, len(names))):
            if bool(torch.isfinite(X).all()) and bool(X.any()):
                self.records.append((self._step, measure(name, X.detach().to("cpu", torch.float64))))
        took = time.perf_counter() - began
        self._spent, self._longest = self._spent + took, max(self._longest, took)

    def _matrices(self) -> list[tuple[str, Tensor]]:
        found = []
        for g, group in enumerate(self.optimizer.param_groups):
            for i, p in enumerate(group["params"]):
                state = self.optimizer.state.get(p, {})
                kept = next((state[key] for key in BUFFERS if isinstance(state.get(key), torch.Tensor)), None)
                if kept is not None and kept.dim() >= 2:
                    found.append((f"{g}.{i}", kept.reshape(kept.shape[0], -1)))
        return found
