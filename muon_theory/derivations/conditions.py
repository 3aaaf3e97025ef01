"""The properties of a family with f(1) = 1 as polynomial conditions, and the eliminations where each can change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from typing import TypeAlias

from sympy import Expr, Poly, Rational, Symbol, discriminant, div, expand, factor_list, resultant

from muon_theory.derivations.formula import plain, y
from muon_theory.derivations.recheck import RecheckError
from muon_theory.errors import UsageError
from muon_theory.exact.algebraic import Exact, real_roots
from muon_theory.family import Family

Sympy: TypeAlias = "Expr | Poly"

V, SIGMA, PRODUCT = Symbol("v", real=True), Symbol("σ", real=True), Symbol("p", real=True)
Slice = Mapping[str, Exact]


@dataclass(frozen=True, slots=True)
class Condition:
    """A(θ, y), what it says, and where its zeros in (0, 1) can change: (source, polynomial in θ) each."""

    name: str
    text: str
    says: str
    zeros: Callable[[Slice], tuple[int, int]]
    sources: tuple[tuple[str, Sympy], ...]
    why: str = ""


@dataclass(frozen=True)
class Symbols:
    """The polynomials of a family with f(1) = 1, as sympy expressions.  UsageError for others, or a parameter y."""

    family: Family
    coefficients: tuple[Sympy, ...]

    @classmethod
    def of(cls, family: Family) -> Symbols:
        if "y" in family.parameters:
            raise UsageError(f"family {family.name!r} has a parameter y, which is x² here: give it another name")
        names = [Symbol(name, real=True) for name in family.parameters]
        found = []
        for p in family.coefficients:
            total: Sympy = Rational(0)
            for exponents, c in p.terms:
                term: Sympy = Rational(c.numerator, c.denominator)
                for name, k in zip(names, exponents, strict=True):
                    term *= name**k
                total += term
            found.append(total)
        if expand(sum(found) - 1) != 0:
            raise UsageError(f"family {family.name!r} does not fix 1: f(1) = {plain(expand(sum(found)))}")
        return cls(family, tuple(found))

    @property
    def names(self) -> list[Sympy]:
        return [Symbol(name, real=True) for name in self.family.parameters]

    def g(self, at: Sympy = y) -> Sympy:
        return sum(c * at**i for i, c in enumerate(self.coefficients))

    @property
    def d(self) -> Sympy:
        """f'(x) in y."""
        return sum((2 * i + 1) * c * y**i for i, c in enumerate(self.coefficients))

    @property
    def at_one(self) -> Sympy:
        """f'(1)."""
        return expand(self.d.subs(y, 1))

    def w(self, at: Sympy = y) -> Sympy:
        """(g - 1)/(1 - y)."""
        tails = [-sum(self.coefficients[i + 1 :]) for i in range(len(self.coefficients) - 1)]
        return sum(t * at**i for i, t in enumerate(tails))

    @cached_property
    def square(self) -> Sympy:
        """Z = f(x)²."""
        return expand(y * self.g() ** 2)

    def critical_values(self) -> Sympy:
        """K(v): zero at the squares of the critical values."""
        return resultant(V - self.square, self.d, y)

    @cached_property
    def r(self) -> Sympy:
        """R = w(Z)/w, a polynomial."""
        return _quotient(self.w(self.square), self.w())

    @cached_property
    def cycles(self) -> Sympy:
        """N = (f∘f - x)/((f - x)(g + 1)), a polynomial in y."""
        now = self.g()
        return _quotient(now * self.g(self.square) - 1, (now - 1) * (now + 1))


def _quotient(dividend: Sympy, divisor: Sympy) -> Sympy:
    """The exact quotient of two polynomials in the parameters and y."""
    found, rest = div(Poly(expand(dividend)), Poly(expand(divisor)), domain="QQ")
    if rest != 0:
        raise RecheckError(f"{plain(expand(divisor))} does not divide: please report this")
    return found.as_expr()


