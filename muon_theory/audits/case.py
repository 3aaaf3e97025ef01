"""What the rules look at: a schedule, its entry, the arithmetic it runs in, and what is certified of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from muon_theory.audits.orbit import Orbit, first_unsafe, orbit
from muon_theory.catalogue import Entry
from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval
from muon_theory.number import Reading
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


Certifier = Callable[[Schedule, Fraction, Fraction], Certified]
"""(schedule, upper, cap) ↦ what is certified of the schedule on (0, upper]."""


def with_proofs(schedule: Schedule, upper: Fraction, cap: Fraction) -> Certified:
    """The certifier of this package: every bound comes with a certificate that the checker accepted."""
    from muon_theory.finders import certify  # loads python-flint, so only when called

    return certify(schedule, upper=upper, cap=cap)


@dataclass(frozen=True, slots=True)
class Case:
    """The subject of one audit.

    `bound` is the largest singular value the normalisation admits in exact arithmetic (1 where it promises nothing),
    `upper` the largest it can produce in the format: bound·(1 + margin).  `unsafe` is a witness on (0, bound],
    `unsafe_rounded` one on (bound, upper].  `open_question` says why the certifier gave no answer.
    """

    schedule: Schedule
    entry: Entry | None
    format: Format | None
    cap: Fraction
    bound: Fraction
    upper: Fraction
    unsafe: Orbit | None
    unsafe_rounded: Orbit | None
    certified: Certified | None
    open_question: str
    certify: Certifier | None

    @classmethod
    def of(
        cls,
        schedule: Schedule,
        entry: Entry | None,
        dtype: str | None,
        cap: Fraction,
        certify: Certifier | None,
    ) -> Case:
        """Work out the input range, look for witnesses of unsafety on it, and certify.

        Where no format is known, the room for rounding is judged for bfloat16, the usual one.
        """
        arithmetic = format_of(dtype if dtype is not None or entry is None else entry.dtype)
        bound = schedule.normalisation.bound or Fraction(1)
        upper = bound * (1 + margin(arithmetic))
        beyond = bound * (1 + margin(arithmetic or format_named("bf16")))
        end = orbit(schedule, beyond)
        certified, open_question = None, ""
        try:
            certified = certify(schedule, upper, cap) if certify else None
        except UndecidedError as error:
            open_question = str(error)
        return cls(
            schedule,
            entry,
            arithmetic,
            cap,
            bound,
            upper,
            first_unsafe(schedule, bound, cap),
            end if end.unsafe(cap) else None,
            certified,
            open_question,
            certify,
        )

    @property
    def safe(self) -> Interval | None:
        """The bracket of the largest safe input, if there is one."""
        return self.certified.safe_sigma_max if self.certified else None

    @property
    def coefficient_reading(self) -> Reading:
        """The narrowest format in which code could hold the coefficients."""
        return Reading.BINARY16 if self.format and self.format.name == "fp16" else Reading.BFLOAT16


def format_of(text: str | None) -> Format | None:
    """The first number format that a description names ('bfloat16 / float32'), or None ('any')."""
    match = re.search(r"bfloat16|float16|float32|float64|bf16|fp16|fp32|tf32|fp64", text or "")
    return format_named(match[0]) if match else None
