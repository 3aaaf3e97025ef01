"""Greedy composition (Polar Express, arXiv 2505.16932, Theorem 3.1), with cushion, safety factor and rounding.

Step t is the best odd polynomial to 1 on [l_t, u_t]; its image is [l_{t+1}, u_{t+1}] = [p_t(l_t), 2 - p_t(l_t)], and no
composition of those degrees ends closer to 1.  Three departures make schedules that low precision survives:

- *cushion* κ: step t is best on [max(l_t, κ·u_t), u_t], then scaled by 2/(p(l_t) + max p), so that the image of
  [l_t, u_t] is centred on 1.  (The paper scales by 2/(p(l) + p(u)).  p(u) = max p for degrees 5, 9, 13, …; for degrees
  3, 7, 11, … p(u) is the minimum 1 - E, and the paper's formula would put iterates above the u that it goes on with.)
- *safety factor* s: x ↦ p_t(x/s) for every step but the last; then u_{t+1} = 2 - l_{t+1} as in the paper.
- *rounding*: coefficients to `digits` decimals or to a binary format.  Of the neighbours above and below each, those
  are taken whose image has the best ratio of its ends (for the last step: is closest to 1), and the next step starts
  from that image.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import ceil, log10

from flint import ctx

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.ranges import above, below, extremes
from muon_theory.exact.rationals import dense, exact, fraction
from muon_theory.finders.alternation import alternation
from muon_theory.interval import Interval
from muon_theory.number import Reading
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

DIGITS = 12
"""Unrounded coefficients are kept so long that the final level is right to about so many digits."""

MOST_TERMS = 5
"""Polynomials of more terms are rounded to nearest: the neighbours double with each term."""


@dataclass(frozen=True, slots=True)
class Composition:
    """Steps, and the intervals [l_0, u_0], …, [l_T, u_T] that the construction ran through (not yet certified)."""

    schedule: Schedule
    intervals: tuple[Interval, ...]

    @property
    def levels(self) -> tuple[Fraction, ...]:
        """How far from 1 each step's interval reaches."""
        return tuple(reach(i) for i in self.intervals[1:])


def reach(image: Interval) -> Fraction:
    """max |1 - x| over the interval."""
    return max(1 - image.lo, image.hi - 1)


def compose(
    degrees: Sequence[int],
    lower: Fraction,
    upper: Fraction = Fraction(1),
    digits: int | None = None,
    reading: Reading = Reading.DECIMAL,
    safety: Fraction = Fraction(1),
    cushion: Fraction = Fraction(0),
) -> Composition:
    """The greedy composition on [lower, upper]: one odd degree a step.

    Parameters
    ----------
    degrees : odd numbers, first step first.
    lower, upper : 0 < lower < upper, the interval that is sent close to 1.
    digits : decimals after the point to which coefficients are rounded; None keeps about `DIGITS` correct digits of
        the final level (coefficients are decimals in any case, but long ones).
    reading : the binary format to which coefficients are rounded (after the decimals, where both are given).
    safety : s ≥ 1.    cushion : 0 ≤ κ < 1.

    Raises
    ------
    UsageError
        An argument is outside its domain.
    UndecidedError
        Rounding leaves an image that is not > 0, or a level falls below 10^-300.

    >>> greedy = compose((5, 5), Fraction(1, 10))
    >>> [f"{float(level):.6f}" for level in greedy.levels]
    ['0.453417', '0.062675']
    """
    if safety < 1:
        raise UsageError(f"a safety factor is ≥ 1, not {safety}: write such as 1.01 (the argument is divided by it)")
    if not 0 <= cushion < 1:
        raise UsageError(f"a cushion is a fraction of u, 0 ≤ κ < 1, not {cushion}: write such as 0.02")
    if not degrees:
        raise UsageError("a composition needs at least one step")
    if digits is not None and digits < 0:
        raise UsageError(f"{digits} decimals cannot be kept: write 0 or more")
    guard = DIGITS + 2 + ceil(sum(log10(d + 1) for d in degrees if d > 0))
    here = Interval(lower, upper)
    intervals, steps = [here], []
    for t, degree in enumerate(degrees, 1):
        spare = safety if t < len(degrees) else Fraction(1)
        p, tolerance = _step(degree, here, guard, spare, cushion)
        if digits is None and reading is Reading.DECIMAL:
            step = _rounded(p, here.hi, tolerance)
            here = _following(step, here, tolerance, spare)
        else:
            step, here = _neighbour(p, here, digits, reading, tolerance, spare, t == len(degrees))
        if here.lo <= 0:
            raise UndecidedError(
                f"step {t}, rounded, maps [{float(intervals[-1].lo):.6g}, {float(intervals[-1].hi):.6g}] down to "
                f"{float(here.lo):.3g}, which is not > 0: keep more digits"
            )
        steps.append(step)
        intervals.append(here)
    return Composition(Schedule(tuple(steps), reading=reading), tuple(intervals))


