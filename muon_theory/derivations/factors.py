"""The real roots of the eliminated polynomial on a line f'(1) = s, and which of them is the divergence threshold."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sympy import Poly, diff

from muon_theory.derivations import plane
from muon_theory.derivations.formula import a, plain, y
from muon_theory.derivations.plane import R, univariate
from muon_theory.derivations.recheck import RecheckError
from muon_theory.errors import UndecidedError
from muon_theory.exact.algebraic import AlgebraicNumber, Exact, quotient
from muon_theory.exact.rationals import poly
from muon_theory.number import rational
from muon_theory.polynomial import horner


@dataclass(frozen=True, slots=True)
class FactorRoot:
    """One real root of disc_y R on a line s = const, and why it is, or is not, the threshold.

    `double_root` is the y at which R(root, s, ·) then has a double root, where there is one such y.
    """

    factor: str
    root: AlgebraicNumber
    multiplicity: int
    double_root: AlgebraicNumber | None
    is_threshold: bool
    explanation: str


def factor_table(slope_at_one: str | Exact) -> tuple[FactorRoot, ...]:
    """Every real root a of disc_y R at this s ∈ [-1, 1], in increasing order within its factor.

    >>> for row in factor_table("-49/50"):
    ...     print(row.factor, row.root.decimal(6), row.is_threshold)
    a - 1 1 False
    2·a + s - 3 1.99 False
    E(a, s) -3.80296 False
    E(a, s) 2.09555 False
    E(a, s) 3.34242 True
    """
    at = rational(slope_at_one)
    if not -1 <= at <= 1:
        raise UndecidedError(f"the factors are explained for -1 ≤ s ≤ 1, not for s = {at}: ask for such a slope at 1")
    threshold = plane.divergence_threshold(at)
    rows = []
    for factor, power in plane.discriminant_factors():
        name = "E(a, s)" if factor == plane.escape_factor() else plain(factor)
        for root, multiplicity in plane.roots_in_a(factor, at):
            rows.append(_explain(name, root, power * multiplicity, at, threshold))
    return tuple(rows)


def _explain(name: str, root: AlgebraicNumber, power: int, at: Fraction, threshold: AlgebraicNumber) -> FactorRoot:
    if root == (3 - at) / 2:
        return FactorRoot(name, root, power, None, False, "c = 0, so R = 1: only the degree of R in y drops")
    if root == 1:
        why = "R = (1 - c·y·(1 - y))² with c = -(1 - s)/2 < 0, which is ≥ 1 on [0, 1]: no root there"
        return FactorRoot(name, root, power, None, False, why)
    touching = double_root(root, at)
    inside = touching > 0 and touching < 1
    if root == threshold:
        if not inside:
            raise RecheckError(f"the double root {touching} at the threshold lies outside (0, 1): report this")
        return FactorRoot(name, root, power, touching, True, f"R touches 0 at y = {touching.decimal(12)} in (0, 1)")
    if root < 1:
        why = "a < 1 is outside the question (a ≥ 1)"
    elif inside:
        raise RecheckError(f"a second threshold at a = {root.decimal(12)}, s = {at}: report this")
    else:
        why = f"the double root y = {touching.decimal(12)} lies outside [0, 1]: R > 0 there"
    return FactorRoot(name, root, power, touching, False, why)


def double_root(root: AlgebraicNumber, slope_at_one: Exact) -> AlgebraicNumber:
    """The y with R = ∂R/∂y = 0 at a root of E(·, s), an element of ℚ(a): numerator/denominator of the subresultant.

    Both equations are verified in the field ℚ(a).

    >>> double_root(plane.divergence_threshold(0), 0).decimal(12)
    '0.403772610661'
    """
    for equation in (R, diff(R, y)):
        if not vanishes(equation, root, slope_at_one):
            raise RecheckError(f"R has no double root at a = {root.decimal(12)}, s = {slope_at_one}: report this")
    return root.image(*_touching(slope_at_one))


def _touching(slope_at_one: Exact) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    numerator, denominator = plane.touching_point()
    return univariate(numerator, a, s=slope_at_one), univariate(denominator, a, s=slope_at_one)


def vanishes(equation: object, root: AlgebraicNumber, slope_at_one: Exact) -> bool:
    """Is a polynomial in (a, s, y) zero at a root of E(·, s) and its touching point?  Exact, in the field ℚ(a)."""
    place = quotient(*_touching(slope_at_one), root.polynomial)
    coefficients = [poly(univariate(c, a, s=slope_at_one)) for c in reversed(Poly(equation, y).all_coeffs())]
    return bool(horner(coefficients, place) % poly(root.polynomial) == 0)
