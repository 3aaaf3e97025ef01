"""One matrix: its singular values after normalisation, and what φ makes of them, in fp64."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from muon_theory.conformance.expected import evaluate
from muon_theory.conformance.normaliser import Normaliser
from muon_theory.schedule import Schedule

Tensor = torch.Tensor
SHARES = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
"""Of the quantiles."""
EDGES = (1e-4, 1e-3, 1e-2, 1e-1)
"""Below each of which the share of the singular values is counted."""


def singular_values(X: Tensor, normaliser: Normaliser | None = None) -> Tensor:
    """σ of X_0, largest first: X as it is normalised before the first step (X/‖X‖_F unless said); zeros for zero."""
    values: Tensor = torch.linalg.svdvals((normaliser or Normaliser.named("frobenius")).apply(X.double()))
    return values


def quantiles(values: Tensor) -> dict[str, float]:
    """The least value below which at least a share of the values lies, by that share."""
    ordered = values.flatten().sort().values
    last = len(ordered) - 1
    return {
        f"{share:g}": float(ordered[min(last, max(0, -(-int(share * 1e9) * (last + 1) // 10**9) - 1))])
        for share in SHARES
    }


def below(values: Tensor, edges: Sequence[float] = EDGES) -> dict[str, float]:
    """The share of the values < each edge."""
    return {f"{edge:g}": float((values < edge).double().mean()) for edge in edges}


def image(schedule: Schedule, values: Tensor) -> Tensor:
    """φ(σ), evaluated in fp64."""
    out = values
    for f in schedule.steps:
        out = evaluate(f, out)
    return out


@dataclass(frozen=True, slots=True)
class Measured:
    """A matrix: shape, σ of X_0, σ₁/‖X‖_F (1 for rank one), and the stable rank ‖X‖_F²/σ₁²."""

    name: str
    shape: tuple[int, ...]
    values: Tensor
    norm_ratio: float

    @property
    def stable_rank(self) -> float:
        return 1 / self.norm_ratio**2 if self.norm_ratio else 0.0

    def to_json(self, schedule: Schedule, edges: Sequence[float]) -> dict[str, Any]:
        """Decimals of fp64, for people and programs; nothing here bounds anything."""
        out = image(schedule, self.values)
        return {
            "name": self.name,
            "shape": list(self.shape),
            "quantiles": {share: f"{q:.6g}" for share, q in quantiles(self.values).items()},
            "share_below": {edge: f"{s:.6g}" for edge, s in below(self.values, edges).items()},
            "norm_ratio": f"{self.norm_ratio:.6g}",
            "stable_rank": f"{self.stable_rank:.6g}",
            "image": [f"{float(out.min()):.6g}", f"{float(out.max()):.6g}"],
        }


def measure(name: str, X: Tensor, normaliser: Normaliser | None = None) -> Measured:
    """Measure one matrix; it must be finite."""
    X = X.double()
    scaled = X / X.abs().max().clamp(min=torch.finfo(torch.float64).tiny)  # so that no square overflows
    values = singular_values(scaled, normaliser)
    plain = torch.linalg.svdvals(scaled)
    size = float(plain.norm())
    return Measured(name, tuple(X.shape), values, float(plain[0]) / size if size else 0.0)
