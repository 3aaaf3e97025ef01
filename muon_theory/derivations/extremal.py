"""The largest slope f'(0) when the orbits of (0, 1] need only stay bounded, or bounded and positive.

An odd p of degree 2q + 1 is fixed by its values at 0 < x_1 < … < x_{q+1} ≤ 1, and with y_k = x_k²

    p'(0) = Σ w_k·p(x_k),    w_k = (1/x_k)·∏_{j≠k} y_j/(y_j - y_k),    (-1)^(k-1)·w_k > 0.

So |p| ≤ 1 on [0, 1] gives |p'(0)| ≤ Σ |w_k|, and 0 ≤ p ≤ 1 gives p'(0) ≤ w_1 + w_3 + …, for *any* nodes; each bound is
attained where some p takes the values ±1 (or 1, 0, 1, …) in turn at them and stays within ±1 (or in [0, 1]) between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise

from sympy import Expr, Poly, Symbol, expand, rem

from muon_theory.derivations.formula import y
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.algebraic import AlgebraicNumber, Exact, real_roots
from muon_theory.polynomial import OddPolynomial

R = Symbol("r", real=True)
CRITICAL = 7 * y**2 - (5 + 3 * R) * y + R
"""Zero, with y = r, at the critical points of x·(y - r)²(1 - y)."""


def check_odd(degree: int) -> None:
    """Raises UsageError unless the degree is odd and at least 3."""
    if degree < 3 or degree % 2 == 0:
        raise UsageError(f"degree {degree}: give an odd degree from 3 on")


def sine_polynomial(degree: int) -> OddPolynomial:
    """S_d with S_d(sin θ) = sin(d·θ), d odd: Chebyshev's polynomial (-1)^((d-1)/2)·T_d, with S_d'(0) = d.

    From S_{k+2} = (2 - 4x²)·S_k - S_{k-2}.

    >>> sine_polynomial(5).row()
    ['5', '-20', '16']
    """
    check_odd(degree)
    before, here = [Fraction(-1)], [Fraction(1)]
    for _ in range((degree - 1) // 2):
        after = [2 * k for k in here] + [Fraction(0)]
        for i, k in enumerate(here):
            after[i + 1] -= 4 * k
        for i, k in enumerate(before):
            after[i] -= k
        before, here = here, after
    return OddPolynomial(tuple(here))


def weights(nodes: Sequence[Exact]) -> tuple[Fraction, ...]:
    """w_k of p'(0) = Σ w_k·p(x_k), for odd p of degree 2·len(nodes) - 1 at most.

    Raises UsageError unless 0 < x_1 < x_2 < … .

    >>> [str(w) for w in weights((Fraction(1, 2), Fraction(1)))]
    ['8/3', '-1/3']
    """
    points = [Fraction(v) for v in nodes]
    if not points or points[0] <= 0 or any(u >= v for u, v in pairwise(points)):
        raise UsageError(f"nodes {', '.join(map(str, points)) or '(none)'}: give positive numbers in increasing order")
    found = []
    for at in points:
        weight = 1 / at
        for other in points:
            if other != at:
                weight *= other**2 / (other**2 - at**2)
        found.append(weight)
    return tuple(found)


def slope_bound(nodes: Sequence[Exact], positive: bool = False) -> Fraction:
    """An upper bound of p'(0) over the odd p of degree ≤ 2·len(nodes) - 1 with |p| ≤ 1 (or 0 ≤ p ≤ 1) on [0, 1].

    Nodes in (0, 1].  Exact rational arithmetic, so the bound is a proof; the best nodes give the best bound.

    >>> slope_bound((Fraction(1, 2), Fraction(1))), slope_bound((Fraction(4, 7), Fraction(1)), positive=True)
    (Fraction(3, 1), Fraction(343, 132))
    """
    found = weights(nodes)
    if nodes[-1] > 1:
        raise UsageError(f"the node {nodes[-1]} lies outside (0, 1]: give nodes where p is bounded")
    return sum((w if positive else abs(w) for w in found[:: 2 if positive else 1]), Fraction(0))


@dataclass(frozen=True, slots=True)
class PositiveExtremal:
    """The one odd polynomial of its degree with 0 ≤ f ≤ 1 on [0, 1] and the largest f'(0).

    f(x) = slope·x·∏ (1 - y/z)², over z in `double_zeros` (squares of points), times (1 - y) where (degree - 1)/2 is
    odd; y = x².  It is 1 at the critical points between, and in turn 1 or 0 at x = 1.
    """

    degree: int
    slope: AlgebraicNumber
    double_zeros: tuple[AlgebraicNumber, ...]

    def inside(self, shortfall: Fraction) -> OddPolynomial:
        """A rational polynomial with 0 < f ≤ 1 on (0, 1] whose slope falls short by about shortfall·(slope - 1).

        (1 - shortfall)·f* + shortfall·x, with f* rounded so that it stays ≥ 0 and (by the margin) ≤ 1.
        """
        if not 0 < shortfall < 1:
            raise UsageError(f"a shortfall of {shortfall} leaves nothing: give a number between 0 and 1")
        scaled = [(1 - shortfall) * c for c in self.rounded(shortfall**3 / 10**6)]
        return OddPolynomial((scaled[0] + shortfall, *scaled[1:]))

    def rounded(self, error: Fraction) -> tuple[Fraction, ...]:
        """Rational coefficients of a·x·∏(1 - y/z)²·…, each z within `error`, the slope below by up to 1000·error."""
        slope = self.slope.refine(error).lo - 999 * error
        coefficients, zero = [slope], Fraction(0)
        factors = [1 / z.refine(error).midpoint for z in self.double_zeros for _ in range(2)]
        for root in [*factors, *([Fraction(1)] if (self.degree - 1) // 2 % 2 else [])]:
            coefficients = [u - root * v for u, v in zip([*coefficients, zero], [zero, *coefficients], strict=True)]
        return tuple(coefficients)


@cache
def positive_extremal(degree: int) -> PositiveExtremal:
    """The extremal polynomial for bounded and positive orbits, in degree 3, 5 or 7, its data as algebraic numbers.

    Raises UndecidedError in higher degrees, where it exists too, but nothing is eliminated here.

    >>> for d in (3, 5, 7):
    ...     print(d, positive_extremal(d).slope.decimal(15), positive_extremal(d).slope.polynomial_text("a"))
    3 2.59807621135332 4 a² - 27
    5 4.25715113692476 256 a³ + 800 a² - 4375 a - 15625
    7 5.93028668025754 314928 a⁴ - 14002632 a² + 102942875
    """
    check_odd(degree)
    if degree == 3:
        return PositiveExtremal(3, real_roots((-27, 0, 4))[-1][0], ())
    if degree == 5:
        (u,) = (root for root, _ in real_roots((-1, -2, 7, 16)) if root > 0)
        return PositiveExtremal(5, u.image((25,), (0, 16)), (u.image((0, 0, 5)),))
    if degree == 7:
        equal, common = septic_elimination()
        (r,) = (root for root, _ in real_roots(_lowest_first(equal)) if 0 < root < 1)
        square = r.image((0, 0, 0, 0, 1), _lowest_first(common))
        return PositiveExtremal(7, square.sqrt(), (r,))
    raise UndecidedError(f"degree {degree}: no elimination is done here; `slope_bound` bounds the slope for any nodes")


def septic_elimination() -> tuple[Expr, Expr]:
    """For f = x·h, h = (y - r)²(1 - y): y·h² at the two critical points is A(r)·y + B(r); returns A and B.

    The critical points other than y = r are the roots of `CRITICAL`, so both values agree iff A(r) = 0.
    """
    h = (y - R) ** 2 * (1 - y)
    value = Poly(rem(expand(y * h**2), CRITICAL, y), y)
    return expand(value.coeff_monomial(y)), expand(value.coeff_monomial(1))


def _lowest_first(expression: object) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(k.p), int(k.q)) for k in reversed(Poly(expression, R).all_coeffs()))


def nodes(degree: int, positive: bool, digits: int = 20) -> tuple[Fraction, ...]:
    """Rational nodes within 10^-digits of the points in (0, 1] where the extremal polynomial alternates."""
    error = Fraction(1, 10**digits)
    if not positive:
        inner = [root.sqrt() for root, _ in real_roots(sine_polynomial(degree).derivative_in_y)]
        return (*(p.refine(error).midpoint for p in inner), Fraction(1))
    best = positive_extremal(degree)
    zeros = list(best.double_zeros)
    if degree == 3:
        squares = [AlgebraicNumber.of(Fraction(1, 3))]
    elif degree == 5:
        squares = [zeros[0].image((0, Fraction(1, 5))), zeros[0]]
    else:
        approximate = zeros[0].refine(error**2).midpoint
        squares = [root for root, _ in real_roots((approximate, -(5 + 3 * approximate), 7))]
        squares.insert(1, zeros[0])
    return (*(s.sqrt().refine(error).midpoint for s in squares), Fraction(1))
