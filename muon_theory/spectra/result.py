"""`spectrum`: many matrices together, what is certified for each, and which schedule would serve them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from muon_theory.certificate import AnyCertificate
from muon_theory.conformance.emulated import Array
from muon_theory.conformance.normaliser import Normaliser
from muon_theory.designs import design
from muon_theory.display import Facts, Lines, Page, Shown, Table, plots
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Standing
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.robust import stretches
from muon_theory.schedule import Schedule
from muon_theory.spectra.files import chosen, matrix, read
from muon_theory.spectra.measure import EDGES, Measured, below, described, image, measure, quantiles

Source = str | os.PathLike[str] | Mapping[str, object] | object
CERTIFIED = 2**22
"""Entries of a matrix up to which tier A is asked."""
MOST_STEPS = 12


@dataclass(frozen=True, slots=True)
class Advice:
    """The fewest greedy quintic steps that bring the stated share of the values into the band, with their band."""

    lower: float
    share: float
    band: tuple[float, float]
    schedule: Schedule | None
    image: Interval | None

    def to_json(self) -> dict[str, object]:
        """Its coefficients and its certified image, or null where no list of 12 steps does it."""
        return {
            "lower": f"{self.lower:.6g}",
            "share": f"{self.share:g}",
            "band": [f"{end:g}" for end in self.band],
            "count": len(self.schedule.steps) if self.schedule else None,
            "steps": self.schedule.rows() if self.schedule else None,
            "image": self.image and self.image.outward(),
        }


@dataclass(frozen=True, slots=True)
class Certified:
    """Tier A for one matrix in a format: a certified band, or the reason why there is none."""

    name: str
    image: Interval | None
    certificates: tuple[AnyCertificate, ...] = ()
    reason: str = ""

    def to_json(self) -> dict[str, object]:
        return {"name": self.name, "image": self.image and self.image.outward(), "reason": self.reason or None}


@dataclass(frozen=True, slots=True, repr=False)
class Spectrum(Shown):
    """Singular values of real matrices after normalisation, what φ makes of them, and what would serve them."""

    schedule: Schedule
    normaliser: Normaliser
    layers: tuple[Measured, ...]
    edges: tuple[float, ...]
    dtype: str | None
    tier: tuple[Certified, ...]
    advice: Advice
    remarks: tuple[str, ...] = ()

    @property
    def verdict(self) -> Standing:
        """OBSERVED: the values are fp64's.  What is certified is in `certificates`."""
        return Standing.OBSERVED

    @property
    def values(self) -> Array:
        """All singular values together."""
        return np.concatenate([layer.values for layer in self.layers])

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        return tuple(one for c in self.tier for one in c.certificates)

    def to_json(self) -> dict[str, object]:
        return {
            "verdict": self.verdict.value,
            "schedule": self.schedule.to_json(),
            "normalisation": self.normaliser.name,
            "matrices": len(self.layers),
            "norm_ratio": f"{max(layer.norm_ratio for layer in self.layers):.6g}",
            **described(self.schedule, self.values, self.edges),
            "tier": None if self.dtype is None else {"name": "A", "dtype": self.dtype, "matrices": [
                c.to_json() for c in self.tier
            ]},
            "advice": self.advice.to_json(),
            "remarks": list(self.remarks),
            "layers": [layer.to_json(self.schedule, self.edges) for layer in self.layers],
        }  # fmt: skip

    def page(self) -> Page:
        values, seen = self.values, image(self.schedule, self.values)
        marks = quantiles(values)
        shares = ", ".join(f"{s:.2%} < {edge}" for edge, s in below(values, self.edges).items())
        facts = Facts((
            ("matrices", f"{len(self.layers)}, normalised by {self.normaliser.name}; {len(values)} singular values"),
            ("σ", f"from {marks['0']:.3g} to {marks['1']:.3g}, median {marks['0.5']:.3g}"),
            ("share", shares),
            ("φ(σ)", f"{self.schedule.name}: from {float(seen.min()):.4g} to {float(seen.max()):.4g}"),
        ))  # fmt: skip
        rows = tuple(
            (
                layer.name,
                "×".join(map(str, layer.shape)),
                f"{layer.norm_ratio:.3g}",
                f"{float(layer.values.min()):.3g}",
                f"{float(np.median(layer.values)):.3g}",
                f"{float((layer.values < self.edges[-1]).mean()):.1%}",
            )
            for layer in self.layers
        )
        table = Table(rows, ("matrix", "shape", "σ₁/‖X‖_F", "least σ", "median σ", f"< {self.edges[-1]:g}"))
        return Page("OBSERVED", (facts, table, Lines((*self.remarks, *self._certified(), *self._advised()))))

    def _certified(self) -> tuple[str, ...]:
        lines = []
        for c in self.tier:
            if c.image is not None:
                band = c.image.text(6)
                lines.append(f"tier A, {self.dtype}: the result for {c.name} has its singular values in {band}")
            else:
                lines.append(f"tier A, {self.dtype}: nothing for {c.name}: {c.reason}")
        return tuple(lines)

    def _advised(self) -> tuple[str, ...]:
        a = self.advice
        what = f"{a.share:.4g} of the values (those from {a.lower:.3g} on) into [{a.band[0]:g}, {a.band[1]:g}]"
        if a.schedule is None:
            return (f"no greedy quintics, up to {MOST_STEPS} steps, bring {what}",)
        rows = ["  " + ",".join(decimal(c, 8) for c in f.coefficients) + ";" for f in a.schedule.steps]
        return (f"{len(a.schedule.steps)} greedy quintic steps bring {what}:", *rows[:-1], rows[-1][:-1])

    def plot(self) -> plots.Figure:
        """The distribution of log₁₀ σ of all matrices, with φ over it."""
        positive = self.values[self.values > 0].tolist()

        def phi(x: float) -> float:
            return float(image(self.schedule, np.array([x]))[0])

        return plots.distribution(positive, phi, f"φ(σ), {self.schedule.name}", "")


