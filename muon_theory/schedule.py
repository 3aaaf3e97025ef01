"""Schedules: the ordered steps (f_1, …, f_T) of a Newton-Schulz iteration, and what a user must know about them."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod

from muon_theory.errors import ParseError, UsageError
from muon_theory.normalisation import Normalisation
from muon_theory.number import Reading, exact_decimal
from muon_theory.polynomial import OddPolynomial

STEPS = 5
"""How often one map is repeated where nobody names a number."""


class Extension(enum.Enum):
    """What an implementation runs when the number of steps asked for differs from the list."""

    EXACT = "exact"
    REPEAT_LAST = "repeat-last"
    CYCLE = "cycle"
    SLICE_FIRST = "slice-first"
    SLICE_LAST = "slice-last"

    def chosen(self, have: int, want: int) -> list[int] | None:
        """Which of `have` rows (from 0) run as `want` steps, None where this extension cannot run so many.

        >>> Extension.CYCLE.chosen(4, 5), Extension.SLICE_LAST.chosen(5, 3), Extension.EXACT.chosen(5, 6)
        ([0, 1, 2, 3, 0], [2, 3, 4], None)
        """
        if have == want:
            return list(range(have))
        match self:
            case Extension.REPEAT_LAST:
                return [min(t, have - 1) for t in range(want)]
            case Extension.CYCLE:
                return [t % have for t in range(want)]
            case Extension.SLICE_FIRST if want < have:
                return list(range(want))
            case Extension.SLICE_LAST if want < have:
                return list(range(have - want, have))
        return None


class Steps(tuple[OddPolynomial, ...]):
    """The steps as a tuple that shows itself: a row a step, to be pasted where coefficients are asked for.

    >>> Steps([OddPolynomial.of(3, -3, 1), OddPolynomial.of(2, -1)])
    3, -3, 1;
    2, -1
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return ";\n".join(", ".join(map(exact_decimal, step.coefficients)) for step in self)

    def _repr_latex_(self) -> str:
        rows = (rf"f_{{{t}}}(x) &= {step.latex()}" for t, step in enumerate(self, 1))
        return "\n".join([r"\begin{align*}", " \\\\\n".join(rows), r"\end{align*}"])


@dataclass(frozen=True, slots=True, repr=False)
class Schedule:
    """An ordered list of odd polynomials over ℚ, applied first to last, with its provenance.

    φ = f_T ∘ … ∘ f_1; φ'(0) = ∏ f_t'(0).  Equality of the mathematics is equality of `digest`, whatever the name,
    source or conventions.

    >>> jordan = Schedule.parse("3.4445,-4.7750,2.0315", steps=5)
    >>> len(jordan.steps), jordan.slope == Fraction("3.4445") ** 5, jordan.constant
    (5, True, True)
    """

    steps: tuple[OddPolynomial, ...]
    name: str = "schedule"
    reading: Reading = Reading.DECIMAL
    extension: Extension = Extension.EXACT
    normalisation: Normalisation = Normalisation.FROBENIUS
    sources: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if not self.steps:
            raise UsageError(f"schedule {self.name!r} has no steps: give at least one row of coefficients")
        object.__setattr__(self, "steps", Steps(self.steps))

    def __repr__(self) -> str:
        return f"<Schedule {self.name}: {len(self.steps)} steps, digest {self.digest[:16]}>"

    def _repr_latex_(self) -> str:
        if self.constant:
            return rf"$f_t(x) = {self.steps[0].latex()}, \quad t = 1, \dots, {len(self.steps)}$"
        return Steps(self.steps)._repr_latex_()

    @classmethod
    def of(
        cls,
        rows: Sequence[Sequence[str | int | Fraction]],
        name: str = "schedule",
        reading: Reading = Reading.DECIMAL,
    ) -> Schedule:
        """From rows of exact texts, under a reading."""
        return cls(tuple(OddPolynomial.of(*row, reading=reading) for row in rows), name, reading)

    @classmethod
    def parse(cls, text: str, steps: int | None = None, reading: Reading = Reading.DECIMAL) -> Schedule:
        """From 'a,b,c;a,b,c'.  One row means that map repeated `steps` times (5 unless said).

        Raises ParseError that points at the wrong character of `text`.
        """
        rows: list[list[str]] = []
        position = 0
        for row in text.split(";"):
            rows.append([])
            for cell in row.split(","):
                start = position + len(cell) - len(cell.lstrip())
                try:
                    Reading.DECIMAL.read(cell)
                except ParseError as error:
                    raise ParseError(str(error), text, start + error.position) from None
                rows[-1].append(cell.strip())
                position += len(cell) + 1
        return cls.of(rows, name=text, reading=reading).asked(steps)

    @property
    def constant(self) -> bool:
        """Is it one map repeated?"""
        return all(step == self.steps[0] for step in self.steps)

    @property
    def slope(self) -> Fraction:
        """φ'(0) = ∏ f_t'(0)."""
        return prod((step.slope for step in self.steps), start=Fraction(1))

    def __call__(self, x: Fraction | int) -> Fraction:
        """φ(x), exactly (the size of the result grows like 5^T)."""
        value = Fraction(x)
        for step in self.steps:
            value = step(value)
        return value

    def rows(self) -> list[list[str]]:
        """The steps as canonical texts, as certificates carry them."""
        return [step.row() for step in self.steps]

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of the steps alone."""
        return hashlib.sha256(json.dumps(self.rows(), separators=(",", ":")).encode()).hexdigest()

    def to_json(self) -> dict[str, object]:
        """What the machine interface says of a schedule that an answer is about."""
        return {"name": self.name, "digest": self.digest, "steps": self.rows()}

    def repeated(self, count: int) -> Schedule:
        """A one-row schedule as `count` equal steps."""
        if not self.constant:
            raise UsageError(f"schedule {self.name!r} has different rows: only one map can be repeated")
        return replace(self, steps=self.steps[:1] * _positive(count))

    def asked(self, count: int | None, usual: int = STEPS) -> Schedule:
        """Rows as they were written, for so many steps: a single one is repeated, `usual` times unless said."""
        if len(self.steps) == 1:
            return self.repeated(usual if count is None else count)
        return self if count is None else self.with_steps(count)

    def with_steps(self, count: int) -> Schedule:
        """What an implementation with this extension runs when asked for `count` steps."""
        chosen = self.extension.chosen(len(self.steps), _positive(count))
        if chosen is None:
            raise UsageError(
                f"schedule {self.name!r} has {len(self.steps)} steps and extension {self.extension.value!r}: "
                f"it cannot run {count} steps"
            )
        return self if len(self.steps) == count else replace(self, steps=tuple(self.steps[t] for t in chosen))


def _positive(count: int) -> int:
    if count < 1:
        raise UsageError(f"{count} steps make no schedule: ask for 1 or more")
    return count
