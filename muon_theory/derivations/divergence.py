"""A11 and A12 for the quintic plane: for a ≥ 1 some x in (0, 1] escapes if and only if a > a*(s), with the proof.

The elimination finds where R(a, s, ·) has a double root; `factors` says of every root of the discriminant why it is, or
is not, the threshold.
"""

from __future__ import annotations

from fractions import Fraction

from sympy import diff, expand

from muon_theory.derivations import plane
from muon_theory.derivations.factors import factor_table
from muon_theory.derivations.formula import a, s, y
from muon_theory.derivations.plane import C, Q, R, W, Z, exact, univariate
from muon_theory.derivations.recheck import Notebook
from muon_theory.evidence import Derivation
from muon_theory.exact.algebraic import Exact
from muon_theory.family import QUINTIC
from muon_theory.number import rational

STRIP: dict[str, tuple[Exact, Exact]] = {"a": (1, 5), "s": (-1, 1)}


def divergence() -> Derivation:
    """A11 for every slope -1 ≤ s ≤ 1: for a ≥ 1 some orbit from (0, 1] is unbounded iff a > a*(s)."""
    book = Notebook("The quintic with f(1) = 1, f'(1) = s, -1 ≤ s ≤ 1, a ≥ 1: which a let an orbit from (0, 1] escape")
    identities(book)
    _escape_and_boundedness(book)
    _monotone(book)
    _elimination(book)
    _middle(book)
    return book.conclude(
        "for -1 ≤ s ≤ 1 and a ≥ 1 some x in (0, 1] has an unbounded orbit if and only if a > a*(s), the one root of "
        f"E(·, s) above 5/2; a* falls strictly from a*(-1) = {plane.supremum_of_thresholds().decimal(15)} to a*(1) = "
        f"{plane.divergence_threshold(1).decimal(15)}, so its supremum over -1 < s < 1 is a*(-1), not attained"
    )


def identities(book: Notebook) -> None:
    """The plane's identities, as steps, each re-checked against the family's own exact values."""
    ranges: dict[str, tuple[Exact, Exact]] = {"a": (-4, 6), "s": (-3, 3), "y": (-2, 2)}
    book.step("The family.", "an odd quintic, y = x²", "f(x) = x·g(y) ,", "g(y) = a + b·y + c·y²")
    book.step(
        "f(1) = 1 and f'(1) = s leave a and s free.",
        "a + b + c = 1 and a + 3b + 5c = s, solved for b and c",
        "c", "=", C, ",", "b", "=", plane.B,
    )  # fmt: skip
    book.step("How f moves points.", "g - 1 vanishes at y = 1: divide", "f(x) - x = x·(1 - y)·w ,", "w = a - 1 - c·y")
    book.identity("g = 1 + (1 - y)w", 1 + (1 - y) * W, lambda a, s, y: QUINTIC.at(a=a, s=s).g(y), **ranges)
    book.step(
        "The other fixed point, for c > 0 and a > 1.", "f(x) = x where w = 0; it repels if s < 1", "x_r² = (a - 1)/c"
    )
    book.step(
        "Z = f(x)² = y·g(y)² against 1.",
        "with g = 1 + (1 - y)w: 1 - y·g² = (1 - y) - 2y(1 - y)w - y(1 - y)²w²",
        "1 - Z = (1 - y)·Q ,", "Q = 1 - 2·y·w - y·(1 - y)·w²",
    )  # fmt: skip
    book.identity("1 - Z = (1 - y)Q", (1 - y) * Q, lambda a, s, y: 1 - y * QUINTIC.at(a=a, s=s).g(y) ** 2, **ranges)
    book.step(
        "Z against x_r².",
        "w(Z) = w + c(y - Z), and Z - y = y(1 - y)w·(2 + (1 - y)w): so R = 0 where a value of f is the fixed point x_r",
        "w(Z) = a - 1 - c·Z = w·R ,", "R = 1 - c·y·(1 - y)·(2 + (1 - y)·w)",
    )  # fmt: skip
    book.check("a - 1 - cZ = wR identically", lambda: expand(plane.A_MINUS_ONE - C * Z - W * R) == 0, 1)
    book.identity(
        "a - 1 - cZ = wR",
        W * R,
        lambda a, s, y: a - 1 - (a - (3 - s) / 2) * y * QUINTIC.at(a=a, s=s).g(y) ** 2,
        **ranges,
    )


