"""Where 1 is an attracting fixed point: f(1) = 1, |f'(1)| < 1, the regions this gives, and the boundary |f'(1)| = 1."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sympy import Poly, Symbol, diff, discriminant, expand, factor, solve

from muon_theory.derivations.formula import a, plain, x
from muon_theory.derivations.recheck import Notebook, evaluate
from muon_theory.errors import UsageError
from muon_theory.evidence import Derivation
from muon_theory.exact.dynamics import two_cycle_polynomial
from muon_theory.exact.rationals import dense, fractions, poly
from muon_theory.family import CUBIC, QUINTIC
from muon_theory.polynomial import OddPolynomial

_NAMES = "abcdehijkm"


@dataclass(frozen=True, slots=True)
class FeasibleRegion:
    """All (a, b, …) with f(1) = 1 and |f'(1)| < 1, in one degree: `lower < variable < upper`.

    `top` is the highest coefficient in terms of the others, `multiplier` is f'(1), `variable` the last free
    coefficient.  All four are sympy expressions.
    """

    degree: int
    top: object
    multiplier: object
    variable: object
    lower: object
    upper: object
    derivation: Derivation


def feasible_region(degree: int) -> FeasibleRegion:
    """Solve f(1) = 1 for the highest coefficient and |f'(1)| < 1 for the last free one.

    >>> for d in (3, 5):
    ...     r = feasible_region(d)
    ...     print(r.lower, "<", r.variable, "<", r.upper)
    1 < a < 2
    2 - 2*a < b < 3 - 2*a
    """
    if degree < 3 or degree % 2 == 0 or (degree + 1) // 2 > len(_NAMES):
        raise UsageError(f"degree {degree} has no feasible region here: ask for an odd degree from 3 to 19")
    free = [Symbol(name, real=True) for name in _NAMES[: (degree - 1) // 2]]
    last = Symbol(_NAMES[len(free)], real=True)
    powers = range(1, degree + 1, 2)
    f = sum(k * x**p for k, p in zip([*free, last], powers, strict=True))
    (top,) = solve(f.subs(x, 1) - 1, last)
    multiplier = expand(diff(f, x).subs(x, 1).subs(last, top))
    ends = [solve(multiplier - end, free[-1])[0] for end in (1, -1)]
    slope = diff(multiplier, free[-1])  # -2: f'(1) falls as the coefficient grows, so +1 gives the lower end

    book = Notebook(f"Degree {degree}: where 1 is a hyperbolically attracting fixed point")
    book.step("The polynomial.", "the odd polynomial of this degree", "f(x)", "=", f)
    book.step("Solve f(1) = 1 for the highest coefficient.", "it is linear", last, "=", top)
    book.step("The multiplier at 1.", "differentiate, set x = 1, substitute", "f'(1)", "=", multiplier)
    book.step("Both inequalities.", "|f'(1)| < 1", -1, "<", multiplier, "<", 1)
    book.step(
        f"Solve each for {free[-1]}.",
        f"f'(1) is linear in {free[-1]} with slope {slope} < 0, so dividing turns both inequalities round",
        ends[0], "<", free[-1], "<", ends[1],
    )  # fmt: skip

    def agrees(**point: Fraction) -> bool:
        values = [point[str(k)] for k in free]
        f_at = OddPolynomial((*values, evaluate(top, **point)))
        inside = evaluate(ends[0], **point) < values[-1] < evaluate(ends[1], **point)
        return f_at(1) == 1 and inside == (abs(f_at.derivative(1)) < 1)

    book.check("the region is |f'(1)| < 1", agrees, 60, **{str(k): (-4, 5) for k in free})
    region = f"{plain(ends[0])} < {free[-1]} < {plain(ends[1])}"
    conclusion = f"f(1) = 1 and |f'(1)| < 1 if and only if {last} = {plain(top)} and {region}"
    return FeasibleRegion(degree, top, multiplier, free[-1], ends[0], ends[1], book.conclude(conclusion))


def second_order(f: OddPolynomial) -> Fraction:
    """2f'''(1) + 3f''(1)²: for f(1) = 1, f'(1) = -1 the point 1 attracts where it is > 0 and repels where it is < 0.

    >>> second_order(OddPolynomial.of(2, -1)), second_order(OddPolynomial.of(3, -3, 1))
    (Fraction(96, 1), Fraction(96, 1))
    """
    second = sum((p * (p - 1) * k for p, k in enumerate(f.dense())), Fraction(0))
    third = sum((p * (p - 1) * (p - 2) * k for p, k in enumerate(f.dense())), Fraction(0))
    return 2 * third + 3 * second**2


def attraction() -> Derivation:
    """A3: what is necessary and what is sufficient for 1 to attract, and every boundary case of both families."""
    book = Notebook("When 1 is an attracting fixed point (degree 3 and 5)")
    book.step("f(1) = 1 is necessary.", "the limit p of an orbit is fixed: f(p) = lim f(xₙ) = lim xₙ₊₁ = p", "f(1) = 1")
    book.step(
        "|f'(1)| < 1 is sufficient.",
        "near 1, |f'| ≤ κ < 1; by the mean value theorem the distance to 1 shrinks by κ a step",
        "|f(x) - 1| ≤ κ |x - 1|",
    )
    book.step(
        "|f'(1)| ≤ 1 is necessary.",
        "if |f'(1)| > 1 then |f(x) - 1| ≥ κ|x - 1|, κ > 1, near 1, so an orbit can tend to 1 only by landing on it; "
        "the x with f^n(x) = 1 for some n are countable, so not all x near 1 converge",
        "|f'(1)| ≤ 1",
    )
    _boundary_plus(book)
    _boundary_minus(book)
    return book.conclude(
        "f(1) = 1 and |f'(1)| ≤ 1 are necessary; f(1) = 1 and |f'(1)| < 1 are sufficient, and |f'(1)| < 1 is not "
        "necessary: with f'(1) = -1 the point 1 attracts, in every cubic (a = 2) and every quintic. With f'(1) = +1 it "
        "never attracts in degree 3 or 5 (it can in degree 7)"
    )


def _boundary_plus(book: Notebook) -> None:
    book.step("Cubic, f'(1) = 1.", "3 - 2a = 1 gives a = 1: every point is fixed, none attracts", "f(x) = x")
    book.check("a = 1 is the identity", lambda x: CUBIC.at(a=1)(x) == x, x=(-2, 2))
    f, excess = a * x + (2 - 2 * a) * x**3 + (a - 1) * x**5, x * (1 - x**2) ** 2 * (a - 1)
    book.step(
        "Quintic, f'(1) = 1.",
        "b = 2 - 2a and c = a - 1; for a > 1, f(x) > x on both sides of 1: from below orbits may come, above 1 they "
        "move away; for a < 1 the other way round; for a = 1 every point is fixed",
        "f(x) - x", "=", factor(f - x), "=", excess,
    )  # fmt: skip
    book.identity(
        "f(x) - x = x(1 - x²)²(a - 1)", excess, lambda a, x: QUINTIC.at(a=a, s=1)(x) - x, a=(-3, 5), x=(-2, 2)
    )
    book.step(
        "Degree 7, f'(1) = 1, can attract.",
        "f(x) > x below 1 and f(x) < x above, and f increases near 1, so orbits tend to 1 monotonically from both "
        "sides",
        "f(x)", "=", x + x * (1 - x**2) ** 3 / 10,
    )  # fmt: skip
    seventh = OddPolynomial.of("11/10", "-3/10", "3/10", "-1/10")
    book.check("f'(1) = 1", lambda: seventh(1) == 1 and seventh.derivative(1) == 1, 1)
    book.check("f pulls towards 1", lambda x: (seventh(x) - x) * (1 - x) > 0, x=(Fraction(1, 4), Fraction(7, 4)))


def _boundary_minus(book: Notebook) -> None:
    h, second, third = Symbol("h"), Symbol("f''(1)"), Symbol("f'''(1)")
    expansion = -h + second / 2 * h**2 + third / 6 * h**3
    twice = Poly(expand(expansion.subs(h, expansion)), h)
    square, cube = twice.coeff_monomial(h**2), factor(twice.coeff_monomial(h**3))
    book.check("f∘f has no quadratic term", lambda: bool(square == 0 and twice.coeff_monomial(h) == 1), 1)
    book.step(
        "f'(1) = -1 in any degree.",
        "insert f(1 + h) = 1 - h + f''(1)h²/2 + f'''(1)h³/6 + … into itself; the quadratic terms cancel. If 2f'''(1) + "
        "3f''(1)² > 0 every h near 0 shrinks under f∘f without changing sign, so 1 attracts; if < 0 it grows",
        "f(f(1 + h))", "=", "1 + h -", -cube, "h³ + …",
    )  # fmt: skip
    book.check("the cubic term of f∘f", _cubic_term_agrees, a=(-4, 5))
    quadratic = 48 * (4 * a**2 - 20 * a + 26)
    book.step(
        "Quintic, f'(1) = -1: 1 attracts for every a.",
        "b = 3 - 2a, c = a - 2, so f''(1) = 8a - 22, f'''(1) = 48a - 102; the discriminant of 4a² - 20a + 26 is "
        f"{discriminant(4 * a**2 - 20 * a + 26, a)} < 0",
        "2f'''(1) + 3f''(1)²", "=", quadratic, ">", 0,
    )  # fmt: skip
    book.identity("2f''' + 3f''²", quadratic, lambda a: second_order(QUINTIC.at(a=a, s=-1)), a=(-4, 6))
    book.step(
        "Cubic, f'(1) = -1: a = 2, and 1 attracts.",
        "2f''' + 3f''² = -12 + 108 = 96 > 0. In full: H = (f(f(x)) - x)/(f(x) - x) is ≥ 0 on (0, √2), zero only at 1, "
        "so f∘f moves every x in (0, 1) up and every x in (1, √2) down; near 1 it increases, so its orbits tend to 1 "
        "monotonically",
        "H", "=", (3 - x**2) * (1 - x**2) ** 2,
    )  # fmt: skip
    g_plus_one = poly([3, -1])
    factors = g_plus_one * poly(two_cycle_polynomial(CUBIC.at(a=2)))
    book.check("H = (3 - y)(1 - y)²", lambda: factors == g_plus_one * poly([1, -2, 1]), 1)
    book.check("f∘f pulls towards 1", _second_iterate_pulls, x=(0, 1))
    book.check("f∘f pulls towards 1", _second_iterate_pulls, x=(1, Fraction(7, 5)))


def _cubic_term_agrees(a: Fraction) -> bool:
    """(f∘f)(1 + h) - 1 - h + (2f''' + 3f''²)h³/6 is divisible by h⁴ for the quintic with s = -1."""
    f = QUINTIC.at(a=a, s=-1)
    shifted = dense(f)(dense(f)(poly([1, 1])))
    return fractions(shifted)[:4] == [1, 1, 0, -second_order(f) / 6]


def _second_iterate_pulls(x: Fraction) -> bool:
    f = CUBIC.at(a=2)
    h = (3 - x**2) * (1 - x**2) ** 2
    return f(f(x)) - x == h * (f(x) - x) and (f(f(x)) - x) * (1 - x) > 0
