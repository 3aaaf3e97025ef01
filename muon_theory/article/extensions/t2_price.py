"""T2: the price of attraction: the largest slope at 0 if 1 is to attract, and all of (0, 1] to tend to it."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from muon_theory.article.kit import CERTIFICATES, DERIVED, add, claim, proof, stored, theorem
from muon_theory.article.sets import ONE
from muon_theory.certificate import AnyCertificate, Certificate
from muon_theory.claims import Region
from muon_theory.derivations import Notebook, critical_points, fixed_points, supremum_of_thresholds
from muon_theory.derivations.extremal import positive_extremal, sine_polynomial
from muon_theory.document import Badge, Section, Table
from muon_theory.evidence import Derivation
from muon_theory.family import CUBIC, QUINTIC, SEPTIC, Family
from muon_theory.finders import families, limits
from muon_theory.finders.covering import covering
from muon_theory.interval import Interval
from muon_theory.number import decimal, simplest_between
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

ABOVE = {5: Fraction("3.351"), 7: Fraction("4.91")}
"""From these slopes on no map with f(1) = 1, |f'(1)| < 1 sends all of (0, 1] to 1."""
BELOW = {
    5: Schedule((QUINTIC.at(a="67/20", s="-9999/10000"),), "quintic, a = 3.35, f'(1) = −0.9999"),
    7: Schedule((SEPTIC.at(a="2451/500", s="-499/500", d="-953/1000"),), "septic, a = 4.902, f'(1) = −0.998"),
}
"""Maps that do, just below."""
LARGEST = 64
"""The leading coefficient of T₇: no polynomial of degree 7 that maps some [-ρ, ρ], ρ ≥ 1, into itself has a larger."""
MOST, LEAST_SLOPE_AT_ONE = Interval.of("199/200", 1), Interval.of(-1, "199/200")
"""Slopes at 1 next to 1, where 1 is attracting in the open interval only, and the others."""
NEAR_ONE = Interval.of("99/100", 1)
WAYS = ("lands", "returns")

Box = tuple[Interval, ...]
BOXES: dict[str, tuple[Family, Box, bool]] = {
    "5": (QUINTIC, (Interval(ABOVE[5], Fraction(5)), LEAST_SLOPE_AT_ONE), False),
    "5-near-one": (QUINTIC, (Interval(ABOVE[5] - Fraction(1, 100), Fraction(6)), NEAR_ONE), True),
    "7": (SEPTIC, (Interval(ABOVE[7], Fraction(7)), LEAST_SLOPE_AT_ONE, Interval.of(-4, 4)), False),
    "7-positive-d": (SEPTIC, (Interval(ABOVE[7], Fraction(7)), LEAST_SLOPE_AT_ONE, Interval.of(4, LARGEST)), False),
    "7-negative-d": (SEPTIC, (Interval(ABOVE[7], Fraction(7)), LEAST_SLOPE_AT_ONE, Interval.of(-LARGEST, -4)), False),
    "7-near-one": (
        SEPTIC,
        (Interval(ABOVE[7] - Fraction(1, 100), Fraction(8)), NEAR_ONE, Interval.of(-LARGEST - 1, LARGEST + 1)),
        True,
    ),
}  # fmt: skip
"""What is covered: together all a from ABOVE to the degree, -1 ≤ f'(1) < 1, and |d| ≤ LARGEST."""


@cache
def covers(word: str) -> tuple[Certificate[Region], ...]:
    """The certificates of one of the boxes, found anew (a study compares them with the stored ones)."""
    family, box, interior = BOXES[word]
    return covering(family, WAYS, box, interior)


def names_of(word: str, count: int) -> tuple[str, ...]:
    """The file names of so many certificates of one box."""
    return tuple(f"d-price-{word}-{i + 1}" for i in range(count))


COUNTS = {"5": 1, "5-near-one": 1, "7": 2, "7-positive-d": 1, "7-negative-d": 2, "7-near-one": 2}
COVERS = tuple(stored(name) for word, count in COUNTS.items() for name in names_of(word, count))


def _converges(degree: int) -> AnyCertificate:
    """Up to a point just above the largest value on (0, 1], below the first fixed point right of 1 if there is one."""
    f = BELOW[degree].steps[0]
    top = max(c.value.enclose(9).hi for c in critical_points(f) if 0 < c.point < 1)
    gate = [p.point.enclose(9).lo for p in fixed_points(f) if p.point > 1]
    return limits.converges(BELOW[degree], ONE, simplest_between(top, min([top + Fraction(1, 10**6), *gate])))


MEMBERS = tuple(
    name
    for d, member in BELOW.items()
    for name in (
        add(f"d-price-{d}-converges", _converges, d),
        add(f"d-price-{d}-attracts", limits.multiplier_kind, member, ONE),
    )
)
CUBICS = add("d-price-3-converges", families.region, CUBIC, "converges", [Interval.of(1, 2)], interior=True)
REPELS = "a4-multiplier-below-minus-1-for-a-above-2"
STRIP = "a11-one-threshold-on-every-line-of-the-strip"
PROOFS = (CUBICS, REPELS, STRIP, *MEMBERS, *COVERS)


