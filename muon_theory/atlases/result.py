"""An atlas: the layers of a plane with their boxes, shares, and certificates that the checker has verified."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from muon_theory.atlases.explore import Found, Leaf, Prover
from muon_theory.atlases.plane import Plane, Strip, maximal, volume
from muon_theory.atlases.verified import verified
from muon_theory.certificate import write
from muon_theory.number import decimal
from muon_theory.verification import Verification, verdict_on


@dataclass(frozen=True, slots=True)
class File:
    """A certificate file of a layer, as it was verified."""

    name: str
    layer: str
    data: bytes
    boxes: int
    verification: Verification


@dataclass(frozen=True, slots=True)
class Atlas:
    """What a sweep found.  `strip` is the part of the plane whose open share is asked for; without one, the window."""

    prover: Prover
    plane: Plane
    strip: Strip | None
    found: Found

    def boxes(self, layer: str) -> tuple[Leaf, ...]:
        """The maximal boxes of one layer."""
        return tuple(leaf for leaf in self.found.leaves if leaf.layer == layer)

    def certified_share(self, layer: str) -> Fraction:
        """The layer's share of the window, exact."""
        return self._share(leaf.path for leaf in self.boxes(layer))

    def open_share(self) -> Fraction:
        """The share of the strip (of the window, without a strip) that lies in no layer."""
        paths = maximal(leaf.path for leaf in self.found.leaves)
        if self.strip is None:
            return 1 - self._share(paths)
        covered = sum((self.strip.area(self.plane.box(p)) for p in paths), Fraction(0))
        return 1 - covered / self.strip.area(self.plane.window)

    def _share(self, paths: Iterable[str]) -> Fraction:
        return sum((volume(self.plane.box(p)) for p in maximal(paths)), Fraction(0)) / self.plane.area

    def files(self) -> list[File]:
        """The certificates, as few files as the checker's limits allow, each proved.

        Raises UndecidedError if the checker refuses one for another reason than its limits.
        """
        files: list[File] = []
        for layer in self.prover.layers:
            parts = list(verified(self.prover, self.plane, layer, self.boxes(layer)))
            for i, (data, count, verification) in enumerate(parts, 1):
                name = f"{layer}.json" if len(parts) == 1 else f"{layer}-{i}.json"
                files.append(File(name, layer, data, count, verification))
        return files

    def write(self, folder: Path) -> list[File]:
        """Write the certificate files into a folder, each whole or not at all."""
        files = self.files()
        for file in files:
            write(folder / file.name, file.data)
        return files

    def share_text(self, layer: str) -> str:
        """The certified share, rounded down."""
        return decimal(self.certified_share(layer), 12, -1)

    @property
    def open_text(self) -> str:
        """The open share, rounded up."""
        return decimal(self.open_share(), 12, +1)

    @property
    def open_of(self) -> str:
        """What the open share is a share of."""
        return self.strip.name if self.strip else "window"

    def to_json(self, files: Sequence[File] = ()) -> dict[str, object]:
        """The answer of the machine interface; shares are rounded outward, the open one up."""
        return {
            "axes": list(self.plane.axes),
            "window": [[str(i.lo), str(i.hi)] for i in self.plane.window],
            "layers": [
                {
                    "property": layer,
                    "boxes": len(self.boxes(layer)),
                    "certified_share": self.share_text(layer),
                    "files": [f.name for f in files if f.layer == layer],
                }
                for layer in self.prover.layers
            ],
            "open_share": self.open_text,
            "open_share_of": self.open_of,
            "tests": self.found.tests,
            "verdict": verdict_on(f.verification for f in files).value,
        }
