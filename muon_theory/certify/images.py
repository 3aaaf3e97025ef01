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
    """About where f is least and greatest on an interval, and bounds of its values (balls of radius 0)."""

    low_at: fmpq
    low: arb
    high_at: fmpq
    high: arb


def dense(f: OddPolynomial) -> fmpq_poly:
    """The polynomial with all its coefficients, zeros included."""
    return poly(f.dense())


def extremes(f: fmpq_poly, over: Range) -> Extremes:
    """Of a polynomial on [lo, hi]: at its ends and at the midpoints of balls around its critical points."""
    lo, hi = over
    candidates = [(lo, arb(f(lo))), (hi, arb(f(hi)))]
    for root in real_roots(f.derivative(), lo, hi):
        at = min(max(midpoint(root), lo), hi)
        candidates.append((at, _value(f, root)))
    low_at, high_at = (pick(candidates, key=lambda c: midpoint(c[1]))[0] for pick in (min, max))
    low = min((ball.lower() for _, ball in candidates), key=midpoint)
    high = max((ball.upper() for _, ball in candidates), key=midpoint)
    return Extremes(low_at, low, high_at, high)


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
    """The simplest rational more than the ball, by at most about the slack."""
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
    inner = simplest(lo, lo + low), simplest(hi - high, hi)
    return (inner if inner[0] <= inner[1] else (lo, hi)), (p, q)


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
    """With rational ends of the standard library."""
    return Interval(fraction(r[0]), fraction(r[1]))


def as_range(i: Interval) -> Range:
    """With rational ends of python-flint."""
    return exact(i.lo), exact(i.hi)


def slack_of(digits: int) -> fmpq:
    """10^-digits."""
    return exact(Fraction(1, 10**digits))
