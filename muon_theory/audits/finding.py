"""Findings: what a rule has to say about a schedule, with a witness and a way out."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.number import decimal


class Severity(enum.Enum):
    """How much it matters: an error is wrong on some input, a warning may be, a note is good to know.

    CLEAN is what is said of a subject without findings.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    CLEAN = "clean"

    @property
    def rank(self) -> int:
        """0 for an error, 3 for CLEAN."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.  `witness` is checkable: a point, a row, a bound; `fix` is what to write or do instead.

    `row` is the step (from 0) that it is about, where it is about one; path and line are where that row stands.
    `rule` is set when the rule has run.
    """

    severity: Severity
    message: str
    witness: str | None = None
    fix: str | None = None
    path: str | None = None
    line: int | None = None
    row: int | None = None
    rule: str = ""

    @property
    def cells(self) -> tuple[str, str, str, str]:
        """The row of a table: severity, rule, message, witness and remedy."""
        return self.severity.value, self.rule, self.message, "; ".join(filter(None, (self.witness, self.fix)))

    def to_json(self) -> dict[str, object]:
        """The machine form."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "message": self.message,
            "witness": self.witness,
            "fix": self.fix,
            "path": self.path,
            "line": self.line,
        }

    def fingerprint(self, subject: str, digest: str) -> str:
        """What stays when lines move: the rule, the file, the subject, its steps and the row."""
        parts = (self.rule, self.path or "", subject, digest, str(self.row))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def row_text(coefficients: Sequence[Fraction]) -> str:
    """The coefficients, for a message."""
    return ", ".join(decimal(c, 17) for c in coefficients)
