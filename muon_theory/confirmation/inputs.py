"""Test matrices X = U diag(s) Vᵀ whose singular values and vectors are known, reproducible from a seed."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from random import Random

import torch

from muon_theory.confirmation.reference import phi
from muon_theory.confirmation.settings import defined
from muon_theory.confirmation.spectra import Spectrum
from muon_theory.errors import UsageError
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

Tensor = torch.Tensor
Dtype = torch.dtype


@dataclass(frozen=True, slots=True)
class Input:
    """X (fp64, shape (…, rows, columns)) with its factors: U (…, rows, r), V (columns, r), s of length r, exact.

    Singular values beyond the first r are 0.
    """

    X: Tensor
    U: Tensor
    V: Tensor
    spectrum: tuple[Fraction, ...]

    @property
    def hull(self) -> Interval:
        """The interval from the least to the largest singular value, zeros included where r is below full rank."""
        full = len(self.spectrum) == min(self.X.shape[-2:])
        return Interval(min(self.spectrum) if full else Fraction(0), max(self.spectrum))

    def expected(self, schedule: Schedule) -> Tensor:
        """U diag(φ(s)) Vᵀ in fp64, φ(s) computed without torch."""
        return (self.U * diagonal(phi(schedule, self.spectrum), self.U.device)) @ self.V.mT


def seeded(device: str, *parts: object) -> torch.Generator:
    """A generator whose seed is a hash of the parts."""
    digest = hashlib.sha256(repr(parts).encode()).digest()
    return torch.Generator(device).manual_seed(int.from_bytes(digest[:7], "big"))


def orthonormal(rows: int, columns: int, generator: torch.Generator) -> Tensor:
    """Orthonormal columns (rows, columns), rows ≥ columns, fp64: (I - 2vvᵀ)·H·S·(I - 2wwᵀ).

    H: columns of the Hartley matrix, in random order; S: random signs; v, w: random unit vectors.  Two Householder
    reflections make the entries generic at a cost of O(rows·columns); a Haar matrix would cost more than the iterations
    that it is there to test.
    """
    device = generator.device
    draw = partial(torch.randn, generator=generator, dtype=torch.float64, device=device)
    order = torch.randperm(rows, generator=generator, device=device)[:columns]
    U = hartley(rows, str(device)).index_select(1, order)
    U *= random_signs(1, columns, generator)
    v, w = draw(rows, 1), draw(columns, 1)
    U.addmm_(v, v.mT @ U, alpha=-2 / float((v * v).sum()))
    return U.addmm_(U @ w, w.mT, alpha=-2 / float((w * w).sum()))


def random_signs(rows: int, columns: int, generator: torch.Generator) -> Tensor:
    """±1 in fp64."""
    return 1 - 2 * torch.randint(0, 2, (rows, columns), generator=generator, device=generator.device).to(torch.float64)


@lru_cache(maxsize=4)
def hartley(n: int, device: str = "cpu") -> Tensor:
    """(cos + sin)(2πij/n)/√n: symmetric and orthogonal for every n, all entries of size ≤ √(2/n)."""
    i = torch.arange(n, device=device)
    angle = 2 * math.pi * ((i.unsqueeze(1) * i) % n).to(torch.float64) / n
    return (angle.cos() + angle.sin()) / math.sqrt(n)


def hadamard(rows: int, columns: int) -> Tensor:
    """The first rows of an orthogonal matrix with entries ±1/√columns where columns is a power of 2 (Sylvester).

    Otherwise of the Hartley matrix.
    """
    if columns & (columns - 1) != 0:
        return hartley(columns)[:rows]
    i, j = torch.arange(rows).unsqueeze(1), torch.arange(columns)
    bits, parity = i & j, torch.zeros(rows, columns, dtype=torch.int64)
    while bool((bits > 0).any()):
        parity, bits = parity ^ (bits & 1), bits >> 1
    return (1.0 - 2.0 * parity).to(torch.float64) / math.sqrt(columns)


LARGEST = 2**28
"""Entries of an input: a gigabyte and more in each of several formats."""


@defined()
def build(
    spectrum: Spectrum,
    shape: tuple[int, ...],
    schedule: Schedule,
    start: Interval,
    seed: int = 0,
    device: str = "cpu",
) -> Input:
    """A matrix, or a batch of them, with this spectrum on `start`.

    Raises UsageError for a shape of fewer than two dimensions or with an empty one.
    """
    if len(shape) < 2 or min(shape) < 1:
        raise UsageError(f"{shape} is no matrix shape: give rows and columns ≥ 1, after the batch if there is one")
    if math.prod(shape) > LARGEST:
        raise UsageError(f"{'×'.join(map(str, shape))} has more than {LARGEST} entries: ask for smaller matrices")
    *batch_list, rows, columns = shape
    batch, m, n = tuple(batch_list), min(rows, columns), max(rows, columns)
    generator = seeded(device, seed, spectrum.name, shape)
    values = spectrum.make(schedule, start, m, Random(f"{seed} {spectrum.name} {shape}"))
    match spectrum.matrix:
        case "signs":
            U, V = (random_signs(k, 1, generator) / math.sqrt(k) for k in (m, n))
            values = values[:1]
        case "diagonal":
            U, V = (torch.eye(k, m, dtype=torch.float64, device=device) for k in (m, n))
        case "hadamard":
            U, V = torch.eye(m, dtype=torch.float64, device=device), hadamard(m, n).mT.to(device)
        case "gaussian":
            G = torch.randn(m, n, generator=generator, dtype=torch.float64, device=device)
            U, s, Vh = torch.linalg.svd(G * (float(start.hi) / G.norm()), full_matrices=False)
            V, values = Vh.mT, tuple(map(Fraction, s.tolist()))
        case _:
            rank = max(sum(v != 0 for v in values), 1)
            values = values[:rank]
            U, V = orthonormal(m, rank, generator), orthonormal(n, rank, generator)
    U, V = (U, V) if rows <= columns else (V, U)
    if batch:  # members differ by the signs of their left singular vectors
        U = U * random_signs(math.prod(batch), len(values), generator).reshape(*batch, 1, len(values))
    return Input((U * diagonal(values, device)) @ V.mT, U, V, values)


def diagonal(values: Iterable[Fraction], device: str | torch.device) -> Tensor:
    """Exact numbers as fp64, ±1e300 where they are larger."""
    limit = Fraction(10) ** 300
    return torch.tensor([float(max(min(q, limit), -limit)) for q in values], dtype=torch.float64, device=device)


def with_singular_values(
    values: Sequence[float], rows: int, columns: int, seed: int, dtype: Dtype | None = None
) -> Tensor:
    """U diag(values) Vᵀ of shape (rows, columns) with random orthonormal factors; fp64 unless said.

    >>> X = with_singular_values([2.0, 1.0], 3, 2, seed=0)
    >>> [round(s, 9) for s in torch.linalg.svdvals(X).tolist()]
    [2.0, 1.0]
    """
    generator = torch.Generator().manual_seed(seed)
    rank = len(values)
    U, V = (torch.linalg.qr(torch.randn(n, rank, generator=generator, dtype=torch.float64)).Q for n in (rows, columns))
    return ((U * torch.tensor(list(values), dtype=torch.float64)) @ V.mT).to(dtype or torch.float64)
