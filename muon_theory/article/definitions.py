"""A1-A3: what f does to a matrix, the two definitions, and what is necessary and what sufficient for 1 to attract."""

from __future__ import annotations

from fractions import Fraction

from muon_theory.article.kit import add, certified, claim, down, section, up
from muon_theory.article.sets import ARTICLE, NAMES, ONE, STEPS, repeated
from muon_theory.certificate import Certificate
from muon_theory.derive import article
from muon_theory.finders import band, limits
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.report.model import Badge, Section, Table
from muon_theory.schedule import Schedule


def a1() -> Section:
    """A1: an odd polynomial acts on the singular values."""
    return section(
        "A1",
        "An odd polynomial acts on the singular values",
        "Muon computes −UVᵀ by iterating an odd polynomial f, so it is enough to look at f on numbers in (0, 1].",
        "For X = U Σ Vᵀ and f(X) = aX + bX(XᵀX) + cX(XᵀX)² + …, f(X) = U f(Σ) Vᵀ; hence φ(X) = U φ(Σ) Vᵀ for every "
        "composition φ of such steps.",
        Badge.DERIVED,
        "True, exactly, for every matrix (tall, wide or square), every odd polynomial and every schedule of them. "
        "The whole question is one-dimensional.",
        derivations=(article.a1(),),
        remarks=(
            "Normalising X puts its singular values into [0, 1] (Frobenius norm: σ₁ ≤ 1, with equality for rank "
            "one). Singular values equal to 0 stay 0: UVᵀ then means the partial isometry on the row and column "
            "spaces.",
            "The same identity on real matrices, in several shapes and precisions, is measured in the report's own "
            "data (`report.json`, part `measured`): such runs confirm, they do not prove.",
        ),
        command=f"muon-theory confirm --coefficients {ARTICLE.name}",
    )


ATTRACTED = ("article-cubic", "bernstein", "article")
for _word in ATTRACTED:
    add(f"a2-{_word}-attracts", lambda word=_word: limits.multiplier_kind(NAMES[word][1], ONE))  # type: ignore[misc]


def a2() -> Section:
    """A2: the two definitions, and the named sets at x = 1."""
    rows = []
    for word, (text, schedule) in NAMES.items():
        f = schedule.steps[0]
        attracts = "attracts" if word in ATTRACTED else "is not even fixed"
        rows.append((text, decimal(f(1)), decimal(f.derivative(1)) if f(1) == 1 else "—", f"1 {attracts}"))
    return section(
        "A2",
        "Fixed points and attracting fixed points",
        "x₀ is a fixed point if f(x₀) = x₀; it attracts if the iterates of all x close enough to it converge to it.",
        "f(p) = p; and there is δ > 0 with f^n(x) → p for every |x − p| < δ. A sufficient test: |f'(p)| < 1.",
        Badge.DERIVED,
        "The definitions are used as they stand. The test |f'(p)| < 1 is not the definition: see A3.",
        [f"a2-{word}-attracts" for word in ATTRACTED],
        derivations=(article.a2(),),
        tables=(Table("The sets that the article names, at x = 1", ("set", "f(1)", "f'(1)", "verdict"), tuple(rows)),),
        remarks=(
            f"Both article sets have f'(1) = {decimal(ARTICLE.steps[0].derivative(1))}: the article's cubic with a = "
            "1.99 and its line b = 2.99 − 2a of quintics have the same multiplier.",
        ),
        command="muon-theory certify --coefficients 1.99,-0.99",
    )


NEUTRAL_CUBIC = repeated(OddPolynomial.of(2, -1), "(2, -1)")
NEUTRAL_QUINTIC = repeated(OddPolynomial.of(3, -3, 1), "(3, -3, 1)")
ABOVE = repeated(OddPolynomial.of(2, -2, 1), "(2, -2, 1), f'(1) = 1")
BELOW = repeated(OddPolynomial.of("1/2", 1, "-1/2"), "(1/2, 1, -1/2), f'(1) = 1")
SEVENTH = repeated(OddPolynomial.of("11/10", "-3/10", "3/10", "-1/10"), "x + x(1 - x²)³/10")
FAR = 60
"""Steps after which an orbit that starts at 99/100 under `BELOW` has visibly left 1."""


