"""What to run: designed and published schedules that are safe in the format they run in, best certified error first.

A candidate is offered if its certified error on [lower, largest input] is below 1, every step is positive there, and it
is safe in the setting (`muon_theory.designs.formats`).  What is not offered is listed with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from muon_theory import catalogue
from muon_theory.catalogue import Entry
from muon_theory.designs.formats import CAP, InFormat, Setting, certified_safe_sigma_max, in_format
from muon_theory.designs.greedy import reach
from muon_theory.designs.making import Number, design
from muon_theory.designs.orthogonalise import least_lower_end
from muon_theory.designs.products import cost, count, products
from muon_theory.designs.result import band, safe
from muon_theory.designs.search import ENOUGH, best_degrees
from muon_theory.display import Lines, Page, Shown, Table
from muon_theory.display.plots import images
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.interval import Interval
from muon_theory.normalisation import Normalisation
from muon_theory.number import decimal, exact_decimal, rational
from muon_theory.robust import Attempt, attempts
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict

if TYPE_CHECKING:
    from muon_theory.display.plots import Figure

ROWS = 10
"""So many are offered at most."""

BUDGET = 15
"""Matrix products, unless said: five quintic steps."""

REACH = CAP - 1 - Fraction(1, 20)
"""Designs that would end above the cap are made for a larger lower end, from which they come as near to 1 as this."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A schedule that is safe in the setting, its certified image, and what speaks for it.

    image : φ([lower, largest input]) lies in it.
    standing : its safe σ_max, and what the model of rounding says of its upper end (None: exact arithmetic).
    rounding : what tiers W and P say of matrices of the shape, where one is given.
    """

    schedule: Schedule
    interval: Interval
    image: Interval
    verdict: Verdict
    safe_sigma_max: Fraction | None
    standing: InFormat | None
    rounding: tuple[Attempt, ...]
    reason: str

    @property
    def products(self) -> int:
        return cost(self.schedule)

    @property
    def error(self) -> Fraction:
        """max |1 - φ| on the interval is at most this."""
        return reach(self.image)

    def to_json(self) -> dict[str, object]:
        s = self.schedule
        degrees = [step.degree for step in s.steps]
        return {
            "name": s.name,
            "steps": [[exact_decimal(c) for c in step.coefficients] for step in s.steps],
            "degrees": degrees,
            "products": self.products,
            "products_by_scheme": count(degrees),
            "error": decimal(self.error, 12, +1),
            "interval": [decimal(self.interval.lo, 12), decimal(self.interval.hi, 12, -1)],
            "image": [decimal(self.image.lo, 12, -1), decimal(self.image.hi, 12, +1)],
            "slope": decimal(s.slope, 12),
            "safe_sigma_max": self.safe_sigma_max and decimal(self.safe_sigma_max, 12, -1),
            "largest_input": decimal(self.interval.hi, 12, +1),
            "modelled_upper_end": self.standing and self.standing.to_json()["modelled_upper_end"],
            "rounding": [a.to_json() for a in self.rounding],
            "verdict": self.verdict.value,
            "digest": s.digest,
            "extension": s.extension.value,
            "reason": self.reason,
            "sources": list(s.sources),
        }


@dataclass(frozen=True, slots=True)
class Dropped:
    """A candidate that is not offered, and why, in one line."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, repr=False)
class Recommendations(Shown):
    """The schedules that are offered, best certified error first, and those that are not."""

    every: tuple[Recommendation, ...]
    dropped: tuple[Dropped, ...]
    interval: Interval
    setting: Setting | None

    @property
    def verdict(self) -> Verdict:
        """Of the bands and the signs of all that is offered; undecided where nothing is."""
        return Verdict.worst(*(r.verdict for r in self.every)) if self.every else Verdict.UNDECIDED

    def __iter__(self) -> Iterator[Recommendation]:
        return iter(self.every)

    def __len__(self) -> int:
        return len(self.every)

    def __getitem__(self, index: int) -> Recommendation:
        return self.every[index]

    def to_json(self) -> dict[str, object]:
        return {
            "schedules": [r.to_json() for r in self.every],
            "dropped": [{"name": d.name, "reason": d.reason} for d in self.dropped],
            "interval": [decimal(self.interval.lo, 12), decimal(self.interval.hi, 12)],
            "dtype": self.setting and self.setting.dtype,
            "normalisation": self.setting and self.setting.normalisation.name,
        }

    def page(self) -> Page:
        rows = tuple(
            (r.schedule.name, str(len(r.schedule.steps)), str(r.products), decimal(r.error, 6, +1), r.reason)
            for r in self.every
        )
        where = f"in {self.setting.dtype}" if self.setting else "in exact arithmetic"
        title = f"{len(self.every)} schedules on {self.interval} {where}, best certified error first"
        header = ("schedule", "steps", "products", "error ≤", "why")
        blocks: list[Table | Lines] = [Table(rows, header)]
        for r in self.every:
            coefficients = "; ".join(", ".join(map(exact_decimal, step.coefficients)) for step in r.schedule.steps)
            blocks.append(Lines((f"{r.schedule.name}:", f"  {coefficients}", *_facts(r))))
        blocks.append(Table(tuple((d.name, d.reason) for d in self.dropped), ("not offered", "why")))
        return Page(title, tuple(blocks))

    def plot(self) -> Figure:
        """φ of the best four."""
        return images({r.schedule.name: r.schedule for r in self.every[:4]}, self.interval)


