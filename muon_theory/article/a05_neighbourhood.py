"""A5: five iterations of the cubic, as a varies."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

from muon_theory.article import neighbourhood as near
from muon_theory.article.curves import phi_curve
from muon_theory.article.kit import CERTIFICATES, coq, settle, span, up
from muon_theory.article.sets import ARTICLE_CUBIC, repeated
from muon_theory.document import Badge, Figure, Section
from muon_theory.family import CUBIC

DELTA = Fraction(1, 10)
DELTAS = (Fraction(1, 5), Fraction(1, 10), Fraction(1, 20))
SAMPLES = tuple(near.sample("a5", CUBIC, a, DELTA) for a in ("1.1", "1.25", "1.5", "1.75", "1.9", "1.97", "1.99"))
SHOWN = ("1.05", "1.1", "1.25", "1.5", "1.75", "1.9", "1.99")


def critical_value(a: float) -> float:
    """max f over [0, 1]: (2a/3)·√(a/(3(a - 1))) for a > 3/2, else f(1) = 1."""
    return 2 * a / 3 * sqrt(a / (3 * (a - 1))) if a > 1.5 else 1.0


def section() -> Section:
    """A5: five iterations of the cubic as a varies."""
    first, widest, jitter = near.bracket(SAMPLES[0]), near.bracket(SAMPLES[-2]), near.bracket(SAMPLES[-1])
    values = [1.02 + 0.98 * i / 98 for i in range(99)]
    curves = [phi_curve(repeated(CUBIC.at(a=a), a), f"a = {a}") for a in SHOWN]
    growth = near.widening(
        "A5: the neighbourhood of 1 that φ reaches widens with a",
        CUBIC,
        Fraction(1),
        Fraction(2),
        "∂f/∂a = x - x³ > 0",
        "for 1 < a",
    )
    return settle(
        "A5",
        "Five iterations of the cubic, as a varies",
        "With a near 1 only a narrow neighbourhood of 1 is brought to 1 by five iterations; it widens as a → 2, "
        "where the curve begins to jitter.",
        "Let x_δ(a) be the least x with |φ − 1| ≤ δ on [x, 1]. The x at which φ first comes within δ falls strictly "
        "in a; x_δ follows it until the oscillation after the overshoot is larger than δ, and then jumps up.",
        Badge.CORRECTED_PARTLY,
        f"It widens, but for a fixed tolerance not all the way to 2. For δ = {DELTA}, x_δ falls from {span(first, 4)} "
        f"at a = {SAMPLES[0].a} to {span(widest, 4)} at a = {SAMPLES[-2].a}, and is back at {span(jitter, 4)} at a = "
        f"{SAMPLES[-1].a}, because φ dips below {1 - DELTA} again.",
        near.certificates(SAMPLES),
        clauses=(
            ("the brackets of x_δ at the a of the table", CERTIFICATES),
            ("the x at which φ first comes within δ of 1 falls strictly in a ≥ 1", coq("cubic_first_passage")),
            ("x_δ between the a of the table, as in the figure", "a scan in floats"),
        ),
        derivations=(growth,),
        tables=(near.table(SAMPLES, DELTA, f"Certified brackets for δ = {DELTA} and five steps"),),
        figures=(
            Figure(
                "a5-iterates",
                "iterates",
                "φ = f⁵ for the cubic f = ax + (1 − a)x³ and several a, as in the article: the neighbourhood of 1 "
                "widens with a, and near a = 2 the curve oscillates about 1.",
                {"curves": curves, "near_zero": [0, 0.2], "ylim": [0, 1.2]},
            ),
            Figure(
                "a5-neighbourhood",
                "neighbourhood",
                "Left: the least x from which φ stays within δ of 1; each curve jumps up where the oscillation "
                "exceeds δ. Right: the overshoot, which begins at a = 3/2.",
                near.figure_data(lambda a: (a, 1 - a), values, DELTAS, lambda a: critical_value(a) - 1),
            ),
        ),
        remarks=(
            "Correction: monotone widening holds for the first passage, not for the neighbourhood in which φ stays "
            "near 1.",
            "The overshoot is the critical value of f less 1, (2a/3)·√(a/(3(a − 1))) − 1 for a > 3/2: zero at a = "
            f"3/2, and at most {up(near.overshoot(SAMPLES[-1]).hi, 4)} at a = {SAMPLES[-1].a}.",
        ),
        command=f"muon-theory certify --coefficients {ARTICLE_CUBIC.name} --lower 1/10",
    )
