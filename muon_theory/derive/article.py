"""The article's claims that algebra settles, one function each: A1-A4, A8, A9, A11, A12, A15."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod
from random import Random

from sympy import diff, expand

from muon_theory.derive import divergence as _divergence
from muon_theory.derive import plane, regions
from muon_theory.derive.algebraic import Exact
from muon_theory.derive.formula import a, y
from muon_theory.derive.outside import divergence_above, divergence_below
from muon_theory.derive.recheck import Notebook
from muon_theory.derive.thresholds import cubic_thresholds
from muon_theory.evidence import Derivation
from muon_theory.family import QUINTIC
from muon_theory.number import decimal, rational
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

Matrix = list[list[Fraction]]
_SLOPE = a + 3 * plane.B * y + 5 * plane.C * y**2  # f'(x) in the plane's coordinates
LINE = "-49/50"
"""The article's line b = 2.99 - 2a, c = a - 1.99: (5 - s)/2 = 2.99 gives s = f'(1) = -0.98."""


def a1() -> Derivation:
    """A1: an odd polynomial acts on the singular values alone."""
    book = Notebook("A1: f(X) = U f(Σ) Vᵀ")
    book.step("f of a matrix.", "the products that Newton-Schulz computes", "f(X) = aX + bX(XᵀX) + cX(XᵀX)² + …")
    book.step("The Gram matrix.", "X = UΣVᵀ with UᵀU = VᵀV = I", "XᵀX = VΣ²Vᵀ")
    book.step("Its powers, by induction.", "VᵀV = I between the factors", "X(XᵀX)^i = UΣ^{2i+1}Vᵀ")
    book.step("The sum.", "linearity; Σ is diagonal, so f acts on each σ by itself", "f(X) = U f(Σ) Vᵀ")
    source = Random("A1")
    for rows, columns in ((2, 2), (3, 2), (2, 3), (4, 3)):
        book.check(f"{rows} × {columns}", lambda r=rows, c=columns: _acts_on_singular_values(source, r, c), 6)
    return book.conclude("the singular vectors stay, each singular value σ becomes f(σ); a composition acts as φ(σ)")


def a2() -> Derivation:
    """A2: fixed point and attracting fixed point, and how the package tests them."""
    book = Notebook("A2: fixed points and attracting fixed points")
    book.step("Fixed point.", "the definition", "f(p) = p")
    book.step("In y = x², for p ≠ 0.", "f(x) = x·g(y)", "g(p²) = 1")
    book.step(
        "Attracting.",
        "the definition: some neighbourhood of p has all its orbits tend to p",
        "|x - p| < δ ⇒ f^n(x) → p",
    )
    book.step("A sufficient test.", "the mean value theorem near p", "|f'(p)| < 1 ⇒ |f(x) - p| ≤ κ |x - p|")
    book.check("g(1) = 1 iff f(1) = 1", lambda a, s: QUINTIC.at(a=a, s=s).g(1) == QUINTIC.at(a=a, s=s)(1) == 1,
               a=(-3, 4), s=(-2, 2))  # fmt: skip
    book.check("the distance to 1 shrinks", _shrinks, a=(1, 3), s=(Fraction(-9, 10), Fraction(9, 10)), sign=(-1, 1))
    return book.conclude("both definitions are used as they stand; |f'(p)| < 1 is a test, not the definition (see A3)")


def a3() -> Derivation:
    """A3: what is necessary, what is sufficient, and the boundary |f'(1)| = 1."""
    return regions.attraction()


def a4() -> Derivation:
    """A4: the cubic is feasible iff 1 < a < 2."""
    return regions.feasible_region(3).derivation