def _facts(r: Recommendation) -> Iterator[str]:
    held = "not certified" if r.safe_sigma_max is None else decimal(r.safe_sigma_max, 7, -1)
    yield f"  band {r.image}, slope {decimal(r.schedule.slope, 6)}"
    yield f"  safe σ_max {held}, largest input {_up(r.interval.hi)}"
    if r.standing is not None and r.standing.upper_end is not None:
        yield f"  model of rounding (tier P): outputs up to {_up(r.standing.upper_end)}"
    for a in r.rounding:
        said = f"{a.band.start} → {a.band.image}" if a.band is not None else a.reason
        yield f"  tier {a.tier.value}: {said}"


def _up(q: Fraction) -> str:
    return decimal(q, 7, +1)


def recommend(
    lower: Number = "1/1000",
    budget: int | None = None,
    margin: Number = 0,
    decimals: int = 4,
    names: Sequence[str] | None = None,
    *,
    dtype: str | None = None,
    steps: int | None = None,
    normalisation: Normalisation = Normalisation.FROBENIUS,
    shape: tuple[int, int] | None = None,
) -> Recommendations:
    """Schedules that reach close to 1 from `lower` on and are safe in the format, best certified error first.

    Parameters
    ----------
    lower : the least singular value that matters, after normalisation.
    budget : matrix products in all; a step of degree 3, 5, 7, 9 takes 2, 3, 4, 4.  15 unless said; with `steps`, as
        many as those take.
    margin : how far above 1 σ₁ may lie, without a dtype.
    decimals : of the designed coefficients.
    names : which presets to compare; all schedules of the catalogue unless said.
    dtype, normalisation : the format they run in, and the norm that is divided by: they say how large an input may be.
    steps : at most so many.
    shape : of the matrices, for what tiers W and P say about all singular values.

    A preset runs as many steps as the budget and its extension allow, up to its authors' number.

    Raises UsageError if no step is affordable, the ends make no sense, or the norm guarantees nothing.

    >>> found = recommend("1/100", steps=3, dtype="bf16", names=["jordan"])
    >>> [(r.schedule.name, r.standing.safe) for r in found.every if r.schedule.name == "jordan"]
    [('jordan', True)]
    """
    setting = None if dtype is None else Setting(dtype, normalisation)
    l, u = rational(lower), setting.largest if setting else 1 + rational(margin)
    if not 0 < l < u:
        raise UsageError(f"recommendations need 0 < lower < 1 + margin, not [{l}, {u}]")
    search = _Search(Interval(l, u), setting, steps, budget, decimals, shape)
    for degrees in search.shapes():
        search.designed(degrees)
    for name in catalogue.ids() if names is None else names:
        search.listed(catalogue.entry(name))
    return search.result()