def _escape_and_boundedness(book: Notebook) -> None:
    book.step(
        "w ≥ 0 on [0, 1], and > 0 on (0, 1) for a > 1.",
        "both terms are ≥ 0 for a ≥ 1, s ≤ 1; in particular f(x) ≥ x there, and a - 1 - c = (1 - s)/2 ≥ 0 gives x_r "
        "≥ 1",
        "w", "=", (plane.A_MINUS_ONE) * (1 - y) + (1 - s) / 2 * y,
    )  # fmt: skip
    book.identity("w", plane.A_MINUS_ONE * (1 - y) + (1 - s) / 2 * y, lambda a, s, y: a - 1 - (a - (3 - s) / 2) * y,
                  y=(0, 1), **STRIP)  # fmt: skip
    book.step(
        "If R < 0 for some y in (0, 1), that x escapes.",
        "R < 0 needs c > 0, so a > 1 and w > 0: Z > x_r²; right of x_r, g - 1 = (y - 1)(c·y - (a - 1)) > 0, so |f(x)| "
        "> |x| and the orbit grows; a bounded one would tend to a fixed point or antipodal cycle beyond x_r, and there "
        "is none",
        "R < 0 ⇒ f(x)² > x_r² ⇒ |f^n(x)| → ∞",
    )
    book.check("R < 0 makes the orbit grow", _grows, 60, y=(0, 1), a=(2, 5), s=(-1, 1))
    sign_of_g(book)
    book.step(
        "If R ≥ 0 on [0, 1], every orbit from (0, 1] stays in (0, x_r], or in (0, max f] if c ≤ 0.",
        "R ≥ 0 and w ≥ 0 give f(x)² ≤ x_r² on [0, 1] (for c ≤ 0, w > 0 for all y); between 1 and x_r, w ≥ 0 gives "
        "g ≤ 1, so the iterate does not grow; and g > 0 by the last two steps",
        "R ≥ 0 on [0, 1] ⇒ 0 < f^n(x) ≤ x_r",
    )
    book.step(
        "No 2-cycle where R > 0: f(f(x)) > x for 0 < x < 1.",
        "f(f(x)) = x·g(y)·g(Z), and 1 - Z = (1 - y)Q. That N > 0 on (0, 1) is an obligation of the certificate of the "
        "whole strip, and checked there; here it is re-checked at random points",
        "f(f(x)) - x = (f(x) - x)·(g + 1)·N ,", "(g + 1)·N = 1 + g·Q·R",
    )  # fmt: skip
    book.check("(f∘f - x) = (f - x)(1 + gQR)", _returns, 12, a=(1, 4), s=(-1, 1), y=(0, 2))
    book.check("1 + gQR > 0 below the threshold", _no_two_cycle, 40, a=(1, Fraction(13, 5)), s=(-1, 1), y=(0, 1))
    book.step(
        "If R > 0 on [0, 1], every orbit from (0, 1] tends to 1.",
        "f > x on (0, 1), f < x on (1, x_r), f > 0, f(f(x)) > x on (0, 1), and the iterates stay in a compact part of "
        "(0, x_r): the theorem on convergence in one dimension (docs/trust.md) applies",
        "f^n(x) → 1",
    )


def sign_of_g(book: Notebook) -> None:
    """g > 0 along every orbit from (0, 1], for a ≥ 1, |s| ≤ 1 (bounded or not)."""
    book.step(
        "g > 0 where orbits from (0, 1] are, I: a > (5 - s)²/16.",
        "the discriminant of g is negative, c > 0, so g > 0 on the whole line",
        "b² - 4ac", "=", expand(plane.B**2 - 4 * a * C), "< 0",
    )  # fmt: skip
    book.identity("b² - 4ac = (5 - s)²/4 - 4a", (5 - s) ** 2 / 4 - 4 * a, _discriminant, a=(-4, 6), s=(-3, 3))
    top = Fraction(3, 5) * Fraction(12, 5) ** 4 / 16
    book.step(
        "g > 0 where orbits from (0, 1] are, II: 1 ≤ a ≤ (5 - s)²/16 ≤ 9/4.",
        "on [0, 1], g ≥ 1 increases in a and decreases in s, so Z is at most its value at a = 9/4, s = -1, which is "
        f"y(3 - y)⁴/16, greatest at y = 3/5: Z ≤ {top}. And for 1 ≤ y with y(y - 1) < 1, g(y) = 1 - (y - 1)w ≥ 1 - y(y "
        f"- 1)(1 - s)/2 > 0. Since {top}·({top} - 1) < 1, g > 0 for all y up to there; and where w ≥ 0, later iterates "
        "do not grow",
        "Z ≤", y * (3 - y) ** 4 / 16, "≤", f"{top.numerator}/{top.denominator}",
    )  # fmt: skip
    book.check("3888/3125 bounds Z", lambda y, a, s: _z(a, s, y) <= top, y=(0, 1), a=(1, Fraction(9, 4)), s=(-1, 1))
    book.check("g > 0 up to the bound", lambda y, a, s: QUINTIC.at(a=a, s=s).g(y) > 0, 60,
               y=(0, top), a=(1, Fraction(9, 4)), s=(-1, 1))  # fmt: skip
    book.check("top·(top - 1) < 1", lambda: top * (top - 1) < 1, 1)


