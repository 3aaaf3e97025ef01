"""Where a schedule goes wrong: the points that refute a claim, found by walking back through the steps; and why.

The image of an interval under the first steps is known from inside (`step_inner`).  The worst value of a step is
attained at a point of it; that point has a preimage under each step before, down to the start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from flint import fmpq, fmpq_poly

from muon_theory.claims import Outer
from muon_theory.claims.words import about
from muon_theory.errors import UndecidedError
from muon_theory.exact.ranges import Range, as_range, extremes, slack_of, step_inner
from muon_theory.exact.rationals import dense, exact, fraction, midpoint, poly, precision, simplest
from muon_theory.exact.roots import fixed_points, positive_roots, real_roots
from muon_theory.finders import band
from muon_theory.interval import Interval
from muon_theory.number import simplest_between
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

DIGITS = 30

WITNESS_DIGITS = 40
"""To which the orbit of a witness point is followed."""


def extreme_start(schedule: Schedule, over: Interval, step: int, highest: bool) -> Fraction:
    """A point of `over` whose orbit comes as high (or low) as any after that step, to about 30 digits."""
    ranges: list[Range] = [as_range(over)]
    for f in schedule.steps[: step - 1]:
        ranges.append(step_inner(dense(f), ranges[-1], slack_of(DIGITS))[0])
    e = extremes(dense(schedule.steps[step - 1]), ranges[-1])
    value = e.high_at if highest else e.low_at
    for f, inside in zip(reversed(schedule.steps[: step - 1]), reversed(ranges[:-1]), strict=True):
        value = _preimage(dense(f), inside, value)
    return fraction(value)


def _preimage(f: fmpq_poly, inside: Range, value: fmpq) -> fmpq:
    """A point of the interval that f takes to the value (to within the precision of balls)."""
    lo, hi = inside
    for end in inside:
        if f(end) == value:
            return end
    roots = [midpoint(r) for r in real_roots(f - value, lo, hi)]
    near = [min(max(r, lo), hi) for r in roots]
    if not near:
        return min(inside, key=lambda end: abs(f(end) - value))
    return near[0]


def simple_near(x: Fraction, over: Interval, holds: Callable[[Fraction], bool]) -> Fraction:
    """The simplest number near x, inside the interval, for which the condition still holds.

    Raises UndecidedError if it does not hold at x itself.
    """
    x, width = min(max(x, over.lo), over.hi), max(over.width, Fraction(1, 10**3)) / 4
    if not holds(x):
        raise UndecidedError(f"the point {float(x):.9g} does not show it")
    for _ in range(100):
        candidate = simplest_between(max(over.lo, x - width), min(over.hi, x + width))
        if holds(candidate):
            return candidate
        width /= 2
    return x


def first_zero(f: OddPolynomial) -> fmpq | None:
    """About the least x > 0 with f(x) = 0."""
    squares = positive_roots(poly(f.coefficients))
    return midpoint(squares[0].sqrt()) if squares else None


def first_above(f: fmpq_poly, bound: fmpq) -> fmpq | None:
    """About the least x > 0 beyond which f exceeds the bound."""
    above = f - bound
    roots = (midpoint(root) for root in positive_roots(above))
    return next((x for x in roots if above(x + x / 10**9) > 0), None)


def safe_upper(schedule: Schedule, cap: Fraction) -> Fraction | None:
    """About the largest u such that on (0, u] every step stays > 0 and the output stays ≤ cap; None if unbounded.

    Backwards: (0, u_{t-1}] must be mapped into (0, u_t], so u_{t-1} is the first zero of f_t or the first place
    where f_t exceeds u_t.
    """
    u: fmpq | None = exact(cap)
    for f in reversed(schedule.steps):
        limits = [first_zero(f), first_above(dense(f), u) if u is not None else None]
        if f.slope <= 0:
            return Fraction(0)
        u = min((limit for limit in limits if limit is not None), default=None)
    return None if u is None else fraction(simplest(u - abs(u) / 10**15, u + abs(u) / 10**15))


def flips_at(schedule: Schedule, x: Fraction) -> int | None:
    """The first step that takes the orbit of x below 0 for sure, while it was surely positive before."""
    for t, step in enumerate(orbit_chain(schedule, x), 1):
        if step.outer.hi < 0:
            return t
        if step.outer.lo <= 0:
            return None
    return None


def orbit_chain(schedule: Schedule, x: Fraction) -> list[Outer]:
    """The orbit of a point through the schedule, in intervals far narrower than any question asked about it."""
    precision(WITNESS_DIGITS)
    return band.point_chain(schedule, x, len(schedule.steps), WITNESS_DIGITS)


def explain_step(schedule: Schedule, start: Interval, last: int) -> str:
    """Which step is to blame: the first that goes below 0, past its own escape point, or has no fixed point at all."""
    here = start
    for t, f in enumerate(schedule.steps[:last], 1):
        e = extremes(dense(f), as_range(here))
        at, high, low = (fraction(v) for v in (e.high_at, e.high, e.low))
        fixed = fixed_points(f)
        escape = [p for p in fixed if f.derivative(p.midpoint) > 1]
        if low < 0:
            return f"step {t} takes x {_at(fraction(e.low_at))} to {about(low)} < 0"
        if f.slope > 1 and not fixed and f.coefficients[-1] > 0:
            return f"step {t} has f(x) > x for every x > 0 (it fixes no x > 0): {about(at)} goes to {about(high)}"
        if escape and high > escape[-1].hi:
            kind = "critical point" if here.lo < at < here.hi else "point"
            return (
                f"step {t} takes the {kind} x {_at(at)} to {about(high)}, past the escape point "
                f"{about(escape[-1].midpoint)} beyond which f(x) > x"
            )
        here = band.outer_steps(replace(schedule, steps=(f,)), here, 12)[0]
    return f"the last step takes x {_at(at)} to {about(high)}"


def _at(x: Fraction) -> str:
    """= 1, or ≈ 0.57."""
    shown = about(x)
    return shown if shown.startswith("≈") else f"= {shown}"
