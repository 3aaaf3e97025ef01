"""What the sections are made with: certificates by file name, made and checked once, and numbers rounded outward."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import cache, partial
from importlib import resources
from typing import Any, ParamSpec

from muon_theory.certificate import AnyCertificate, load
from muon_theory.claims import Attains, MapsInto
from muon_theory.document import Badge, Proof, Section, Table
from muon_theory.errors import UsageError
from muon_theory.finders import band
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.schedule import Schedule
from muon_theory.verification import verify

P = ParamSpec("P")
_MAKERS: dict[str, Callable[[], AnyCertificate]] = {}


def add(name: str, make: Callable[P, AnyCertificate], *arguments: P.args, **named: P.kwargs) -> str:
    """Register what makes the certificate `name` (a file name without .json), each name once.  Returns the name."""
    if name in _MAKERS:
        raise UsageError(f"two certificates are called {name!r}: give each its own name")
    _MAKERS[name] = partial(make, *arguments, **named)
    return name


def names() -> tuple[str, ...]:
    """All registered certificates, in the order of registration."""
    return tuple(_MAKERS)


@cache
def proof(name: str) -> Proof:
    """The certificate of that name, made and handed to the checker (once a process)."""
    if name not in _MAKERS:
        raise UsageError(f"there is no certificate {name!r}: `names()` lists them")
    certificate = _MAKERS[name]()
    return Proof(f"{name}.json", certificate, verify(certificate))


def claim(name: str) -> Any:
    """The claim of a certificate, for its numbers."""
    return proof(name).certificate.claim


def add_band(name: str, schedule: Schedule, start: Interval) -> str:
    """Register the image of `start` from outside (`name`) and from inside (`name`-attained).  Returns the name."""
    add(name, band.maps_into, schedule, start)
    add(f"{name}-attained", band.attains, schedule, start)
    return name


def both(bands: Iterable[str]) -> tuple[str, ...]:
    """The file names of bands, from outside and from inside."""
    return tuple(name for band in bands for name in (band, f"{band}-attained"))


def outside(name: str) -> Interval:
    """The certified interval that contains the image."""
    stated = claim(name)
    assert isinstance(stated, MapsInto)
    return stated.target


def inside(name: str) -> Interval:
    """The certified interval that the image contains."""
    stated = claim(f"{name}-attained")
    assert isinstance(stated, Attains)
    return stated.contains


def deviation(name: str) -> Interval:
    """max |φ - 1| over the start of a band: from below and from above."""
    least, most = inside(name), outside(name)
    return Interval(max(1 - least.lo, least.hi - 1, Fraction(0)), max(1 - most.lo, most.hi - 1))


def down(q: Fraction, digits: int = 6) -> str:
    """A lower bound as text."""
    return decimal(q, digits, -1)


def up(q: Fraction, digits: int = 6) -> str:
    """An upper bound as text."""
    return decimal(q, digits, +1)


def span(i: Interval, digits: int = 6) -> str:
    """An interval as text, rounded outward."""
    return i.text(digits)


Clauses = tuple[tuple[str, str], ...]
"""What is said, clause by clause, and what it rests on: certificates, or a derivation."""

CERTIFICATES, DERIVED = "certificates", "derivation"
IN_COQ: set[str] = set()
"""The theorems of the Coq library that clauses rest on."""
STORED: set[str] = set()
"""Names of certificates that are kept beside the code, as their search takes long."""


def stored(name: str) -> str:
    """Register a certificate that is read from article/records; a study finds it again and compares."""

    def read() -> AnyCertificate:
        (certificate,) = load(resources.files("muon_theory.article").joinpath("records", f"{name}.json").read_bytes())
        return certificate

    STORED.add(name)
    return add(name, read)


def coq(*theorems: str) -> str:
    """What a clause rests on that ranges over all coefficients: theorems of the Coq library."""
    IN_COQ.update(theorems)
    return f"Coq: {', '.join(theorems)}"


def settle(
    id: str,
    title: str,
    said: str,
    precisely: str,
    badge: Badge,
    answer: str,
    proofs: Sequence[str] = (),
    clauses: Clauses = (),
    **rest: Any,
) -> Section:
    """A section whose badge stands only if the checker proved every certificate named.

    Where clauses differ in what they rest on, `clauses` says it; the badge says that they are proved in part if one of
    them is only derived.
    """
    if clauses:
        rest["tables"] = (*rest.get("tables", ()), Table("What each clause rests on", ("clause", "rests on"), clauses))
    made = tuple(proof(name) for name in proofs)
    refused = [p for p in made if not p.verification.proved]
    if refused:
        badge = Badge.DERIVED
        notes = (f"The checker refused {p.file}: {p.verification.reason}." for p in refused)
        rest["remarks"] = (*notes, *rest.get("remarks", ()))
    return Section(id, title, said, precisely, badge, answer, proofs=made, **rest)


def theorem(
    id: str, title: str, asked: str, precisely: str, badge: Badge, answer: str, *rest: Any, **more: Any
) -> Section:
    """A section that goes on from the article's claims: nobody has said it, but something asks for it."""
    return settle(id, title, "", f"{asked}\n\n{precisely}", badge, answer, *rest, **more)
