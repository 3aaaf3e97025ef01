"""Enclosures: outward-rounded intervals of one precision, exact rationals in and out, and the roots of a polynomial.

Every number below is a closed interval that contains the exact one; a comparison is True only where it holds for all
points (mpmath's interval arithmetic in a context of our own, so no global precision is read or changed).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from mpmath.ctx_iv import MPIntervalContext
from mpmath.libmp import to_rational

from muon_theory.errors import ParseError, UsageError
from muon_theory.number import rational
from muon_theory.polynomial import OddPolynomial

Ball: TypeAlias = Any  # an interval of mpmath, which is untyped

MOST_DIGITS = 4000


def exact_number(name: str, value: str | int | Fraction) -> Fraction:
    """`value` as a rational; the error names the argument."""
    try:
        return rational(value)
    except ParseError as error:
        raise ParseError(f"{name}: {error}", error.text, error.position) from None
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from None


def bits_of(digits: int) -> int:
    """Relative bits that make `digits` printed digits right to one unit in the last place."""
    if isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= MOST_DIGITS:
        raise UsageError(f"digits = {digits!r}: ask for a whole number of digits from 1 to {MOST_DIGITS}")
    return digits * 3322 // 1000 + 3  # 3.322 > log₂ 10, and the enclosure is then narrower than 10^-digits/4


def magnitude(raw: Any) -> int:
    """e with 2^(e-1) ≤ |raw| < 2^e, for a raw mpmath number that is not 0."""
    return int(raw[2] + raw[3])


class Arithmetic:
    """Interval arithmetic with `bits` significant bits; its maps are cached.

    >>> third = Arithmetic(20).exact(Fraction(1, 3))
    >>> lo, hi = ends(third)
    >>> lo < Fraction(1, 3) < hi and hi - lo <= Fraction(1, 2**20)
    True
    """

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.context = MPIntervalContext()
        self.context.prec = bits
        self._maps: dict[OddPolynomial, Map] = {}

    def exact(self, q: Fraction | int) -> Ball:
        """The least interval with ends of `bits` bits around a rational."""
        q = Fraction(q)
        return self.context.mpf(q.numerator) / self.context.mpf(q.denominator)

    def hull(self, a: Ball, b: Ball) -> Ball:
        """From the lower end of `a` to the upper end of `b`."""
        return self.context.make_mpf((a._mpi_[0], b._mpi_[1]))

    def map(self, f: OddPolynomial) -> Map:
        if f not in self._maps:
            self._maps[f] = Map(self, f)
        return self._maps[f]


class Map:
    """f(x) = x·g(x²) and f' on enclosures."""

    def __init__(self, arithmetic: Arithmetic, f: OddPolynomial) -> None:
        self.arithmetic = arithmetic
        self._g = [arithmetic.exact(c) for c in f.coefficients]
        self._d = [arithmetic.exact(c) for c in f.derivative_in_y]

    def g(self, y: Ball) -> Ball:
        return horner(self._g, y)

    def square(self, y: Ball) -> Ball:
        """f(x)² = y·g(y)² at y = x²."""
        return y * horner(self._g, y) ** 2

    def slope(self, x: Ball) -> Ball:
        """f'(x)."""
        return horner(self._d, x**2)

    def __call__(self, x: Ball) -> Ball:
        """f(x) by the mean value form f(m) + f'(x)(x - m): its width follows |f'|, not the size of the terms."""
        m = x.mid
        return m * horner(self._g, m**2) + self.slope(x) * (x - m)

    def follow(self, x: Ball, steps: int) -> tuple[list[Ball], Ball]:
        """(x, f(x), …, f^steps(x)) and (f^steps)'(x)."""
        points, slope = [x], self.arithmetic.exact(1)
        for _ in range(steps):
            slope = slope * self.slope(points[-1])
            points.append(self(points[-1]))
        return points, slope


def horner(coefficients: Sequence[Ball], x: Ball) -> Ball:
    """Σ coefficients[i]·x^i, enclosed."""
    value = coefficients[-1]
    for c in reversed(coefficients[:-1]):
        value = value * x + c
    return value


def ends(x: Ball) -> tuple[Fraction, Fraction]:
    """Both ends, exactly."""
    lo, hi = x._mpi_
    return Fraction(*map(int, to_rational(lo))), Fraction(*map(int, to_rational(hi)))


def relative_bits(x: Ball) -> float:
    """b with width(x) ≤ 2^-b · |t| for every t in x: +∞ for a point, -∞ where 0 lies in a wider x."""
    width, least = x.delta._mpi_[0], abs(x).a._mpi_[0]
    if not width[1]:
        return float("inf")
    return magnitude(least) - 1 - magnitude(width) if least[1] else float("-inf")


# Orbits ---------------------------------------------------------------------------------------------------------------

TALL = 4096  # an exact orbit is kept while numerator and denominator have at most so many bits


@dataclass(frozen=True, slots=True)
class Place:
    """A point of an orbit: an enclosure, and the point itself while it is a rational of moderate size."""

    ball: Ball
    exact: Fraction | None

    def beyond(self, radius: Fraction | None, arithmetic: Arithmetic) -> bool:
        """Is |x| > radius for certain?"""
        if radius is None:
            return False
        return abs(self.exact) > radius if self.exact is not None else bool(abs(self.ball) > arithmetic.exact(radius))


