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
from typing import Any

from sympy import Expr, Poly, Symbol, discriminant, expand, rem

from muon_theory.derivations.formula import x, y
from muon_theory.derivations.plane import exact
from muon_theory.derivations.recheck import Notebook
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Derivation
from muon_theory.exact.algebraic import AlgebraicNumber, Exact, real_roots
from muon_theory.polynomial import OddPolynomial

_R = Symbol("r", real=True)


def _odd(degree: int) -> None:
    if degree < 3 or degree % 2 == 0:
        raise UsageError(f"degree {degree}: give an odd degree from 3 on")


def sine_polynomial(degree: int) -> OddPolynomial:
    """S_d with S_d(sin θ) = sin(d·θ), d odd: Chebyshev's polynomial (-1)^((d-1)/2)·T_d, with S_d'(0) = d.

    From S_{k+2} = (2 - 4x²)·S_k - S_{k-2}.

    >>> sine_polynomial(5).row()
    ['5', '-20', '16']
    """
    _odd(degree)
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
    _odd(degree)
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

    The critical points other than y = r are the roots of 7y² - (5 + 3r)y + r, so both values agree iff A(r) = 0.
    """
    h = (y - _R) ** 2 * (1 - y)
    value = Poly(rem(expand(y * h**2), 7 * y**2 - (5 + 3 * _R) * y + _R, y), y)
    return expand(value.coeff_monomial(y)), expand(value.coeff_monomial(1))


def _lowest_first(expression: object) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(k.p), int(k.q)) for k in reversed(Poly(expression, _R).all_coeffs()))


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


def bounded_slope(degree: int) -> Derivation:
    """f'(0) ≤ d for odd f of degree ≤ d (odd) whose orbits from (0, 1] are bounded; attained, only by S_d scaled."""
    _odd(degree)
    book = Notebook(f"Degree {degree}: the largest slope at 0 when the orbits of (0, 1] need only stay bounded")
    _scaling(book)
    book.step(
        "A symmetric interval [-ρ, ρ], ρ ≥ 1, is mapped into itself.",
        "let I be the union of f^n([0, 1]), n ≥ 0: intervals that contain 0, so an interval, and f(I) ⊆ I. If f is "
        "linear, boundedness says |f'(0)| ≤ 1. Else |f(x)| > |x| beyond some R, where every orbit grows without "
        "bound, so I ⊆ [-R, R]. With ρ = sup |I|, the closure of I ∪ -I is [-ρ, ρ], and f is odd and continuous",
        "f([-ρ, ρ]) ⊆ [-ρ, ρ]",
    )
    _interpolation(book, degree)
    s_d = sine_polynomial(degree)
    book.step(
        "Chebyshev's polynomial alternates.",
        "S_d(sin θ) = sin dθ is ±1 in turn at x_k = sin((2k - 1)π/(2d)), k = 1, …, (d + 1)/2, the last of them 1; so "
        "Σ |w_k| = Σ w_k·S_d(x_k) = S_d'(0) = d, and with p(t) = f(ρt)/ρ the bound is |f'(0)| = |p'(0)| ≤ d; equality "
        "forces p = ±S_d at all nodes, so everywhere",
        "S_d", "=", sum(exact(c) * x ** (2 * i + 1) for i, c in enumerate(s_d.coefficients)),
    )  # fmt: skip
    book.check("S_d(2t/(1 + t²)) = sin d·θ", lambda t: s_d(2 * t / (1 + t * t)) == _sine(degree, t), t=(-2, 2))
    book.check("Σ |w_k| at nodes near x_k", lambda: 0 <= slope_bound(nodes(degree, False)) - degree < _tiny(), 1)
    book.step(
        "It is attained, with f(1) = 1.",
        "S_d maps [-1, 1] into itself and fixes p = sin(π/(d + 1)); f(x) = S_d(px)/p fixes 1, maps [-1/p, 1/p] ⊇ "
        "(0, 1] into itself, and f'(0) = d",
        "f(x) = S_d(p·x)/p",
    )
    _attained(book, degree)
    return book.conclude(
        f"odd polynomials of degree at most {degree} whose orbits from (0, 1] are bounded have f'(0) ≤ {degree}, with "
        f"equality only for S_{degree} scaled, and with f(1) = 1 the same number is attained"
    )


