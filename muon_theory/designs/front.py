"""The front of one map repeated: the least error against the slope at 0, from both sides, and where known maps lie.

A small singular value grows by f'(0)ᵀ, so a steep map is wanted; but from the slope of the best map on, the steeper the
map, the larger its error.  Each point of the front is a map, certified, and a bound for all maps that are at least as
steep; left of the best map, every map is both slower and worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory import catalogue
from muon_theory.answer import Answer
from muon_theory.certificate import AnyCertificate
from muon_theory.claims import AnyClaim
from muon_theory.designs.constant import Constant, Progress, constant, found
from muon_theory.designs.making import Number
from muon_theory.designs.result import Band, band
from muon_theory.display import Facts, Page, Shown, Table
from muon_theory.display.plots import Figure, front
from muon_theory.finders.constant_bound.best import Wanted
from muon_theory.number import decimal, exact_decimal
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict

NAMED = ("jordan", "article", "bernstein_newhouse")

STEEPEST = Fraction(100)
"""More than the slope of any map that a bound need speak of."""

USELESS = Fraction(9, 10)
"""The front ends at this error."""


@dataclass(frozen=True, slots=True)
class Known:
    """A published map, and its certified band."""

    name: str
    schedule: Schedule
    band: Band

    @property
    def error(self) -> Fraction | None:
        return self.band.error


@dataclass(frozen=True, slots=True, repr=False)
class Front(Shown):
    """The best map, the best ones that are steeper, and where known maps lie.

    points : by rising slope; the first is the best of all maps.
    """

    points: tuple[Constant, ...]
    known: tuple[Known, ...]

    @property
    def best(self) -> Constant:
        """Of all slopes."""
        return self.points[0]

    @property
    def proofs(self) -> tuple[Answer[AnyClaim], ...]:
        return (*(p for point in self.points for p in point.proofs), *(k.band.proof for k in self.known))

    @property
    def verdict(self) -> Verdict:
        """Of all bands and bounds."""
        return Verdict.worst(*(p.verdict for p in self.proofs))

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        """Those of the claims, each once."""
        return tuple({c.data: c for p in self.proofs if (c := p.certificate) is not None}.values())

    def to_json(self) -> dict[str, object]:
        return {
            "verdict": self.verdict.value,
            "points": [point.to_json() for point in self.points],
            "known": [
                {
                    "name": k.name,
                    "slope_at_zero": exact_decimal(k.schedule.steps[0].slope),
                    "slope": decimal(k.schedule.slope, 15),
                    "error": k.error and decimal(k.error, 15, +1),
                }
                for k in self.known
            ],
        }

    def page(self) -> Page:
        best = self.best
        steps, l = len(best.schedule.steps), exact_decimal(best.interval.lo)
        rows = [("f'(0)", "about f'(0)^T", "error", "none errs less", "f(1)", "f'(1)", "coefficients")]
        for point in self.points:
            step = point.schedule.steps[0]
            rows.append(
                (
                    exact_decimal(step.slope),
                    decimal(point.schedule.slope, 6),
                    "-" if point.error is None else decimal(point.error, 6, +1),
                    "-" if point.lower_bound is None else decimal(point.lower_bound, 6, -1),
                    exact_decimal(step(1)),
                    exact_decimal(step.derivative(1)),
                    ", ".join(map(exact_decimal, step.coefficients)),
                )
            )
        facts = tuple(
            (k.name, f"f'(0) = {exact_decimal(k.schedule.steps[0].slope)}, error {_error(k)}; {self._beside(k)}")
            for k in self.known
        )
        different = (f"{steps} different steps: no less than", best.least_of_different or "not certified")
        title = f"{self.verdict.value.upper()} in exact arithmetic: one map of degree {best.degree}, {steps} times"
        note = f"a row: the best map on [{l}, 1] with at least this f'(0); each bound is one of all maps as steep"
        return Page(title, (Table(tuple(rows)), Facts((*facts, different, ("", note)))))

    def _beside(self, known: Known) -> str:
        steeper = [p for p in self.points if p.schedule.steps[0].slope >= known.schedule.steps[0].slope]
        if not steeper or steeper[0].error is None:
            return "steeper than the front goes"
        return f"a map that is at least as steep errs by {decimal(steeper[0].error, 4, +1)} or less"

    def plot(self) -> Figure:
        """The front from both sides, on logarithmic axes, and the known maps on it."""
        points = [(float(p.schedule.slope), float(p.error or 1), float(p.lower_bound or 0)) for p in self.points]
        known = {k.name: (float(k.schedule.slope), float(k.error)) for k in self.known if k.error is not None}
        best = self.best
        steps, different = len(best.schedule.steps), best.different
        title = f"one map of degree {best.degree}, {steps} times, on [{exact_decimal(best.interval.lo)}, 1]"
        level = float(different.claim.error) if different.proved else None
        return front(points, known, level, f"{steps} different steps", title)


def _error(known: Known) -> str:
    return "not certified" if known.error is None else decimal(known.error, 6, +1)


def constant_front(
    degree: int = 5, steps: int = 5, lower: Number = "1/1000", progress: Progress | None = None
) -> Front:
    """The least error of one map repeated against its slope at 0: the best map, and steeper ones.

    Raises UsageError for another degree, or unless 0 < lower < 1.
    """
    points = [constant(degree, steps, lower, progress=progress)]
    first = points[0].interval
    known = []
    for name in NAMED:
        schedule = catalogue.get(name, steps)
        known.append(Known(name, schedule, band(schedule, first)))
    slopes = {1 + Fraction(k * (degree - 1), 16) for k in range(25)}
    slopes |= {k.schedule.steps[0].slope for k in known if len(k.schedule.rows()[0]) == (degree + 1) // 2}
    for slope in sorted(slopes):
        if slope > points[0].schedule.steps[0].slope:
            wanted = Wanted(degree, steps, first.lo, slope)
            point = found(wanted, None, True, STEEPEST, progress)
            if point.error is None or point.error > USELESS:
                break
            points.append(point)
    return Front(tuple(points), tuple(known))
