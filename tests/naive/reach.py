"""How far the orbits of one map come, and whether they change sign: from exact comparisons of algebraic numbers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.errors import UsageError
from muon_theory.exact.algebraic import AlgebraicNumber, real_roots
from muon_theory.exact.dynamics import critical_points, fixed_points
from muon_theory.polynomial import OddPolynomial


def reach(f: OddPolynomial, upper: int | Fraction = 1) -> AlgebraicNumber | None:
    """The least β ≥ upper with f(x) ≤ β for all x in [0, β]; None where there is none.

    [0, β] is the least interval that holds [0, upper] and the positive iterates of its points, as long as no iterate is
    negative (then |f| takes over).  β ↦ max(upper, max f on [0, β]) is increasing, so its least fixed point is `upper`,
    a critical value or a fixed point of f: those are tried in order, each by exact comparisons.

    >>> str(reach(OddPolynomial.of(2, -1))), reach(OddPolynomial.of(2, -1), 3).rational
    ('1.0886621079036347103, the root of 27 x² - 32 in [1, 2]', Fraction(3, 1))
    """
    if upper <= 0:
        raise UsageError(f"the start (0, {upper}] is empty: give an upper end above 0")
    start = AlgebraicNumber.of(Fraction(upper))
    if f == OddPolynomial((Fraction(1),)):
        return start
    criticals = critical_points(f)
    candidates = [start, *(c.value for c in criticals), *(p.point for p in fixed_points(f))]
    for beta in sorted({b for b in candidates if b >= start}):
        inside = (c.value <= beta for c in criticals if c.point <= beta)
        if all(inside) and beta.image(f.dense()) <= beta:
            return beta
    return None


@dataclass(frozen=True, slots=True)
class SignFlip:
    """Do orbits from (0, upper] become negative?  The first sign change z of f against the reach β.

    `zero` is the least z > 0 at which f changes sign, None where there is none.  `reached` is -1 where every iterate is
    below z, 0 where the greatest one is z itself, +1 where some iterate is past z and the next one is negative.  Where
    f < 0 right of 0 already, the first iterate is negative and `reached` is +1.
    """

    zero: AlgebraicNumber | None
    upper: Fraction
    reach: AlgebraicNumber | None
    reached: int

    @property
    def flips(self) -> bool:
        return self.reached > 0


def sign_flip(f: OddPolynomial, upper: int | Fraction = 1) -> SignFlip:
    """Where f first changes sign, and whether an orbit from (0, upper] gets past it.

    >>> [sign_flip(OddPolynomial.of(a, b)).reached for a, b in [(2, -1), ("5/2", "-3/2"), ("27/10", "-17/10")]]
    [-1, -1, 1]
    """
    beta = reach(f, upper)
    zeros = [y for y, k in real_roots(f.coefficients) if k % 2 and y > 0]
    zero = zeros[0].sqrt() if zeros else None
    if next(c for c in f.coefficients if c) < 0:
        reached = 1
    elif zero is None:
        reached = -1
    else:
        reached = 1 if beta is None else beta.compare(zero)
    return SignFlip(zero, Fraction(upper), beta, reached)
