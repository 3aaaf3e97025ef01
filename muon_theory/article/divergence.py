"""A12 and A13: why the article's line diverges, and the set that the article chooses on it."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from typing import Any

from muon_theory.article.curves import map_curve, number, orbit
from muon_theory.article.kit import certified, claim, down, section, span
from muon_theory.article.sets import ARTICLE, LINE, LINE_SUM, ONE, PRINTED, SLOPE, repeated
from muon_theory.article.threshold import agrees, file_of
from muon_theory.certificate import Certificate
from muon_theory.claims import Escapes
from muon_theory.derive import AlgebraicNumber, article, critical_points, fixed_points
from muon_theory.finders import band, limits
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational
from muon_theory.polynomial import OddPolynomial
from muon_theory.report.model import Badge, Figure, Section, Table
from muon_theory.schedule import Schedule

PAST = "3.4"
"""A member of the line past the threshold."""
ONE_STEP = Schedule(ARTICLE.steps[:1], f"one step of {ARTICLE.name}")


def critical_point(f: OddPolynomial) -> Fraction:
    """A short rational close to where f is greatest on (0, 1)."""
    a, b, c = map(float, f.coefficients)
    return rational(decimal(rational(repr(sqrt(2 * a / (-3 * b + sqrt(9 * b * b - 20 * a * c))))), 4))


@certified("a12-one-step-leaves-the-unit-interval")
def _() -> Certificate:
    return band.attains(ONE_STEP, Interval.of(0, 1))


@certified("a12-past-the-threshold-the-critical-point-escapes")
def _() -> Certificate:
    f = LINE.at(a=PAST)
    return limits.escapes(repeated(f, f"{LINE.name}, a = {PAST}"), critical_point(f))


A12 = (
    "a12-one-step-leaves-the-unit-interval",
    "a13-every-orbit-of-the-articles-set-tends-to-1",
    file_of(SLOPE),
    "a12-past-the-threshold-the-critical-point-escapes",
)


def top_and_gate(f: OddPolynomial) -> tuple[AlgebraicNumber, AlgebraicNumber]:
    """The critical value in (0, 1) and the repelling fixed point x_r right of 1."""
    top = next(c.value for c in critical_points(f) if 0 < c.point < 1)
    gate = next(p.point for p in fixed_points(f) if p.point > 1)
    return top, gate


def cobweb(f: OddPolynomial, title: str) -> dict[str, Any]:
    """The map, an orbit through the neighbourhood of the critical point, and one from a small x."""
    x, (top, gate) = float(critical_point(f)), top_and_gate(f)
    return {
        "title": title,
        "limits": [0, 1.5],
        "curve": map_curve(f, 1.5),
        "orbits": [
            {"label": "from close to the critical point", "points": orbit(f, x, 40, 6.0)},
            {"label": "from x = 0.01", "points": orbit(f, 0.01, 40, 6.0)},
        ],
        "critical": {"x": x, "y": number(top.enclose(9).midpoint)},
        "repelling": number(gate.enclose(9).midpoint),
    }


def a12() -> Section:
    """A12: why orbits escape past the threshold."""
    f, past = ARTICLE.steps[0], LINE.at(a=PAST)
    (top, gate), (top_past, gate_past) = top_and_gate(f), top_and_gate(past)
    left, escape, threshold = claim(A12[0]).contains.hi, claim(A12[3]), agrees(SLOPE)
    at = LINE.at(a=threshold.enclose(12).lo)
    return section(
        "A12",
        "Why it diverges",
        "When a is too large f grows too steeply right of x = 1, so the iterate lands very far outside (0, 1].",
        "On the line, the fixed point x_r = √((a − 1)/c) right of 1 repels, and f(x) > x beyond it. Orbits from (0, "
        "1] escape if and only if the critical value, the largest value of f on (0, 1], passes x_r; at a = a* the "
        "two are equal.",
        Badge.CORRECTED,
        f"Leaving (0, 1] does no harm by itself: at a = {decimal(f.slope)} f takes values up to {down(left, 6)}, and "
        f"every orbit still returns to 1, because the critical value {top.decimal(8)} lies below x_r = "
        f"{gate.decimal(8)}. Past the threshold, at a = {PAST}, it is {top_past.decimal(8)} > x_r = "
        f"{gate_past.decimal(8)}, and such orbits escape.",
        A12,
        derivations=(article.a12(SLOPE),),
        figures=(
            Figure(
                "a12-cobweb",
                "cobweb",
                "Cobwebs on the line b = 2.99 − 2a below, at and past the threshold: what matters is on which side "
                "of the repelling fixed point the critical value lies.",
                {
                    "panels": [
                        cobweb(f, f"a = {decimal(f.slope)}"),
                        cobweb(at, f"a = a* ≈ {threshold.decimal(6)}"),
                        cobweb(past, f"a = {PAST}"),
                    ]
                },
            ),
        ),
        remarks=(
            "Correction: steep growth right of 1 explains why orbits past x_r run away, not why any orbit gets "
            "there. That is the meeting of the critical value with x_r, two things the article does not name.",
            f"The escaping start of the certificate is x = {escape.start.lo}, near the critical point at a = {PAST}.",
        ),
        command=f"muon-theory orbits --coefficients 3.4,-3.81,1.41 --x0 {decimal(escape.start.lo)}",
    )


TINY = Fraction(1, 10**9)


@certified("a13-every-orbit-of-the-articles-set-tends-to-1")
def _() -> Certificate:
    return limits.basin(ARTICLE, ONE)


@certified("a13-beyond-the-repelling-fixed-point-orbits-escape")
def _() -> Certificate:
    return limits.escapes(ARTICLE, Fraction(67, 50))


@certified("a13-as-printed-everything-escapes")
def _() -> Certificate:
    """Every coefficient is positive, so f(x) > 3x for all x > 0: the start itself is past every radius below it."""
    witness = {"type": "escape", "steps": [], "radius": TINY, "ratio": Fraction(3), "splits": []}
    return Certificate(PRINTED, Escapes(Interval(TINY, Fraction(1))), witness)


A13 = (
    "a13-every-orbit-of-the-articles-set-tends-to-1",
    "a13-beyond-the-repelling-fixed-point-orbits-escape",
    "a13-as-printed-everything-escapes",
)


def a13() -> Section:
    """A13: the article's set, and the sign that b lost in print."""
    limit, beyond, all_escape = map(claim, A13)
    f, printed = ARTICLE.steps[0], PRINTED.steps[0]
    _, gate = top_and_gate(f)
    b = LINE_SUM - 2 * f.slope
    rows = (
        (
            "intended",
            "(3.25, −3.51, 1.26)",
            decimal(f(1)),
            decimal(f.derivative(1)),
            f"all of (0, {down(limit.upper)}] tends to 1",
        ),
        (
            "as printed",
            "(3.25, 3.51, 1.26)",
            decimal(printed(1)),
            decimal(printed.derivative(1)),
            f"all of {span(all_escape.start, 3)} escapes",
        ),
    )
    return section(
        "A13",
        "The choice a = 3.25, and a lost sign",
        "Choose a = 3.25, so b = 3.51 and c = 1.26.",
        f"The article's own line gives b = 2.99 − 2·3.25 = {decimal(b)}: the printed b has lost its sign. For the "
        f"intended (3.25, −3.51, 1.26), every orbit from (0, {limit.upper}] tends to 1.",
        Badge.CORRECTED,
        f"With b = {decimal(b)}, yes: all x in (0, 1], even up to {down(limit.upper)}, converge to 1. With the "
        f"printed b = 3.51, f(1) = {decimal(printed(1))}, f(x) > x for every x > 0, and everything escapes.",
        A13,
        tables=(Table("The two readings", ("reading", "(a, b, c)", "f(1)", "f'(1)", "in the long run"), rows),),
        remarks=(
            "Correction: b = −3.51. Three things show the misprint: the line b = 2.99 − 2a, c = 1 − a − b = 1.26, "
            "and f(1) = 1.",
            f"The basin ends at x_r = {gate.decimal(10)}, the repelling fixed point: x = {decimal(beyond.start.lo)} "
            "escapes. So a singular value may exceed 1 by a third before harm is done.",
            f"As printed f(x) ≥ {decimal(printed.slope)}·x for x ≥ 0 (all coefficients are positive), so every x > 0 "
            f"escapes, not only those above {decimal(TINY)} that the certificate names.",
        ),
        command=f"muon-theory certify --coefficients {ARTICLE.name}",
    )
