"""The verb `certify`: the exact answers, and beside them what rounding adds in a format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypedDict

from muon_theory.answer import Answer
from muon_theory.api.rounding import Rounded, Rounding, size_of
from muon_theory.claims import AnyClaim, MapsInto
from muon_theory.claims.words import about, exact
from muon_theory.display import Facts, Lines, Page, Table
from muon_theory.display.stepwise import stepwise
from muon_theory.finders import Result
from muon_theory.interval import Interval
from muon_theory.number import Reading, decimal
from muon_theory.schedule import Schedule
from muon_theory.subject import Subject, schedule_of
from muon_theory.subject.arguments import Number, Pair, number, pair, reading_named
from muon_theory.verification import Verdict

if TYPE_CHECKING:
    from muon_theory.display.plots import Figure


@dataclass(frozen=True, slots=True, repr=False)
class Certification(Rounded):
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

    def page(self) -> Page:
        answers = Table(tuple(_row(answer) for answer in self.answers))
        return self.beside(self.heading, self._facts(), answers, Lines(("* required for the verdict",)))

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


class CertifyOptions(TypedDict, total=False):
    """The options of `certify`, for those who pass them on."""

    steps: int | None
    lower: Number
    upper: Number | None
    cap: Number
    target: Pair | None
    digits: int
    reading: str | Reading
    dtype: str | None
    shape: str | Sequence[int] | None
    order: str | None
    require_dtype: bool
    additions: str | int | None
    sums: str | int | None
    failure: Number | None
    exceptions: int | None


def certify(
    subject: Subject,
    *,
    steps: int | None = None,
    lower: Number = "1/1000",
    upper: Number | None = None,
    cap: Number = "3/2",
    target: Pair | None = None,
    digits: int = 12,
    reading: str | Reading = "decimal",
    dtype: str | None = None,
    shape: str | Sequence[int] | None = None,
    order: str | None = None,
    require_dtype: bool = False,
    additions: str | int | None = None,
    sums: str | int | None = None,
    failure: Number | None = None,
    exceptions: int | None = None,
) -> Certification:
    """Prove or refute that a schedule is safe: every step > 0 on (0, upper], output ≤ cap there, the target if given.

    Parameters
    ----------
    subject
        A preset, a file, `file.py::NAME`, coefficients as text, rows of numbers, or an object of this package.
    steps
        How many steps run; one row is repeated, 5 times unless said.
    lower, upper
        The singular values of the band, 0 < lower ≤ upper; `upper` is 1, or with a dtype what
        normalising may leave in it.
    cap
        The largest output that is allowed.
    target
        Require φ([lower, upper]) ⊆ [m, M].
    digits
        How tightly what is found is enclosed.
    reading
        Which numbers the decimals denote.
    dtype, shape, order
        Say what rounding adds, too, in a format, for matrices of a size, in an order of operations.
    require_dtype
        Let the verdict follow the format as well: the band from `lower` on must hold there, within cap and target.
    additions, sums
        In which order the norm's squares are added (torch's on a CPU unless said), and a product's terms (any): any,
        pairwise, lanes:L, blocked:B, torch, or so many additions.
    failure
        Of tier S: its bounds hold together with probability ≥ 1 - failure, 1/1000 unless said.
    exceptions
        Of tier W: say as well where all singular values but so many end.

    Returns
    -------
    Certification
        `.verdict`, `.image`, `.slope`, `.safe_sigma_max`, `.answers`, `.certificates`.

    Raises
    ------
    UsageError
        The subject or an argument cannot be read.

    >>> found = certify([(3.25, -3.51, 1.26)] * 5, lower=0.01)
    >>> found.verdict, str(found.image)
    (<Verdict.PROVED: 'proved'>, '[0.92916572547, 1.17548959056]')
    """
    from muon_theory.audits import format_of, margin
    from muon_theory.finders import certify as find
    from muon_theory.robust import attempts, stored_upper

    beside = {"order": order, "additions": additions, "sums": sums, "failure": failure, "exceptions": exceptions}
    size = size_of(dtype, shape, **beside, require_dtype=require_dtype or None)
    schedule, least = schedule_of(subject, steps, reading_named(reading)), number("--lower", lower)
    how = "fused" if order is None else order
    rows, columns = size[-2:]
    stored = None if dtype is None else stored_upper(dtype, (rows, columns), additions)
    most = (stored or 1 + margin(format_of(dtype))) if upper is None else number("--upper", upper)
    band = None if target is None else pair("--target", target)
    found = find(schedule, least, most, number("--cap", cap), band, digits)
    if dtype is None:
        return Certification(found)
    options: dict[str, Any] = {"additions": additions, "sums": sums, "exceptions": exceptions}
    options |= {} if failure is None else {"failure": number("--failure", failure)}
    tiers = attempts(schedule, dtype, (rows, columns), least, order=how, largest=most, **options)
    return Certification(found, Rounding(dtype, size, how, tiers, found.cap, band), require_dtype)
