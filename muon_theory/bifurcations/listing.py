"""What every listing of thresholds is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from muon_theory.certificate import AnyCertificate


@dataclass(frozen=True, slots=True)
class Threshold:
    """One entry of the listing: the data of the machine interface, and the certificates that prove it."""

    data: dict[str, Any]
    certificates: tuple[AnyCertificate, ...] = ()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All thresholds of a subject."""

    subject: str
    thresholds: tuple[Threshold, ...]

    def to_json(self) -> dict[str, Any]:
        return {"subject": self.subject, "thresholds": [t.data for t in self.thresholds]}

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        return tuple(c for t in self.thresholds for c in t.certificates)


def empty(kind: str) -> dict[str, Any]:
    """The entry of a threshold that has no value."""
    return {"kind": kind, **dict.fromkeys(("value", "minimal_polynomial", "isolating")), "multiplicity": 0}