def conditions(f: Symbols) -> list[Condition]:
    """The properties of the family, in the order in which `boundaries` lists them."""
    values, z = f.critical_values(), f.square
    multiplier, w, now = f.at_one, f.w(), f.g()
    flips = (
        ("f' = -1 at 1", multiplier + 1),
        ("f' = -1 at another fixed point", resultant(expand(w), expand(f.d + 1), y)),
    )

    def met(p: Callable[[Sympy], Sympy]) -> Sympy:
        return resultant(expand(p(V)), values, V)

    def doubled(p: Sympy) -> Sympy:
        return discriminant(expand(p), y) if Poly(p, y).degree() > 1 else Rational(1)

    fixed = (
        ("a critical value is a fixed point", met(f.w)), ("P(0) = a - 1", w.subs(y, 0)), ("disc w", doubled(w)),
    )  # fmt: skip
    antipodal = (
        ("a critical value is on an antipodal 2-cycle", met(lambda v: f.g(v) + 1)),
        ("P(0) = a + 1", now.subs(y, 0) + 1), ("disc (g + 1)", doubled(now + 1)),
    )  # fmt: skip
    merging = ("two 2-cycles merge", _merging(f))
    doubling = ("f' = 1 on an antipodal 2-cycle", resultant(expand(now + 1), expand(f.d - 1), y))
    return [
        Condition(
            "attracting", "1 - f'(1)²", "|f'(1)| < 1",
            lambda at: (int(abs(univariate(multiplier, y, at)[0]) >= 1), 0),
            (("f'(1) = 1", multiplier - 1), ("f'(1) = -1", multiplier + 1)),
        ),
        Condition(
            "sign-safe", "g(Z)", "no second iterate of (0, 1) is 0", partial(zeros, f.g(z)),
            (("a critical value is a zero of f", met(f.g)), ("P(0) = a", now.subs(y, 0)), ("disc g", doubled(now))),
        ),
        Condition(
            "bounded", "g(Z) + 1", "no value on (0, 1) meets an antipodal 2-cycle", partial(zeros, f.g(z) + 1),
            antipodal,
        ),
        Condition(
            "converges", "R = w(Z)/w", "no value on (0, 1) is the other fixed point", partial(zeros, f.r),
            fixed,
        ),
        Condition(
            "escape-point", "w beyond 1", "a fixed point x_r > 1 exists", partial(_beyond_one, w),
            (("x_r at ∞", f.coefficients[-1]), ("x_r = 1", expand(w.subs(y, 1))), ("disc w", doubled(w))),
        ),
        Condition(
            "escape", "R·(g(Z) + 1)", "no value on (0, 1) is a fixed point or on an antipodal 2-cycle, beyond 1",
            lambda at: _both(zeros(f.r, at), zeros(f.g(z) + 1, at)),
            tuple(source for pair in zip(fixed, antipodal, strict=True) for source in pair),
            "An orbit from (0, 1], where w > 0, is unbounded only if it passes the first fixed point beyond 1 or the "
            "first antipodal 2-cycle: up to there [-x, x] is mapped into itself. So this is 'converges' and 'bounded' "
            "together: the smallest start that escapes appears where one of the two fails",
        ),
        Condition(
            "first-2-cycle", "N = (f∘f - x)/((f - x)(g + 1))", "(0, 1) meets no 2-cycle", partial(zeros, f.cycles),
            (merging, *flips, doubling),
        ),
        Condition(
            "period-doubling", "f'(p) + 1", "no fixed point p > 0 has f'(p) ≤ -1", lambda at: _flipping(f, at),
            (*flips,
             ("two fixed points merge", doubled(w)), ("a fixed point at 1 twice", expand(w.subs(y, 1))),
             ("a fixed point at 0", w.subs(y, 0)), ("a fixed point at ∞", f.coefficients[-1])),
        ),
        *([] if len(f.coefficients) > 3 else [Condition(
            "second-period-doubling", "f'(x₁)f'(x₂) + 1", "no 2-cycle {x₁, x₂}, x₂ ≠ -x₁, has a multiplier ≤ -1",
            lambda at: _doubling(f, at),
            (("f'(x₁)f'(x₂) = -1", _second_doubling(f)), merging, *flips, doubling,
             ("a 2-cycle at ∞", f.coefficients[-1])),
            "With σ = (x₁ + x₂)² and p = x₁x₂, f(x₁) + f(x₂) = x₁ + x₂ and f(x₁) - f(x₂) = x₂ - x₁ are two equations "
            "in σ and p whose difference is at most linear in σ; f'(x₁)f'(x₂) is symmetric, so a polynomial in σ and p",
        )]),
    ]  # fmt: skip


def _merging(f: Symbols) -> Sympy:
    """Where two 2-cycles {x₁, x₂} have the same p = x₁x₂; σ = (x₁ + x₂)² eliminated from f(x₁) ± f(x₂) = ±(x₁ ± x₂).

    (x₁^k + x₂^k)/(x₁ + x₂) and (x₁^k - x₂^k)/(x₁ - x₂), k odd, obey u_{k+2} = (σ - 2p)·u_k - p²·u_{k-2}.
    """
    plus, minus = _power_sums(1, f), _power_sums(-1, f)
    eliminated = resultant(expand(plus - 1), expand(minus + 1), SIGMA)
    found: Sympy = Rational(1)
    for p, _ in factor_list(eliminated, PRODUCT, *(Symbol(n, real=True) for n in f.family.parameters))[1]:
        if Poly(p, PRODUCT).degree() > 1:
            found *= discriminant(p, PRODUCT)
    return found


