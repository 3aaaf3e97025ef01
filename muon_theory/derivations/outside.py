"""The quintic plane where 1 repels: the divergence threshold for -3 ≤ s < -1 and for 1 < s < 9, with proofs."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from sympy import Poly, discriminant, expand

from muon_theory.derivations import plane
from muon_theory.derivations.formula import a, s, y
from muon_theory.derivations.plane import Q, W, Z, has_root, univariate
from muon_theory.derivations.recheck import Notebook
from muon_theory.evidence import Derivation
from muon_theory.exact.algebraic import AlgebraicNumber, Exact, real_roots
from muon_theory.family import QUINTIC

LOWEST = -3
_U = Z.subs(s, LOWEST) - 1
FLIP_MARGIN = expand(2 - 2 * _U - (3 - a) * _U**2)
"""g(Z) + 1 at s = -3, written in u = Z - 1."""


def divergence_below() -> Derivation:
    """For -3 ≤ s ≤ 1, a ≥ 1: some orbit from (0, 1] is unbounded iff R < 0 somewhere, that is iff a > a*(s)."""
    book = Notebook("The quintic with f(1) = 1, f'(1) = s, -3 ≤ s ≤ 1, a ≥ 1: which a let an orbit from (0, 1] escape")
    book.step(
        "R decides escape, and falls strictly in a, as for |s| ≤ 1.",
        "w ≥ 0 on [0, 1], the escape for R < 0 and ∂R/∂a use s ≤ 1 alone (see `divergence`)",
        "R < 0 ⇒ f(x)² > x_r² ⇒ |f^n(x)| → ∞",
    )
    book.step(
        "If R ≥ 0 on [0, 1], orbits stay below x_r as long as g ≥ -1 where they go.",
        "on [0, 1], Z ≤ x_r² (c > 0); for a value Z > 1 up to it, or any for c ≤ 0, w ≥ 0 gives g(Z) ≤ 1; with g(Z) ≥ "
        "-1 the next square is ≤ Z",
        "-1 ≤ g(Z) ≤ 1 ⇒ Z g(Z)² ≤ Z",
    )
    book.step(
        "With u = Z - 1 and p = (1 - s)/2, g(Z) = 1 - u(p·Z - (a - 1)u).",
        "expand, using c = a - 1 - p; for u ≥ 0 this falls as p grows. Z falls in s (g ≥ 1 does, on [0, 1]), so the "
        "values of u at s are among those at s = -3: it is enough to show g(Z) ≥ -1 at s = -3, p = 2, where",
        "1 + g(Z) = 2 - 2u - (3 - a)u²",
    )
    book.check("1 + g(Z)", _flip_margin_agrees, a=(-2, 6), y=(-1, 2))
    book.step(
        "For a ≥ 7/2 this is ≥ 0 for every u.",
        "its discriminant in u is 4 + 8(3 - a) ≤ 0 and 3 - a < 0",
        "4 + 8(3 - a) ≤ 0",
    )
    book.step(
        "For 1 ≤ a ≤ 7/2 it is ≥ 0 for every y in [0, 1].",
        "it is 1 + a at y = 0 and 2 at y = 1; between the real zeros of its discriminant and leading coefficient in y "
        "the number of its roots in (0, 1) is constant, and is 0 at a rational point of each of those intervals (exact "
        "root isolation)",
        "min (1 + g(Z)) ≥ 0",
    )
    book.check("no root between the discriminant's zeros", _never_below_minus_one, 1)
    book.check("g(Z) ≥ -1", lambda a, s, y: _g_of_z(a, s, y) >= -1, 60, a=(1, 6), s=(LOWEST, 1), y=(0, 1))
    return book.conclude(
        "for -3 ≤ s ≤ 1 and a ≥ 1 some x in (0, 1] has an unbounded orbit if and only if min R over [0, 1] is < 0, "
        "that is a > a*(s); at s = -3, a = 3 (a cubic) the value -1 is reached: the bound is sharp"
    )


def divergence_above() -> Derivation:
    """For 1 < s < 9, a ≥ 1: some orbit from (0, 1] is unbounded iff Q < 0 somewhere."""
    book = Notebook("The quintic with f(1) = 1, f'(1) = s, 1 < s < 9, a ≥ 1: which a let an orbit from (0, 1] escape")
    book.step(
        "Right of 1 everything escapes.",
        "c ≥ (s - 1)/2 > 0 and w < (1 - s)/2 < 0 for y > 1, so g - 1 = (1 - y)w > 0",
        "x > 1 ⇒ f(x) > x ⇒ f^n(x) → ∞",
    )
    book.check("f(x) > x right of 1", lambda a, s, y: QUINTIC.at(a=a, s=s).g(y) > 1, a=(1, 6), s=(1, 9), y=(1, 4))
    book.step(
        "So an orbit from (0, 1] escapes if and only if Q < 0 somewhere.",
        "1 - Z = (1 - y)Q: if Q ≥ 0 on [0, 1], f maps [-1, 1] into itself; if Q < 0 at y, then |f(x)| > 1",
        "Q < 0 ⇔ f(x)² > 1",
    )
    slope = -2 * y * (1 - y) * (1 + (1 - y) * W)
    book.step(
        "Q falls strictly in a on (0, 1).",
        "the bracket is g = 1 + (1 - y)w ≥ 1 - y(1 - y)(s - 1)/2 ≥ 1 - (s - 1)/8 > 0 for s < 9; so f > 0 on (0, 1] too",
        "∂Q/∂a", "=", slope,
    )  # fmt: skip
    book.check("∂Q/∂a", lambda: expand(Q.diff(a) - slope) == 0, 1)
    book.step(
        "One threshold, a root of the discriminant of Q in y.",
        "at a = 1, w < 0 gives 0 < g < 1 and Q > 0; at y = 0 and y = 1, Q = 1 and Q = s > 0; for large a, Q < 0. So "
        "min Q is 0 at one a > 1, with a double root in (0, 1); c > 0 excludes the factor 2c, and the other factor is",
        plane.return_factor(),
    )
    book.check("Q changes sign at the threshold", lambda s: plane.changes_sign(Q, s), 4, s=(1, 9))
    return book.conclude(
        "for 1 < s < 9 and a ≥ 1 some x in (0, 1] has an unbounded orbit if and only if min Q over [0, 1] is < 0: the "
        "threshold is where a critical value meets the repelling fixed point 1"
    )


def _g_of_z(a: Fraction, s: Fraction, y: Fraction) -> Fraction:
    f = QUINTIC.at(a=a, s=s)
    z = y * f.g(y) ** 2
    return f.g(z) if z > 1 else Fraction(0)


def _flip_margin_agrees(a: Fraction, y: Fraction) -> bool:
    f = QUINTIC.at(a=a, s=LOWEST)
    u = y * f.g(y) ** 2 - 1
    return f.g(u + 1) + 1 == 2 - 2 * u - (3 - a) * u**2


def _never_below_minus_one() -> bool:
    """FLIP_MARGIN has no root y in (0, 1) for a between the zeros of its discriminant and leading coefficient."""
    margin = Poly(FLIP_MARGIN, y)
    special: set[AlgebraicNumber | Exact] = {1, Fraction(7, 2)}
    for expression in (margin.LC(), discriminant(FLIP_MARGIN, y)):
        special |= {root for root, _ in real_roots(univariate(expression, a)) if 1 < root < Fraction(7, 2)}
    ends = sorted(e if isinstance(e, AlgebraicNumber) else AlgebraicNumber.of(e) for e in special)
    samples = [plane.between(low, high) for low, high in pairwise(ends)]
    return not any(has_root(univariate(FLIP_MARGIN, y, a=v), 0, 1) for v in samples)
