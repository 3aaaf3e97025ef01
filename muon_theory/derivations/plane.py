"""The quintic plane with f(1) = 1 and s = f'(1): the identities, the escape polynomial E(a, s), the threshold a*(s).

With y = x², Z = f(x)², b = (5 - s)/2 - 2a, c = a - (3 - s)/2 and w = a - 1 - c·y, exactly

    g(y) = 1 + (1 - y)·w                  f(x) - x = x·(1 - y)·w
    1 - Z = (1 - y)·Q,                    Q = 1 - 2yw - y(1 - y)w²
    a - 1 - c·Z = w·R,                    R = 1 - c·y·(1 - y)·(2 + (1 - y)w)

For c > 0 the fixed point right of 1 is x_r = √((a - 1)/c); R > 0 says that f(x) stays below it, Q > 0 below 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from sympy import Expr, Poly, Rational, diff, discriminant, factor_list, fraction, subresultants, together

from muon_theory.derivations.formula import a, s, y
from muon_theory.errors import UndecidedError
from muon_theory.exact.algebraic import AlgebraicNumber, Exact, real_roots
from muon_theory.number import rational
from muon_theory.polynomial import horner

B = (5 - s) / 2 - 2 * a
C = a - (3 - s) / 2
W = a - 1 - C * y
G = a + B * y + C * y**2
Z = y * G**2
Q = 1 - 2 * y * W - y * (1 - y) * W**2
R = 1 - C * y * (1 - y) * (2 + (1 - y) * W)

A_MINUS_ONE = a - 1

MIDDLE = Fraction(5, 2)
"""Separates the threshold a*(s) from every other root of E(·, s), for s in [-1, 1] (proof: `divergence`)."""


def exact(value: Exact) -> Expr:
    """The sympy number of a rational."""
    return Rational(value.numerator, value.denominator)


def univariate(expression: Expr, variable: Expr, **values: Exact) -> tuple[Fraction, ...]:
    """The coefficients, lowest first, of a polynomial in one variable, the others set to rationals."""
    names = {"a": a, "s": s, "y": y}
    coefficients = Poly(expression.subs({names[k]: exact(v) for k, v in values.items()}), variable).all_coeffs()
    return tuple(Fraction(int(k.p), int(k.q)) for k in reversed(coefficients))


@cache
def discriminant_factors() -> tuple[tuple[Expr, int], ...]:
    """disc_y R as irreducible factors in (a, s) with multiplicities; constants left out.

    >>> [(str(p), k) for p, k in discriminant_factors()][:2]
    [('a - 1', 2), ('2*a + s - 3', 4)]
    """
    return tuple(factor_list(discriminant(R.expand(), y), a, s)[1])


@cache
def escape_factor() -> Expr:
    """E(a, s) as a sympy expression: the factor of disc_y R that is neither a - 1 nor 2c."""
    (last,) = (p for p, _ in discriminant_factors() if p != a - 1 and (p - 2 * C).expand() != 0)
    return last


@cache
def return_factor() -> Expr:
    """The factor of disc_y Q other than 2c: for 1 < s < 9 it takes the place of E."""
    (last,) = (p for p, _ in factor_list(discriminant(Q.expand(), y), a, s)[1] if (p - 2 * C).expand() != 0)
    return last


@cache
def touching_point() -> tuple[Expr, Expr]:
    """The double root of R(a, s, ·) on E = 0, as numerator and denominator in (a, s): the subresultant of degree 1."""
    linear = next(p for p in subresultants(R.expand(), diff(R, y).expand(), y) if Poly(p, y).degree() == 1)
    slope, constant = Poly(linear, y).all_coeffs()
    numerator, denominator = fraction(together((-constant / slope).cancel()))
    return numerator, denominator


def has_root(coefficients: Sequence[Exact], lo: Exact, hi: Exact) -> bool:
    """Does the polynomial vanish in [lo, hi]?  Exact."""
    return any(lo <= root <= hi for root, _ in real_roots(coefficients))


def positive_on(coefficients: Sequence[Exact], lo: Exact, hi: Exact) -> bool:
    """Is the polynomial > 0 on [lo, hi]?  Exact: positive at lo and without a root."""
    return horner([Fraction(k) for k in coefficients], Fraction(lo)) > 0 and not has_root(coefficients, lo, hi)


def roots_in_a(expression: object, slope_at_one: Exact) -> tuple[tuple[AlgebraicNumber, int], ...]:
    """The real roots a of a polynomial in (a, s) at one s, with multiplicities."""
    return real_roots(univariate(expression, a, s=slope_at_one))


def divergence_threshold(slope_at_one: str | Exact) -> AlgebraicNumber:
    """a*(s): for a ≥ 1 some x in (0, 1] has an unbounded orbit if and only if a > a*(s).

    For -1 ≤ s ≤ 1 it is the one root of E(·, s) above 5/2 (proof: `derivations.divergence`).  For -3 ≤ s < -1 it is the
    root of E(·, s), for 1 < s < 9 that of `return_factor`, where min R or min Q over [0, 1] is 0, found between exact
    samples (proofs: `derivations.divergence_below`, `derivations.divergence_above`).

    Raises
    ------
    UndecidedError
        s < -3 or s ≥ 9: orbits may then leave through negative values, and nothing is derived here.

    >>> divergence_threshold("-49/50").decimal(30), divergence_threshold(0).polynomial
    ('3.34241542085139634536495563880', (1125, -825, -40, 64))
    """
    at = rational(slope_at_one)
    if -1 <= at <= 1:
        (above,) = (root for root, _ in roots_in_a(escape_factor(), at) if root > MIDDLE)
        return above
    if -3 <= at < -1:
        return first_touching(R, [root for root, _ in roots_in_a(escape_factor(), at) if root > 1], at)
    if 1 < at < 9:
        return first_touching(Q, [root for root, _ in roots_in_a(return_factor(), at) if root > 1], at)
    raise UndecidedError(
        f"no divergence threshold is derived for f'(1) = {at}: ask for -3 ≤ s < 9, or classify single orbits"
    )


def first_touching(margin: object, candidates: Sequence[AlgebraicNumber], slope_at_one: Exact) -> AlgebraicNumber:
    """The candidate after which `margin`, decreasing in a on y in (0, 1), first vanishes for some y in [0, 1]."""
    for here, after in zip(candidates, [*candidates[1:], None], strict=True):
        if has_root(univariate(margin, y, s=slope_at_one, a=between(here, after)), 0, 1):
            return here
    raise UndecidedError(f"none of the {len(candidates)} candidates is the threshold at s = {slope_at_one}")


def between(low: AlgebraicNumber, high: AlgebraicNumber | None) -> Fraction:
    """A rational number above `low` and below `high`, or just above `low`."""
    width = Fraction(1, 16)
    while high is not None and low.refine(width).hi >= high.refine(width).lo:
        width /= 16
    top = low.refine(width).hi
    return top + width if high is None else (top + high.refine(width).lo) / 2


def changes_sign(margin: object, slope_at_one: Exact) -> bool:
    """Is `margin` > 0 on [0, 1] a little below the threshold, and does it have a root there a little above?"""
    near, step = divergence_threshold(slope_at_one).enclose(12), Fraction(1, 10**12)
    below, above = (univariate(margin, y, a=v, s=slope_at_one) for v in (near.lo - step, near.hi + step))
    return positive_on(below, 0, 1) and has_root(above, 0, 1)


def supremum_of_thresholds() -> AlgebraicNumber:
    """sup of a*(s) over -1 < s < 1: the limit a*(-1), not attained, because a* is strictly decreasing.

    >>> str(supremum_of_thresholds())
    '3.3501424560227071184, the root of 32 x³ - 53 x² - 438 x + 859 in [3, 4]'
    """
    return divergence_threshold(-1)
