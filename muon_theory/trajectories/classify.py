"""What becomes of one orbit: it converges, tends to a cycle, escapes, or stays undecided; by enclosures, not by eye."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from flint import arb, ctx

from muon_theory.errors import UsageError
from muon_theory.evidence import Standing
from muon_theory.exact.orbit import Map, Place, interval, is_short, on_balls, walk
from muon_theory.exact.roots import escape_radius
from muon_theory.number import decimal, simplest_between
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule
from muon_theory.trajectories.digits import bits_of, digits_of, exact_number, middle, relative_bits
from muon_theory.trajectories.orbit import raised


class Kind(enum.Enum):
    """What an orbit does."""

    CONVERGES = "converges"
    CYCLE = "cycle"
    ESCAPES = "escapes"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Classification:
    """The long-run behaviour of the orbit of one point.

    `limit`: where it converges.  `points`: the cycle in the order of iteration, from its least point (the limit alone
    where it converges), to `digits` significant digits.  `multiplier`: (f^period)' on it, to `digits` places.  `steps`:
    after how many steps it was decided.  `reason`: why; where undecided, the next step to take.
    """

    kind: Kind
    steps: int
    working_digits: int
    reason: str
    limit: str | None = None
    period: int | None = None
    points: tuple[str, ...] = ()
    multiplier: str | None = None
    standing: Standing = Standing.OBSERVED

    @property
    def summary(self) -> str:
        """In one line: the kind, with limit, period and multiplier where there are any."""
        known = (("limit", self.limit), ("period", self.period), ("multiplier", self.multiplier))
        return ", ".join([self.kind.value, *(f"{name} {value}" for name, value in known if value is not None)])

    def to_json(self) -> dict[str, object]:
        return {
            "kind": self.kind.value,
            "limit": self.limit,
            "period": self.period,
            "points": list(self.points),
            "multiplier": self.multiplier,
            "reason": self.reason,
            "steps": self.steps,
            "standing": self.standing.value,
        }


def classify(
    f: OddPolynomial | Schedule,
    x0: str | int | Fraction,
    digits: int = 30,
    horizon: int = 2000,
    max_bits: int = 1 << 15,
    max_period: int = 64,
) -> Classification:
    """Where the orbit of x0 under one map goes.

    Each answer but the last rests on enclosures of all points up to the step where it was found:

    - escapes: |x_k| > R, with R from `escape_radius`;
    - converges or cycle: x_k lies in an interval J with |(f^p)'| ≤ κ < 1 on J and |f^p(m) - m| + κ·r < r for its
      midpoint m and radius r, so f^p maps J into itself and has one fixed point there, which attracts all of J; the p
      points have disjoint enclosures, so p is the least period.  Or the exact rational orbit returns to itself, which
      also finds landings on repelling points;
    - undecided: none of these within `horizon` steps or `max_bits` bits.  Chaotic orbits and multipliers ±1 end here.

    Parameters
    ----------
    f
        One map, or a constant schedule, which stands for its map.
    x0
        Exact: text such as '0.5' or '1/3', an int or a Fraction; any sign and size.
    digits
        Digits of the limit or of the points of the cycle.
    horizon
        Steps to look ahead.
    max_bits
        The precision at which to give up; it rises as fast as the orbit expands.
    max_period
        The longest cycle to look for.

    Raises
    ------
    UsageError
        x0 is no exact number, the schedule has different rows, or a bound is out of range.

    Examples
    --------
    >>> article = OddPolynomial.of("3.25", "-3.51", "1.26")
    >>> found = classify(article, "0.01")
    >>> found.kind.value, found.limit, found.multiplier
    ('converges', '1', '-0.98')
    >>> classify(OddPolynomial.of("3.25", "3.51", "1.26"), "0.01").kind
    <Kind.ESCAPES: 'escapes'>
    """
    one, x, needed = _one_map(f), exact_number("x0", x0), bits_of(digits)
    if horizon < 1 or max_period < 1:
        raise UsageError(f"horizon = {horizon}, max_period = {max_period}: both must be 1 or more")
    search = _Search(one, x, digits, horizon, max_period)
    bits = needed + 64
    while True:
        with ctx.workprec(bits):
            found, steps = search.run()
        if found is not None:
            return found
        if steps >= horizon or bits >= max_bits:
            return _undecided(one, search.last, steps, bits, horizon)
        bits = min(max_bits, max(raised(bits, needed, steps, horizon), 2 * bits) if steps > 64 else 2 * bits)


def _one_map(f: OddPolynomial | Schedule) -> OddPolynomial:
    if isinstance(f, OddPolynomial):
        return f
    if not f.constant:
        raise UsageError(
            f"schedule {f.name!r} has different rows: only one map has a long run; classify one row, or take `orbit`"
        )
    return f.steps[0]


class _Search:
    """One classification; `run` repeats it at a higher precision."""

    def __init__(self, f: OddPolynomial, x0: Fraction, digits: int, horizon: int, max_period: int) -> None:
        self.f, self.x0, self.digits, self.horizon, self.max_period = f, x0, digits, horizon, max_period
        radius = escape_radius(f, 12)
        self.radius = None if radius is None else Fraction(decimal(radius, 12, +1))
        self.last = arb(0)

    def run(self) -> tuple[Classification | None, int]:
        """The answer if there is one at the current precision, and the steps for which the enclosures were of use."""
        near = _Near(self.f, self.max_period)
        seen: dict[Fraction, int] = {}
        for k, place in enumerate(walk([self.f] * self.horizon, self.x0, ctx.prec)):
            if place.exact is not None and place.exact in seen:
                return self._exact_cycle(list(seen)[seen[place.exact] :], k), k
            if place.exact is not None:
                seen[place.exact] = k
            if place.beyond(self.radius):
                return self._escape(k), k
            if relative_bits(place.ball) < 16:
                return None, k
            self.last = place.ball
            near.add(place)
            if k % 4 == 0 and (attractor := self._attractor(on_balls(self.f), place.ball, near.period())):
                found = self._attracted(*attractor, k)
                return found, 0 if found is None else k
        return None, self.horizon

    def _attractor(self, f: Map, x: arb, period: int) -> tuple[arb, list[arb], arb] | None:
        """A neighbourhood that holds x, the cycle that attracts it, and the multiplier; None where none was found."""
        if abs(self.f.slope) < 1:
            zero = arb(0)
            if (neighbourhood := attracting_neighbourhood(f, x, zero, 1)) is not None:
                return neighbourhood, [zero], f.slope(zero)
        for p in (d for d in range(1, period + 1) if period % d == 0):
            centre = newton_centre(f, x, p)
            neighbourhood = None if centre is None else attracting_neighbourhood(f, x, centre, p)
            if neighbourhood is None:
                continue
            path, slope = f.follow(refine(f, neighbourhood, p), p)
            if not any(a.overlaps(b) for i, a in enumerate(path[:p]) for b in path[i + 1 : p]):
                return neighbourhood, path[:p], slope
        return None

    def _escape(self, k: int) -> Classification:
        bound = decimal(self.radius or Fraction(0))
        why = f"after {k} steps |x| > {bound}, and |f(x)| > |x| for all |x| > {bound}"
        return Classification(Kind.ESCAPES, k, digits_of(ctx.prec), why)

    def _exact_cycle(self, cycle: list[Fraction], k: int) -> Classification:
        multiplier = prod(map(self.f.derivative, cycle), start=Fraction(1))
        nature = "attracting" if abs(multiplier) < 1 else "repelling" if abs(multiplier) > 1 else "neutral"
        what = "fixed point" if len(cycle) == 1 else f"cycle of period {len(cycle)}"
        why = f"after {k - len(cycle)} steps the exact orbit lies on the {nature} {what}"
        return self._cycle(cycle, multiplier, k, why)

    def _attracted(self, neighbourhood: arb, cycle: list[arb], slope: arb, k: int) -> Classification | None:
        """The cycle to the digits asked for; None if the precision was too low."""
        p = len(cycle)
        size = decimal(middle(neighbourhood.rad()), 3, +1)
        why = (
            f"after {k} steps the orbit is within {size} of it, in an interval that f{_power(p)} contracts into itself"
        )
        first = interval(cycle[0])
        rational = exact_cycle(self.f, simplest_between(first.lo, first.hi), p)
        if rational is not None:
            return self._cycle(rational, prod(map(self.f.derivative, rational), start=Fraction(1)), k, why)
        fine = middle(slope.rad()) < Fraction(1, 8 * 10**self.digits)
        if not fine or min(map(relative_bits, cycle)) < bits_of(self.digits):
            return None
        places = round(middle(slope) * 10**self.digits)
        return self._cycle([middle(x) for x in cycle], Fraction(places, 10**self.digits), k, why)

    def _cycle(self, points: list[Fraction], multiplier: Fraction, k: int, why: str) -> Classification:
        start = points.index(min(points))
        texts = tuple(decimal(x, self.digits) for x in points[start:] + points[:start])
        kind, limit = (Kind.CONVERGES, texts[0]) if len(texts) == 1 else (Kind.CYCLE, None)
        value = decimal(multiplier, self.digits)
        return Classification(kind, k, digits_of(ctx.prec), why, limit, len(texts), texts, value)


def _power(p: int) -> str:
    return "" if p == 1 else f"^{p}"


class _Near:
    """A guess at the period of the attracting cycle that an orbit approaches; only a guess, in 53 bits."""

    def __init__(self, f: OddPolynomial, max_period: int) -> None:
        self.max_period, self.f = max_period, f
        self.points: list[arb] = []

    def add(self, place: Place) -> None:
        self.points = [*self.points[-self.max_period :], place.ball.mid()]

    def period(self) -> int:
        """The p for which x_k is nearest to x_(k-p), if that is within 1/64 and f^p contracts there; else 0."""
        x, past = self.points[-1], self.points[-2::-1]
        with ctx.workprec(53):
            gap, p = min(((abs(x - y).mid(), p) for p, y in enumerate(past, 1)), default=(x, 0))
            if not p or gap > abs(x) / 64:
                return 0
            slope = prod((on_balls(self.f).slope(y) for y in past[:p]), start=arb(1))
            return p if abs(slope) < 1 else 0


def newton_centre(f: Map, x: arb, period: int) -> arb | None:
    """One Newton step from x towards a fixed point of F = f^period; None unless |F'| < 1 there."""
    m = x.mid()
    path, slope = f.follow(m, period)
    return (m - (path[-1] - m) / (slope - 1)).mid() if abs(slope) < 1 else None


