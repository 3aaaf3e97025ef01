"""Finders for the claims about one map repeated without end: fixes, attracts, repels, converges, escapes, cycles."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import prod

from flint import fmpq, fmpq_poly

from muon_theory.certificate import Certificate
from muon_theory.claims import (
    Alone,
    Attracts,
    Contracting,
    Contraction,
    Converges,
    Cycles,
    Escape,
    Escapes,
    Expanding,
    Fixes,
    Line,
    Repels,
    Signs,
)
from muon_theory.errors import UndecidedError
from muon_theory.exact.positivity import NotPositive, splits
from muon_theory.exact.ranges import above, as_interval, as_range, extremes, slack_of, step_outer
from muon_theory.exact.rationals import dense, exact, fraction, poly, precision, simplest
from muon_theory.exact.roots import antipodes, escape_radius, fixed_points
from muon_theory.finders.band import point_chain
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial, divided_difference
from muon_theory.schedule import Schedule

CLOSED, RIGHT_OPEN, LEFT_OPEN = (True, True), (True, False), (False, True)


def one_map(schedule: Schedule) -> OddPolynomial:
    """The map that a schedule of equal rows repeats."""
    if not schedule.constant:
        raise UndecidedError(f"{schedule.name!r} has different steps: claims about repetition need one map")
    return schedule.steps[0]


def _around(f: OddPolynomial, point: Interval) -> tuple[Line, fmpq, fmpq]:
    """The obligation that p is a fixed point, alone in its interval; and the ends of the interval for p²."""
    lo, hi = exact(point.lo) ** 2, exact(point.hi) ** 2
    if point.is_point:
        return (), lo, hi
    g = poly(f.coefficients)
    return splits(g.derivative() * (1 if g(hi) > g(lo) else -1), lo, hi, CLOSED), lo, hi


def fixes(schedule: Schedule, point: Interval) -> Certificate[Fixes]:
    """f(p) = p."""
    alone, *_ = _around(one_map(schedule), point)
    return Certificate(schedule, Fixes(point), Alone((alone,)))


def multiplier_kind(schedule: Schedule, point: Interval) -> Certificate[Attracts] | Certificate[Repels]:
    """`attracts` or `repels`, whichever holds.  Raises UndecidedError if |f'(p)| = 1 (or cannot be told from 1)."""
    f = one_map(schedule)
    alone, lo, hi = _around(f, point)
    d = poly(f.derivative_in_y)
    try:
        signs = splits(-d + 1, lo, hi, CLOSED), splits(d + 1, lo, hi, CLOSED)
        return Certificate(schedule, Attracts(point), Contracting((alone, *signs)))
    except NotPositive:
        pass
    try:
        beyond = splits((d if d(lo) > 0 else -d) - 1, lo, hi, CLOSED)
        return Certificate(schedule, Repels(point), Expanding((alone, beyond)))
    except NotPositive:
        raise UndecidedError(
            f"|f'(p)| cannot be told from 1 at p in {point}: isolate p more narrowly, or use converges for f'(p) = -1"
        ) from None


def converges(schedule: Schedule, point: Interval, upper: Fraction) -> Certificate[Converges]:
    """Every orbit from (0, upper] tends to p.  Raises NotPositive where an obligation fails; its note names it."""
    f = one_map(schedule)
    alone, lo, hi = _around(f, point)
    g, u = poly(f.coefficients), exact(upper)
    y = fmpq_poly([0, 1])
    z = y * g * g
    h = (g + 1) * (y * g * divided_difference(g.coeffs(), y, z) + 1)
    open_right, open_left = (RIGHT_OPEN, LEFT_OPEN) if point.is_point else (CLOSED, CLOSED)
    obligations: list[tuple[str, fmpq_poly, fmpq, fmpq, tuple[bool, bool] | None]] = [
        ("f > 0", g, fmpq(0), u * u, CLOSED),
        ("f ≤ upper", -dense(f) + u, fmpq(0), u, None),
        ("f > x below p", g - 1, fmpq(0), lo, open_right),
        ("f < x above p", -g + 1, hi, u * u, open_left),
        ("f∘f > x below p", h, fmpq(0), hi, open_right),
    ]
    found: list[Line] = []
    for name, p, a, b, strict in obligations:
        try:
            found.append(() if a == b else splits(p, a, b, strict))
        except NotPositive as error:
            error.add_note(name)
            raise
    positive, below, rising, falling, no_cycle = found
    return Certificate(schedule, Converges(point, upper), Signs((alone, positive, below, rising, falling, no_cycle)))


def basin(schedule: Schedule, point: Interval, digits: int = 3) -> Certificate[Converges]:
    """`converges` for an upper end as large as bisection finds, to `digits` digits, and simple.

    Raises NotPositive if not even the orbits from (0, p] are shown to converge.
    """
    f = one_map(schedule)
    highest = extremes(dense(f), (fmpq(0), exact(max(point.hi, Fraction(1))))).high
    beyond = min((p.lo for p in (*fixed_points(f), *antipodes(f)) if p.lo > point.hi), default=2 * fraction(highest))
    room = max(min(fmpq(1, 1000), (exact(beyond) - highest) / 2), fmpq(0))
    lo = max(point.hi, fraction(simplest(highest, highest + room)))  # (0, lo] must be mapped into itself
    hi, best = beyond, converges(schedule, point, lo)
    while hi - lo > Fraction(1, 10**digits):
        middle = fraction(simplest(exact(lo + (hi - lo) / 4), exact(hi - (hi - lo) / 4)))
        if (tried := _try(schedule, point, middle)) is None:
            hi = middle
        else:
            lo, best = middle, tried
    return best