def _second_doubling(f: Symbols) -> Sympy:
    """Where a 2-cycle {x₁, x₂}, x₂ ≠ ±x₁, has multiplier -1; degree 3 and 5.

    With σ = (x₁ + x₂)², p = x₁x₂ the cycle is f(x₁) + f(x₂) = x₁ + x₂ and f(x₁) - f(x₂) = x₂ - x₁, each divided by its
    factor; their difference is at most linear in σ, so σ goes first.  f'(x₁)f'(x₂) is a polynomial in y₁ + y₂ = σ - 2p
    and y₁y₂ = p².
    """
    plus, minus = _power_sums(1, f) - 1, _power_sums(-1, f) + 1
    difference = expand((plus - minus) / 2)
    multiplier = _symmetric(f.d) + 1
    if difference.has(SIGMA):
        left, right = (resultant(difference, expand(e), SIGMA) for e in (minus, multiplier))
    else:
        left, right = difference, resultant(expand(minus), expand(multiplier), SIGMA)
    found: Sympy = Rational(1)
    for p, _ in factor_list(left, PRODUCT, *f.names)[1]:
        if p.has(PRODUCT) and p != PRODUCT:
            found *= resultant(p, right, PRODUCT)
    return found


def _symmetric(d: Sympy) -> Sympy:
    """d(y₁)·d(y₂) in σ and p, by Newton's power sums of y₁ + y₂ = σ - 2p and y₁y₂ = p²."""
    total, product = SIGMA - 2 * PRODUCT, PRODUCT**2
    sums = [Rational(2), total]
    coefficients = Poly(d, y).all_coeffs()[::-1]
    while len(sums) < len(coefficients):
        sums.append(expand(total * sums[-1] - product * sums[-2]))
    return sum(
        c * k * product**i * (sums[j - i] if j > i else 1)
        for i, c in enumerate(coefficients)
        for j, k in enumerate(coefficients)
        if j >= i
    )


def _power_sums(sign: int, f: Symbols) -> Sympy:
    """Σ c_k·u_{2k+1} with u_1 = 1 and u_{-1} = ±1/p: u_3 = σ - 2p ∓ p."""
    before, here, total = sign / PRODUCT, Rational(1), Rational(0)
    for c in f.coefficients:
        total += c * here
        before, here = here, expand((SIGMA - 2 * PRODUCT) * here - PRODUCT**2 * before)
    return total


@lru_cache(maxsize=256)
def _terms(expression: Sympy, variable: Sympy) -> tuple[tuple[int, tuple[tuple[str, int], ...], Fraction], ...]:
    """Exponent of the variable, powers of the parameters, coefficient: read once, evaluated often."""
    names = sorted(str(k) for k in expression.free_symbols if k != variable)
    poly = Poly(expression, variable, *(Symbol(n, real=True) for n in names))
    return tuple((k, tuple(zip(names, e, strict=True)), Fraction(int(c.p), int(c.q))) for (k, *e), c in poly.terms())


def univariate(expression: Sympy, variable: Sympy, at: Slice) -> tuple[Fraction, ...]:
    """The coefficients in the variable, lowest first, at one point of the parameters."""
    found: dict[int, Fraction] = {}
    for k, powers, c in _terms(expression, variable):
        for name, e in powers:
            c *= Fraction(at[name]) ** e
        found[k] = found.get(k, Fraction(0)) + c
    return tuple(found.get(k, Fraction(0)) for k in range(max(found, default=0) + 1))


def zeros(a: Sympy, at: Slice) -> tuple[int, int]:
    """The number of real zeros of A in (0, 1), and outside [0, 1]; exact."""
    coefficients = univariate(a, y, at)
    if not any(coefficients):
        return 1, 0
    roots = [root for root, _ in real_roots(coefficients)]
    return sum(0 < r < 1 for r in roots), sum(r < 0 or r > 1 for r in roots)


def _both(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _beyond_one(w: Sympy, at: Slice) -> tuple[int, int]:
    """The number of real zeros of w in (1, ∞), and below 1."""
    coefficients = univariate(w, y, at)
    roots = [root for root, _ in real_roots(coefficients)] if any(coefficients) else []
    return sum(r > 1 for r in roots), sum(r < 1 for r in roots)


def _doubling(f: Symbols, at: Slice) -> tuple[int, int]:
    """The number of 2-cycles {x₁, x₂}, x₂ ≠ -x₁, with multiplier ≤ -1, and of the others."""
    squares = [root for root, _ in real_roots(univariate(f.cycles, y, at)) if root > 0]
    multiplier = univariate(f.d * f.d.subs(y, f.square) + 1, y, at)
    low = sum(root.sign_of(multiplier) <= 0 for root in squares)
    return low // 2, (len(squares) - low) // 2


def _flipping(f: Symbols, at: Slice) -> tuple[int, int]:
    """The number of fixed points p > 0 with f'(p) ≤ -1, and of the others."""
    slopes = univariate(f.d + 1, y, at)
    points = [root for root, _ in real_roots(univariate((1 - y) * f.w(), y, at)) if root > 0]
    low = sum(p.image(slopes) <= 0 for p in points)
    return low, len(points) - low
