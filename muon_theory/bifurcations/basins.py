"""Basins of attraction: every orbit below an algebraic number converges, and the one above does not."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.bifurcations.maps import fixed_point
from muon_theory.certificate import AnyCertificate
from muon_theory.display import Page, Shown, Table
from muon_theory.display.plots import Figure, marks
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact import dynamics
from muon_theory.exact.algebraic import AlgebraicNumber
from muon_theory.finders import band, limits
from muon_theory.number import simplest_between
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict, verdict_on


@dataclass(frozen=True, slots=True, repr=False)
class Basin(Shown):
    """Every orbit from (0, end) converges to the fixed point, and the end itself does not.

    `kind` says what the end is.  `inside` proves the convergence up to a rational `reached` within 10^-digits below the
    end, `beyond` what happens within 10^-digits above it (or, where that is open, at the end).
    """

    subject: str
    point: AlgebraicNumber
    end: AlgebraicNumber
    kind: str
    reached: Fraction
    inside: AnyCertificate
    beyond: AnyCertificate
    digits: int = 50

    @property
    def verdict(self) -> Verdict:
        """PROVED: a basin whose certificates the checker refuses is none."""
        return verdict_on(self.certificates)

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        return (self.inside, self.beyond)

    def statements(self, digits: int) -> tuple[str, ...]:
        """What is proved, to so many digits."""
        return tuple(c.claim.statement(c.subject, digits=digits) for c in self.certificates)

    def page(self) -> Page:
        point, end = self.point.decimal(self.digits), self.end.decimal(self.digits)
        title = f"{self.subject}: derived: the basin of {point} from 0 is (0, {end}), whose end is a {self.kind}"
        word = self.verdict.value
        return Page(title, (Table(tuple((word, text) for text in self.statements(self.digits))),))

    def plot(self) -> Figure:
        """The fixed point and the end of its basin."""
        return marks(
            {"fixed point": float(self.point.decimal(15)), "end": float(self.end.decimal(15))}, self.subject, "x"
        )

    def to_json(self, digits: int | None = None) -> dict[str, object]:
        digits = digits or self.digits
        proves = list(self.statements(digits))
        return {"subject": self.subject, "fixed_point": self.point.decimal(digits), "kind": self.kind,
                "end": self.end.to_json(digits), "reached": str(self.reached), "verdict": self.verdict.value,
                "proves": proves}  # fmt: skip


def basin(schedule: Schedule, digits: int = 12) -> Basin:
    """The immediate basin (0, β) of the first fixed point p > 0 of one map, its end β as an algebraic number.

    f maps (0, β) into itself and fixes 0, so β is mapped to 0 or to itself: a zero of f or a fixed point; or to -β, on
    an antipodal 2-cycle.  The least of these above p is the end where everything below it is shown to converge.

    Raises UsageError for different steps, UndecidedError where p does not attract, or the basin is smaller.

    >>> article = Schedule.parse("3.25,-3.51,1.26")
    >>> found = basin(article)
    >>> found.kind, found.end.decimal(12), found.beyond.claim.type
    ('fixed point', '1.33630620956', 'escapes')
    """
    if not schedule.constant:
        raise UsageError(f"{schedule.name!r} has different steps: a basin belongs to one map; give a single row")
    f = schedule.steps[0]
    points = [p for p in dynamics.fixed_points(f) if p.point > 0]
    if not points or abs(points[0].multiplier) > 1:
        raise UndecidedError(f"the first fixed point above 0 of {schedule.name!r} does not attract: follow its orbits "
                             "one by one, with --x0")  # fmt: skip
    first = points[0].point
    ends = [(p.point, "fixed point") for p in points[1:]]
    ends += [(c.points[0], "antipodal 2-cycle") for c in dynamics.antipodal_cycles(f) if c.points[0] > first]
    if (zero := dynamics.first_zero(f)) is not None and zero > first:
        ends.append((zero, "zero of f"))
    if not ends:
        raise UndecidedError(f"no end of the basin of {first.decimal(9)} was found: follow orbits, with --x0")
    end, kind = min(ends, key=lambda e: e[0])
    near, step = end.enclose(digits + 6), Fraction(1, 10**digits)
    reached = simplest_between(near.lo - step, near.lo - step / 2)
    try:
        inside = limits.converges(schedule, first.enclose(12), reached)
    except UndecidedError:
        best = limits.basin(schedule, first.enclose(12)).statement
        raise UndecidedError(f"not all orbits below {end.decimal(9)} converge, or it is not shown: {best}") from None
    beyond = _beyond(schedule, end, kind, simplest_between(near.hi + step / 2, near.hi + step), digits)
    if verdict_on((inside, beyond)) is not Verdict.PROVED:
        raise UndecidedError("the checker refuses a certificate of the basin: ask for fewer digits")
    return Basin(schedule.name, first, end, kind, reached, inside, beyond, digits)


def _beyond(schedule: Schedule, end: AlgebraicNumber, kind: str, x: Fraction, digits: int) -> AnyCertificate:
    """Just above the end: a flip past a zero, else an escape; where that is open, the end repels or is fixed."""
    if kind == "zero of f":
        return band.flips(schedule, x, 1, digits + 12)
    try:
        return limits.escapes(schedule, x, 64 * digits, 2 * digits + 12)
    except UndecidedError:
        if kind == "fixed point":
            return next(iter(fixed_point(schedule, end)), None) or limits.fixes(schedule, end.enclose(12))
        raise