def _try(schedule: Schedule, point: Interval, upper: Fraction) -> Certificate[Converges] | None:
    try:
        return converges(schedule, point, upper)
    except NotPositive:
        return None


def escapes(schedule: Schedule, x: Fraction, horizon: int = 400, digits: int = 12) -> Certificate[Escapes]:
    """The orbit of x leaves every bound.  Raises UndecidedError if it has not passed the escape radius by then."""
    f = one_map(schedule)
    precision(digits)
    least = escape_radius(f)
    if least is None:
        raise UndecidedError(f"{f} lets no orbit escape")
    value, count = x, 0
    while abs(value) <= least + Fraction(1, 10**6):
        if count == horizon:
            raise UndecidedError(
                f"the orbit of {x} stays below {float(least):.6g} for {horizon} steps: try another start"
            )
        value, count = _rounded(f(value), 2 * digits + 20), count + 1
    steps = point_chain(schedule, x, count, digits)
    last = steps[-1].outer if steps else Interval(x, x)
    nearest = last.lo if last.lo > 0 else -last.hi
    if nearest <= least:
        raise UndecidedError(f"rounding hides whether the orbit of {x} escapes: ask for more digits")
    radius = fraction(simplest(exact(least + (nearest - least) / 4), exact(nearest)))
    g, r = poly(f.coefficients), exact(radius)
    sign = 1 if f.coefficients[-1] > 0 else -1
    ratio = fraction(simplest(fmpq(1) + (abs(g(r * r)) - 1) / 3, fmpq(1) + (abs(g(r * r)) - 1) / 2))
    beyond = g * sign - exact(ratio)
    reversed_ = fmpq_poly([beyond[i] * (r * r) ** i for i in range(g.degree(), -1, -1)])
    witness = Escape(tuple(steps), radius, ratio, splits(reversed_, fmpq(0), fmpq(1)))
    return Certificate(schedule, Escapes(Interval(x, x)), witness)


def _rounded(q: Fraction, digits: int) -> Fraction:
    """A nearby rational of bounded size: the search follows orbits, the certificate encloses them."""
    if q.denominator.bit_length() < 64:
        return q
    scale = 10**digits
    return Fraction(round(q * scale), scale)


def cycles(schedule: Schedule, period: int, near: Fraction, digits: int = 12) -> Certificate[Cycles]:
    """An attracting cycle of that period through a point near `near`, in intervals that the map contracts.

    The orbit of `near` must have come close to the cycle (to about 10^-6).  Raises UndecidedError if the product of
    slopes is not < 1, or the intervals are not mapped into each other.
    """
    f = one_map(schedule)
    precision(digits)
    p, slopes = dense(f), poly(f.derivative_in_y)
    center = near
    for _ in range(200):
        for _ in range(period):
            center = _rounded(f(center), 3 * digits)
    centers = [center]
    for _ in range(period - 1):
        centers.append(_rounded(f(centers[-1]), 3 * digits))
    radius = Fraction(1, 10 ** max(3, digits // 2))
    derivative = slopes(fmpq_poly([0, 0, 1]))
    for _ in range(40):
        intervals = _trap(centers, f, radius)
        if intervals is not None:
            bounds, cuts = [], []
            for i, here in enumerate(intervals):
                lo, hi = exact(here.lo), exact(here.hi)
                target = intervals[(i + 1) % period]
                e = extremes(derivative, (lo, hi))
                bound = max(above(e.high, slack_of(6)), above(-e.low, slack_of(6)))
                cuts.append(
                    (
                        splits(p - exact(target.lo), lo, hi),
                        splits(-p + exact(target.hi), lo, hi),
                        splits(derivative + bound, lo, hi),
                        splits(-derivative + bound, lo, hi),
                    )
                )
                bounds.append(fraction(bound))
            if prod(bounds) < 1:
                return Certificate(schedule, Cycles(intervals), Contraction(tuple(cuts), tuple(bounds)))
        radius /= 2
    raise UndecidedError(
        f"no attracting cycle of period {period} was trapped near {float(near):.6g}: iterate longer first"
    )


def _trap(centers: list[Fraction], f: OddPolynomial, radius: Fraction) -> tuple[Interval, ...] | None:
    """J_1 around the first point, J_{i+1} the image of J_i a little widened; None if the last misses J_1."""
    intervals = [_simple(centers[0], radius)]
    for _ in centers:
        image, _cuts = step_outer(dense(f), as_range(intervals[-1]), exact(radius / 1000))
        intervals.append(as_interval(image))
    if not intervals.pop() <= intervals[0]:
        return None
    ordered = sorted(intervals, key=lambda i: i.lo)
    if any(not a.disjoint(b) for a, b in pairwise(ordered)):
        return None
    return tuple(intervals)


def _simple(center: Fraction, radius: Fraction) -> Interval:
    lo = fraction(simplest(exact(center - radius), exact(center - radius * Fraction(9, 10))))
    hi = fraction(simplest(exact(center + radius * Fraction(9, 10)), exact(center + radius)))
    return Interval(lo, hi)