@certified("a3-multiplier-minus-one-cubic-converges")
def _() -> Certificate:
    return limits.basin(NEUTRAL_CUBIC, ONE)


@certified("a3-multiplier-minus-one-quintic-converges")
def _() -> Certificate:
    return limits.basin(NEUTRAL_QUINTIC, ONE)


@certified("a3-multiplier-plus-one-escapes-above")
def _() -> Certificate:
    return limits.escapes(ABOVE, Fraction(101, 100))


@certified("a3-multiplier-plus-one-leaves-below")
def _() -> Certificate:
    return band.reaches(BELOW.repeated(FAR), Fraction(99, 100))


@certified("a3-multiplier-plus-one-degree-seven-converges")
def _() -> Certificate:
    return limits.basin(SEVENTH, ONE)


@certified("a3-multiplier-below-minus-one-repels")
def _() -> Certificate:
    return limits.multiplier_kind(Schedule.parse("2.01,-1.01"), ONE)


@certified("a3-multiplier-above-one-repels")
def _() -> Certificate:
    return limits.multiplier_kind(Schedule.parse("0.99,0.01"), ONE)


A3 = (
    "a3-multiplier-minus-one-cubic-converges",
    "a3-multiplier-minus-one-quintic-converges",
    "a3-multiplier-plus-one-escapes-above",
    "a3-multiplier-plus-one-leaves-below",
    "a3-multiplier-plus-one-degree-seven-converges",
    "a3-multiplier-below-minus-one-repels",
    "a3-multiplier-above-one-repels",
)


def a3() -> Section:
    """A3: necessary, sufficient, and the boundary cases."""
    limit_cubic, limit_quintic, escape, leave, seventh = map(claim, A3[:5])
    rows = (
        ("|f'(1)| < 1", "attracts", "always (mean value theorem)"),
        ("|f'(1)| > 1", "repels", "always; orbits reach 1 only by landing on it"),
        ("f'(1) = −1, degree 3", "attracts", f"(2, −1): all of (0, {down(limit_cubic.upper)}] tends to 1"),
        ("f'(1) = −1, degree 5", "attracts", f"(3, −3, 1): all of (0, {down(limit_quintic.upper)}] tends to 1"),
        ("f'(1) = +1, degree 3", "does not attract", "f(x) = x: every point is fixed"),
        ("f'(1) = +1, degree 5, a > 1", "does not attract", f"(2, −2, 1): x = {escape.start.lo} escapes"),
        (
            "f'(1) = +1, degree 5, a < 1",
            "does not attract",
            f"(1/2, 1, −1/2): {leave.start.lo} is below {up(leave.target.hi)} after {FAR} steps",
        ),
        ("f'(1) = +1, degree 7", "can attract", f"x + x(1 − x²)³/10: all of (0, {down(seventh.upper)}] tends to 1"),
    )
    return section(
        "A3",
        "What is necessary and what is sufficient for 1 to attract",
        "For 1 to attract, two conditions are necessary: f(1) = 1 and |f'(1)| < 1.",
        "f(1) = 1 and |f'(1)| ≤ 1 are necessary. f(1) = 1 and |f'(1)| < 1 are sufficient. On the boundary: f'(1) = "
        "−1 attracts in every cubic and quintic with f(1) = 1; f'(1) = +1 never does in degree 3 or 5.",
        Badge.CORRECTED,
        "|f'(1)| < 1 is sufficient, not necessary: (2, −1) and (3, −3, 1) have f'(1) = −1 and still send every x in "
        "(0, 1] to 1. With f'(1) = +1 the article's condition is right for cubics and quintics, and wrong from "
        "degree 7 on.",
        A3,
        derivations=(article.a3(),),
        tables=(Table("Every case of the multiplier", ("case", "1 …", "witness"), rows),),
        remarks=(
            "Correction: the article calls |f'(1)| < 1 necessary. It is the sufficient half; the necessary one is ≤.",
            "At f'(1) = −1 the approach is slow: the distance to 1 falls like n^(−1/2) with the number n of steps, "
            f"and in {STEPS} steps hardly at all.",
        ),
        command="muon-theory certify --coefficients 2,-1",
    )
