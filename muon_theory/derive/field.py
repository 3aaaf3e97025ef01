"""Arithmetic in ℚ(α) = ℚ[x]/(m): elements are coefficient lists, lowest degree first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sympy import QQ, Dummy, Poly
from sympy.polys.matrices import DomainMatrix

from muon_theory.errors import UsageError
from muon_theory.interval import Interval

_X = Dummy("x")


def _poly(coefficients: Sequence[int | Fraction]) -> Poly:
    return Poly([QQ(c.numerator, c.denominator) for c in reversed(coefficients)] or [QQ(0)], _X, domain=QQ)


def _list(p: Poly) -> list[Fraction]:
    return [Fraction(int(c.p), int(c.q)) for c in reversed(p.all_coeffs())]


def quotient(
    numerator: Sequence[int | Fraction], denominator: Sequence[int | Fraction], modulus: Sequence[int]
) -> list[Fraction]:
    """The element numerator/denominator of ℚ[x]/(modulus), reduced."""
    m = _poly(modulus)
    below = _poly(denominator).rem(m)
    if below.is_zero:
        raise UsageError("the denominator vanishes at this algebraic number: nothing is left to divide by")
    return _list((_poly(numerator).rem(m) * below.invert(m)).rem(m))


def minimal_polynomial(element: Sequence[Fraction], modulus: Sequence[int]) -> list[Fraction]:
    """The minimal polynomial over ℚ of an element of the field ℚ[x]/(modulus).

    The characteristic polynomial of multiplication by it is a power of it, the quotient being a field.
    """
    m, e, n = _poly(modulus), _poly(element), len(modulus) - 1
    columns, power = [], e.rem(m)
    for _ in range(n):
        c = _list(power)
        columns.append([QQ(v.numerator, v.denominator) for v in c + [Fraction(0)] * (n - len(c))])
        power = (power * Poly(_X, _X, domain=QQ)).rem(m)
    characteristic = DomainMatrix(columns, (n, n), QQ).charpoly()
    return _list(Poly(characteristic, _X, domain=QQ).sqf_part())


def interval_horner(coefficients: Sequence[Fraction], x: Interval) -> Interval:
    """An interval that contains Σ coefficients[i]·t^i for every t in x."""
    lo = hi = Fraction(0)
    for c in reversed(coefficients):
        ends = (lo * x.lo, lo * x.hi, hi * x.lo, hi * x.hi)
        lo, hi = min(ends) + c, max(ends) + c
    return Interval(lo, hi)
