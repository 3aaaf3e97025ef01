"""What became of a claim: the one answer that `certify`, `design`, `thresholds`, the atlas and the report give.

`established` and `refuted` hand a certificate to `verify`: no other answer is PROVED or REFUTED.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from muon_theory.certificate import AnyCertificate, Certificate
from muon_theory.claims import AnyClaim, Subject
from muon_theory.display import Page, Shown, Table
from muon_theory.errors import UndecidedError
from muon_theory.verification import Verdict, verify

C = TypeVar("C", bound=AnyClaim, covariant=True)
K = TypeVar("K", bound=AnyClaim)


@dataclass(frozen=True, slots=True, repr=False)
class Answer(Shown, Generic[C]):
    """One claim about a subject, and what became of it.

    PROVED: `certificate` is of the claim.  REFUTED: it is of a contrary.  UNDECIDED: there is none, and `note` says how
    to go on.
    """

    subject: Subject
    claim: C
    verdict: Verdict
    certificate: AnyCertificate | None = None
    note: str = ""
    required: bool = False

    @property
    def statement(self) -> str:
        """The claim in one sentence: rounded so that it follows where it is proved, else exactly as it was asked.

        What is refuted may not be rounded like what is proved: a weaker statement may be true.
        """
        return self.claim.statement(self.subject, exactly=not self.proved)

    @property
    def proved(self) -> bool:
        return self.verdict is Verdict.PROVED

    @property
    def refuted_by(self) -> str:
        """The contrary statement that was verified, or nothing."""
        return self.certificate.statement if self.certificate and self.verdict is Verdict.REFUTED else ""

    @property
    def proof(self) -> Certificate[C] | None:
        """The certificate of the claim itself."""
        return Certificate(self.subject, self.claim, self.certificate.witness, self.certificate.provenance) if (
            self.certificate is not None and self.proved
        ) else None  # fmt: skip

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        return () if self.certificate is None else (self.certificate,)

    def page(self) -> Page:
        about = f"{self.claim.type} of {self.subject.name or 'a schedule'}: {self.statement}"
        return Page("", (Table(((self.verdict.value, "\n".join(filter(None, [about, self.refuted_by, self.note]))),)),))

    def to_json(self) -> dict[str, object]:
        """The machine interface's entry of `claims`."""
        others = {"refuted_by": self.refuted_by, "note": self.note}
        return {
            **self.claim.to_json(),
            "verdict": self.verdict.value,
            "statement": self.statement,
            "required": self.required,
            **{key: text for key, text in others.items() if text},
        }

    def needed(self) -> Answer[C]:
        """The same, and the verdict of the whole depends on it."""
        return replace(self, required=True)


def established(certificate: Certificate[K]) -> Answer[K]:
    """The claim of a certificate, as the checker sees it."""
    seen = verify(certificate)
    if not seen.proved:
        note = f"the checker refused: {seen.reason}"
        return Answer(certificate.subject, certificate.claim, Verdict.UNDECIDED, note=note)
    return Answer(certificate.subject, certificate.claim, Verdict.PROVED, certificate)


def refuted(claim: K, contrary: AnyCertificate, note: str) -> Answer[K]:
    """A claim whose contrary has a certificate."""
    seen = verify(contrary)
    if not seen.proved:
        note = f"the checker refused the refutation: {seen.reason}"
        return Answer(contrary.subject, claim, Verdict.UNDECIDED, note=note)
    return Answer(contrary.subject, claim, Verdict.REFUTED, contrary, note)


def undecided(subject: Subject, claim: K, note: str) -> Answer[K]:
    """Neither was found; the note says how to go on."""
    return Answer(subject, claim, Verdict.UNDECIDED, note=note)


def attempt(subject: Subject, claim: K, find: Callable[[], Certificate[K]]) -> Answer[K]:
    """What a finder makes of a claim; where it gives up, `claim` is what was asked."""
    try:
        return established(find())
    except UndecidedError as error:
        return undecided(subject, claim, "; ".join([error.typed, *getattr(error, "__notes__", [])]))