def _monotone(book: Notebook) -> None:
    in_a = -y * (1 - y) * (2 + (1 - y) * W + C * (1 - y) ** 2)
    in_s = -y * (1 - y) * (2 + (1 - y) * (W - C * y)) / 2
    book.step(
        "R falls strictly in a, where c ≥ 0 and 0 < y < 1.",
        "every term of the bracket is ≥ 0; and R = 1 at c = 0",
        "∂R/∂a",
        "=",
        in_a,
    )
    book.check("∂R/∂a", lambda: expand(diff(R, a) - in_a) == 0, 1)
    book.step(
        "R falls strictly in s, where 0 ≤ c, s ≤ 1, a < 17 and 0 < y < 1.",
        "w - c·y = a - 1 - 2cy ≥ (a - 1)(1 - 2y) as c ≤ a - 1, and (1 - y)(1 - 2y) ≥ -1/8: the bracket is ≥ 2 - (a - "
        "1)/8",
        "∂R/∂s", "=", in_s,
    )  # fmt: skip
    book.check("∂R/∂s", lambda: expand(diff(R, s) - in_s) == 0, 1)
    book.check("R falls in a and in s", _falls, a=(2, 16), s=(-1, Fraction(1, 2)), y=(0, 1), by=(0, Fraction(1, 2)))
    book.step(
        "So for every s there is exactly one a*(s) with min R = 0, and a* falls strictly in s.",
        "min R over [0, 1] is 1 at c = 0, then falls strictly in a wherever it is < 1; it is negative at a = 4, y = "
        "1/2, where R = 1 - 7c/8 + c²/16 is convex in c and negative at both ends of 2 ≤ c ≤ 3",
        "a < a*(s) ⇔ R > 0 on [0, 1]",
    )
    book.check("R(4, s, 1/2) < 0", lambda s: _r(Fraction(4), s, Fraction(1, 2)) < 0, s=(-1, 1))


def _elimination(book: Notebook) -> None:
    book.step(
        "At a*(s), R has a double root in (0, 1): the discriminant vanishes.",
        "R = 1 at y = 0 and y = 1, so the minimum 0 is inside. The discriminant in y, factored over ℚ (a constant "
        "left out), is",
        "disc_y R ~ (a - 1)² · (2c)⁴ · E ,", "E", "=", plane.escape_factor(),
    )  # fmt: skip
    book.step(
        "The factor a - 1 is not the threshold.", "there c ≤ 0, and R is ≥ 1", "R", "=", (1 - C * y * (1 - y)) ** 2
    )
    book.check("a = 1 makes R a square", lambda: expand((R - (1 - C * y * (1 - y)) ** 2).subs(a, 1)) == 0, 1)
    book.step("2c is not the threshold.", "at c = 0 only the degree of R drops", "R = 1")
    book.check("c = 0 makes R = 1", lambda: expand(R.subs(a, (3 - s) / 2)) == 1, 1)


