"""A9 and A10: the feasible quintics, and the article's line b = 2.99 - 2a."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from muon_theory.article import neighbourhood as near
from muon_theory.article.curves import Floats, phi_curve
from muon_theory.article.kit import certified, section, span
from muon_theory.article.sets import ARTICLE, LINE, LINE_SUM, SLOPE, repeated
from muon_theory.certificate import Certificate
from muon_theory.derive import article
from muon_theory.family import QUINTIC, QUINTIC_AB
from muon_theory.finders import families
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.report.model import Badge, Figure, Section

FAR = 1000
SIDE = Fraction(1, 400)
"""Half the side of the certified box around the article's set in the plane (a, b)."""


@certified("a9-attracting-for-s-in-minus-1-1")
def _() -> Certificate:
    return families.region(QUINTIC, "attracting", [Interval.of(-FAR, FAR), Interval.of(-1, 1)], True)


@certified("a9-multiplier-above-1")
def _() -> Certificate:
    return families.region(QUINTIC, "multiplier-above-1", [Interval.of(-FAR, FAR), Interval.of(1, FAR)], True)


@certified("a9-multiplier-below-minus-1")
def _() -> Certificate:
    return families.region(QUINTIC, "multiplier-below-minus-1", [Interval.of(-FAR, FAR), Interval.of(-FAR, -1)], True)


@certified("a9-box-around-the-articles-set")
def _() -> Certificate:
    a, b, _ = ARTICLE.steps[0].coefficients
    return families.region(QUINTIC_AB, "attracting", [Interval(a, a).widen(SIDE), Interval(b, b).widen(SIDE)])


A9 = (
    "a9-attracting-for-s-in-minus-1-1",
    "a9-multiplier-above-1",
    "a9-multiplier-below-minus-1",
    "a9-box-around-the-articles-set",
)


def plane_panel() -> dict[str, Any]:
    """The plane (a, b) with the feasible strip and the article's line."""
    ends, (a, b, _) = [0.0, 4.0], map(float, ARTICLE.steps[0].coefficients)
    return {
        "xlabel": "$a$",
        "ylabel": "$b$",
        "xlim": [0, 4],
        "ylim": [-6, 4],
        "fills": [
            {"label": "|f'(1)| < 1", "x": ends, "lower": [2 - 2 * x for x in ends], "upper": [3 - 2 * x for x in ends]}
        ],
        "lines": [
            {"label": "f'(1) = 1", "x": ends, "y": [2 - 2 * x for x in ends]},
            {"label": "f'(1) = −1", "x": ends, "y": [3 - 2 * x for x in ends]},
            {"label": "b = 2.99 − 2a", "x": ends, "y": [float(LINE_SUM) - 2 * x for x in ends], "dashed": True},
            {"label": "c = 0 (the cubics)", "x": ends, "y": [1 - x for x in ends], "dashed": True},
        ],
        "points": [
            {"label": "the article's set", "x": a, "y": b, "at": "right"},
            {"label": "as printed", "x": a, "y": -b, "at": "left"},
        ],
    }


def a9() -> Section:
    """A9: the feasible quintics."""
    return section(
        "A9",
        "The feasible quintics",
        "With c = 1 − a − b the quintic is feasible when 2 − 2a < b < 3 − 2a.",
        "Let f(1) = 1. Then f'(1) = 5 − 4a − 2b, and |f'(1)| < 1 if and only if 2 − 2a < b < 3 − 2a: a strip of the "
        "plane (a, b), on which s = f'(1) is the natural second coordinate, b = (5 − s)/2 − 2a.",
        Badge.PROVED,
        "True. The strip is unbounded: attraction of 1 alone does not keep a from being so large that orbits escape "
        "(A11).",
        A9,
        derivations=(article.a9(),),
        figures=(
            Figure(
                "a9-region",
                "region",
                "The feasible strip in the plane (a, b), the article's line in it, and the article's set with the "
                "right and with the printed sign of b.",
                {"panels": [plane_panel()]},
            ),
        ),
        remarks=(
            f"The certificates use the coordinates (a, s) with |a|, |s| ≤ {FAR}, where the strip is the box −1 < s < "
            "1; the change of coordinates is part of the derivation. The fourth is in the article's own coordinates: "
            f"every quintic within {SIDE} of (3.25, −3.51) in a and b makes 1 attract.",
        ),
        command="muon-theory derive a9",
    )


