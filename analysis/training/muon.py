"""Muon with an exchangeable map from the momentum matrix X to the update, and what it measures as it goes.

    M ← μM + G,   X = G + μM,   W ← W − η·√max(1, rows/columns)·Y,   Y = φ(X/‖X‖) ≈ UVᵀ

The size of an update is ρ = ‖Y‖_F/√min(m, n), the root mean square of Y's singular values: 1 for the exact polar
factor.  `rescaled` divides Y by ρ, so that every map takes steps of one size and only their directions differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import torch

from muon_theory import catalogue
from muon_theory.confirmation import orthogonalize
from muon_theory.errors import UsageError

Tensor = torch.Tensor
Map = Callable[[Tensor], Tensor]

EXACT = "exact"
STEPS = 5
TITLES = {
    "newton_schulz_cubic": "(3/2, −1/2)",
    "article_cubic": "(1.99, −0.99)",
    "article": "(3.25, −3.51, 1.26)",
    "jordan": "Jordan's",
    "polar_express_101": "Polar Express, safety 1.01",
    EXACT: "exact polar factor",
}
"""The maps compared: ids of the catalogue, five steps each, and the polar factor by singular value decomposition."""
EDGES = (1e-4, 1e-3, 1e-2, 1e-1)


def polar(X: Tensor) -> Tensor:
    """UVᵀ of X = U diag(s) Vᵀ, shape (…, m, n), by singular value decomposition."""
    U, _, Vh = torch.linalg.svd(X.float(), full_matrices=False)
    Y: Tensor = U @ Vh
    return Y.to(X.dtype)


def orthogonaliser(name: str, dtype: torch.dtype = torch.float32) -> Map:
    """The map of that name; the iteration runs in `dtype`, the decomposition in fp32."""
    if name == EXACT:
        return polar
    if name not in TITLES:
        raise UsageError(f"there is no orthogonaliser {name!r} in this study: write one of {', '.join(TITLES)}")
    schedule = catalogue.get(name, STEPS)
    return lambda X: orthogonalize(X, schedule, dtype=dtype).to(X.dtype)


def size(Y: Tensor) -> Tensor:
    """ρ = ‖Y‖_F/√min(m, n) of each matrix of a batch (…, m, n), shape (…, 1, 1)."""
    rho: Tensor = Y.norm(dim=(-2, -1), keepdim=True) / min(Y.shape[-2:]) ** 0.5
    return rho


@dataclass(frozen=True)
class Spectrum:
    """Singular values σ_i/‖X‖_F of all momentum matrices at one step, and three sizes of the updates Y."""

    step: int
    values: int
    below: tuple[int, ...]
    """How many values lie below each of EDGES."""
    largest: tuple[float, ...]
    """σ₁/‖X‖_F of each matrix."""
    rms: float
    """ρ, averaged over the matrices."""
    gain: float
    """⟨X, Y⟩/‖X‖_* = Σ σφ(σ)/Σ σ, averaged: the decrease to first order, 1 for the exact polar factor."""
    norm: float
    """‖Y‖₂, averaged."""


@dataclass
class Muon:
    """The optimiser for matrices of a few shapes, which it stacks by shape.

    `step(rate, watch=t)` records the spectrum as that of step t; the sizes of Y in it are those before rescaling.
    """

    parameters: Iterable[torch.nn.Parameter]
    map: Map
    momentum: float = 0.95
    rescaled: bool = False
    spectra: list[Spectrum] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._groups: dict[torch.Size, list[torch.nn.Parameter]] = {}
        for p in self.parameters:
            self._groups.setdefault(p.shape, []).append(p)
        self._buffers = {s: torch.zeros_like(torch.stack([p.data for p in ps])) for s, ps in self._groups.items()}

    @torch.no_grad()
    def step(self, rate: float, watch: int | None = None) -> None:
        seen: list[tuple[Tensor, Tensor]] = []
        for shape, parameters in self._groups.items():
            G = torch.stack([p.grad for p in parameters if p.grad is not None])
            M = self._buffers[shape].mul_(self.momentum).add_(G)
            X = G.add(M, alpha=self.momentum)
            Y = self.map(X)
            seen.append((X, Y))
            scale = rate * max(1.0, shape[0] / shape[1]) ** 0.5
            for p, update in zip(parameters, Y / size(Y) if self.rescaled else Y, strict=True):
                p.sub_(update, alpha=scale)
        if watch is not None:
            self.spectra.append(spectrum(watch, seen))


def spectrum(step: int, seen: list[tuple[Tensor, Tensor]]) -> Spectrum:
    """The spectra of the momentum matrices X and the sizes of the updates Y, in batches (k, m, n)."""
    s, rms, gain, norm = [], [], [], []
    for X, Y in seen:
        values = torch.linalg.svdvals(X.double())
        s.append(values / X.double().norm(dim=(-2, -1))[:, None])
        rms.append(size(Y.double()).flatten())
        gain.append((X.double() * Y.double()).sum((-2, -1)) / values.sum(-1))
        norm.append(torch.linalg.svdvals(Y.double())[:, 0])
    every = torch.cat([values.flatten() for values in s])
    return Spectrum(
        step,
        len(every),
        tuple(int((every < edge).sum()) for edge in EDGES),
        tuple(round(float(x), 4) for values in s for x in values[:, 0]),
        *(round(float(torch.cat(values).mean()), 5) for values in (rms, gain, norm)),
    )
