"""One matrix: its singular values after normalisation, and what φ makes of them, in fp64."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from muon_theory.conformance.emulated import Array
from muon_theory.conformance.expected import applied
from muon_theory.conformance.normaliser import Normaliser
from muon_theory.schedule import Schedule

SHARES = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
"""Of the quantiles."""
EDGES = (1e-4, 1e-3, 1e-2, 1e-1)
"""Below each of which the share of the singular values is counted."""


def singular_values(X: Array, normaliser: Normaliser | None = None) -> Array:
    """σ of X_0, largest first: X as it is normalised before the first step (X/‖X‖_F unless said); zeros for zero."""
    X = np.asarray(X, dtype=np.float64)
    start = (normaliser or Normaliser.named("frobenius")).apply(X)
    return np.linalg.svd(start, compute_uv=False).astype(np.float64)


def quantiles(values: Array) -> dict[str, float]:
    """The least value below which at least a share of the values lies, by that share."""
    found = np.quantile(values, SHARES, method="inverted_cdf")
    return {f"{share:g}": float(q) for share, q in zip(SHARES, found, strict=True)}


def below(values: Array, edges: Sequence[float] = EDGES) -> dict[str, float]:
    """The share of the values < each edge."""
    return {f"{edge:g}": float((values < edge).mean()) for edge in edges}


def image(schedule: Schedule, values: Array) -> Array:
    """φ(σ), evaluated in fp64."""
    return applied(schedule.steps, values)


def described(schedule: Schedule, values: Array, edges: Sequence[float]) -> dict[str, object]:
    """Singular values and what φ makes of them, as decimals of fp64; nothing here bounds anything."""
    out = image(schedule, values)
    return {
        "quantiles": {share: f"{q:.6g}" for share, q in quantiles(values).items()},
        "share_below": {edge: f"{s:.6g}" for edge, s in below(values, edges).items()},
        "image": [f"{float(out.min()):.6g}", f"{float(out.max()):.6g}"],
    }


@dataclass(frozen=True, slots=True)
class Measured:
    """A matrix: shape, σ of X_0, σ₁/‖X‖_F (1 for rank one), and the stable rank ‖X‖_F²/σ₁²."""

    name: str
    shape: tuple[int, ...]
    values: Array
    norm_ratio: float

    @property
    def stable_rank(self) -> float:
        return 1 / self.norm_ratio**2 if self.norm_ratio else 0.0

    def to_json(self, schedule: Schedule, edges: Sequence[float]) -> dict[str, object]:
        """Decimals of fp64, for people and programs."""
        return {
            "name": self.name,
            "shape": list(self.shape),
            "norm_ratio": f"{self.norm_ratio:.6g}",
            "stable_rank": f"{self.stable_rank:.6g}",
            **described(schedule, self.values, edges),
        }


def measure(name: str, X: Array, normaliser: Normaliser | None = None) -> Measured:
    """Measure one matrix; it must be finite."""
    X = np.asarray(X, dtype=np.float64)
    scaled = X / max(float(np.abs(X).max()), np.finfo(np.float64).tiny)  # so that no square overflows
    values = singular_values(scaled, normaliser)
    plain = np.linalg.svd(scaled, compute_uv=False)
    size = float(np.linalg.norm(plain))
    return Measured(name, tuple(X.shape), values, float(plain[0]) / size if size else 0.0)
