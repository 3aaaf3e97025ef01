"""What becomes of one orbit: it converges, tends to a cycle, escapes, or stays undecided; by enclosures, not by eye."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, prod

import mpmath

from muon_theory.errors import UsageError
from muon_theory.evidence import Standing
from muon_theory.number import decimal, simplest_between
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule
from muon_theory.trajectories.enclosure import (
    Arithmetic,
    Ball,
    Map,
    Place,
    bits_of,
    ends,
    exact_number,
    intersection,
    is_short,
    relative_bits,
    vanishing,
    walk,
)
from muon_theory.trajectories.orbit import middle, raised


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


def escape_radius(f: OddPolynomial) -> Fraction | None:
    """An R with |f(x)| > |x| for all |x| > R, or None where there is none; exact arithmetic.

    With y = Y + t, the coefficients of ±g(Y + t) in t are all ≥ 0, so |g| > 1 beyond Y = R²; R exceeds the least number
    with this property by less than one part in 2^30.  Beyond R an orbit leaves every bound: |x_k| increases, and a
    limit L would have |f(L)| = L > R.

    >>> escape_radius(OddPolynomial.of("3/2", "-1/2")) ** 2 - 5 < Fraction(1, 10**8)
    True
    """
    sign = 1 if f.coefficients[-1] > 0 else -1
    g = [sign * c for c in f.coefficients]
    if len(g) == 1:
        return Fraction(0) if g[0] > 1 else None
    if _grows(g, Fraction(0)):
        return Fraction(0)
    hi = Fraction(1)
    while not _grows(g, hi * hi):
        hi *= 2
    while _grows(g, hi * hi / 4):
        hi /= 2
    step = hi / 4
    while step > hi / 2**31:
        if _grows(g, (hi - step) ** 2):
            hi -= step
        step /= 2
    return hi


def _grows(g: Sequence[Fraction], at: Fraction) -> bool:
    """Are all coefficients of g(at + t) ≥ 0, and is g(at + t) > 1 for t > 0?"""
    shifted = [sum(comb(i, k) * g[i] * at ** (i - k) for i in range(k, len(g))) for k in range(len(g))]
    return min(shifted) >= 0 and (shifted[0] > 1 or (shifted[0] == 1 and max(shifted[1:]) > 0))


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
        found, steps = search.run(Arithmetic(bits))
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
        radius = escape_radius(f)
        self.radius = None if radius is None else Fraction(decimal(radius, 12, +1))
        self.last: Ball = None

    def run(self, arithmetic: Arithmetic) -> tuple[Classification | None, int]:
        """The answer if there is one at this precision, and the steps for which the enclosures were of use."""
        near = _Near(self.f, self.max_period)
        seen: dict[Fraction, int] = {}
        for k, place in enumerate(walk([self.f] * self.horizon, self.x0, arithmetic)):
            if place.exact is not None and place.exact in seen:
                return self._exact_cycle(list(seen)[seen[place.exact] :], k, arithmetic), k
            if place.exact is not None:
                seen[place.exact] = k
            if place.beyond(self.radius, arithmetic):
                return self._escape(k, arithmetic), k
            if relative_bits(place.ball) < 16:
                return None, k
            self.last = place.ball
            near.add(place)
            if k % 4 == 0 and (attractor := self._attractor(arithmetic.map(self.f), place.ball, near.period())):
                found = self._attracted(*attractor, k, arithmetic)
                return found, 0 if found is None else k
        return None, self.horizon

    def _attractor(self, f: Map, x: Ball, period: int) -> tuple[Ball, list[Ball], Ball] | None:
        """A neighbourhood that holds x, the cycle that attracts it, and the multiplier; None where none was found."""
        if abs(self.f.slope) < 1:
            zero = f.arithmetic.exact(0)
            if (neighbourhood := attracting_neighbourhood(f, x, zero, 1)) is not None:
                return neighbourhood, [zero], f.slope(zero)
        for p in (d for d in range(1, period + 1) if period % d == 0):
            centre = newton_centre(f, x, p)
            neighbourhood = None if centre is None else attracting_neighbourhood(f, x, centre, p)
            if neighbourhood is None:
                continue
            path, slope = f.follow(refine(f, neighbourhood, p), p)
            if all(intersection(a, b) is None for i, a in enumerate(path[:p]) for b in path[i + 1 : p]):
                return neighbourhood, path[:p], slope
        return None

    def _escape(self, k: int, arithmetic: Arithmetic) -> Classification:
        bound = decimal(self.radius or Fraction(0))
        why = f"after {k} steps |x| > {bound}, and |f(x)| > |x| for all |x| > {bound}"
        return Classification(Kind.ESCAPES, k, _digits(arithmetic), why)

    def _exact_cycle(self, cycle: list[Fraction], k: int, arithmetic: Arithmetic) -> Classification:
        multiplier = prod(map(self.f.derivative, cycle), start=Fraction(1))
        nature = "attracting" if abs(multiplier) < 1 else "repelling" if abs(multiplier) > 1 else "neutral"
        what = "fixed point" if len(cycle) == 1 else f"cycle of period {len(cycle)}"
        why = f"after {k - len(cycle)} steps the exact orbit lies on the {nature} {what}"
        return self._cycle(cycle, multiplier, k, why, arithmetic)

    def _attracted(
        self, neighbourhood: Ball, cycle: list[Ball], slope: Ball, k: int, arithmetic: Arithmetic
    ) -> Classification | None:
        """The cycle to the digits asked for; None if the precision was too low."""
        p = len(cycle)
        size = decimal(middle(neighbourhood.delta) / 2, 3, +1)
        why = (
            f"after {k} steps the orbit is within {size} of it, in an interval that f{_power(p)} contracts into itself"
        )
        exact = exact_cycle(self.f, simplest_between(*ends(cycle[0])), p)
        if exact is not None:
            return self._cycle(exact, prod(map(self.f.derivative, exact), start=Fraction(1)), k, why, arithmetic)
        fine = slope.delta < arithmetic.exact(Fraction(1, 4 * 10**self.digits))
        if not fine or min(map(relative_bits, cycle)) < bits_of(self.digits):
            return None
        places = round(middle(slope) * 10**self.digits)
        return self._cycle([middle(x) for x in cycle], Fraction(places, 10**self.digits), k, why, arithmetic)

    def _cycle(
        self, points: list[Fraction], multiplier: Fraction, k: int, why: str, arithmetic: Arithmetic
    ) -> Classification:
        start = points.index(min(points))
        texts = tuple(decimal(x, self.digits) for x in points[start:] + points[:start])
        kind, limit = (Kind.CONVERGES, texts[0]) if len(texts) == 1 else (Kind.CYCLE, None)
        value = decimal(multiplier, self.digits)
        return Classification(kind, k, _digits(arithmetic), why, limit, len(texts), texts, value)


def _digits(arithmetic: Arithmetic) -> int:
    return arithmetic.bits * 301 // 1000


def _power(p: int) -> str:
    return "" if p == 1 else f"^{p}"


class _Near:
    """A guess at the period of the attracting cycle that an orbit approaches; only a guess, in 53 bits."""

    def __init__(self, f: OddPolynomial, max_period: int) -> None:
        self.max_period = max_period
        self.context = mpmath.MPContext()
        self.slope = [self.context.mpf(c.numerator) / c.denominator for c in reversed(f.derivative_in_y)]
        self.points: list[Ball] = []

    def add(self, place: Place) -> None:
        self.points = [*self.points[-self.max_period :], self.context.make_mpf(place.ball.mid._mpi_[0])]

    def period(self) -> int:
        """The p for which x_k is nearest to x_(k-p), if that is within 1/64 and f^p contracts there; else 0."""
        x, past = self.points[-1], self.points[-2::-1]
        gap, p = min(((abs(x - y), p) for p, y in enumerate(past, 1)), default=(x, 0))
        if not p or gap > abs(x) / 64:
            return 0
        slope = self.context.fprod(self.context.polyval(self.slope, y * y) for y in past[:p])
        return p if abs(slope) < 1 else 0


def newton_centre(f: Map, x: Ball, period: int) -> Ball | None:
    """One Newton step from x towards a fixed point of F = f^period; None unless |F'| < 1 there."""
    path, slope = f.follow(x.mid, period)
    return (x.mid - (path[-1] - x.mid) / (slope - 1)).mid if abs(slope) < 1 else None


