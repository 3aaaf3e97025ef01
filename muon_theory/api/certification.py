"""What `certify` answers: the exact result, and beside it what rounding adds in a format."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from muon_theory.answer import Answer
from muon_theory.certificate import AnyCertificate
from muon_theory.claims import AnyClaim, MapsInto
from muon_theory.claims.words import about, exact
from muon_theory.display import Block, Facts, Lines, Page, Shown, Table
from muon_theory.display.stepwise import stepwise
from muon_theory.finders import Result
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.precision import Tier
from muon_theory.robust import Attempt
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict, verdict_on

if TYPE_CHECKING:
    from muon_theory.display.plots import Figure


@dataclass(frozen=True, slots=True)
class Rounding:
    """What the tiers say about one format, size and order of operations."""

    dtype: str
    shape: tuple[int, ...]
    order: str
    attempts: tuple[Attempt, ...]
    cap: Fraction = Fraction(3, 2)
    target: Interval | None = None

    @property
    def verdict(self) -> Verdict:
        """PROVED if the worst case keeps every singular value from `lower` on within cap and target, else UNDECIDED.

        A bound that is too wide refutes nothing.
        """
        worst = next(a for a in self.attempts if a.tier is Tier.W)
        found = None if worst.reason or worst.band is None else worst.band.certificate
        band = None if found is None else found.claim.target  # what is derived beside it is not proved
        inside = band is not None and band.hi <= self.cap and (self.target is None or band <= self.target)
        return verdict_on([found] if found is not None and inside else [])

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        """The robust bands of the worst case; a model has none."""
        bands = (a.band for a in self.attempts if a.band is not None)
        return tuple(c for band in bands for c in band.certificates)

    def to_json(self) -> dict[str, object]:
        return {
            "dtype": self.dtype,
            "shape": ",".join(map(str, self.shape)),
            "order": self.order,
            "verdict": self.verdict.value,
            "tiers": [a.to_json() for a in self.attempts],
        }

    def lines(self) -> tuple[str, ...]:
        """For people; tier A is for given inputs, and `confirm` has it."""
        said = [f"Rounding in {self.dtype}, {'×'.join(map(str, self.shape))}, {self.order}:"]
        for attempt in self.attempts:
            said += [f"  {line}" for line in attempt.lines()]
        again = f"muon-theory confirm SUBJECT --dtype {self.dtype} --shape {','.join(map(str, self.shape))}"
        return (*said, f"  tier A  bounds the errors on given inputs: {again}")


@dataclass(frozen=True, slots=True, repr=False)
class Certification(Shown):
    """What holds for a schedule: `exact`, with a certificate for each answer, and `rounding` where a format was named.

    The verdict is that of exact arithmetic, and with `require_dtype` that of the format as well.
    """

    exact: Result
    rounding: Rounding | None = None
    require_dtype: bool = False

    @property
    def verdict(self) -> Verdict:
        if self.rounding is None or not self.require_dtype:
            return self.exact.verdict
        return Verdict.worst(self.exact.verdict, self.rounding.verdict)

    @property
    def heading(self) -> str:
        """The verdict; where a format was named, of exact arithmetic and of the format."""
        exact = self.exact.verdict.value.upper()
        if self.rounding is None:
            return exact
        there = self.rounding.verdict
        under = " under its assumptions" if there is Verdict.PROVED else ""
        return f"{exact} (exact) · {self.rounding.dtype} {there.value.upper()}{under}"

    @property
    def schedule(self) -> Schedule:
        return self.exact.schedule

    @property
    def answers(self) -> tuple[Answer[AnyClaim], ...]:
        """Every claim and what became of it, the required ones first."""
        return self.exact.answers

    @property
    def image(self) -> Interval | None:
        """φ([lower, upper]) lies in it."""
        return self.exact.image

    @property
    def slope(self) -> Fraction:
        """φ'(0) = ∏ a_t."""
        return self.exact.slope

    @property
    def safe_sigma_max(self) -> Interval | None:
        """A bracket of the largest safe input: safe up to its lower end, unsafe somewhere below its upper end."""
        return self.exact.safe_sigma_max

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        return (*self.exact.certificates, *(self.rounding.certificates if self.rounding else ()))

    def to_json(self) -> dict[str, object]:
        data = self.exact.to_json() | {"verdict": self.verdict.value}
        return data | {"rounding": self.rounding.to_json()} if self.rounding else data

    def page(self) -> Page:
        blocks: tuple[Block, ...] = (
            self._facts(),
            Table(tuple(_row(answer) for answer in self.answers)),
            Lines(("* required for the verdict",)),
        )
        extra = (Lines(self.rounding.lines()),) if self.rounding else ()
        return Page(self.heading, (*blocks, *extra))

    def _facts(self) -> Facts:
        found, schedule = self.exact, self.schedule
        safe = found.safe_sigma_max
        band = MapsInto(found.interval, found.image).statement(schedule, digits=15) if found.image else "not enclosed"
        return Facts(
            (
                ("schedule", f"{schedule.name}  ({len(schedule.steps)} steps, digest {schedule.digest[:16]})"),
                *((("coefficients", schedule.note),) if schedule.note.startswith("floats") else ()),
                ("slope φ'(0)", about(found.slope, 30)),
                ("safe σ_max", f"{decimal(safe.lo, 12, -1) if safe else 'none'}  (cap {exact(found.cap)})"),
                ("band", band),
            )
        )

    def plot(self) -> Figure:
        """φ with the cap and the band, its error, and each step's error."""
        levels = {"cap": self.exact.cap}
        if self.image is not None:
            levels |= {"band": self.image.lo, "": self.image.hi}
        return stepwise(self.schedule, self.exact.interval, levels)


def _row(answer: Answer[AnyClaim]) -> tuple[str, str]:
    more = "; ".join(filter(None, [answer.refuted_by, answer.note]))
    mark = "* " if answer.required else "  "
    return mark + answer.verdict.value, answer.statement + (f"\n{more}" if more else "")
