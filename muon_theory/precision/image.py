"""Ranges of polynomials on intervals and chains of intervals, exactly, rounded outward to 64 bits.

This is a finder's arithmetic for error bounds: what a certificate states is decided by the checker, not here.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import comb, lcm

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision.format import BITS, round_up
from muon_theory.schedule import Schedule

CEILING = Fraction(2**40)  # a chain past this has nothing more to say


def maximum(coefficients: Sequence[Fraction], lo: Fraction, hi: Fraction) -> Fraction:
    """An upper bound of Σ coefficients[i]·x^i on [lo, hi], above the true maximum by at most 2⁻⁴⁰ of its largest term.

    Branch and bound on Bernstein coefficients: their maximum bounds the polynomial, their first and last are values
    of it; the piece with the largest bound is halved (de Casteljau, in integers) until the two agree.
    """
    b, scale = bernstein(coefficients, lo, hi)
    tolerance = max(1, max(map(abs, b)) >> 40)
    n = len(b) - 1
    reached, queue = max(b[0], b[-1]), [(-max(b), 0, b)]
    while True:
        top, depth, piece = heapq.heappop(queue)
        if -top - reached <= tolerance or depth >= BITS:
            return Fraction(-top) / scale
        for half in _halve(piece):
            shorter = [-(-x >> n) for x in half]  # divided by 2^n and rounded up: still bounds
            reached = max(reached, shorter[0] - 1, shorter[-1] - 1)
            heapq.heappush(queue, (-max(shorter), depth + 1, shorter))


def bernstein(coefficients: Sequence[Fraction], lo: Fraction, hi: Fraction) -> tuple[list[int], int]:
    """Bernstein coefficients on [lo, hi] as integers over a common scale, rounded up by less than one unit.

    Horner's scheme in x = lo·(1 - t) + hi·t, on the coefficients of (1 - t)^(n-j) t^j, in integers.
    """
    n, den, D = len(coefficients) - 1, lcm(*(c.denominator for c in coefficients)), lcm(lo.denominator, hi.denominator)
    p, q = int(lo * D), int(hi * D)
    a = [int(c * den) for c in coefficients]
    c, power = [a[n]], 1
    for m in range(1, n + 1):
        power *= D
        last = a[n - m] * power
        c = [(p * c[j] if j < m else 0) + (q * c[j - 1] if j else 0) + last * comb(m, j) for j in range(m + 1)]
    below = den * power  # b_j = c_j / (C(n, j)·below)
    largest = max(abs(x) // comb(n, j) for j, x in enumerate(c)) or 1
    scale = 1 << max(0, 2 * BITS - largest.bit_length() + below.bit_length())
    return [-(-x * scale // (comb(n, j) * below)) for j, x in enumerate(c)], scale


def _halve(b: list[int]) -> tuple[list[int], list[int]]:
    """The Bernstein coefficients of the two halves, times 2^n."""
    n = len(b) - 1
    row, left, right = list(b), [b[0] << n], [b[-1] << n]
    for k in range(1, n + 1):
        row = [x + y for x, y in pairwise(row)]
        left.append(row[0] << (n - k))
        right.append(row[-1] << (n - k))
    return left, right[::-1]


def largest_value(coefficients: Sequence[Fraction], lo: Fraction, hi: Fraction) -> Fraction:
    """An upper bound of |p| on [lo, hi]."""
    return _largest_value(tuple(coefficients), lo, hi)


@lru_cache(maxsize=4096)
def _largest_value(coefficients: tuple[Fraction, ...], lo: Fraction, hi: Fraction) -> Fraction:
    return round_up(max(maximum(coefficients, lo, hi), maximum([-c for c in coefficients], lo, hi), Fraction(0)))


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


def chain(schedule: Schedule, start: Interval, errors: Sequence[Fraction] | None = None) -> tuple[Interval, ...]:
    """[start, I_1, …, I_T] with I_t ⊇ |f_t|(I_{t-1}) widened by ε_t and cut at 0: where singular values can be.

    Weyl: a perturbation E of f_t(X) moves every singular value by ≤ ‖E‖₂ ≤ ε_t.  Singular values are ≥ 0, so a lower
    end below 0 becomes 0; from there the chain bounds singular values but no longer says that signs are kept.

    Raises UndecidedError where an interval passes 2⁴⁰.

    >>> str(chain(Schedule.parse("3/2,-1/2", 2), Interval.of("1/2", 1), ["1/100", "1/100"])[-1])
    Traceback (most recent call last):
    ...
    muon_theory.errors.UsageError: the errors must be exact rationals, found '1/100': use Fraction('1/100')
    """
    if start.lo < 0:
        raise UsageError(f"singular values are ≥ 0: the interval {start} cannot start below 0")
    intervals = [start]
    for t, f in enumerate(schedule.steps):
        error = errors[t] if errors is not None else Fraction(0)
        if not isinstance(error, Fraction):
            raise UsageError(f"the errors must be exact rationals, found {error!r}: use Fraction({error!r})")
        intervals.append(next_interval(f, intervals[-1], error))
        if intervals[-1].hi > CEILING:
            raise UndecidedError(
                f"step {t + 1} of {schedule.name!r} can reach past 2^40 from {start}: lower the upper end or the errors"
            )
    return tuple(intervals)


def next_interval(f: OddPolynomial, interval: Interval, error: Fraction) -> Interval:
    """|f|(interval) widened by ε and cut at 0."""
    values = image(f, interval)
    if values.hi <= 0:
        values = Interval(-values.hi, -values.lo)
    elif values.lo < 0:
        values = Interval(Fraction(0), max(values.hi, -values.lo))
    low = max(values.lo - error, Fraction(0))
    top = round_up(values.hi + error)
    return Interval(_round_down(low, top), top)


def _round_down(q: Fraction, scale: Fraction) -> Fraction:
    """A number ≤ q, within 2⁻⁶⁴ of `scale`, with a short denominator."""
    step = Fraction(1, 1 << max(0, BITS - scale.numerator.bit_length() + scale.denominator.bit_length()))
    return (q / step).__floor__() * step
