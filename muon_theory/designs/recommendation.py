"""What `recommend` answers: schedules with all that speaks for them, and what is not offered, with the reason."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.answer import Answer
from muon_theory.certificate import AnyCertificate
from muon_theory.claims import AnyClaim
from muon_theory.claims.words import about
from muon_theory.designs.formats import InFormat, Setting
from muon_theory.designs.greedy import reach
from muon_theory.designs.products import cost, count
from muon_theory.display import Block, Facts, Lines, Page, Shown, Table
from muon_theory.display.plots import Figure, images
from muon_theory.display.stepwise import stepwise
from muon_theory.inexactness import Inexactness
from muon_theory.interval import Interval
from muon_theory.number import Reading, decimal, exact_decimal
from muon_theory.robust import MEANING, Attempt
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict


@dataclass(frozen=True, slots=True, repr=False)
class Recommendation(Shown):
    """A schedule that is safe in the setting, its certified image, and what speaks for it.

    image : φ([lower, largest input]) lies in it.
    answers : that it does, that every step is positive there, and the safe σ_max, each with its certificate.
    standing : its safe σ_max, and what the model of rounding says of its upper end (None: exact arithmetic).
    constants : ℓ ≤ φ(x)/x ≤ u on (0, largest input] and what follows (None: not asked for, or not found).
    rounding : what tiers W, S and P say of matrices of the shape; `worst_input` how large an input may then be.
    same : other names of the same rows.
    again : the command that makes a designed one again, with the bound that none of its degrees beats.
    """

    schedule: Schedule
    interval: Interval
    image: Interval
    answers: tuple[Answer[AnyClaim], ...]
    safe_sigma_max: Fraction | None
    standing: InFormat | None
    reason: str
    constants: Inexactness | None = None
    rounding: tuple[Attempt, ...] = ()
    worst_input: Fraction | None = None
    same: tuple[str, ...] = ()
    again: str = ""

    @property
    def verdict(self) -> Verdict:
        return Verdict.worst(*(a.verdict for a in self.answers if a.required))

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        constants = self.constants.certificates if self.constants else ()
        return (*(a.certificate for a in self.answers if a.certificate is not None), *constants)

    @property
    def degrees(self) -> tuple[int, ...]:
        """Of the steps."""
        return tuple(step.degree for step in self.schedule.steps)

    @property
    def products(self) -> int:
        """Matrix products of all steps."""
        return cost(self.schedule)

    @property
    def error(self) -> Fraction:
        """max |1 - φ| on the interval is at most this."""
        return reach(self.image)

    def to_json(self) -> dict[str, object]:
        s, c = self.schedule, self.constants
        return {
            "name": s.name,
            "steps": [[exact_decimal(c) for c in step.coefficients] for step in s.steps],
            "degrees": list(self.degrees),
            "products": self.products,
            "products_by_scheme": count(self.degrees),
            "error": decimal(self.error, 12, +1),
            "interval": self.interval.inward(),
            "image": self.image.outward(),
            "slope": decimal(s.slope, 12),
            "ratio_lower": c and c.ratio_lower.outward(),
            "ratio_upper": c and c.ratio_upper.outward(),
            "cap": c and c.cap.outward(),
            "angular": c and c.angular and c.angular.outward(),
            "safe_sigma_max": self.safe_sigma_max and decimal(self.safe_sigma_max, 12, -1),
            "largest_input": decimal(self.interval.hi, 12, +1),
            "worst_input": self.worst_input and decimal(self.worst_input, 12, +1),
            "modelled_upper_end": self.standing and self.standing.modelled_upper_end,
            "rounding": [a.to_json() for a in self.rounding],
            "verdict": self.verdict.value,
            "claims": [a.to_json() for a in (*self.answers, *(c.answers if c else ()))],
            "digest": s.digest,
            "extension": s.extension.value,
            "reason": self.reason,
            "same": list(self.same),
            "again": self.again or None,
            "sources": list(s.sources),
        }

    def page(self) -> Page:
        return Page(f"{self.schedule.name}: {self.verdict.value}", (Lines(tuple(self.lines())),))

    def plot(self) -> Figure:
        """φ with the certified band, its error, and each step's error."""
        return stepwise(self.schedule, self.interval, {"band": self.image.lo, "": self.image.hi})

    def lines(self) -> Iterator[str]:
        """For people: the rows, to be pasted, and what is known of them."""
        yield from (f"  {line}" for line in pasted(self.schedule))
        yield f"  {self.reason}" + (f"; the same rows: {', '.join(self.same)}" if self.same else "")
        if self.again:
            yield f"  {self.again}"
        yield f"  degrees {', '.join(map(str, self.degrees))}; {self.products} matrix products"
        yield f"  certified band {self.image}; slope φ'(0) {about(self.schedule.slope, 6)}"
        if (c := self.constants) is not None:
            bounds = f"{decimal(c.ratio_lower.lo, 6, -1)} ≤ φ(x)/x ≤ {decimal(c.ratio_upper.hi, 6, +1)}"
            angular = f", ρ̄ ≤ {decimal(c.angular.hi, 6, +1)}" if c.angular else ""
            yield f"  ratio constants {bounds}{angular}"
        yield f"  safe σ_max {self._held}; largest input {_up(self.interval.hi)}{self._worst}"
        yield from (f"  {line}" for line in self._rounded())

    @property
    def _held(self) -> str:
        return "not certified" if self.safe_sigma_max is None else decimal(self.safe_sigma_max, 7, -1)

    @property
    def _worst(self) -> str:
        """Beside the largest input where sums are exact: that of the worst case, and whether it is safe as well."""
        if self.worst_input is None or self.safe_sigma_max is None:
            return ""
        held = "safe as well" if self.worst_input <= self.safe_sigma_max else "not shown safe"
        return f"; in the worst case {_up(self.worst_input)}, {held}"

    def _rounded(self) -> Iterator[str]:
        if self.standing is not None and self.standing.upper_end is not None:
            yield f"model of the upper end (tier P): outputs up to {_up(self.standing.upper_end)}"
        for a in self.rounding:
            if a.band is not None:
                yield f"tier {a.tier.value}, {MEANING[a.tier]}: {a.band.start} → {a.band.image}"
        if silent := [a.tier.value for a in self.rounding if a.band is None]:
            yield f"band of all values, tier{'s' * (len(silent) > 1)} {', '.join(silent)}: none (errors outgrow it)"


