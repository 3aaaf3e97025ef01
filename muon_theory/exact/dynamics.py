"""One odd map f(x) = x·g(y), y = x², repeated for ever: its fixed points, cycles, critical points and escape radius.

Parity halves the degrees.  A point x > 0 with y = x² is fixed iff g(y) = 1, on an antipodal 2-cycle {x, -x} iff
g(y) = -1, critical iff d(y) = 0, where f'(x) = d(y).  With Z = y·g(y)² = f(x)² and D = (g(Z) - g(y))/(Z - y),

    f(f(x)) - x = (f(x) - x)·(g + 1)·(1 + y·g·D),

because g(Z)·g = 1 + (g² - 1)(1 + y·g·D).  So every other 2-cycle has 1 + y·g·D = 0.  That polynomial also vanishes
where Z = y and |f'| = 1 (g = 1 with f' = -1, or g = -1 with f' = 1): those points are no cycles of their own.
Everything is listed for x ≥ 0; by oddness -x has the same properties.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq_poly

from muon_theory.errors import UsageError
from muon_theory.exact.algebraic import AlgebraicNumber, real_roots
from muon_theory.exact.rationals import fractions, poly
from muon_theory.polynomial import OddPolynomial, divided_difference

Coefficients = list[Fraction]
_Y = fmpq_poly([0, 1])


class Stability(enum.Enum):
    """What a multiplier μ says: 0 < |μ| < 1, μ = 0, |μ| > 1, or |μ| = 1, where the multiplier alone does not decide."""

    ATTRACTING = "attracting"
    SUPERATTRACTING = "superattracting"
    REPELLING = "repelling"
    NEUTRAL = "neutral"

    @classmethod
    def of(cls, multiplier: AlgebraicNumber) -> Stability:
        if multiplier.sign() == 0:
            return cls.SUPERATTRACTING
        return {-1: cls.ATTRACTING, 0: cls.NEUTRAL, 1: cls.REPELLING}[abs(multiplier).compare(1)]


@dataclass(frozen=True, slots=True)
class FixedPoint:
    """f(p) = p, p ≥ 0: its multiplicity as a root of f(x) - x, and f'(p)."""

    point: AlgebraicNumber
    multiplicity: int
    multiplier: AlgebraicNumber

    @property
    def stability(self) -> Stability:
        return Stability.of(self.multiplier)


@dataclass(frozen=True, slots=True)
class TwoCycle:
    """f(p) = q, f(q) = p, p > 0, p ≠ q, q ≥ -p in absolute value; multiplier f'(p)·f'(q).  Antipodal: q = -p.

    By oddness {-p, -q} is a cycle too.  `multiplicity` is that of p² as a root of g + 1 (antipodal) or 1 + y·g·D.
    """

    points: tuple[AlgebraicNumber, AlgebraicNumber]
    multiplicity: int
    multiplier: AlgebraicNumber

    @property
    def stability(self) -> Stability:
        return Stability.of(self.multiplier)


@dataclass(frozen=True, slots=True)
class CriticalPoint:
    """f'(x) = 0, x ≥ 0: its multiplicity as a root of f', and the critical value f(x)."""

    point: AlgebraicNumber
    multiplicity: int
    value: AlgebraicNumber


def _roots_in_y(coefficients: Coefficients) -> list[tuple[AlgebraicNumber, int]]:
    """Roots y > 0 with multiplicities."""
    return [(y, k) for y, k in real_roots(coefficients) if y > 0]


def _shifted(f: OddPolynomial, by: int) -> Coefficients:
    """g + by, lowest degree first."""
    return [f.coefficients[0] + by, *f.coefficients[1:]]


def _order_at_zero(coefficients: Coefficients) -> int:
    return next(i for i, c in enumerate(coefficients) if c)


def fixed_points(f: OddPolynomial) -> tuple[FixedPoint, ...]:
    """All fixed points p ≥ 0 of f in increasing order, 0 among them, with multipliers f'(p) ∈ ℚ(p²).

    Raises UsageError for f(x) = x, which fixes every point.

    >>> [(str(p.point), str(p.multiplier)) for p in fixed_points(OddPolynomial.of(2, -1))]
    [('0', '2'), ('1', '-1')]
    """
    difference = _shifted(f, -1)
    if not any(difference):
        raise UsageError("f(x) = x: every point is fixed; give a map that is not the identity")
    zero = AlgebraicNumber.of(0)
    found = [FixedPoint(zero, 1 + 2 * _order_at_zero(difference), AlgebraicNumber.of(f.slope))]
    found += [FixedPoint(y.sqrt(), k, y.image(f.derivative_in_y)) for y, k in _roots_in_y(difference)]
    return tuple(found)


