"""What every listing of thresholds is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from muon_theory.certificate import AnyCertificate
from muon_theory.display import Page, Shown, Table
from muon_theory.display.plots import marks
from muon_theory.evidence import Standing
from muon_theory.verification import Verdict

if TYPE_CHECKING:
    from muon_theory.display.plots import Figure


@dataclass(frozen=True, slots=True)
class Threshold:
    """One entry of the listing: the data of the machine interface, and the certificates that prove it."""

    data: dict[str, Any]
    certificates: tuple[AnyCertificate, ...] = ()

    @property
    def row(self) -> tuple[str, str, str, str]:
        """Kind, value, verdict, and what there is to know about it."""
        data = self.data
        said = [f"{k.replace('_', ' ')} {data[k]}" for k in ("multiplier", "critical_value", "partner") if k in data]
        if data["minimal_polynomial"] is not None:
            said.append(f"root of {data['minimal_polynomial']}")
        if data.get("reason"):
            said.append(data["reason"])
        value = data["value"] or ("curve" if "polynomial" in data else "none")
        return data["kind"], value, data["verdict"], "; ".join(said)


@dataclass(frozen=True, slots=True, repr=False)
class Thresholds(Shown):
    """All thresholds of a subject."""

    subject: str
    thresholds: tuple[Threshold, ...]

    @property
    def verdict(self) -> Verdict | Standing:
        """UNDECIDED if any is, else DERIVED if any is, else PROVED."""
        words = {t.data["verdict"] for t in self.thresholds}
        if "undecided" in words:
            return Verdict.UNDECIDED
        return Standing.DERIVED if "derived" in words else Verdict.PROVED

    def __iter__(self) -> Iterator[Threshold]:
        return iter(self.thresholds)

    def page(self) -> Page:
        return Page(self.subject, (Table(tuple(t.row for t in self.thresholds)),))

    def plot(self) -> Figure:
        """Where they lie."""
        found = {t.data["kind"]: float(t.data["value"]) for t in self.thresholds if t.data["value"] is not None}
        return marks(found, self.subject, "")

    def to_json(self) -> dict[str, Any]:
        return {"subject": self.subject, "thresholds": [t.data for t in self.thresholds]}

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        return tuple(c for t in self.thresholds for c in t.certificates)


def empty(kind: str) -> dict[str, Any]:
    """The entry of a threshold that has no value."""
    return {"kind": kind, **dict.fromkeys(("value", "minimal_polynomial", "isolating")), "multiplicity": 0}