DELTA = Fraction(1, 5)
DELTAS = (Fraction(1, 5), Fraction(3, 20), Fraction(1, 10))
SAMPLES = tuple(near.sample("a10", LINE, a, DELTA) for a in ("2", "2.25", "2.5", "2.75", "3", "3.25", "3.3", "3.34"))
SHOWN = ("1.5", "2", "2.5", "3", "3.25", "3.36")


def member(a: float) -> Floats:
    """The coefficients of the article's line at a."""
    s = float(SLOPE)
    return a, (5 - s) / 2 - 2 * a, a - (3 - s) / 2


def critical_value(a: float) -> float:
    """max f over [0, 1]: at the first critical point, as f'(0) > 0 > f'(1)."""
    c1, c3, c5 = member(a)
    root = (9 * c3 * c3 - 20 * c1 * c5) ** 0.5
    y = 2 * c1 / (-3 * c3 + root)
    return y**0.5 * (c1 + c3 * y + c5 * y * y)


def a10() -> Section:
    """A10: five iterations on the article's line as a varies."""
    by_a = {s.a: near.bracket(s) for s in SAMPLES}
    values = [1.8 + 1.54 * i / 110 for i in range(111)]
    curves = [phi_curve(repeated(LINE.at(a=a), a), f"a = {a}") for a in SHOWN]
    growth = near.widening(
        "A10: the neighbourhood of 1 that φ reaches widens with a, on the line b = 2.99 − 2a",
        LINE,
        Fraction(2),
        Fraction(3),
        "∂f/∂a = x(1 - x²)² > 0",
        "on the line",
    )
    last, best = SAMPLES[-1], min(SAMPLES, key=lambda s: near.bracket(s).hi)
    return section(
        "A10",
        "Five iterations on the article's line, as a varies",
        "Fix b = 2.99 − 2a, so c = a − 1.99; as a grows, the neighbourhood that converges to 1 widens.",
        f"On this line f'(1) = {SLOPE} for every a. The x at which φ first comes within δ of 1 falls strictly in a; "
        "the least x from which φ stays within δ does not.",
        Badge.CORRECTED,
        f"It widens, until the overshoot spoils it, before any orbit diverges: for δ = {DELTA}, x_δ falls to "
        f"{span(by_a[best.a], 4)} at a = {best.a}, and is {span(by_a[last.a], 4)} at a = {last.a}, still below the "
        "threshold of A11.",
        near.certificates(SAMPLES),
        derivations=(growth,),
        tables=(near.table(SAMPLES, DELTA, f"Certified brackets for δ = {DELTA} and five steps, on b = 2.99 − 2a"),),
        figures=(
            Figure(
                "a10-iterates",
                "iterates",
                "φ = f⁵ on the line b = 2.99 − 2a, as in the article; at a = 3.36, past the threshold, the curve "
                "leaves the page.",
                {"curves": curves, "near_zero": [0, 0.1], "ylim": [0, 1.6]},
            ),
            Figure(
                "a10-neighbourhood",
                "neighbourhood",
                "Left: the least x from which φ stays within δ of 1, on the line b = 2.99 − 2a. Right: the overshoot "
                "of f.",
                near.figure_data(member, values, DELTAS, lambda a: critical_value(a) - 1),
            ),
        ),
        remarks=(
            f"The multiplier on the line: b = 2.99 − 2a gives f'(1) = 5 − 4a − 2b = {decimal(SLOPE)}.",
            "Correction: widening is monotone for the first passage only. Just below the divergence threshold φ "
            "swings widest.",
        ),
        command="muon-theory certify --coefficients 3.34,-3.69,1.35 --lower 1/10",
    )
