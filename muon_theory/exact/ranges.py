"""Ranges of polynomials on intervals: by their critical values, and by Bernstein coefficients alone.

The first is as sharp as balls are; the second needs no roots and is quick where about forty bits are enough.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from flint import arb, ctx, fmpq, fmpq_poly

from muon_theory.exact.bernstein import bernstein, halves
from muon_theory.exact.positivity import splits
from muon_theory.exact.rationals import exact, fraction, midpoint, poly, simplest
from muon_theory.exact.roots import real_roots
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial

Range = tuple[fmpq, fmpq]
TwoCuts = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]


@dataclass(frozen=True, slots=True)
class Extremes:
    """About where f is least and greatest on an interval, and a lower and an upper bound of its values there.

    A bound is the value itself where f is least (greatest) at an end of the interval.
    """

    low_at: fmpq
    low: fmpq
    high_at: fmpq
    high: fmpq


def extremes(f: fmpq_poly, over: Range) -> Extremes:
    """Of a polynomial on [lo, hi]: at its ends and at the midpoints of balls around its critical points."""
    candidates = [(end, f(end), f(end)) for end in over]
    for root in real_roots(f.derivative(), *over):
        at, value = min(max(midpoint(root), over[0]), over[1]), _value(f, root)
        candidates.append((at, midpoint(value.lower()), midpoint(value.upper())))
    lowest, highest = min(candidates, key=lambda c: c[1]), max(candidates, key=lambda c: c[2])
    return Extremes(lowest[0], lowest[1], highest[0], highest[2])


def _value(f: fmpq_poly, ball: arb) -> arb:
    value = arb(0)
    for i in range(f.degree(), -1, -1):
        value = value * ball + arb(f[i])
    return value


def below(bound: fmpq, slack: fmpq) -> fmpq:
    """The simplest rational up to the bound, less by at most the slack (relative where the bound is beyond 1)."""
    return simplest(bound - slack * max(fmpq(1), abs(bound)), bound)


def above(bound: fmpq, slack: fmpq) -> fmpq:
    """The simplest rational from the bound on, more by at most the slack."""
    return -below(-bound, slack)


def step_outer(f: fmpq_poly, over: Range, slack: fmpq, floor: fmpq | None = None) -> tuple[Range, TwoCuts]:
    """An interval that contains f(over), within the slack, and the split points that show it.

    A bound that is short as it stands (a value at an end of `over`, say) is kept exactly.
    """
    e = extremes(f, over)
    lo, hi = _shorter(e.low, below(e.low, slack)), _shorter(e.high, above(e.high, slack))
    if floor is not None:
        lo = min(lo, floor)
    return (lo, hi), (splits(f - lo, *over), splits(-f + hi, *over))


def _shorter(value: fmpq, rounded: fmpq) -> fmpq:
    return value if size(value) <= size(rounded) else rounded


def size(q: fmpq) -> int:
    """Bits of a rational: what it costs to write down."""
    return int(q.p).bit_length() + int(q.q).bit_length()


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
    value, bend = f(at), abs(f.derivative().derivative()(at)) / 2
    slack *= max(fmpq(1), abs(value))
    width = min((over[1] - over[0]) / 4, midpoint(arb(slack / bend).sqrt()) if bend else fmpq(1))
    for _ in range(ctx.prec):
        near = simplest(max(over[0], at - width), min(over[1], at + width))
        if abs(f(near) - value) <= slack:
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


# Bounds without roots -------------------------------------------------------------------------------------------------

FINE = 128
"""Bits to which Bernstein coefficients are rounded up."""

DEPTH = 64
"""Halvings after which a bound is taken as it is."""


def maximum(coefficients: Sequence[Fraction], lo: Fraction, hi: Fraction) -> Fraction:
    """An upper bound of Σ coefficients[i]·x^i on [lo, hi], above the true maximum by at most 2⁻⁴⁰ of its largest term.

    Branch and bound on Bernstein coefficients: their maximum bounds the polynomial, their first and last are values
    of it; the piece with the largest bound is halved (in integers) until the two agree.
    """
    exactly, unit = bernstein(poly(coefficients), exact(lo), exact(hi))
    scale = 1 << max(0, FINE - max(map(abs, exactly)).bit_length() + unit.bit_length())
    b = [-(-x * scale // unit) for x in exactly]
    tolerance = max(1, max(map(abs, b)) >> 40)
    n = len(b) - 1
    reached, queue = max(b[0], b[-1]), [(-max(b), 0, b)]
    while True:
        top, depth, piece = heapq.heappop(queue)
        if -top - reached <= tolerance or depth >= DEPTH:
            return Fraction(-top) / scale
        for half in halves(piece):
            shorter = [-(-x >> n) for x in half]  # divided by 2^n and rounded up: still bounds
            reached = max(reached, shorter[0] - 1, shorter[-1] - 1)
            heapq.heappush(queue, (-max(shorter), depth + 1, shorter))


@lru_cache(maxsize=4096)
def image(f: OddPolynomial, interval: Interval) -> Interval:
    """An interval that contains f(interval) and is wider by at most 2⁻⁴⁰ of f's Bernstein coefficients at either end.

    >>> print(image(OddPolynomial.of("3/2", "-1/2"), Interval.of("1/2", 1)))
    [0.6875, 1]
    """
    dense = f.dense()
    top = maximum(dense, interval.lo, interval.hi)
    bottom = -maximum([-c for c in dense], interval.lo, interval.hi)
    return Interval(bottom, top)
