"""From the standard library's rationals and floats to python-flint's numbers and polynomials, and back."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from flint import arb, ctx, fmpq, fmpq_poly, fmpz

from muon_theory.number import simplest_between
from muon_theory.polynomial import OddPolynomial

_ONE = fmpz(1)


def exact(q: Fraction | int) -> fmpq:
    """As python-flint's rational."""
    q = Fraction(q)
    return fmpq(q.numerator, q.denominator)


def fraction(q: fmpq) -> Fraction:
    """As the standard library's rational."""
    return Fraction(int(q.p), int(q.q))


def poly(coefficients: Iterable[Fraction | int] | fmpq_poly) -> fmpq_poly:
    """The polynomial with these coefficients, lowest first."""
    return coefficients if isinstance(coefficients, fmpq_poly) else fmpq_poly([exact(c) for c in coefficients])


def fractions(p: fmpq_poly) -> list[Fraction]:
    """Its coefficients, lowest first."""
    return [fraction(c) for c in p.coeffs()]


def dense(f: OddPolynomial) -> fmpq_poly:
    """The polynomial with all its coefficients, zeros included."""
    return poly(f.dense())


def simplest(lo: fmpq, hi: fmpq) -> fmpq:
    """The simplest rational in [lo, hi]."""
    return exact(simplest_between(fraction(lo), fraction(hi)))


def midpoint(ball: arb) -> fmpq:
    """The rational midpoint of a ball."""
    mantissa, exponent = ball.mid().man_exp()
    return fmpq(mantissa << exponent) if exponent >= 0 else fmpq(mantissa, _ONE << -exponent)


def precision_bits(digits: int) -> int:
    """The bits of balls that bounds of so many digits are worked out with."""
    return max(64, 4 * digits + 32)


def precision(digits: int) -> None:
    """Set the working precision of balls for bounds of so many digits."""
    ctx.prec = precision_bits(digits)
