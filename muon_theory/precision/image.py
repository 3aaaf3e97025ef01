"""Chains of intervals for singular values, each step widened by its error, rounded outward to 64 bits.

This is a finder's arithmetic for error bounds: what a certificate states is decided by the checker, not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.ranges import image, maximum
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision.format import BITS, round_up
from muon_theory.schedule import Schedule

CEILING = Fraction(2**40)  # a chain past this has nothing more to say


def largest_value(coefficients: Sequence[Fraction], lo: Fraction, hi: Fraction) -> Fraction:
    """An upper bound of |p| on [lo, hi]."""
    return _largest_value(tuple(coefficients), lo, hi)


@lru_cache(maxsize=4096)
def _largest_value(coefficients: tuple[Fraction, ...], lo: Fraction, hi: Fraction) -> Fraction:
    return round_up(max(maximum(coefficients, lo, hi), maximum([-c for c in coefficients], lo, hi), Fraction(0)))


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


def next_interval(
    f: OddPolynomial, interval: Interval, error: Fraction, share: Fraction = Fraction(0), rest: Fraction | None = None
) -> Interval:
    """|f|(interval) widened by ε; or by its own share and `rest`, at each end whichever is nearer."""
    weyl = moved(f, interval, error)
    if rest is None:
        return weyl
    ostrowski = moved(f, interval, rest, share)
    return Interval(max(weyl.lo, ostrowski.lo), min(weyl.hi, ostrowski.hi))


def moved(f: OddPolynomial, interval: Interval, error: Fraction, share: Fraction = Fraction(0)) -> Interval:
    """(1 ± share)·|f|(interval) ± ε, cut at 0.

    Ostrowski: σ_i((I + K)M) lies in (1 ± ‖K‖₂)σ_i(M); Weyl: σ_i(M + E) in σ_i(M) ± ‖E‖₂.
    """
    values = image(f, interval)
    if values.hi <= 0:
        values = Interval(-values.hi, -values.lo)
    elif values.lo < 0:
        values = Interval(Fraction(0), max(values.hi, -values.lo))
    top = round_up((1 + share) * values.hi + error)
    return Interval(_round_down(max((1 - share) * values.lo - error, Fraction(0)), top), top)


def _round_down(q: Fraction, scale: Fraction) -> Fraction:
    """A number ≤ q, within 2⁻⁶⁴ of `scale`, with a short denominator."""
    step = Fraction(1, 1 << max(0, BITS - scale.numerator.bit_length() + scale.denominator.bit_length()))
    return (q / step).__floor__() * step