def spectrum(
    source: Source,
    schedule: Schedule,
    *,
    key: str | None = None,
    dtype: str | None = None,
    normalisation: str | None = None,
    lower: float | None = None,
    share: float = 0.99,
    band: tuple[float, float] = (0.7, 1.3),
) -> Spectrum:
    """Where the singular values of real matrices lie, and what a schedule makes of them.

    `muon_theory.spectrum` says what the arguments mean; arrays of more than two dimensions are flattened to
    (first, rest), and `dtype` asks for tier A of each matrix.

    Raises UsageError: no matrix, an entry that is not finite, a zero matrix, or an impossible share or band.
    """
    normaliser = Normaliser.named(normalisation or schedule.normalisation)
    found = matrices(source, key)
    layers = tuple(measure(name, X, normaliser) for name, X in found.items())
    seen = of_layers(layers, schedule, normaliser, lower=lower, share=share, band=band)
    if dtype is None:
        return seen
    tier = tuple(_certified(n, X, schedule, normaliser, dtype) for n, X in found.items())
    return replace(seen, dtype=dtype, tier=tier)


def of_layers(
    layers: tuple[Measured, ...],
    schedule: Schedule,
    normaliser: Normaliser | None = None,
    *,
    lower: float | None = None,
    share: float = 0.99,
    band: tuple[float, float] = (0.7, 1.3),
    remarks: tuple[str, ...] = (),
) -> Spectrum:
    """The answer for matrices that were measured before, after the same normalisation (Frobenius unless said)."""
    if not 0 < share <= 1 or not 0 < band[0] < 1 < band[1]:
        raise UsageError(f"share {share:g} and band {band}: write a share up to 1, and a band around 1 such as 0.7,1.3")
    edges = tuple(sorted({*EDGES, *([] if lower is None else [lower])}))
    values = np.concatenate([layer.values for layer in layers])
    advice = _advice(values, share, band)
    return Spectrum(schedule, normaliser or Normaliser.named("frobenius"), layers, edges, None, (), advice, remarks)


def matrices(source: Source, key: str | None) -> dict[str, Array]:
    """The matrices by name, finite and not zero.  Raises UsageError."""
    if isinstance(source, str | Path | os.PathLike):
        found = read(os.fspath(source), key)
    elif isinstance(source, Mapping):
        plain = {str(name): M for name, value in source.items() if (M := matrix(value)) is not None}
        found = chosen(plain, key, "the mapping")
    else:
        one = matrix(source)
        found = {} if one is None else {"X": one}
    if not found:
        raise UsageError("there is no matrix of real numbers: give a file, an array of two dimensions, or several")
    for name, X in found.items():
        if not np.isfinite(X).all():
            raise UsageError(f"{name} has an entry that is not finite: there is no spectrum of it")
        if not X.any():
            raise UsageError(f"{name} is zero: normalising it means nothing; choose others with --key")
    return found


def _certified(name: str, X: Array, schedule: Schedule, normaliser: Normaliser, dtype: str) -> Certified:
    import torch

    from muon_theory.confirmation import a_posteriori, kernel_for, singular_interval

    if X.size > CERTIFIED:
        return Certified(name, None, (), f"it has more than {CERTIFIED} entries: use confirm on a sample of rows")
    start = torch.from_numpy(normaliser.apply(X / np.abs(X).max()))
    kernel = kernel_for(dtype)
    try:
        _, errors = a_posteriori(kernel, start, schedule, singular_interval(kernel.load(start).double()))
        bands = stretches(schedule, errors, matrix=name)
    except UndecidedError as error:
        return Certified(name, None, (), str(error))
    made = tuple(band.certificate for band in bands if band.certificate is not None)
    return Certified(name, bands[-1].image, made if len(made) == len(bands) else ())


def _advice(values: Array, share: float, band: tuple[float, float]) -> Advice:
    """The fewest steps whose certified band of [l, 1] lies inside the one asked for; l is the quantile of 1 - share."""
    ordered = np.sort(values)
    lower = float(ordered[min(len(ordered) - 1, int((1 - share) * len(ordered)))])
    if lower < 1e-12:
        return Advice(lower, share, band, None, None)
    least = Fraction(decimal(Fraction(lower), 4, -1))
    upper = max(Fraction(1), Fraction(decimal(Fraction(float(ordered[-1])), 6, +1)))
    for count in range(1, MOST_STEPS + 1):
        try:
            found = design(5, count, least, upper, digits=8)
        except UndecidedError:
            continue
        reached = found.image
        if reached is not None and Fraction(band[0]) <= reached.lo and reached.hi <= Fraction(band[1]):
            return Advice(lower, share, band, found.schedule, reached)
    return Advice(lower, share, band, None, None)
