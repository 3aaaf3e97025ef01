"""Certificates: a subject, a claim about it and its witness, as canonical JSON bytes (`docs/certificate-format.md`).

A certificate states; it proves nothing until `verify` has handed its bytes to the checker.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

from muon_theory.claims import CLAIMS, AnyClaim, Json, Subject, Witness, claim_from_json, to_json
from muon_theory.claims.record import Record, rational
from muon_theory.errors import UsageError
from muon_theory.expression import ParameterPolynomial
from muon_theory.family import Family, Members
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

FORMAT = "muon-theory/certificate/1"
BUNDLE = "muon-theory/bundle/1"
LARGEST = 4_000_000  # bytes of a file, as the checker has it

C = TypeVar("C", bound=AnyClaim, covariant=True)


@dataclass(frozen=True, slots=True, repr=False)
class Certificate(Generic[C]):
    """One claim with its witness, of the shape that the claim's type names."""

    subject: Subject
    claim: C
    witness: Witness
    provenance: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.witness, self.claim.witness):
            raise TypeError(f"a witness of {self.claim.type} is a {self.claim.witness.__name__}, not {self.witness!r}")

    def __repr__(self) -> str:
        return f"<Certificate {self.claim.type} of {self.subject.name or 'a schedule'}: {self.statement}>"

    @property
    def statement(self) -> str:
        """What it claims, in one sentence that follows from the claim."""
        return self.claim.statement(self.subject)

    def to_json(self) -> dict[str, Json]:
        key = "schedule" if isinstance(self.subject, Schedule) else "family"
        subject = self.subject.rows() if isinstance(self.subject, Schedule) else self.subject.to_json()
        return {
            "format": FORMAT,
            key: to_json(subject),
            "claim": self.claim.to_json(),
            "witness": self.witness.to_json(),
            "provenance": to_json({"subject": self.subject.name, **self.provenance}),
        }

    @classmethod
    def from_json(cls, value: Json) -> AnyCertificate:
        """The certificate whose JSON this is.  Raises UsageError; what it accepts need not be proved."""
        if not isinstance(value, dict) or value.get("format") != FORMAT:
            raise UsageError(f"not a certificate: its format must be {FORMAT!r}")
        provenance = value.get("provenance")
        about = provenance if isinstance(provenance, dict) else {}
        claim = claim_from_json(value.get("claim"))
        witness = CLAIMS[claim.type].witness.from_json(value.get("witness"))
        rest = {k: v for k, v in about.items() if k != "subject"}
        return Certificate(_subject(value, str(about.get("subject", "schedule"))), claim, witness, rest)

    @property
    def data(self) -> bytes:
        """The canonical bytes: keys in the format's order, no spaces, one final newline."""
        return canonical(self.to_json())


AnyCertificate: TypeAlias = Certificate[AnyClaim]
"""A certificate of some kind of claim."""


@dataclass(frozen=True, slots=True)
class _Family(Record):
    parameters: tuple[str, ...]
    coefficients: tuple[ParameterPolynomial, ...]


@dataclass(frozen=True, slots=True)
class _Members(Record):
    parameters: tuple[str, ...]
    rows: tuple[tuple[ParameterPolynomial, ...], ...]
    box: tuple[Interval, ...]


def _subject(certificate: Mapping[str, Json], name: str) -> Subject:
    family = certificate.get("family")
    if isinstance(family, dict) and "box" in family:
        several = _Members.from_json(family)
        return Members(name, several.parameters, several.rows, several.box)
    if family is not None:
        one = _Family.from_json(family)
        return Family(name, one.parameters, one.coefficients)
    rows = certificate.get("schedule")
    if not isinstance(rows, list) or not rows:
        raise UsageError("not a certificate: the key 'schedule' or 'family' is missing")
    return Schedule(tuple(_step(row) for row in rows), name=name)


def _step(row: Json) -> OddPolynomial:
    if not isinstance(row, list) or not row:
        raise UsageError("not a certificate: a row of the schedule is a list of rationals")
    return OddPolynomial(tuple(map(rational, row)))


def canonical(value: object) -> bytes:
    """JSON without spaces, as UTF-8, with one final newline."""
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def dump(certificates: Iterable[AnyCertificate]) -> bytes:
    """Several certificates as the bytes of one file, a bundle; a single one stays as it is."""
    every = list(certificates)
    if not every:
        raise UsageError("there is no certificate to write: nothing was proved")
    if len(every) == 1:
        return every[0].data
    return canonical({"format": BUNDLE, "certificates": [c.to_json() for c in every]})


bundle = dump


class Certificates(tuple[AnyCertificate, ...]):
    """The certificates of a file, which show themselves a line each."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "\n".join(map(repr, self)) or "no certificates"


def load(file: str | Path | bytes) -> Certificates:
    """The certificates of a file, or of its bytes: one, or those of a bundle.  Raises UsageError.

    They state what they state: `verify` says whether it is proved.
    """
    data = file if isinstance(file, bytes) else read_file(Path(file))
    if len(data) > LARGEST:
        raise UsageError(f"{len(data)} bytes are more than a certificate file may have: {LARGEST}")
    try:
        value = json.loads(data.decode(), object_pairs_hook=_no_repeats)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not a certificate: not JSON text: {str(error)[:80]}") from None
    return Certificates(from_json(value))


def from_json(value: Json) -> tuple[AnyCertificate, ...]:
    """The certificates of a file's JSON."""
    if not isinstance(value, dict) or value.get("format") != BUNDLE:
        return (Certificate.from_json(value),)
    parts = value.get("certificates")
    if not isinstance(parts, list) or not parts:
        raise UsageError("this bundle holds no certificates")
    if any(isinstance(part, dict) and part.get("format") == BUNDLE for part in parts):
        raise UsageError("this bundle holds a bundle, as none may")
    return tuple(map(Certificate.from_json, parts))


def _no_repeats(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    if len(found := dict(pairs)) != len(pairs):
        raise ValueError("an object has the same key twice")
    return found


def read_file(path: Path) -> bytes:
    """The bytes of a certificate file, at most one more than it may have."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None


def write(path: Path, data: bytes) -> None:
    """Write a whole file or none: to a neighbour first, then into place."""
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise UsageError(f"cannot write {path}: {error.strerror}: name a file in a folder that exists") from None
