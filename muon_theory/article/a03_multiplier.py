"""A3: what is necessary and what is sufficient for 1 to attract, and the boundary |f'(1)| = 1."""

from __future__ import annotations

from fractions import Fraction

from muon_theory.article.kit import CERTIFICATES, DERIVED, add, claim, coq, down, settle, up
from muon_theory.article.sets import ONE, STEPS, repeated
from muon_theory.derivations import regions
from muon_theory.document import Badge, Section, Table
from muon_theory.finders import band, limits
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

DERIVATIONS = {"a3": regions.attraction}
NEUTRAL_CUBIC = repeated(OddPolynomial.of(2, -1), "(2, -1)")
NEUTRAL_QUINTIC = repeated(OddPolynomial.of(3, -3, 1), "(3, -3, 1)")
ABOVE = repeated(OddPolynomial.of(2, -2, 1), "(2, -2, 1), f'(1) = 1")
BELOW = repeated(OddPolynomial.of("1/2", 1, "-1/2"), "(1/2, 1, -1/2), f'(1) = 1")
SEVENTH = repeated(OddPolynomial.of("11/10", "-3/10", "3/10", "-1/10"), "x + x(1 - x²)³/10")
FAR = 60
"""Steps after which an orbit that starts at 99/100 under `BELOW` has visibly left 1."""


PROOFS = (
    add("a3-multiplier-minus-one-cubic-converges", limits.basin, NEUTRAL_CUBIC, ONE),
    add("a3-multiplier-minus-one-quintic-converges", limits.basin, NEUTRAL_QUINTIC, ONE),
    add("a3-multiplier-plus-one-escapes-above", limits.escapes, ABOVE, Fraction(101, 100)),
    add("a3-multiplier-plus-one-leaves-below", band.reaches, BELOW.repeated(FAR), Fraction(99, 100)),
    add("a3-multiplier-plus-one-degree-seven-converges", limits.basin, SEVENTH, ONE),
    add("a3-multiplier-below-minus-one-repels", limits.multiplier_kind, Schedule.parse("2.01,-1.01"), ONE),
    add("a3-multiplier-above-one-repels", limits.multiplier_kind, Schedule.parse("0.99,0.01"), ONE),
)


def section() -> Section:
    """A3: necessary, sufficient, and the boundary cases."""
    limit_cubic, limit_quintic, escape, leave, seventh = map(claim, PROOFS[:5])
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
    return settle(
        "A3",
        "What is necessary and what is sufficient for 1 to attract",
        "For 1 to attract, two conditions are necessary: f(1) = 1 and |f'(1)| < 1.",
        "f(1) = 1 and |f'(1)| ≤ 1 are necessary. f(1) = 1 and |f'(1)| < 1 are sufficient. On the boundary: f'(1) = "
        "−1 attracts in every cubic and quintic with f(1) = 1; f'(1) = +1 never does in degree 3 or 5.",
        Badge.CORRECTED_PARTLY,
        "|f'(1)| < 1 is sufficient, not necessary: (2, −1) and (3, −3, 1) have f'(1) = −1 and still send every x in "
        "(0, 1] to 1. With f'(1) = +1 the article's condition is right for cubics and quintics, and wrong from "
        "degree 7 on.",
        PROOFS,
        clauses=(
            (
                "f(1) = 1 is necessary; with it, |f'(1)| < 1 is sufficient, for every differentiable f",
                coq("limit_is_fixed", "attraction"),
            ),
            ("if |f'(1)| > 1, an orbit tends to 1 only by landing on it", coq("repulsion")),
            ("|f'(1)| ≤ 1 is necessary: only countably many x land on 1", DERIVED),
            ("f'(1) = −1 attracts in every cubic and quintic with f(1) = 1", DERIVED),
            ("f'(1) = +1 never attracts in degree 3 or 5", DERIVED),
            ("every map of the table that is given by its coefficients behaves as said there", CERTIFICATES),
        ),
        derivations=(regions.attraction(),),
        tables=(Table("Every case of the multiplier", ("case", "1 …", "witness"), rows),),
        remarks=(
            "Correction: the article calls |f'(1)| < 1 necessary. It is the sufficient half; the necessary one is ≤.",
            "At f'(1) = −1 the approach is slow: the distance to 1 falls like n^(−1/2) with the number n of steps, "
            f"and in {STEPS} steps hardly at all.",
        ),
        command="muon-theory certify --coefficients 2,-1",
    )
