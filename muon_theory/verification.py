"""The one door to a verdict: hand a certificate's bytes to the checker and return what it says.

The word "proved" is written here, and in the checker, alone; everything else passes a `Verdict` on.
"""

from __future__ import annotations

import enum
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import ModuleType

from muon_theory.certificate import AnyCertificate
from muon_theory.display import Lines, Page, Shown


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


class Refusal(enum.Enum):
    """The checker's other word: a refused certificate proves nothing, and refutes nothing either."""

    REFUSED = "refused"


@dataclass(frozen=True, slots=True, repr=False)
class Verification(Shown):
    """What the checker found in one file: `said` has its own words, the other fields the most asked of them.

    `proved` is true when every certificate in the file is.
    """

    proved: bool
    reason: str
    claims: tuple[str, ...]
    obligations: int
    leaves: int
    digest: str | None
    said: Mapping[str, object]

    @property
    def verdict(self) -> Verdict | Refusal:
        return Verdict.PROVED if self.proved else Refusal.REFUSED

    @property
    def file(self) -> str:
        """The name of the file; that of no file is `certificate`."""
        return str(self.said["file"])

    @property
    def exit_status(self) -> int:
        return int(_checker().exit_status([self.said]))

    def to_json(self) -> dict[str, object]:
        return dict(self.said)

    def page(self) -> Page:
        return Page("", (Lines((_checker().describe(self.said),)),))


def verify(certificate: AnyCertificate | bytes | str | os.PathLike[str], expect: str | None = None) -> Verification:
    """The checker's verdict on a certificate, on the bytes of a certificate file, or on the file of that name.

    With a digest expected, certificates about another subject are refused; so is a file that cannot be read.

    >>> verify(b'{"format": "muon-theory/certificate/1"}').reason
    "malformed: the key 'schedule' is missing"
    """
    if isinstance(certificate, (str, os.PathLike)):
        said = _checker().check_file(os.fspath(certificate), expect)
    else:
        data = certificate if isinstance(certificate, bytes) else certificate.data
        said = {"file": "certificate", **_checker().check_bytes(data, expect)}
    return Verification(
        proved=said["verdict"] == Verdict.PROVED.value,
        reason=said["reason"],
        claims=tuple(said["claims"]),
        obligations=said["obligations"],
        leaves=said["leaves"],
        digest=said["digest"],
        said=said,
    )


def verdict_on(every: Iterable[AnyCertificate | Verification]) -> Verdict:
    """PROVED if there is a certificate and the checker accepts, or has accepted, each; else UNDECIDED."""
    seen = [one if isinstance(one, Verification) else verify(one) for one in every]
    return Verdict.PROVED if seen and all(one.proved for one in seen) else Verdict.UNDECIDED


@dataclass(frozen=True, slots=True, repr=False)
class Verifications(Shown):
    """The checker's verdicts on several files; `proved` when each of them is."""

    files: tuple[Verification, ...]

    @property
    def proved(self) -> bool:
        return all(f.proved for f in self.files)

    @property
    def verdict(self) -> Verdict | Refusal:
        return Verdict.PROVED if self.proved else Refusal.REFUSED

    @property
    def exit_status(self) -> int:
        return int(_checker().exit_status([f.said for f in self.files]))

    def to_json(self) -> dict[str, object]:
        return {"files": [f.to_json() for f in self.files]}

    def page(self) -> Page:
        return Page("", (Lines(tuple(_checker().describe(f.said) for f in self.files)),))