def walk(maps: Sequence[OddPolynomial], x0: Fraction, arithmetic: Arithmetic) -> Iterator[Place]:
    """x0, f_1(x0), f_2(f_1(x0)), … as enclosures, exact at first (so a landing on 0 or on a cycle is seen)."""
    exact: Fraction | None = x0 if is_short(x0) else None
    ball = arithmetic.exact(x0)
    yield Place(ball, exact)
    for f in maps:
        if exact is None:
            ball = arithmetic.map(f)(ball)
        else:
            image = f(exact)
            ball, exact = arithmetic.exact(image), image if is_short(image) else None
        yield Place(ball, exact)


def is_short(q: Fraction) -> bool:
    """Is the rational of moderate size, so that an exact orbit may go on?"""
    return max(q.numerator.bit_length(), q.denominator.bit_length()) <= TALL


# Roots ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RootBox:
    """`ball` holds every root of the polynomial near it; `simple` if it is proved to hold exactly one."""

    ball: Ball
    simple: bool


def roots(coefficients: Sequence[Fraction], lo: Fraction, hi: Fraction, arithmetic: Arithmetic) -> list[RootBox]:
    """Boxes that together hold every real root in [lo, hi] of Σ coefficients[i]·y^i, ascending.

    Bisection discards where the enclosure of p excludes 0 and turns to interval Newton, y ← m - p(m)/p'(y), where that
    of p' does.  Multiple roots are made simple first (p is divided by gcd(p, p'), exactly); where roots are too close
    for the precision, boxes stay that are not `simple`: those of 2^-40 of [lo, hi], and all that are left after 1000.
    Source: R. E. Moore, Interval Analysis (1966), ch. 7.
    """
    exact = square_free(coefficients)
    p, dp = [arithmetic.exact(c) for c in exact], [arithmetic.exact(c) for c in derivative(exact) or [Fraction(0)]]
    whole = arithmetic.hull(arithmetic.exact(lo), arithmetic.exact(hi))
    if not p:
        return [RootBox(whole, simple=False)]
    found: list[RootBox] = []
    todo = [(whole, 40)]
    seen = 0
    while todo:
        box, depth = todo.pop()
        seen += 1
        if 0 not in _mean_value(p, dp, box):
            continue
        if 0 not in horner(dp, box):
            found += _newton(p, dp, box)
        elif depth == 0 or seen > 1000:
            found.append(RootBox(box, simple=False))
        else:
            left, right = arithmetic.hull(box, box.mid), arithmetic.hull(box.mid, box)
            todo += [(right, depth - 1), (left, depth - 1)]
    return found


def derivative(p: Sequence[Fraction]) -> list[Fraction]:
    """Coefficients of p', lowest first."""
    return [i * c for i, c in enumerate(p)][1:]


def square_free(p: Sequence[Fraction]) -> list[Fraction]:
    """p/gcd(p, p'): the same roots, each once.

    >>> square_free([Fraction(1), Fraction(-2), Fraction(1)])
    [Fraction(-1, 1), Fraction(1, 1)]
    """
    p = _strip(p)
    a, b = p, _strip(derivative(p))
    while b:
        a, b = b, _divide(a, b)[1]
    return _divide(p, [c / a[-1] for c in a])[0] if len(a) > 1 else p


def _divide(p: Sequence[Fraction], q: Sequence[Fraction]) -> tuple[list[Fraction], list[Fraction]]:
    """Quotient and remainder."""
    rest, quotient = list(p), [Fraction(0)] * max(1, len(p) - len(q) + 1)
    for shift in range(len(p) - len(q), -1, -1):
        factor = quotient[shift] = rest[shift + len(q) - 1] / q[-1]
        for i, c in enumerate(q):
            rest[shift + i] -= factor * c
    return quotient, _strip(rest[: len(q) - 1])


def _strip(p: Sequence[Fraction]) -> list[Fraction]:
    """Without zero leading coefficients; the zero polynomial is the empty list."""
    out = list(p)
    while out and not out[-1]:
        out.pop()
    return out


def _mean_value(p: Sequence[Ball], dp: Sequence[Ball], box: Ball) -> Ball:
    return horner(p, box.mid) + horner(dp, box) * (box - box.mid)


def _newton(p: Sequence[Ball], dp: Sequence[Ball], box: Ball) -> list[RootBox]:
    """The root of a polynomial that is monotone on `box`, or nothing."""
    simple, least = False, vanishing(box)
    while True:
        image = box.mid - horner(p, box.mid) / horner(dp, box)
        meet = intersection(box, image)
        if meet is None:
            return []
        simple = simple or bool(box.a < image.a and image.b < box.b)
        if not least < meet.delta < box.delta * 0.75:
            return [RootBox(meet, simple)]
        box = meet


def vanishing(box: Ball) -> Ball:
    """The width at which Newton's method stops where 0 is the root, which no relative precision reaches."""
    return box.delta * box.ctx.mpf(2) ** (-2 * box.ctx.prec)


def intersection(x: Ball, y: Ball) -> Ball | None:
    """The common part of two intervals, None where they are disjoint."""
    if x.b < y.a or y.b < x.a:
        return None
    lo, hi = (x if x.a >= y.a else y), (x if x.b <= y.b else y)
    return x.ctx.make_mpf((lo._mpi_[0], hi._mpi_[1]))