def _step(
    degree: int, here: Interval, guard: int, safety: Fraction, cushion: Fraction
) -> tuple[OddPolynomial, Fraction]:
    """One step for [l, u], unrounded but for the guard digits, and the error that it forgives."""
    ratio = here.lo / here.hi
    best = alternation(degree, Interval(max(ratio, cushion), Fraction(1)), guard)
    least, greatest = 1 - best.level, 1 + best.level
    centre = Fraction(1)
    if ratio < cushion:
        least = best.polynomial(ratio)
        centre = 2 / (least + greatest)
    level = (greatest - least) / (greatest + least)
    p = best.polynomial.scaled(inner=1 / (here.hi * safety), outer=centre)
    return p, min(level, 1 - level) / 10**guard


def _rounded(p: OddPolynomial, upper: Fraction, tolerance: Fraction) -> OddPolynomial:
    """Coefficients as short decimals that change p on [0, u] by less than the tolerance."""
    out = []
    for i, c in enumerate(p.coefficients):
        error = tolerance / ((p.degree + 1) * upper ** (2 * i + 1))
        quantum = Fraction(10) ** (ceil(log10(error.numerator) - log10(error.denominator)) - 1)
        out.append(round(c / quantum) * quantum)
    return OddPolynomial(tuple(out))


def _neighbour(
    p: OddPolynomial,
    here: Interval,
    digits: int | None,
    reading: Reading,
    tolerance: Fraction,
    safety: Fraction,
    last: bool,
) -> tuple[OddPolynomial, Interval]:
    """The best rounding of p among the neighbours of its coefficients, and the interval that it leads to."""
    around = [_around(c, digits, reading) for c in p.coefficients]
    if len(around) > MOST_TERMS:
        around = [near[:1] for near in around]

    def merit(step: OddPolynomial) -> tuple[bool, Fraction]:
        image = _following(step, here, tolerance, Fraction(1))
        positive = image.lo > 0
        return positive, image.lo / image.hi if positive and not last else -reach(image)

    step = max((OddPolynomial(row) for row in product(*around)), key=merit)
    return step, _following(step, here, tolerance, safety)


def _around(c: Fraction, digits: int | None, reading: Reading) -> list[Fraction]:
    """The nearest number of the format, and the nearest on the other side of c."""
    nearest = c if digits is None else Fraction(round(c * 10**digits), 10**digits)
    quantum = Fraction(1, 10**digits) if digits is not None else abs(nearest) / 2 ** ((reading.precision or 1) - 1)
    near = reading.round(nearest)
    other = reading.round(nearest + quantum if near < c else nearest - quantum)
    return [near] if other == near else [near, other]


def _following(step: OddPolynomial, here: Interval, tolerance: Fraction, safety: Fraction) -> Interval:
    """The step's image of [l, u], outward; with a safety factor up to the paper's 2 - l."""
    bits = 64 + 4 * ceil(log10(tolerance.denominator) - log10(tolerance.numerator))
    with ctx.workprec(max(bits, 64)):
        e = extremes(dense(step), (exact(here.lo), exact(here.hi)))
        lo, hi = fraction(below(e.low, exact(tolerance))), fraction(above(e.high, exact(tolerance)))
    return Interval(lo, hi if safety == 1 else max(hi, 2 - lo))