def _middle(book: Notebook) -> None:
    at_middle, at_one = (univariate(plane.escape_factor(), s, a=v) for v in (plane.MIDDLE, Fraction(1)))
    book.step(
        "E(·, s) has exactly one root above 5/2, for every s in [-1, 1].",
        "the leading coefficient is 64; E ≥ 0 at a = 1 and E < 0 at a = 5/2 (root isolation in s), so the three real "
        "roots lie in (-∞, 1], [1, 5/2) and (5/2, ∞)",
        "E(1, s)", "=", 4 * (1 - s) * (9 - s) ** 2, "≥ 0 >", "E(5/2, s)",
    )  # fmt: skip
    book.check("E(5/2, s) < 0", lambda: plane.positive_on([-k for k in at_middle], -1, 1), 1)
    book.check("E(1, s)", lambda: at_one == univariate(4 * (1 - s) * (9 - s) ** 2, s), 1)
    book.step(
        "a*(s) > 5/2, so a*(s) is that root.",
        "R(5/2, s, y) ≥ R(5/2, 1, y), and this polynomial is positive on [0, 1] (root isolation)",
        "R(5/2, 1, y)", "=", expand(R.subs({a: exact(plane.MIDDLE), s: 1})), ">", 0,
    )  # fmt: skip
    book.check("R(5/2, 1, ·) > 0", lambda: plane.positive_on(univariate(R, y, a=plane.MIDDLE, s=1), 0, 1), 1)
    book.check("R changes sign at a*(s)", lambda s: plane.changes_sign(R, s), 6, s=(-1, 1))


def divergence_on_line(slope_at_one: str | Exact) -> Derivation:
    """A11 on one line f'(1) = s: the factor table, and the threshold as an algebraic number to 50 digits."""
    at = rational(slope_at_one)
    table = factor_table(at)
    (row,) = (r for r in table if r.is_threshold)
    book = Notebook(f"The line f'(1) = {at} of the quintic: where the orbits from (0, 1] begin to escape")
    book.step("The elimination.", "set s in E(a, s)", "E", "=", expand(plane.escape_factor().subs(s, exact(at))))
    for r in table:
        verdict = "the threshold" if r.is_threshold else "not the threshold"
        book.step(
            f"Root a = {r.root.decimal(15)} of {r.factor}, multiplicity {r.multiplicity}: {verdict}.", r.explanation
        )
    book.check("R changes sign at a*(s)", lambda: plane.changes_sign(R, at), 1)
    book.check(
        "R has a root in [0, 1] exactly from a*(s) on",
        lambda a: plane.has_root(univariate(R, y, a=a, s=at), 0, 1) == (row.root <= a), a=(1, 5),
    )  # fmt: skip
    book.check("R < 0 makes the orbit grow", lambda a, y: _grows(a, at, y), 60, a=(1, 5), y=(0, 1))
    return book.conclude(
        f"for a ≥ 1 some x in (0, 1] escapes if and only if a > {row.root.decimal(50)}, "
        f"the root of {row.root.polynomial_text('a')} in {row.root.isolating}"
    )


def _discriminant(a: Fraction, s: Fraction) -> Fraction:
    c1, c3, c5 = QUINTIC.at(a=a, s=s).coefficients
    return c3**2 - 4 * c1 * c5


def _z(at_a: Fraction, at_s: Fraction, at_y: Fraction) -> Fraction:
    return at_y * QUINTIC.at(a=at_a, s=at_s).g(at_y) ** 2


def _r(at_a: Fraction, at_s: Fraction, at_y: Fraction) -> Fraction:
    """R by its own definition, without sympy."""
    at_c = at_a - (3 - at_s) / 2
    return 1 - at_c * at_y * (1 - at_y) * (2 + (1 - at_y) * (at_a - 1 - at_c * at_y))


def _grows(a: Fraction, s: Fraction, y: Fraction) -> bool:
    """Where R < 0, Z and the square after it satisfy Z·c > a - 1 and y < Z < Z'."""
    if _r(a, s, y) >= 0:
        return True
    z = _z(a, s, y)
    return z * (a - (3 - s) / 2) > a - 1 and _z(a, s, z) > z > y


def _returns(a: Fraction, s: Fraction, y: Fraction) -> bool:
    """(f(f(x)) - x)/x = (1 - y)w·(1 + gQR), all in y."""
    f = QUINTIC.at(a=a, s=s)
    w = a - 1 - f.coefficients[2] * y
    g, q = f.g(y), 1 - 2 * y * w - y * (1 - y) * w * w
    return g * f.g(y * g * g) - 1 == (1 - y) * w * (1 + g * q * _r(a, s, y))


def _no_two_cycle(a: Fraction, s: Fraction, y: Fraction) -> bool:
    f = QUINTIC.at(a=a, s=s)
    return y in (0, 1) or f.g(y) * f.g(y * f.g(y) ** 2) > 1


def _falls(a: Fraction, s: Fraction, y: Fraction, by: Fraction) -> bool:
    return _r(a + by, s, y) < _r(a, s, y) > _r(a, s + by, y)