def positive_slope(degree: int) -> Derivation:
    """The largest f'(0) when the orbits of (0, 1] stay bounded and ≥ 0; with > 0 it is the supremum, not attained."""
    best = positive_extremal(degree)
    book = Notebook(f"Degree {degree}: the largest slope at 0 when the orbits of (0, 1] stay bounded and positive")
    _scaling(book)
    book.step(
        "An interval [0, ρ], ρ ≥ 1, is mapped into itself.",
        "as for bounded orbits: the iterates of [0, 1] fill an interval that starts at 0 and holds no negative number",
        "f([0, ρ]) ⊆ [0, ρ]",
    )
    _interpolation(book, degree)
    _equioscillation(book, best)
    book.check(
        "w_1 + w_3 + … at nodes near those points is the slope",
        lambda: abs(slope_bound(nodes(degree, True), positive=True) - best.slope.enclose(20).midpoint) < _tiny(), 1,
    )  # fmt: skip
    book.step(
        "It is the largest, and no other polynomial has it.",
        "p(t) = f(ρt)/ρ has 0 ≤ p ≤ 1 on [0, 1], so p'(0) = Σ w_k·p(x_k) ≤ w_1 + w_3 + … = Σ w_k·f*(x_k) = f*'(0); "
        "equality makes p = f* at all nodes",
        "f'(0) = p'(0) ≤ f*'(0)",
    )
    member = best.inside(Fraction(1, 1000))
    book.step(
        "With > 0 in place of ≥ 0 it is a supremum.",
        "equality means f* scaled, with ρ the supremum of the iterates, which then fill (0, ρ] (f* is 1 somewhere "
        "inside), and f* has a zero in (0, 1]; but (1 - λ)f* + λx, 0 < λ < 1, is > 0 and ≤ 1 on (0, 1], and its slope "
        "tends to f*'(0) as λ → 0",
        "0 < (1 - λ)·f*(x) + λ·x ≤ 1",
    )
    book.check("0 < f ≤ 1 just inside", lambda x: 0 < member(x) <= 1, 60, x=(0, 1))
    return book.conclude(
        f"odd polynomials of degree {degree} whose orbits from (0, 1] stay bounded and ≥ 0 have f'(0) ≤ "
        f"{best.slope.decimal(15)}, the root of {best.slope.polynomial_text('a')} in {best.slope.isolating}"
    )


def _tiny() -> Fraction:
    return Fraction(1, 10**12)


def _scaling(book: Notebook) -> None:
    book.step(
        "f(1) = 1 is no restriction for slopes above 1.",
        "if f maps [0, ρ] into (-∞, ρ] and f'(0) > 1, then f(x) > x near 0 and f(ρ) ≤ ρ, so f fixes some p in (0, ρ]; "
        "x ↦ f(px)/p has the same slope, fixes 1, and its orbits from (0, 1] are those of f from (0, p], divided by p",
        "f(p·x)/p",
    )
    book.check(
        "scaling keeps the slope and moves the fixed point to 1",
        lambda p, a: (lambda f: f(1) == 1 and f.slope == a)(OddPolynomial((a, (1 - a) / p**2)).scaled(p, 1 / p)),
        p=(Fraction(1, 9), 3), a=(1, 5),
    )  # fmt: skip


def _interpolation(book: Notebook, degree: int) -> None:
    count = (degree + 1) // 2
    book.step(
        "The slope from values.",
        f"Lagrange: an odd p of degree ≤ {degree} is Σ p(x_k)·(x/x_k)·∏ (y - y_j)/(y_k - y_j), for {count} points 0 < "
        "x_1 < x_2 < … ≤ 1; the signs alternate, because the number of y_j below y_k is k - 1",
        "p'(0) = Σ w_k·p(x_k) , w_k = (1/x_k)·∏ y_j/(y_j - y_k)",
    )

    def agrees(**coefficients: Fraction) -> bool:
        p = OddPolynomial(tuple(coefficients.values()))
        at = [Fraction(k + 1, count) - abs(p.slope) / 1000 for k in range(count)]
        found = weights(at)
        alternate = all((w > 0) == (k % 2 == 0) for k, w in enumerate(found))
        return alternate and sum(w * p(v) for w, v in zip(found, at, strict=True)) == p.slope

    ranges: dict[str, Any] = {f"c{k}": (-9, 9) for k in range(count)}
    book.check("p'(0) = Σ w_k p(x_k), signs alternate", agrees, **ranges)