def attracting_neighbourhood(f: Map, x: arb, centre: arb, period: int) -> arb | None:
    """An interval J around `centre` that contains x and that F = f^period contracts into itself; None if it is not so.

    With κ = sup_J |F'| < 1 and |F(c) - c| + κ·r < r, F maps J = [c - r, c + r] into itself, and its one fixed point
    there attracts all of J.
    """
    neighbourhood = arb(centre, 2 * abs(x - centre) + abs(centre) * arb(2) ** -(ctx.prec // 2))
    r = neighbourhood.rad()
    contraction = abs(f.follow(neighbourhood, period)[1])
    moved = abs(f.follow(centre, period)[0][-1] - centre)
    return neighbourhood if contraction < 1 and moved + contraction * r < r else None


def refine(f: Map, neighbourhood: arb, period: int) -> arb:
    """The fixed point of f^period in an attracting neighbourhood: interval Newton on f^period(x) - x."""
    least = neighbourhood.rad() * arb(2) ** (-2 * ctx.prec)  # where 0 is the point, no relative precision is reached
    while True:
        m = neighbourhood.mid()
        at_m = f.follow(m, period)[0][-1]
        slope = f.follow(neighbourhood, period)[1]
        image = m - (at_m - m) / (slope - 1)
        if not neighbourhood.overlaps(image):
            return neighbourhood
        meet = neighbourhood.intersection(image)
        if not least < meet.rad() < neighbourhood.rad() * 3 / 4:
            return meet
        neighbourhood = meet


def exact_cycle(f: OddPolynomial, x: Fraction, period: int) -> list[Fraction] | None:
    """The orbit of x if it returns to x after `period` steps, with rationals of moderate size only."""
    path = [x]
    while len(path) <= period and is_short(path[-1]):
        path.append(f(path[-1]))
    return path[:-1] if len(path) == period + 1 and path[-1] == x else None


def _undecided(f: OddPolynomial, last: arb, steps: int, bits: int, horizon: int) -> Classification:
    where = "undecided at this precision and horizon"
    if steps < horizon:
        why = f"after {steps} steps {bits} bits no longer tell where the orbit is; raise max_bits"
    else:
        with ctx.workprec(bits):
            why = _creeping(on_balls(f), last) or (
                f"no escape and no attracting cycle in {horizon} steps, as on a chaotic orbit; raise horizon or "
                "max_period"
            )
    return Classification(Kind.UNDECIDED, steps, digits_of(bits), f"{where}: {why}")


def _creeping(f: Map, x: arb) -> str:
    """Words for an orbit that is close to a fixed point, or a 2-cycle, with a multiplier near ±1."""
    for p in (1, 2):
        c = x.mid()
        for _ in range(30):
            path, slope = f.follow(c, p)
            if slope.contains(1):
                break
            c = (c - (path[-1] - c) / (slope - 1)).mid()
        slope = f.follow(c, p)[1]
        if abs(c - x) < 0.1 and abs(abs(slope) - 1) < 0.05:
            at, multiplier = decimal(round(middle(c), 12), 6), decimal(round(middle(slope), 12), 6)
            return (
                f"the orbit creeps near {at}, where f{_power(p)} has multiplier {multiplier} to 6 digits; "
                "prove the limit with the claim `converges`, or raise horizon"
            )
    return ""
