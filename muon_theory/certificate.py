"""Certificates: a subject, a claim about it and a witness, as canonical JSON bytes (`docs/certificate-format.md`).

A certificate states; it proves nothing until `verify` has handed its bytes to the checker.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from muon_theory.claims import Claim, to_json
from muon_theory.errors import UsageError
from muon_theory.family import Family, Members
from muon_theory.schedule import Schedule

FORMAT = "muon-theory/certificate/1"
BUNDLE = "muon-theory/bundle/1"


@dataclass(frozen=True, slots=True)
class Certificate:
    """One claim with its witness.  `witness` is plain JSON data with a "type"; rationals are strings."""

    subject: Schedule | Family | Members
    claim: Claim
    witness: dict[str, Any]
    provenance: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        key, subject = (
            ("family", self.subject.to_json())
            if isinstance(self.subject, Family | Members)
            else ("schedule", self.subject.rows())
        )
        return {
            "format": FORMAT,
            key: subject,
            "claim": self.claim.to_json(),
            "witness": to_json(self.witness),
            "provenance": {"subject": self.subject.name, "statement": self.claim.statement(), **self.provenance},
        }

    @property
    def data(self) -> bytes:
        """The canonical bytes: keys in the format's order, no spaces, one final newline."""
        return canonical(self.to_json())


def canonical(value: Any) -> bytes:
    """JSON without spaces, as UTF-8, with one final newline."""
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def bundle(certificates: Iterable[Certificate]) -> bytes:
    """Several certificates as the bytes of one file; a single one stays as it is."""
    every = list(certificates)
    if not every:
        raise UsageError("there is no certificate to write: nothing was proved")
    if len(every) == 1:
        return every[0].data
    return canonical({"format": BUNDLE, "certificates": [c.to_json() for c in every]})


def write(path: Path, data: bytes) -> None:
    """Write a whole file or none: to a neighbour first, then into place."""
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}: name a file in a folder that exists") from None