class Reason(enum.Enum):
    """Why a candidate is not offered."""

    UNSAFE = "not safe in the format"
    FAR = "error of 1 or more"
    SIGN = "a step not shown positive"
    LONG = "no part of it fits"
    BEYOND = "safe, but not among the best"
    UNMADE = "not designed"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A candidate that is not offered: why, in one line as well, and the number that decided."""

    name: str
    kind: Reason
    reason: str
    number: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Recommendations(Shown):
    """The schedules that are offered, best certified error first, and those that are not."""

    every: tuple[Recommendation, ...]
    dropped: tuple[Dropped, ...]
    interval: Interval
    setting: Setting | None
    shape: tuple[int, int] | None = None

    @property
    def verdict(self) -> Verdict:
        """Of the bands and the signs of all that is offered; undecided where nothing is."""
        return Verdict.worst(*(r.verdict for r in self.every)) if self.every else Verdict.UNDECIDED

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        return tuple(c for r in self.every for c in r.certificates)

    def __iter__(self) -> Iterator[Recommendation]:
        return iter(self.every)

    def __len__(self) -> int:
        return len(self.every)

    def __getitem__(self, index: int) -> Recommendation:
        return self.every[index]

    def to_json(self) -> dict[str, object]:
        return {
            "schedules": [r.to_json() for r in self.every],
            "dropped": [{"name": d.name, "kind": d.kind.value, "reason": d.reason} for d in self.dropped],
            "interval": self.interval.inward(),
            "dtype": self.setting and self.setting.dtype,
            "normalisation": self.setting and self.setting.normalisation.name,
            "shape": self.shape and list(self.shape),
            "verdict": self.verdict.value,
        }

    def page(self) -> Page:
        where = "exact arithmetic"
        if self.setting:
            size = f", {'×'.join(map(str, self.shape))}" if self.shape else ""
            where = f"{self.setting.dtype}{size}, norm {self.setting.normalisation.name}"
        over = f"[{exact_decimal(self.interval.lo)}, {exact_decimal(self.interval.hi)}]"
        head = f"{len(self.every)} schedules on {over}; {where}; least certified error first"
        if not self.every:
            head = f"UNDECIDED: nothing is offered on {over}; {where}"
        blocks: list[Block] = []
        if self.every:
            bounded = any(r.constants for r in self.every)
            header = ("schedule", "products", "error ≤", "ℓ ≥", "u ≤", "ρ̄ ≤")[: 6 if bounded else 3]
            blocks.append(Table(tuple(_row(r)[: len(header)] for r in self.every), header))
            if bounded:
                meaning = "ℓ ≤ φ(x)/x ≤ u up to the largest input, ρ̄ = (u + ℓ)/(2√(uℓ)); see `constants`"
                blocks.append(Lines((meaning,)))
        blocks += [Lines((f"{r.schedule.name}:", *r.lines())) for r in self.every]
        if self.dropped:
            kinds = dict.fromkeys(d.kind for d in self.dropped)
            rows = tuple((kind.value, ", ".join(_named(d) for d in self.dropped if d.kind == kind)) for kind in kinds)
            blocks += [Lines(("Not offered (each reason in full: --format json, in Python .dropped):",)), Facts(rows)]
        return Page(head, tuple(blocks))

    def plot(self) -> Figure:
        """φ of the best four."""
        return images({r.schedule.name: r.schedule for r in self.every[:4]}, self.interval)


def _row(r: Recommendation) -> tuple[str, ...]:
    c = r.constants
    constants = ("", "", "")
    if c is not None:
        angular = decimal(c.angular.hi, 4, +1) if c.angular else "none"
        constants = decimal(c.ratio_lower.lo, 4, -1), decimal(c.ratio_upper.hi, 5, +1), angular
    return r.schedule.name, str(r.products), decimal(r.error, 4, +1), *constants


def _named(d: Dropped) -> str:
    return f"{d.name} ({d.number})" if d.number else d.name


def pasted(schedule: Schedule) -> tuple[str, ...]:
    """The rows as a list of Python, a line each; one row that repeats once.

    A number without a short decimal is the nearest of binary64, which is what reading the exact one there would give.

    >>> pasted(Schedule.parse("3/2,-1/2;3/2,-1/3"))
    ('[(1.5, -0.5),', ' (1.5, -0.3333333333333333)]  # nearest binary64 numbers')
    >>> pasted(Schedule.parse("15/8,-5/4,3/8", steps=5))
    ('[(1.875, -1.25, 0.375)] * 5',)
    """
    steps = schedule.steps[:1] if schedule.constant else schedule.steps
    rows = [f"({', '.join(map(_literal, step.coefficients))}{',' * (step.degree == 1)})" for step in steps]
    times = f" * {len(schedule.steps)}" if schedule.constant and len(schedule.steps) > 1 else ""
    rounded = any("/" in exact_decimal(c) for step in steps for c in step.coefficients)
    note = "  # nearest binary64 numbers" if rounded else ""
    return tuple(
        f"{'[' if i == 0 else ' '}{row}{f']{times}{note}' if i == len(rows) - 1 else ','}" for i, row in enumerate(rows)
    )


def _literal(c: Fraction) -> str:
    text = exact_decimal(c)
    if "/" not in text:
        return text
    nearest = Reading.BINARY64.round(c)
    return repr(nearest.numerator / nearest.denominator)  # exact: the quotient is a binary64 number


def _up(q: Fraction) -> str:
    return decimal(q, 7, +1)