def a8() -> Derivation:
    """A8: φ'(0) = ∏ a_t for every schedule."""
    book = Notebook("A8: φ'(0) = ∏ a_t")
    book.step("One step.", "f(x) = a·x + b·x³ + …", "f(0) = 0 , f'(0) = a")
    book.step("The chain rule at 0.", "the inner value at 0 is 0", "(f_t∘ψ)'(0) = f_t'(ψ(0)) ψ'(0) = a_t ψ'(0)")
    book.step("Induction over the steps.", "φ_t = f_t∘φ_{t-1}, φ_0(x) = x", "φ'(0) = ∏ a_t")
    for steps in range(1, 6):
        book.check(f"{steps} steps", lambda t=steps, **v: _slope_is_product([v[k] for k in sorted(v)], t), 6,
                   **{f"v{i}": (-4, 4) for i in range(3 * steps)})  # fmt: skip
    return book.conclude("φ'(0) = ∏ a_t; with one map five times, φ'(0) = a⁵")


def a9() -> Derivation:
    """A9: the quintic is feasible iff 2 - 2a < b < 3 - 2a."""
    return regions.feasible_region(5).derivation


def a11(slope_at_one: str | Exact | None = LINE) -> Derivation:
    """A11: the divergence threshold on one line f'(1) = s, or (None) the theorem for all -1 ≤ s ≤ 1."""
    if slope_at_one is None:
        return _divergence.divergence()
    return _divergence.divergence_on_line(slope_at_one)


def a12(slope_at_one: str | Exact = LINE) -> Derivation:
    """A12: at the threshold the critical value in (0, 1) is the repelling fixed point right of 1."""
    at = rational(slope_at_one)
    threshold = plane.divergence_threshold(at)
    touching = _divergence.double_root(threshold, at)
    book = Notebook(f"A12: why orbits escape above the threshold, on the line f'(1) = {at}")
    _divergence.identities(book)
    book.step("Critical points of Z.", "Z = f(x)², so Z' vanishes with f'", "dZ/dy = g·d ,", "d = f'(x)")
    book.check("dZ/dy = g·d", lambda: expand(diff(plane.Z, y) - plane.G * _SLOPE) == 0, 1)
    book.step(
        f"At a*(s), R has a double root at y = {touching.decimal(15)}.",
        "the elimination of A11; so a - 1 - c·Z = w·R has one too, and there Z = x_r² and dZ/dy = 0, with g ≥ 1: "
        "f'(√y) = 0",
        "f'(√y) = 0 , f(√y) = x_r",
    )
    book.check("f'(x) = 0 at the double root", lambda: _divergence.vanishes(_SLOPE, threshold, at), 1)
    book.step(
        "Right of 1 lies the fixed point x_r; past it f grows faster than x.",
        "f(x) - x = x(1 - y)w has the sign of (y - 1)(c·y - a + 1); x_r falls to 1 as a grows, while the critical "
        "value rises",
        "x_r² = 1 + (1 - s)/(2c)",
    )
    book.check("x_r²", lambda a: (a - 1) / (a - (3 - at) / 2) == 1 + (1 - at) / (2 * (a - (3 - at) / 2)), a=(3, 6))
    return book.conclude(
        "leaving (0, 1] is harmless by itself: below the threshold iterates overshoot 1 and come back. Orbits escape "
        "when the "
        "critical value passes the repelling fixed point x_r right of 1, after which every iterate is larger than "
        "the one before"
    )


def a15() -> Derivation:
    """A15: a⁵ near 0 for the article's 3.25 and for Jordan's 3.4445."""
    book = Notebook("A15: growth near 0 after five steps")
    ours, jordan = (rational(v) ** 5 for v in ("3.25", "3.4445"))
    book.step("The article's map.", "A8 with a = 13/4", "φ'(0) = (13/4)^5 =", plane.exact(ours))
    book.step("Jordan's map.", "A8 with a = 6889/2000", "φ'(0) = (6889/2000)^5 =", plane.exact(jordan))
    for row, value in ((("3.25", "-3.51", "1.26"), ours), (("3.4445", "-4.7750", "2.0315"), jordan)):
        book.check("φ'(0)", lambda r=row, v=value: Schedule.of([r] * 5).slope == v, 1)
    ratio = jordan / ours
    book.check("Jordan's grows faster", lambda: ours < jordan, 1)
    return book.conclude(
        f"φ'(0) is {decimal(ours, 6)} for a = 3.25 and {decimal(jordan, 6)} for Jordan's: his is {decimal(ratio, 6)} "
        "times larger"
    )