def critical_points(f: OddPolynomial) -> tuple[CriticalPoint, ...]:
    """All critical points x ≥ 0 of f in increasing order, with their values f(x) ∈ ℚ(x).

    >>> [(str(c.point), str(c.value)) for c in critical_points(OddPolynomial.of(3, -4))]
    [('1/2', '1')]
    """
    slopes = list(f.derivative_in_y)
    if not any(slopes):
        raise UsageError("f(x) = 0: every point is critical; give a map that is not zero")
    found = []
    if order := _order_at_zero(slopes):
        found.append(CriticalPoint(AlgebraicNumber.of(0), 2 * order, AlgebraicNumber.of(0)))
    for y, k in _roots_in_y(slopes):
        x = y.sqrt()
        found.append(CriticalPoint(x, k, x.image(f.dense())))
    return tuple(found)


def antipodal_cycles(f: OddPolynomial) -> tuple[TwoCycle, ...]:
    """The 2-cycles {p, -p}: g(p²) = -1, with multiplier f'(p)².

    >>> [(str(c.points[0]), str(c.multiplier)) for c in antipodal_cycles(OddPolynomial.of(3, -1))]
    [('2', '81')]
    """
    total = _shifted(f, +1)
    if not any(total):
        raise UsageError("f(x) = -x: every point is on an antipodal cycle; give another map")
    found = []
    for y, k in _roots_in_y(total):
        p = y.sqrt()
        found.append(TwoCycle((p, -p), k, y.image(poly(f.derivative_in_y) ** 2)))
    return tuple(found)


def two_cycles(f: OddPolynomial) -> tuple[TwoCycle, ...]:
    """The other 2-cycles {p, q}, q ≠ ±p, each once (p > 0, p < |q|), ordered by p.

    >>> cycle = two_cycles(OddPolynomial.of("5/2", -1))[0]
    >>> [p.decimal(6) for p in cycle.points], str(cycle.multiplier)
    (['0.707107', '1.41421'], '-7/2')
    """
    d, square = poly(f.derivative_in_y), square_of_value(f)
    found = []
    for y, k in _roots_in_y(two_cycle_polynomial(f)):
        z = y.image(square)
        if not y < z:  # z > y lists each cycle once; z = y is a fixed point or an antipodal cycle with |f'| = 1
            continue
        partner = z.sqrt() if y.sign_of(f.coefficients) > 0 else -z.sqrt()
        found.append(TwoCycle((y.sqrt(), partner), k, y.image(d * d(square))))
    return tuple(found)


def square_of_value(f: OddPolynomial) -> fmpq_poly:
    """Z(y) = y·g(y)², so that f(x)² = Z(x²)."""
    return _Y * poly(f.coefficients) ** 2


def two_cycle_polynomial(f: OddPolynomial) -> Coefficients:
    """1 + y·g·D in y, lowest degree first, D = (g(Z) - g(y))/(Z - y).

    >>> two_cycle_polynomial(OddPolynomial.of(2, -1)) == [1, -2, 1]
    True
    """
    g = poly(f.coefficients)
    return fractions(1 + _Y * g * divided_difference(g.coeffs(), _Y, square_of_value(f)))


def escape_radius(f: OddPolynomial) -> AlgebraicNumber | None:
    """The least R ≥ 0 with |f(x)| > |x| for all |x| > R; None where there is none (degree 1 with |a| ≤ 1).

    R² is the largest root of (g - 1)(g + 1) in [0, ∞).

    >>> str(escape_radius(OddPolynomial.of("3/2", "-1/2")))
    '2.2360679774997896964, the root of x² - 5 in [2, 3]'
    """
    if f.degree == 1 and abs(f.slope) <= 1:
        return None
    roots = [y for sign in (-1, 1) for y, _ in _roots_in_y(_shifted(f, sign))]
    return max(roots).sqrt() if roots else AlgebraicNumber.of(0)


def first_zero(f: OddPolynomial) -> AlgebraicNumber | None:
    """The least x > 0 with f(x) = 0; None where f has one sign on (0, ∞).

    >>> str(first_zero(OddPolynomial.of(4, -1))), first_zero(OddPolynomial.of(3, -3, 1))
    ('2', None)
    """
    if not any(f.coefficients):
        raise UsageError("f(x) = 0: every point is a zero; give a map that is not zero")
    roots = _roots_in_y(list(f.coefficients))
    return roots[0][0].sqrt() if roots else None
