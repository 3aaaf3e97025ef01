"""The derivations of the largest slopes at 0: orbits of (0, 1] that stay bounded, or bounded and positive."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Symbol, discriminant, expand

from muon_theory.derivations.extremal import (
    CRITICAL,
    PositiveExtremal,
    R,
    check_odd,
    nodes,
    positive_extremal,
    septic_elimination,
    sine_polynomial,
    slope_bound,
    weights,
)
from muon_theory.derivations.formula import x, y
from muon_theory.derivations.plane import exact
from muon_theory.derivations.recheck import Notebook
from muon_theory.evidence import Derivation
from muon_theory.exact.algebraic import real_roots
from muon_theory.polynomial import OddPolynomial

TINY = Fraction(1, 10**12)


def bounded_slope(degree: int) -> Derivation:
    """f'(0) ≤ d for odd f of degree ≤ d (odd) whose orbits from (0, 1] are bounded; attained, only by S_d scaled."""
    check_odd(degree)
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
    book.check("Σ |w_k| at nodes near x_k", lambda: 0 <= slope_bound(nodes(degree, False)) - degree < TINY, 1)
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
        lambda: abs(slope_bound(nodes(degree, True), positive=True) - best.slope.enclose(20).midpoint) < TINY, 1,
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
        "N", "=", CRITICAL,
    )  # fmt: skip
    book.step("A(r), and B(r).", "the remainder", equal, "= 0 ,", "B", "=", common)
    disc = discriminant(CRITICAL, y)
    book.check("N has two roots", lambda r: (5 + 3 * r) ** 2 - 28 * r > 0, r=(0, 1))
    book.check("its discriminant", lambda: expand(disc - (5 + 3 * R) ** 2 + 28 * R) == 0, 1)