def _sine(degree: int, t: Fraction) -> Fraction:
    """sin dθ for θ with sin θ = 2t/(1 + t²), cos θ = (1 - t²)/(1 + t²), by the addition theorem."""
    s, c = 2 * t / (1 + t * t), (1 - t * t) / (1 + t * t)
    sine, cosine = Fraction(0), Fraction(1)
    for _ in range(degree):
        sine, cosine = sine * c + cosine * s, cosine * c - sine * s
    return sine


def _attained(book: Notebook, degree: int) -> None:
    """S_d fixes some p in (0, 1): d·θ = π - θ; re-checked by the sign of S_d(x) - x next to it."""
    s_d = sine_polynomial(degree)
    shifted = (s_d.coefficients[0] - 1, *s_d.coefficients[1:])
    first = min(root for root, _ in real_roots(shifted) if root > 0)
    book.check("S_d has a fixed point in (0, 1)", lambda: bool(0 < first < 1), 1)
    book.check("|S_d| ≤ 1 on [-1, 1]", lambda x: abs(s_d(x)) <= 1, 60, x=(-1, 1))


def _equioscillation(book: Notebook, best: PositiveExtremal) -> None:
    if best.degree == 3:
        book.step(
            "The cubic that is 1, 0 in turn.",
            "f = a·x(1 - y) is largest at y = 1/3, with value 2a/(3√3); it is 0 at x = 1",
            "f* = (3√3/2)·x·(1 - x²) , 4a² = 27",
        )
        book.check("the square of the value at y = 1/3 is 4a²/27", lambda: Fraction(1, 3) * (1 - Fraction(1, 3)) ** 2
                   == Fraction(4, 27), 1)  # fmt: skip
        return
    if best.degree == 5:
        u = Symbol("u", real=True)
        equation = 16 * u**5 - 25 * u**4 + 10 * u**2 - 1
        book.step(
            "The quintic that is 1, 0, 1 in turn.",
            "f = c·x(y - q)² has f' = c(y - q)(5y - q), so its local maximum is at y = q/5. With u² = q/5 its value is "
            "16c·u⁵, and f(1) = c(1 - 5u²)²; both are 1, and u = 1 (q = 5) is not in question",
            equation, "=", (u - 1) ** 2 * (16 * u**3 + 7 * u**2 - 2 * u - 1), "= 0",
        )  # fmt: skip
        book.check("it factors", lambda: expand(equation - (u - 1) ** 2 * (16 * u**3 + 7 * u**2 - 2 * u - 1)) == 0, 1)
        book.step("Its slope.", "c·q² = 25u⁴·c, and 16c·u⁵ = 1", "f*'(0) = 25/(16u)")
        book.check("the double root lies in (0, 1)", lambda: bool(0 < best.double_zeros[0] < 1), 1)
        return
    equal, common = septic_elimination()
    book.step(
        "The septic that is 1, 0, 1, 0 in turn.",
        "f = c·x·h, h = (y - r)²(1 - y): besides y = r its critical points are the roots of N, one in (0, r) and one "
        "in (r, 1), since N > 0 at 0 and 1 and N(r) = -4r(1 - r) < 0. Modulo N, y·h² is A(r)·y + B(r); the two "
        "maxima are equal iff A(r) = 0, and then c² = 1/B(r), f*'(0) = c·r²",
        "N", "=", 7 * y**2 - (5 + 3 * _R) * y + _R,
    )  # fmt: skip
    book.step("A(r), and B(r).", "the remainder", equal, "= 0 ,", "B", "=", common)
    disc = discriminant(7 * y**2 - (5 + 3 * _R) * y + _R, y)
    book.check("N has two roots", lambda r: (5 + 3 * r) ** 2 - 28 * r > 0, r=(0, 1))
    book.check("its discriminant", lambda: expand(disc - (5 + 3 * _R) ** 2 + 28 * _R) == 0, 1)
