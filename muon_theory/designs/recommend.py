"""What to run with a budget of matrix products: the best degrees, and the catalogue beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from muon_theory import catalogue
from muon_theory.designs.greedy import reach
from muon_theory.designs.products import cost, products
from muon_theory.designs.result import Design, Number, band, design, safe
from muon_theory.display import Page, Shown, Table
from muon_theory.display.plots import images
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.finders.alternation import alternation
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict

if TYPE_CHECKING:
    from muon_theory.display.plots import Figure

DEGREES = (3, 5, 7, 9)
"""Degrees tried: the cubic, and those that reach furthest for 3 and 4 products."""

ENOUGH = Fraction(1, 10**9)
"""A level that no format used in training can tell from 0: smaller ones are not told apart."""


def best_degrees(
    budget: int, lower: Fraction, upper: Fraction = Fraction(1), among: Sequence[int] = DEGREES
) -> tuple[int, ...]:
    """The degrees whose greedy composition ends closest to 1 on [l, u] for at most `budget` matrix products.

    Dynamic programming is exact: a step's image has the ends' ratio (1-E)/(1+E), which rises with the ratio it starts
    from, so for each budget only the best ratio matters.  Levels below 10^-9 count as equal; then fewer products win.

    Raises UsageError if no step is affordable.

    >>> best_degrees(6, Fraction(1, 100))
    (3, 9)
    """
    best: dict[int, tuple[Fraction, tuple[int, ...]]] = {0: (lower / upper, ())}
    enough = (1 - ENOUGH) / (1 + ENOUGH)
    for spent in range(1, budget + 1):
        found = []
        for degree in among:
            if (before := best.get(spent - products(degree))) and before[0] < enough:
                level = alternation(degree, Interval(before[0], Fraction(1))).level
                found.append(((1 - level) / (1 + level), (*before[1], degree)))
        if found:
            best[spent] = max(found, key=lambda f: f[0])
    degrees = max(best.values(), key=lambda f: min(f[0], enough))[1]
    if not degrees:
        raise UsageError(f"{budget} matrix products allow no step: a cubic takes {products(3)}")
    return degrees


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A schedule that fits the budget, its certified image on the interval asked for, and what speaks for it."""

    schedule: Schedule
    products: int
    image: Interval
    verdict: Verdict
    reason: str

    @property
    def achieved(self) -> Fraction:
        """max |1 - φ| on the interval is at most this."""
        return reach(self.image)

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.schedule.name,
            "steps": self.schedule.rows(),
            "products": self.products,
            "image": [decimal(self.image.lo, 12, -1), decimal(self.image.hi, 12, +1)],
            "achieved": decimal(self.achieved, 12, +1),
            "verdict": self.verdict.value,
            "reason": self.reason,
            "sources": list(self.schedule.sources),
        }


@dataclass(frozen=True, slots=True, repr=False)
class Recommendations(Shown):
    """The schedules within a budget, best certified error first."""

    every: tuple[Recommendation, ...]
    interval: Interval

    @property
    def verdict(self) -> Verdict:
        """PROVED: no other schedule is listed."""
        return Verdict.worst(*(r.verdict for r in self.every))

    def __iter__(self) -> Iterator[Recommendation]:
        return iter(self.every)

    def __len__(self) -> int:
        return len(self.every)

    def __getitem__(self, index: int) -> Recommendation:
        return self.every[index]

    def to_json(self) -> dict[str, Any]:
        return {"recommendations": [r.to_json() for r in self.every]}

    def page(self) -> Page:
        rows = tuple((r.schedule.name, str(r.products), decimal(r.achieved, 12, +1), r.reason) for r in self.every)
        title = f"{len(self.every)} schedules on {self.interval}, best certified error first"
        return Page(title, (Table(rows, ("schedule", "products", "error ≤", "why")),))

    def plot(self) -> Figure:
        """φ of the best four."""
        return images({r.schedule.name: r.schedule for r in self.every[:4]}, self.interval)


def recommend(
    lower: Number, budget: int = 15, margin: Number = 0, digits: int = 4, names: Sequence[str] | None = None
) -> Recommendations:
    """Schedules of at most `budget` matrix products on [lower, 1 + margin], best certified error first.

    Parameters
    ----------
    lower : the least singular value that matters, after normalisation.
    budget : matrix products in all; a step of degree 3, 5, 7, 9 takes 2, 3, 4, 4.
    margin : how far above 1 the format's normalisation may leave σ₁, such as 1/256.
    digits : decimals of the designed coefficients.
    names : which presets to compare; all schedules of the catalogue unless said.

    Only schedules whose band and sign-safety the checker proved are listed.  A preset runs as many steps as the budget
    and its extension allow, up to its authors' number.

    Raises UsageError if no step is affordable or the ends make no sense.
    """
    l, u = rational(lower), 1 + rational(margin)
    if not 0 < l < u:
        raise UsageError(f"recommendations need 0 < lower < 1 + margin, not [{l}, {u}]")
    interval = Interval(l, u)
    shapes = {best_degrees(budget, l, u)} | ({(5,) * (budget // 3)} if budget >= 3 else set())
    found = [r for shape in sorted(shapes) if (r := _designed(shape, interval, digits))]
    for name in catalogue.ids() if names is None else names:
        schedule = _affordable(catalogue.entry(name), budget)
        if schedule and (one := _listed(schedule, interval)):
            found.append(one)
    return Recommendations(tuple(sorted(found, key=lambda r: (max(r.achieved, ENOUGH), r.products))), interval)


def _designed(degrees: tuple[int, ...], interval: Interval, digits: int) -> Recommendation | None:
    try:
        made: Design = design(degrees, None, interval.lo, interval.hi, decimals=digits)
    except UndecidedError:  # too few digits for so small a lower end
        return None
    if made.image is None or made.verdict is not Verdict.PROVED or made.ratio is None:
        return None
    why = f"greedy; at most {decimal(made.ratio, 5, +1)} times the least error of any composition of these degrees"
    return Recommendation(made.schedule, made.products, made.image, made.verdict, why)


def _affordable(entry: catalogue.Entry, budget: int) -> Schedule | None:
    """As many of the entry's steps as the budget allows."""
    for count in range(entry.steps, 0, -1):
        try:
            schedule = entry.schedule(count)
        except UsageError:  # its extension allows no such number
            continue
        if cost(schedule) <= budget:
            return schedule
    return None


def _listed(schedule: Schedule, interval: Interval) -> Recommendation | None:
    image, safety = band(schedule, interval), safe(schedule, interval.hi)
    if image.interval is None or safety.verdict is not Verdict.PROVED:
        return None
    bound = schedule.normalisation.bound
    why = f"published, {len(schedule.steps)} steps"
    if bound is not None and bound < 1:
        why += f"; its normalisation leaves σ ≤ {bound}, where it may do better than on this interval"
    return Recommendation(schedule, cost(schedule), image.interval, image.verdict, why)