def _acts_on_singular_values(source: Random, rows: int, columns: int) -> bool:
    """f(X) = U f(Σ) Vᵀ, exactly, for random rational orthogonal U, V, singular values and coefficients."""
    u, v = _orthogonal(source, rows), _orthogonal(source, columns)
    sigma = [Fraction(source.randint(0, 99), 99) for _ in range(min(rows, columns))]
    f = OddPolynomial(tuple(Fraction(source.randint(-20, 20), 7) for _ in range(3)))
    matrix, power, total = _from_svd(u, sigma, v), _from_svd(u, sigma, v), _from_svd(u, [Fraction(0)] * len(sigma), v)
    for coefficient in f.coefficients:
        total = [[t + coefficient * p for t, p in zip(*pair, strict=True)] for pair in zip(total, power, strict=True)]
        power = _times(power, _times(_transposed(matrix), matrix))
    return total == _from_svd(u, [f(value) for value in sigma], v)


def _orthogonal(source: Random, n: int) -> Matrix:
    """The Householder reflection of a random integer vector."""
    v = [source.randint(1, 9) for _ in range(n)]
    return [[int(i == j) - Fraction(2 * v[i] * v[j], sum(k * k for k in v)) for j in range(n)] for i in range(n)]


def _from_svd(u: Matrix, sigma: list[Fraction], v: Matrix) -> Matrix:
    diagonal = [[sigma[i] if i == j else Fraction(0) for j in range(len(v))] for i in range(len(u))]
    return _times(_times(u, diagonal), _transposed(v))


def _times(p: Matrix, q: Matrix) -> Matrix:
    return [
        [sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0)) for column in zip(*q, strict=True)]
        for row in p
    ]


def _transposed(p: Matrix) -> Matrix:
    return [list(column) for column in zip(*p, strict=True)]


def _shrinks(a: Fraction, s: Fraction, sign: Fraction) -> bool:
    """One step from 1 + h, |h| ≤ 10⁻⁶, is closer to 1."""
    here = 1 + sign / 10**6
    return abs(QUINTIC.at(a=a, s=s)(here) - 1) < abs(here - 1) or sign == 0


def _slope_is_product(values: list[Fraction], steps: int) -> bool:
    """The coefficient of x in the composition, from truncated products, against ∏ a_t and `Schedule.slope`."""
    rows = [values[3 * t : 3 * t + 3] for t in range(steps)]
    inner = [Fraction(0), Fraction(1)]  # modulo x²
    for f in map(OddPolynomial, map(tuple, rows)):
        outer = [Fraction(0), Fraction(0)]
        for k in reversed(f.dense()):
            outer = [outer[0] * inner[0] + k, outer[0] * inner[1] + outer[1] * inner[0]]
        inner = outer
    return inner == [0, prod(row[0] for row in rows)] and Schedule.of(rows).slope == inner[1]


DERIVATIONS: dict[str, Callable[[], Derivation]] = {
    "a1": a1,
    "a2": a2,
    "a3": a3,
    "a4": a4,
    "a8": a8,
    "a9": a9,
    "a11": a11,
    "a11-cubic": cubic_thresholds,
    "a11-strip": _divergence.divergence,
    "a11-below": divergence_below,
    "a11-above": divergence_above,
    "a12": a12,
    "a15": a15,
}
"""The derivations by claim of the article; A11 also for the cubic, |s| ≤ 1, -3 ≤ s < -1 and 1 < s < 9."""