def attracting_neighbourhood(f: Map, x: Ball, centre: Ball, period: int) -> Ball | None:
    """An interval J around `centre` that contains x and that F = f^period contracts into itself; None if it is not so.

    With κ = sup_J |F'| < 1 and |F(c) - c| + κ·r < r, F maps J = [c - r, c + r] into itself, and its one fixed point
    there attracts all of J.
    """
    r = (2 * abs(x - centre) + abs(centre) * f.arithmetic.exact(Fraction(1, 2 ** (f.arithmetic.bits // 2)))).b
    neighbourhood = centre + r * f.arithmetic.context.mpf([-1, 1])
    contraction = abs(f.follow(neighbourhood, period)[1]).b
    moved = abs(f.follow(centre, period)[0][-1] - centre).b
    return neighbourhood if contraction < 1 and moved + contraction * r < r else None


def refine(f: Map, neighbourhood: Ball, period: int) -> Ball:
    """The fixed point of f^period in an attracting neighbourhood: interval Newton on f^period(x) - x."""
    least = vanishing(neighbourhood)
    while True:
        m = neighbourhood.mid
        at_m = f.follow(m, period)[0][-1]
        slope = f.follow(neighbourhood, period)[1]
        meet = intersection(neighbourhood, m - (at_m - m) / (slope - 1))
        if meet is None or not least < meet.delta < neighbourhood.delta * 0.75:
            return neighbourhood if meet is None else meet
        neighbourhood = meet


def exact_cycle(f: OddPolynomial, x: Fraction, period: int) -> list[Fraction] | None:
    """The orbit of x if it returns to x after `period` steps, with rationals of moderate size only."""
    path = [x]
    while len(path) <= period and is_short(path[-1]):
        path.append(f(path[-1]))
    return path[:-1] if len(path) == period + 1 and path[-1] == x else None


def _undecided(f: OddPolynomial, last: Ball, steps: int, bits: int, horizon: int) -> Classification:
    arithmetic = Arithmetic(bits)
    where = "undecided at this precision and horizon"
    if steps < horizon:
        why = f"after {steps} steps {bits} bits no longer tell where the orbit is; raise max_bits"
    else:
        why = _creeping(arithmetic.map(f), last) or (
            f"no escape and no attracting cycle in {horizon} steps, as on a chaotic orbit; raise horizon or max_period"
        )
    return Classification(Kind.UNDECIDED, steps, _digits(arithmetic), f"{where}: {why}")


def _creeping(f: Map, x: Ball) -> str:
    """Words for an orbit that is close to a fixed point, or a 2-cycle, with a multiplier near ±1."""
    for p in (1, 2):
        c = x.mid
        for _ in range(30):
            path, slope = f.follow(c, p)
            if 0 in slope - 1:
                break
            c = (c - (path[-1] - c) / (slope - 1)).mid
        slope = f.follow(c, p)[1]
        if abs(c - x).b < 0.1 and abs(abs(slope) - 1).b < 0.05:
            at, multiplier = decimal(round(middle(c), 12), 6), decimal(round(middle(slope), 12), 6)
            return (
                f"the orbit creeps near {at}, where f{_power(p)} has multiplier {multiplier} to 6 digits; "
                "prove the limit with the claim `converges`, or raise horizon"
            )
    return ""
