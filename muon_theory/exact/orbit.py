"""Scalar orbits x, f_1(x), f_2(f_1(x)), …: exact while they are short, enclosed in balls, or as floats that guess.

A ball is python-flint's: it contains the exact number, and a comparison of balls is True only where it holds for all
their points.  Its precision is that of `flint.ctx`, which callers set for a block (`ctx.workprec`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from flint import arb, arb_poly, ctx

from muon_theory.exact.rationals import exact, fraction, midpoint
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial, horner

Number = TypeVar("Number", float, complex)


@dataclass(frozen=True, slots=True)
class Map:
    """f(x) = x·g(x²) and f'(x) = d(x²) on balls."""

    g: arb_poly
    d: arb_poly

    def __call__(self, x: arb) -> arb:
        """f(x) by the mean value form f(m) + f'(x)(x - m): its width follows |f'|, not the size of the terms."""
        m = x.mid()
        return m * self.g(m * m) + self.slope(x) * (x - m)

    def slope(self, x: arb) -> arb:
        """f'(x)."""
        return self.d(x * x)

    def square(self, y: arb) -> arb:
        """f(x)² = y·g(y)² at y = x²."""
        return y * self.g(y) ** 2

    def follow(self, x: arb, steps: int) -> tuple[list[arb], arb]:
        """(x, f(x), …, f^steps(x)) and (f^steps)'(x)."""
        points, slope = [x], arb(1)
        for _ in range(steps):
            slope = slope * self.slope(points[-1])
            points.append(self(points[-1]))
        return points, slope


def on_balls(f: OddPolynomial) -> Map:
    """f at the current precision."""
    return _on_balls(f, ctx.prec)


@lru_cache(maxsize=256)
def _on_balls(f: OddPolynomial, bits: int) -> Map:
    return Map(*(arb_poly([arb(exact(c)) for c in row]) for row in (f.coefficients, f.derivative_in_y)))


def interval(ball: arb) -> Interval:
    """The ball's ends, exactly (whatever the current precision)."""
    m, r = fraction(midpoint(ball)), fraction(midpoint(ball.rad()))
    return Interval(m - r, m + r)


# Orbits in balls ------------------------------------------------------------------------------------------------------

TALL = 4096
"""An exact orbit is kept while numerator and denominator have at most so many bits."""


class Place(NamedTuple):
    """A point of an orbit: a ball around it, and the point itself while it is a rational of moderate size."""

    ball: arb
    exact: Fraction | None

    def beyond(self, radius: Fraction | None) -> bool:
        """Is |x| > radius for certain?"""
        if radius is None:
            return False
        return abs(self.exact) > radius if self.exact is not None else bool(abs(self.ball) > arb(exact(radius)))


def walk(steps: Iterable[OddPolynomial], x0: Fraction, bits: int, tall: int = TALL) -> Iterator[Place]:
    """x0, f_1(x0), f_2(f_1(x0)), … in balls of `bits` bits, exact at first (so a landing on 0 or a cycle is seen).

    >>> half = OddPolynomial.of("1/2")
    >>> [place.exact for place in walk([half, half], Fraction(1), 64)]
    [Fraction(1, 1), Fraction(1, 2), Fraction(1, 4)]
    """
    point: Fraction | None = x0 if is_short(x0, tall) else None
    with ctx.workprec(bits):
        ball = arb(exact(x0))
    yield Place(ball, point)
    last = None
    for f in steps:
        outside, ctx.prec = ctx.prec, bits  # by hand, as `workprec` takes longer than a step
        try:
            if point is not None:
                image = f(point)
                ball, point = arb(exact(image)), image if is_short(image, tall) else None
            else:
                if f is not last:
                    here, last = on_balls(f), f
                ball = here(ball)
        finally:
            ctx.prec = outside
        yield Place(ball, point)


def is_short(q: Fraction, tall: int = TALL) -> bool:
    """Is the rational of moderate size, so that an exact orbit may go on?"""
    return max(q.numerator.bit_length(), q.denominator.bit_length()) <= tall


# Orbits in floats -----------------------------------------------------------------------------------------------------


def value(coefficients: Sequence[float], x: Number) -> Number:
    """Σ coefficients[i]·x^(2i+1), in floating point."""
    return x * horner(coefficients, x * x)


def settled(
    coefficients: Sequence[float], x: Number, block: int, blocks: int = 1, longest: int = 16, close: float = 1e-9
) -> list[Number]:
    """The cycle that an orbit comes close to, its last `period` points; empty where it escapes or has not settled.

    After each of `blocks` blocks of `block` ≥ `longest` steps: a return within `close` after at most `longest` steps.

    >>> [round(x, 6) for x in settled([3.4445, -4.7750, 2.0315], 0.5, 400)]
    [0.752916, 1.046907, 0.681919, 1.134268]
    """
    top: Any
    top, *lower = reversed(coefficients)
    for _ in range(blocks):
        points = [x]
        for _ in range(block):
            y, total = x * x, top  # `value`, in place: the sweep of an atlas takes millions of steps
            for c in lower:
                total = total * y + c
            x = x * total
            if not abs(x) < 1e6:
                return []
            points.append(x)
        for period in range(1, longest + 1):
            if abs(points[-1 - period] - x) < close:
                return points[-period:]
    return []
