"""Verbs about certificates: `verify`, `explain`, `export`; `load` is `muon_theory.certificate.load`."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from muon_theory.certificate import LARGEST, AnyCertificate, Certificate, bundle, read_file
from muon_theory.claims import Json
from muon_theory.display import Lines, Page, Shown
from muon_theory.errors import UsageError
from muon_theory.number import Reading
from muon_theory.subject import Subject, schedule_of
from muon_theory.subject.arguments import reading_named
from muon_theory.verification import Refusal, Verification
from muon_theory.verification import verify as verified

if TYPE_CHECKING:
    from muon_theory.api.audits import RulePage
    from muon_theory.exports.coqc import CoqResult, CoqVerdict
    from muon_theory.verification import Verdict

Proof = AnyCertificate | bytes | str | os.PathLike[str] | Shown
"""What holds certificates: one of them, a file or its bytes, or a result."""


def _bytes(proof: Proof) -> bytes:
    """The bytes of the file that the certificates are, or would be."""
    match proof:
        case bytes():
            return proof
        case Certificate():
            return proof.data
        case Shown():
            return bundle(proof.certificates)
    return read_file(Path(proof))


def verify(
    certificate: Proof,
    *,
    expect: Subject | None = None,
    steps: int | None = None,
    reading: str | Reading = "decimal",
) -> Verification:
    """What the independent checker says of certificates; `.proved` is true when every one of them is.

    Parameters
    ----------
    certificate
        A file, its bytes, a `Certificate`, or a result that has some.
    expect
        Refuse certificates about anything else: a digest, or a subject as for `certify`.
    steps, reading
        Of the expected subject, as for `certify`.

    >>> verify(b'{"format": "muon-theory/certificate/1"}').reason
    "malformed: the key 'schedule' is missing"
    """
    given = certificate if isinstance(certificate, (str, os.PathLike)) else _bytes(certificate)
    return verified(given, _digest(expect, steps, reading))


def _digest(expect: Subject | None, steps: int | None, reading: str | Reading) -> str | None:
    """The digest of the subject that is expected: as it is, or of a schedule in any of the ways to name one."""
    if expect is None or (isinstance(expect, str) and re.fullmatch("[0-9a-f]{64}", expect)):
        return expect
    return schedule_of(expect, steps, reading_named(reading)).digest


def _json(data: bytes, name: str) -> dict[str, Json]:
    """The object of a certificate file.  Raises UsageError where it is none at a glance."""
    if len(data) > LARGEST:
        raise UsageError(f"{name} has more than {LARGEST} bytes: no certificate is as long, name another file")
    if not data.strip():
        raise UsageError(f"{name} is empty: name a certificate file, such as one that `certify --out` wrote")
    try:
        value = json.loads(data)
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not text: name a certificate file, in JSON") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise UsageError(f"{name} is not a certificate: an object is expected")
    return value


def _name(proof: Proof) -> str:
    return os.fspath(proof) if isinstance(proof, (str, os.PathLike)) else "the certificate"


@dataclass(frozen=True, slots=True, repr=False)
class Explanation(Shown):
    """A certificate as a proof for people, and what the checker says of the whole file."""

    proof: str
    verification: Verification

    @property
    def verdict(self) -> Verdict | Refusal:
        return self.verification.verdict

    @property
    def exit_status(self) -> int:
        return self.verification.exit_status

    def to_json(self) -> dict[str, object]:
        return {"proof": self.proof, **self.verification.to_json()}

    def page(self) -> Page:
        seen = self.verification
        return Page("", (Lines((self.proof, f"FILE        {seen.verdict.value}: {seen.file}")),))


def explain(certificate: Proof) -> Explanation | RulePage:
    """A certificate as a proof: the statement, the theorem used, each obligation with its numbers, the verdict.

    The id of a rule of `audit` gives that rule's page.

    >>> from muon_theory.finders.band import slope
    >>> from muon_theory.schedule import Schedule
    >>> print(explain(slope(Schedule.parse("3,-3,1;2,-1"))).proof.splitlines()[4])
    STATEMENT   φ'(0) = 6
    """
    from muon_theory.explanation import explain as proof

    if isinstance(certificate, (str, os.PathLike)) and not os.path.exists(certificate):
        from muon_theory.api.audits import RulePage
        from muon_theory.audits.rules import RULES

        if os.fspath(certificate) in RULES:
            return RulePage(RULES[os.fspath(certificate)])
    data, name = _bytes(certificate), _name(certificate)
    seen = verify(name if isinstance(certificate, (str, os.PathLike)) else data)
    value = _json(data, name)
    if seen.reason.startswith("malformed"):
        raise UsageError(f"{name} is no certificate that could be explained: {seen.reason}")
    return Explanation(proof(value), seen)


@dataclass(frozen=True, slots=True, repr=False)
class Export(Shown):
    """A text in another language; `run` is what became of it there, where it was compiled."""

    text_in: str
    to: str
    subject: str
    run: CoqResult | None = None

    @property
    def verdict(self) -> CoqVerdict | None:
        """The proof assistant's, where it was asked."""
        return self.run.verdict if self.run else None

    @property
    def exit_status(self) -> int:
        return 0 if self.run is None else self.run.exit_status

    def to_json(self) -> dict[str, object]:
        if self.run is not None:
            return {"file": self.subject, **self.run.to_json()}
        key = "file" if self.to == "coq" else "subject"
        return {key: self.subject, "to": self.to, "text": self.text_in}

    def page(self) -> Page:
        if self.run is None:
            return Page("", (Lines((self.text_in.rstrip("\n"),)),))
        axioms = ", ".join(sorted(self.run.axioms)) or "none"
        return Page("", (Lines((f"{self.run.word}: {self.run.said}", f"axioms: {axioms}")),))

    def text(self, width: int = 0, paint: object = None) -> str:
        """The text as it is: it is for a compiler, which cares about lines."""
        return self.text_in.rstrip("\n") if self.run is None else super(Export, self).text()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the text to a file."""
        from muon_theory.certificate import write

        write(Path(path), (self.text_in.rstrip("\n") + "\n").encode())


def export(
    subject: Subject | Proof,
    *,
    steps: int | None = None,
    to: Literal["coq", "json", "python", "c", "latex", "torch", "optax"] = "coq",
    run: bool = False,
    seconds: float = 600,
) -> Export:
    """A certificate as a Coq file with a readable theorem, or a schedule in another language.

    A schedule is written as JSON, Python, C, LaTeX, or as the arguments of torch.optim.Muon or optax.contrib.muon.

    Parameters
    ----------
    subject
        With "coq" certificates: a file, its bytes, a `Certificate`, or a result that has some; else as for `certify`.
    steps
        As for `certify`.
    to
        The language.
    run, seconds
        With "coq": compile it with coqc, for at most so long.

    >>> print(export("3/2,-1/2", steps=1, to="json").text())
    [["1.5", "-0.5"]]
    """
    if to == "coq":
        return _coq(subject, run, seconds)  # type: ignore[arg-type]
    if run:
        raise UsageError("--run belongs to --to=coq")
    from muon_theory.exports.source import TARGETS

    schedule = schedule_of(subject, steps)  # type: ignore[arg-type]
    return Export(TARGETS[to](schedule), to, subject if isinstance(subject, str) else schedule.name)


def _coq(proof: Proof, run: bool, seconds: float) -> Export:
    from muon_theory.exports import coq, coqc

    name = _name(proof)
    data = _bytes(proof)
    _json(data, name)  # says in one line what is wrong with a file that is no JSON
    text = coq.to_coq(data)
    return Export(text, "coq", name, coqc.run_coq(text, seconds=seconds) if run else None)
