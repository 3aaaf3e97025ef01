"""What a kind of claim is: a record whose fields carry their roles, its sentence, its witness and its obligations."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar, get_type_hints

from muon_theory.claims.gallina import Functions
from muon_theory.claims.record import Record
from muon_theory.claims.words import Printer, Role, Subject, composed, parameters
from muon_theory.family import Members
from muon_theory.interval import Interval

Lines = Iterator[str]


class About(enum.Enum):
    """What the subject of a claim must be."""

    SCHEDULE = "a schedule"
    MAP = "one map repeated without end"
    FAMILY = "a family with f(1) = 1"


@dataclass(frozen=True, slots=True)
class Witness(Record):
    """Base of the witnesses' shapes: what a proof of a claim needs beside the claim."""


@dataclass(frozen=True, slots=True)
class NoWitness(Witness):
    """A computation that needs no witness."""

    type = "none"


W = TypeVar("W", bound=Witness)


@dataclass(frozen=True, slots=True)
class Claim(Record, Generic[W]):
    """Abstract: one of the kinds of the registry.  W is the shape of its witness.

    Laws: `statement` follows from the claim, whatever is rounded; `from_json(to_json())` is the claim.
    """

    formula: ClassVar[str]
    letters: ClassVar[tuple[tuple[str, str], ...]] = ()
    """What stands for the claim's numbers in the formula, with the field that holds them."""
    lemma: ClassVar[str]
    """Of docs/trust.md: its title."""
    witness: ClassVar[type[Witness]]
    about: ClassVar[About] = About.SCHEDULE
    members: ClassVar[bool] = False
    """May it be about all members of a family in a box?"""
    reference: ClassVar[bool] = False
    """Is the subject only a reference, and the claim about all polynomials of its degrees?"""
    notation: ClassVar[str] = ""
    """The letters of its obligations."""

    def sentence(self, say: Words) -> str:
        """What the claim says, its numbers as `say` shows them."""
        raise TypeError(f"{type(self).__name__} is not a claim of the list")

    def theorem(self, f: Functions) -> str:
        """What the claim says of these functions, over the reals, in the language of Coq."""
        raise TypeError(f"{type(self).__name__} is not a claim of the list")

    def obligations(self, subject: Subject, witness: W) -> Lines:
        """What the checker is asked to verify, in words, in the order of the certificate."""
        raise TypeError(f"{type(self).__name__} is not a claim of the list")

    def statement(self, subject: Subject, exactly: bool = False, digits: int = 0) -> str:
        """The claim about the subject in one sentence: rounded so that it follows, or with the exact numbers."""
        say = Words(self, subject, Printer(exactly, digits))
        if isinstance(subject, Members):
            return f"for every {say.box(subject.box)}: {self.sentence(say)}"
        return self.sentence(say)

    def here(self, subject: Subject) -> str:
        """The formula's letters, as this claim has them: u = 1.  Exact."""
        say = Words(self, subject, Printer(exactly=True))
        given = [(letter, getattr(self, name)) for letter, name in self.letters]
        return ", ".join(say.letter(letter, value) for letter, value in given if value not in (None, ()))


AnyClaim: TypeAlias = Claim[Any]
"""A claim of some kind."""


def roles(kind: type[AnyClaim]) -> dict[str, Role]:
    """The role of each number of a claim, by the field that holds it."""
    hints = get_type_hints(kind, include_extras=True)
    marks = ((f.name, mark) for f in fields(kind) for mark in getattr(hints[f.name], "__metadata__", ()))
    return {name: mark for name, mark in marks if isinstance(mark, Role)}


@dataclass(frozen=True, slots=True)
class Words:
    """The numbers of a claim as its statement shows them, each by its role."""

    claim: AnyClaim
    subject: Subject
    printer: Printer

    def __getitem__(self, field: str) -> str:
        return self.show(getattr(self.claim, field), roles(type(self.claim))[field])

    def show(self, value: object, role: Role) -> str:
        """A number, an interval, or a list of them."""
        if isinstance(value, Fraction):
            return self.printer.value(value) if role is Role.VALUE else self.printer.number(value, role)
        if isinstance(value, Interval):
            return self.printer.interval(value, role)
        if isinstance(value, tuple):
            return ", ".join(self.show(part, role) for part in value)
        raise TypeError(f"{value!r} has no role in a statement")

    def letter(self, letter: str, value: object) -> str:
        """u = 1; p ∈ [1, 2] where the letter is one number of an interval."""
        if letter == "p" and isinstance(value, Interval):
            return self.printer.within(letter, value, Role.EXACT).replace(" in ", " ∈ ")
        whole = value if isinstance(value, tuple) else (value,)
        return f"{letter} = {', '.join(str(v) if isinstance(v, int) else self.show(v, Role.EXACT) for v in whole)}"

    @property
    def map(self) -> str:
        """φ, or fⁿ."""
        return composed(self.subject)

    @property
    def names(self) -> list[str]:
        """Of the parameters."""
        return parameters(self.subject)

    def box(self, box: tuple[Interval, ...], ends: str = "[]") -> str:
        """a in [1, 2], s in [0, 1]: of parameters, for every one of which something is said."""
        return self.printer.box(self.names, box, Role.EVERY, ends)

    def every(self, field: str) -> str:
        """x = 1, or every x in [1/100, 1]."""
        i: Interval = getattr(self.claim, field)
        role = roles(type(self.claim))[field]
        return ("" if i.is_point else "every ") + self.printer.within("x", i, role)