def derivation() -> Derivation:
    """The price of attraction: what lies outside the certified boxes."""
    book = Notebook("T2: the price of attraction")
    book.step("If all of (0, 1] tends to 1, orbits are bounded.", "a convergent sequence is bounded", "f'(0) ≤ d")
    book.step(
        "So f maps some [-ρ, ρ], ρ ≥ 1, into itself.",
        "T1; then f'(0) is at most the degree, and p(t) = f(ρt)/ρ is at most 1 on [-1, 1]",
        "|f(x)| ≤ ρ on [-ρ, ρ]",
    )
    book.step(
        f"The coefficient d of x⁷ is at most {LARGEST}.",
        "Chebyshev: among polynomials of degree 7 that are at most 1 on [-1, 1], T₇ has the greatest leading "
        "coefficient, 2⁶; that of p is d·ρ⁶, and ρ ≥ 1",
        "|d| ≤ 64/ρ^6 ≤ 64",
    )
    zero, three = Fraction(0), Fraction(3)

    def scaled(a: Fraction, d: Fraction, rho: Fraction) -> bool:
        f, p = OddPolynomial((a, -a, zero, d)), OddPolynomial((a, -a * rho**2, zero, d * rho**6))
        return f(three * rho) / rho == p(three)

    book.check("the coefficients of p", scaled, a=(1, 9), d=(-64, 64), rho=(1, 3))
    book.check("the leading coefficient of T₇", lambda: abs(sine_polynomial(7).coefficients[-1]) == LARGEST, 1)
    book.step(
        "In the boxes some orbit does not tend to 1.",
        "f(f(x)) = f(x) ≠ 1, or f(f(x)) = x with x in (0, 1): certified",
        "f^n(x) does not tend to 1",
    )
    top = supremum_of_thresholds()
    book.step("Degree 5: the supremum is a*(-1).", "A11: a*(s) falls strictly in s", f"a*(-1) = {top.decimal(12)}")
    book.check("it lies in the bracket", lambda: BELOW[5].slope < top < ABOVE[5], 1)
    return book.conclude(
        "with 1 attracting and all of (0, 1] tending to it, the supremum of f'(0) is 2 in degree 3, "
        f"{top.decimal(12)}… in degree 5, and between {decimal(BELOW[7].slope)} and {decimal(ABOVE[7])} in degree 7"
    )


DERIVATIONS = {"t2": derivation}


def boxes() -> int:
    """How many boxes the stored certificates have."""
    return sum(len(claim(name).boxes) for name in COVERS)


def section() -> Section:
    """T2: the price of attraction."""
    top = supremum_of_thresholds()
    rows = (
        ("3", "2", "3√3/2 = 2.598…", "3"),
        (
            "5",
            f"{top.decimal(20)}…, a root of {top.polynomial_text('a')}",
            f"{positive_extremal(5).slope.decimal(6)}…",
            "5",
        ),
        (
            "7",
            f"between {decimal(BELOW[7].slope)} and {decimal(ABOVE[7])}",
            f"{positive_extremal(7).slope.decimal(6)}…",
            "7",
        ),
    )
    (first, *_), septic = (proof(name).certificate for name in COVERS[:1]), decimal(ABOVE[7])
    assert isinstance(first, Certificate)
    return theorem(
        "T2",
        "The price of attraction",
        "The article asks that x = 1 attracts, and that all of (0, 1] tends to it. How much slope at 0 does that cost, "
        "against maps that only keep orbits bounded (T1)?",
        "Among odd polynomials of degree at most d with f(1) = 1, |f'(1)| < 1 and every orbit from (0, 1] tending to "
        f"1, the supremum of f'(0) is 2 for d = 3, {top.decimal(12)}… for d = 5, and lies in "
        f"[{decimal(BELOW[7].slope)}, {septic}] for d = 7.",
        Badge.PARTLY,
        "About a third of the possible slope, in each of these degrees: 2 of 3, 3.35 of 5, 4.9 of 7. A quintic that "
        "attracts 1 "
        "may be steeper than every bounded cubic; a septic that does is flatter than the steepest bounded quintic.",
        PROOFS,
        clauses=(
            ("degree 3: all of (0, 1] tends to 1 for 1 < a < 2; f'(1) < −1 for 2 < a < 1000", CERTIFICATES),
            (f"degree 5: at a = {decimal(BELOW[5].slope)} some map does it; none for {decimal(ABOVE[5])} ≤ a ≤ 5, "
             "−1 ≤ f'(1) < 1", CERTIFICATES),
            (f"degree 7: at a = {decimal(BELOW[7].slope)} some map does it; none for {septic} ≤ a ≤ 7, −1 ≤ f'(1) < 1, "
             f"|d| ≤ {LARGEST}", CERTIFICATES),
            ("degree 3 for a ≥ 1000; a above the degree; |d| above 64; the supremum of degree 5 is a*(−1)", DERIVED),
        ),
        derivations=(derivation(),),
        tables=(
            Table(
                "The supremum of f'(0), by degree and by what is asked of the orbits from (0, 1]",
                ("degree", "1 attracts, all tend to 1", "bounded and positive", "bounded"),
                rows,
            ),
        ),
        remarks=(
            f"The septic that is certified has f'(1) = {decimal(BELOW[7].steps[0].derivative(1))} and d = "
            f"{decimal(BELOW[7].steps[0].coefficients[-1])}: a negative coefficient of x⁷, where the best lies. The "
            f"{boxes()} boxes each name one x₀² that shows that some orbit lands on another fixed point, or returns to "
            "where it began.",
            "Jordan's slope, 3.4445, is out of reach of quintics that attract 1, and within reach of septics. With "
            "different steps one after another none of this binds (A8).",
        ),
        command="muon-theory derive t2",
    )  # fmt: skip
