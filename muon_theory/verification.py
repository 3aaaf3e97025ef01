"""The one door to a verdict: hand a certificate's bytes to the checker and return what it says.

The word "proved" is written here, and in the checker, alone; everything else passes a `Verdict` on.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from muon_theory.certificate import AnyCertificate


class Verdict(enum.Enum):
    """The answer to a claim.  `worst` is conjunction: refuted < undecided < proved."""

    REFUTED = "refuted"
    UNDECIDED = "undecided"
    PROVED = "proved"

    @classmethod
    def worst(cls, *verdicts: Verdict) -> Verdict:
        """The conjunction: refuted if any is, else undecided if any is, else proved.

        >>> Verdict.worst(Verdict.PROVED, Verdict.UNDECIDED)
        <Verdict.UNDECIDED: 'undecided'>
        """
        order = list(cls)
        return min(verdicts, key=order.index, default=cls.PROVED)

    @property
    def exit_status(self) -> int:
        return {Verdict.PROVED: 0, Verdict.REFUTED: 1, Verdict.UNDECIDED: 3}[self]


def _checker() -> ModuleType:
    """The checker, loaded when it is first asked: `import muon_theory` stays light."""
    from muon_theory import check

    return check


@dataclass(frozen=True, slots=True)
class Verification:
    """What the checker found in one file: its words, and how much it checked."""

    proved: bool
    reason: str
    claims: tuple[str, ...]
    obligations: int
    leaves: int
    digest: str | None

    @property
    def verdict(self) -> Verdict:
        """PROVED, or UNDECIDED: what the checker refuses may still be true."""
        return Verdict.PROVED if self.proved else Verdict.UNDECIDED


def verdict_on(certificates: Iterable[AnyCertificate]) -> Verdict:
    """PROVED if there is a certificate and the checker accepts each, else UNDECIDED."""
    seen = [verify(certificate).verdict for certificate in certificates]
    return Verdict.worst(*seen) if seen else Verdict.UNDECIDED


def verify(certificate: AnyCertificate | bytes) -> Verification:
    """The checker's verdict on a certificate, or on the bytes of a certificate file.

    >>> verify(b'{"format": "muon-theory/certificate/1"}').reason
    "malformed: the key 'schedule' is missing"
    """
    data = certificate if isinstance(certificate, bytes) else certificate.data
    result = _checker().check_bytes(data)
    return Verification(
        proved=result["verdict"] == Verdict.PROVED.value,
        reason=result["reason"],
        claims=tuple(result["claims"]),
        obligations=result["obligations"],
        leaves=result["leaves"],
        digest=result["digest"],
    )


@dataclass(frozen=True, slots=True)
class FileVerdicts:
    """The checker's verdicts on files, as data, as text, and as the exit status of the worst."""

    files: tuple[dict[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        return {"files": list(self.files)}

    def text(self) -> str:
        return "\n".join(map(_checker().describe, self.files))

    @property
    def exit_status(self) -> int:
        return int(_checker().exit_status(list(self.files)))


def verify_files(names: Sequence[str], expect: str | None = None) -> FileVerdicts:
    """The checker's verdict on each file; with a digest expected, certificates about another subject are refused."""
    return FileVerdicts(tuple(_checker().check_file(name, expect) for name in names))
