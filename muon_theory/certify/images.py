"""Images of intervals under one step: the hull of end values and critical values, rounded outward and inward."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx, fmpq, fmpq_poly

from muon_theory.certify.positivity import exact, fraction, midpoint, poly, real_roots, simplest, splits
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial

Range = tuple[fmpq, fmpq]


@dataclass(frozen=True, slots=True)
class Extremes:
    """Where f is least and greatest on an interval: rational points, and enclosures of the two values."""

    low_at: fmpq
    low: arb
    high_at: fmpq
    high: arb


def dense(f: OddPolynomial) -> fmpq_poly:
    return poly(f.dense())


def extremes(f: fmpq_poly, over: Range) -> Extremes:
    """Of a polynomial on [lo, hi].  The points are ends of the interval, or midpoints of balls around critical points."""
    lo, hi = over
    candidates = [(lo, arb(f(lo))), (hi, arb(f(hi)))]
    for root in real_roots(f.derivative(), lo, hi):
        at = min(max(midpoint(root), lo), hi)
        candidates.append((at, _value(f, root)))
    low = min(candidates, key=lambda c: midpoint(c[1]))
    high = max(candidates, key=lambda c: midpoint(c[1]))
    return Extremes(low[0], low[1], high[0], high[1])


def _value(f: fmpq_poly, ball: arb) -> arb:
    value = arb(0)
    for i in range(f.degree(), -1, -1):
        value = value * ball + arb(f[i])
    return value


def below(ball: arb, slack: fmpq) -> fmpq:
    """The simplest rational less than the ball, by at most about the slack (relative where the ball is beyond 1)."""
    lower = midpoint(ball.lower())
    return simplest(lower - slack * max(fmpq(1), abs(lower)), lower)


def above(ball: arb, slack: fmpq) -> fmpq:
    return -below(-ball, slack)


def step_outer(f: fmpq_poly, over: Range, slack: fmpq, floor: fmpq | None = None) -> tuple[Range, list[list[str]]]:
    """An interval that contains f(over), within the slack, and the split points that show it.

    An end that f attains at a rational end of `over`, and whose text is short, is kept exactly.
    """
    e = extremes(f, over)
    lo, hi = _short(f, e.low_at, over, below(e.low, slack)), _short(f, e.high_at, over, above(e.high, slack))
    if floor is not None:
        lo = min(lo, floor)
    return (lo, hi), [splits(f - lo, *over), splits(-f + hi, *over)]


def _short(f: fmpq_poly, at: fmpq, over: Range, rounded: fmpq) -> fmpq:
    if at in over:
        value = f(at)
        if len(str(value)) <= len(str(rounded)):
            return value
    return rounded


def step_inner(f: fmpq_poly, over: Range, slack: fmpq) -> tuple[Range, tuple[fmpq, fmpq]]:
    """An interval inside f(over), within the slack, and the two points whose values reach past its ends."""
    e = extremes(f, over)
    p, q = (_nearby(f, at, over, slack) for at in (e.low_at, e.high_at))
    lo, hi = f(p), f(q)
    low, high = (slack * max(fmpq(1), abs(v)) for v in (lo, hi))
    return (simplest(lo, lo + low), simplest(hi - high, hi)), (p, q)


def _nearby(f: fmpq_poly, at: fmpq, over: Range, slack: fmpq) -> fmpq:
    """A simple point near `at` where f differs from f(at) by less than the slack: critical points forgive √slack."""
    if at in over:
        return at
    value, width = f(at), (over[1] - over[0]) / 4
    for _ in range(2 * ctx.prec):
        near = simplest(max(over[0], at - width), min(over[1], at + width))
        if abs(f(near) - value) <= slack * max(fmpq(1), abs(value)):
            return near
        width /= 4
    return at


def as_interval(r: Range) -> Interval:
    return Interval(fraction(r[0]), fraction(r[1]))


def as_range(i: Interval) -> Range:
    return exact(i.lo), exact(i.hi)


def slack_of(digits: int) -> fmpq:
    return exact(Fraction(1, 10**digits))
