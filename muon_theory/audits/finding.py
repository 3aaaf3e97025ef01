"""Findings: what a rule has to say about a schedule, with a witness and a way out."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any


class Severity(enum.Enum):
    """How much it matters: an error is wrong on some input, a warning may be, a note is good to know.

    CLEAN is what is said of a subject without findings.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    CLEAN = "clean"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.  `witness` is checkable: a point, a row, a bound; `fix` is what to write or do instead."""

    rule: str
    severity: Severity
    message: str
    witness: str | None = None
    fix: str | None = None
    file: str | None = None
    line: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The machine form; file and line only where they are known."""
        data: dict[str, Any] = {
            "rule": self.rule,
            "severity": self.severity.value,
            "message": self.message,
            "witness": self.witness,
            "fix": self.fix,
        }
        return data | {k: v for k, v in (("file", self.file), ("line", self.line)) if v is not None}
