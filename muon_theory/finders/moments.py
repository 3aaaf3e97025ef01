"""Finder for moments: the mean of φ, the mean of (φ - 1)² and the variance, by polynomial models on cells."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import arb, ctx, fmpq, fmpq_poly

from muon_theory.certificate import Certificate
from muon_theory.claims import Moments
from muon_theory.errors import UndecidedError
from muon_theory.exact.rationals import exact, fraction
from muon_theory.finders.models import MAX_CELLS, Model, cells, model, places, rounded, witness
from muon_theory.interval import Interval
from muon_theory.number import rational
from muon_theory.schedule import Schedule


def moments(schedule: Schedule, over: Interval, measure: str, tolerance: Fraction) -> Certificate[Moments]:
    """Bounds on the mean of φ, the mean of (φ - 1)² and the variance of φ, each to about the tolerance.

    Raises UndecidedError if too many cells are needed.
    """
    if over.is_point:
        raise UndecidedError("the mean over a point is no mean: give an interval with l < u")
    uniform = measure == "uniform"
    if not uniform and not over.lo > 0:
        raise UndecidedError("there is no log-uniform measure down to 0: give a lower end > 0")

    def attempt(cell: Interval) -> Model | None:
        made = model(schedule, cell, 4, tolerance / 100)
        weight = cell.hi if uniform else Fraction(1)
        return made if made.last[1][0] * exact(weight) <= exact(tolerance / 4) else None

    def refuse(cell: Interval) -> None:
        raise UndecidedError(f"{MAX_CELLS} cells do not reach {float(tolerance):.3g}: allow a larger tolerance")

    ends = [over.lo]
    while not uniform and 2 * ends[-1] < over.hi:
        ends.append(2 * ends[-1])
    found = cells([Interval(a, b) for a, b in zip(ends, [*ends[1:], over.hi], strict=True)], attempt, refuse)
    means = _means(found, uniform)
    return Certificate(schedule, Moments(over, measure, *means), witness(found))


def _means(found: Sequence[Model], uniform: bool) -> tuple[Interval, Interval, Interval]:
    """The mean of φ, the mean of (φ - 1)² and the variance: as the checker has them, rounded outward a little more."""
    k = int(uniform)
    first = second = off = more = fmpq(0)
    for m in found:
        a, h = exact(m.cell.lo), exact(m.cell.width)
        x, (p, e) = fmpq_poly([a, h]), m.last
        first, second = first + h * _integral(x**k * p), second + h * _integral(x ** (k + 1) * p * p)
        off, more = off + h * _integral(x**k * e), more + h * _integral(x ** (k + 1) * e * (p * p + e + 1))
    lo, hi = found[0].cell.lo, found[-1].cell.hi
    length = exact(hi - lo) if uniform else exact(_logarithm(hi / lo))
    m0, m1, q0, q1 = (fraction(q / length) for q in (first - off, first + off, second - more, second + more))
    mean, square = Interval(m0, m1), Interval(q0 - 2 * m1 + 1, q1 - 2 * m0 + 1)
    variance = Interval(q0 - max(m0 * m0, m1 * m1), q1 - max(m0, -m1, Fraction(0)) ** 2)
    return _wider(mean), _wider(square), _wider(variance)


def _integral(p: fmpq_poly) -> fmpq:
    return p.integral()(1)


def _logarithm(q: Fraction) -> Fraction:
    ctx.prec = 400
    return rational(arb(exact(q)).log().mid().str(60, radius=False))


def _wider(i: Interval) -> Interval:
    digits = places(exact(i.width), 2)
    unit = Fraction(1, 10**digits)
    return Interval(fraction(rounded(exact(i.lo), digits)) - unit, fraction(rounded(exact(i.hi), digits)) + unit)