class _Search:
    """The candidates so far: offered, and dropped."""

    def __init__(
        self,
        interval: Interval,
        setting: Setting | None,
        steps: int | None,
        budget: int | None,
        decimals: int,
        shape: tuple[int, int] | None,
    ) -> None:
        self.interval, self.setting, self.steps, self.decimals, self.shape = interval, setting, steps, decimals, shape
        self.budget = budget if budget is not None else BUDGET if steps is None else 4 * steps
        self.found: list[Recommendation] = []
        self.dropped: list[Dropped] = []

    def shapes(self) -> list[tuple[int, ...]]:
        """Degree mixes: the best within the budget, and one degree throughout."""
        mixes = [best_degrees(self.budget, self.interval.lo, self.interval.hi, steps=self.steps)]
        mixes.append(best_degrees(self.budget, self.interval.lo, self.interval.hi, (3, 5), self.steps))
        for degree in (3, 5, 7):
            most = self.budget // products(degree)
            mixes.append((degree,) * min(most, self.steps if self.steps is not None else most))
        return [mix for mix in dict.fromkeys(mixes) if mix]

    def designed(self, degrees: tuple[int, ...]) -> None:
        """The greedy schedule of these degrees; where it would end above the cap, one for a larger lower end."""
        u = self.interval.hi
        lower = max(self.interval.lo, least_lower_end(degrees, REACH) * u)
        name = f"greedy {'∘'.join(map(str, reversed(degrees)))}"
        try:
            made = design(
                degrees,
                None,
                lower,
                u,
                decimals=self.decimals,
                dtype=self.setting.dtype if self.setting else None,
                normalisation=self.setting.normalisation if self.setting else Normalisation.FROBENIUS,
            )
        except UndecidedError as error:
            self.dropped.append(Dropped(name, str(error)))
            return
        why = "greedy" if lower == self.interval.lo else f"greedy from {decimal(lower, 3, +1)}, to end below {CAP}"
        why += "".join(
            f", {what} {value}" for what, value, _ in made.chosen if what != "upper" and value not in ("1", "0")
        )
        if made.ratio is not None and lower == self.interval.lo:
            why += f"; {decimal(made.ratio, 4, +1)} × the least error of these degrees"
        self._offer(replace(made.schedule, name=name), why, name)

    def listed(self, entry: Entry) -> None:
        """As many steps of a preset as the budget allows."""
        schedule = self._affordable(entry)
        if schedule is None:
            self.dropped.append(Dropped(entry.id, "its extension allows no number of steps within the budget"))
            return
        bound = schedule.normalisation.bound
        why = f"published, {len(schedule.steps)} steps"
        if bound is not None and bound < 1:
            why += f"; its own norm leaves σ ≤ {bound}, where it may do better"
        self._offer(schedule, why, schedule.name)

    def _affordable(self, entry: Entry) -> Schedule | None:
        for number in range(min(entry.steps, self.steps or entry.steps), 0, -1):
            try:
                schedule = entry.schedule(number)
            except UsageError:  # its extension allows no such number
                continue
            if cost(schedule) <= self.budget:
                return schedule
        return None

    def _offer(self, schedule: Schedule, why: str, name: str) -> None:
        """Put it into one of the two lists."""
        image = band(schedule, self.interval)
        if image.interval is None or reach(image.interval) >= 1:
            away = "not certified" if image.interval is None else decimal(reach(image.interval), 4, +1)
            self.dropped.append(Dropped(name, f"its error on {self.interval} is {away}, which is not below 1"))
            return
        signs = safe(schedule, self.interval.hi)
        if not signs.proved:
            self.dropped.append(Dropped(name, f"a step is not shown to be positive on (0, {_up(self.interval.hi)}]"))
            return
        least = certified_safe_sigma_max(schedule)
        standing = None
        if self.setting is not None:
            standing = in_format(schedule, self.setting, least)
            if not standing.safe:
                self.dropped.append(Dropped(name, f"in {self.setting.dtype} {standing.reason}"))
                return
        verdict = Verdict.worst(image.verdict, signs.verdict)
        self.found.append(Recommendation(schedule, self.interval, image.interval, verdict, least, standing, (), why))

    def result(self) -> Recommendations:
        """The best ten, with what rounding does to all their singular values."""
        ranked = sorted(self.found, key=lambda r: (max(r.error, ENOUGH), r.products, r.error))
        kept: dict[str, Recommendation] = {}
        for r in ranked:
            kept.setdefault(r.schedule.digest, r)
        every = list(kept.values())
        for r in every[ROWS:]:
            why = f"its error {decimal(r.error, 4, +1)} is not among the {ROWS} best"
            self.dropped.append(Dropped(r.schedule.name, why))
        offered = tuple(self._rounded(r) for r in every[:ROWS])
        return Recommendations(offered, tuple(self.dropped), self.interval, self.setting)

    def _rounded(self, r: Recommendation) -> Recommendation:
        if self.setting is None or self.shape is None:
            return r
        bound = self.setting.normalisation.bound
        assert bound is not None  # a setting has a largest input
        said = attempts(r.schedule, self.setting.dtype, self.shape, self.interval.lo, bound)
        return replace(r, rounding=said)
