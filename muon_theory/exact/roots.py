"""Real roots, and what they are of a map f(x) = x·g(x²): fixed points, antipodes, critical points, escape radius."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache, lru_cache
from math import isqrt

from flint import arb, ctx, fmpq, fmpq_poly, fmpz_poly

from muon_theory.exact.rationals import exact, fraction, midpoint, poly, precision_bits, simplest
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial


def real_roots(p: fmpq_poly, lo: fmpq, hi: fmpq) -> list[arb]:
    """Enclosures of the real roots in (lo, hi), in order (a root at an end may be reported or not)."""
    return [root for root in all_real_roots(p) if not (root < arb(lo) or root > arb(hi))]


def positive_roots(p: fmpq_poly) -> list[arb]:
    """Enclosures of the roots > 0, in order."""
    return [root for root in all_real_roots(p) if root > 0]


def all_real_roots(p: fmpq_poly) -> list[arb]:
    """Enclosures of the real roots, each once, in order, at the current precision."""
    return _real_roots(tuple(int(c) for c in p.numer().coeffs()), ctx.prec)


@lru_cache(maxsize=4096)
def _real_roots(coefficients: tuple[int, ...], precision: int) -> list[arb]:
    """A map that is repeated asks for the same ones again and again."""
    p = fmpz_poly(list(coefficients))
    if p.degree() < 1:
        return []
    factors = p.factor()[1] if p.degree() > 3 else [(p, 1)]
    return sorted((r.real for f, _ in factors for r, _ in f.complex_roots() if r.imag == 0), key=midpoint)


@cache
def square_roots(coefficients: tuple[Fraction, ...], digits: int) -> tuple[Interval, ...]:
    """Every x > 0 with p(x²) = 0, Σ coefficients[i]·y^i not zero: a rational point, or an interval of about 10^-digits.

    >>> [str(i) for i in square_roots((Fraction(-4), Fraction(1)), 12)]
    ['[2, 2]']
    """
    found = []
    with ctx.workprec(precision_bits(digits)):
        for factor, _ in poly(coefficients).numer().factor()[1]:
            found += [_isolate(fmpq_poly(factor), root, digits) for root in positive_roots(fmpq_poly(factor))]
    return tuple(sorted(found, key=lambda i: i.lo))


def _isolate(factor: fmpq_poly, square: arb, digits: int) -> Interval:
    """The square root of a root of an irreducible factor."""
    if factor.degree() == 1:
        y = -factor[0] / factor[1]
        p = Fraction(isqrt(int(y.p)), isqrt(int(y.q)))
        if exact(p) ** 2 == y:
            return Interval(p, p)
    ball, slack = square.sqrt(), exact(Fraction(1, 10**digits))
    lower, upper = midpoint(ball.lower()), midpoint(ball.upper())
    return Interval(fraction(simplest(lower - slack, lower)), fraction(simplest(upper, upper + slack)))


def fixed_points(f: OddPolynomial, digits: int = 12) -> tuple[Interval, ...]:
    """The points p > 0 with f(p) = p."""
    return square_roots(_shifted(f.coefficients, -1), digits)


def antipodes(f: OddPolynomial, digits: int = 12) -> tuple[Interval, ...]:
    """The points p > 0 with f(p) = -p: antipodal 2-cycles."""
    return square_roots(_shifted(f.coefficients, +1), digits)


def critical_points(f: OddPolynomial, digits: int = 12) -> tuple[Interval, ...]:
    """The points c > 0 with f'(c) = 0."""
    return square_roots(f.derivative_in_y, digits)


def _shifted(coefficients: Sequence[Fraction], by: int) -> tuple[Fraction, ...]:
    return (coefficients[0] + by, *coefficients[1:])


def escape_radius(f: OddPolynomial, digits: int = 9) -> Fraction | None:
    """A rational above the least R ≥ 0 with |f(x)| > |x| for |x| > R, by about 10^-digits (0 is exact); None without R.

    Beyond R an orbit leaves every bound: |x_k| increases, and a limit L would have |f(L)| = L > R.  R² is the largest
    root of (g - 1)(g + 1) in [0, ∞), or 0.

    >>> 0 < escape_radius(OddPolynomial.of("3/2", "-1/2"), 30) ** 2 - 5 < Fraction(1, 10**29)
    True
    """
    if f.degree == 1 and abs(f.slope) <= 1:
        return None
    ends = [p.hi for p in (*fixed_points(f, digits), *antipodes(f, digits))]
    return max(ends) + Fraction(1, 10**digits) if ends else Fraction(0)
