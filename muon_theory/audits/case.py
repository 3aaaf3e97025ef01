"""What the rules look at: a schedule, its entry, the arithmetic it runs in, and what is certified of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Protocol

from muon_theory.audits.orbit import Orbit, first_unsafe, orbit
from muon_theory.audits.subjects import Audited
from muon_theory.catalogue import Entry
from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval
from muon_theory.number import Reading
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision.format import Format, format_named
from muon_theory.precision.upper import margin
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict

SMALL = Fraction(1, 1000)
"""The small singular value that every audit follows."""


class Certified(Protocol):
    """The part of a certification result that the rules use."""

    @property
    def verdict(self) -> Verdict:
        """Of sign safety on (0, upper] and the cap there."""

    @property
    def image(self) -> Interval | None:
        """An enclosure of φ([lower, upper]), None where there is none."""

    @property
    def safe_sigma_max(self) -> Interval | None:
        """A bracket of the largest safe input: safe up to lo, unsafe somewhere below hi."""


Certifier = Callable[[Schedule, Fraction, Fraction, Fraction], Certified]
"""(schedule, lower, upper, cap) ↦ what is certified of it on (0, upper], and its image of [lower, upper]."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is asked of every list: the least singular value that matters, the largest output, a band for the image."""

    lower: Fraction = Fraction(1, 1000)
    cap: Fraction = Fraction(3, 2)
    target: Interval | None = None


def with_proofs(schedule: Schedule, lower: Fraction, upper: Fraction, cap: Fraction) -> Certified:
    """The certifier of this package: every bound comes with a certificate that the checker accepted."""
    return _proved(schedule.steps, lower, upper, cap)


@cache
def _proved(steps: tuple[OddPolynomial, ...], lower: Fraction, upper: Fraction, cap: Fraction) -> Certified:
    """One list stands in many files: each is certified once."""
    from muon_theory.finders import safety  # loads the finders, so only when called

    return safety(Schedule(steps), lower, upper, cap)


@dataclass(frozen=True, slots=True)
class Case:
    """The subject of one audit.

    `bound` is the largest singular value the normalisation admits in exact arithmetic (1 where it promises nothing),
    `upper` the largest it can produce in the format: bound·(1 + margin).  `unsafe` is a witness on (0, bound],
    `unsafe_rounded` one on (bound, upper].  `open_question` says why the certifier gave no answer.
    """

    subject: Audited
    limits: Limits
    bound: Fraction
    upper: Fraction
    unsafe: Orbit | None
    unsafe_rounded: Orbit | None
    certified: Certified | None
    open_question: str
    certify: Certifier | None

    @classmethod
    def of(cls, subject: Audited, limits: Limits, certify: Certifier | None) -> Case:
        """Work out the input range, look for witnesses of unsafety on it, and certify.

        Where no format is known, the room for rounding is judged for bfloat16, the usual one.
        """
        schedule, arithmetic, cap = subject.schedule, subject.format, limits.cap
        bound = subject.bound or Fraction(1)
        upper = bound * (1 + margin(arithmetic))
        beyond = bound * (1 + margin(arithmetic or format_named("bf16")))
        end = orbit(schedule, beyond)
        rounded = end if end.unsafe(cap) else None
        certified, open_question = None, ""
        try:
            certified = certify(schedule, limits.lower, upper, cap) if certify else None
        except UndecidedError as error:
            open_question = str(error)
        unsafe = first_unsafe(schedule, bound, cap)
        return cls(subject, limits, bound, upper, unsafe, rounded, certified, open_question, certify)

    @property
    def schedule(self) -> Schedule:
        """The steps as they run."""
        return self.subject.schedule

    @property
    def entry(self) -> Entry | None:
        """The catalogue's entry that was named, if one was."""
        return self.subject.entry

    @property
    def format(self) -> Format | None:
        """The number format of the iteration, if it is known."""
        return self.subject.format

    @property
    def unused(self) -> bool:
        """Is it a list that no loop was seen to run, in a format that is not known?"""
        found = self.subject.found
        return found is not None and found.kind != "run" and self.format is None

    @property
    def safe(self) -> Interval | None:
        """The bracket of the largest safe input, if there is one."""
        return self.certified.safe_sigma_max if self.certified else None

    @property
    def coefficient_reading(self) -> Reading:
        """The narrowest format in which code could hold the coefficients."""
        return Reading.BINARY16 if self.format and self.format.name == "fp16" else Reading.BFLOAT16
