"""A12: why the article's line diverges: the critical value meets the repelling fixed point."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

from muon_theory.article.a11_threshold import agrees, file_of
from muon_theory.article.curves import critical_square, floats, map_curve, orbit
from muon_theory.article.kit import CERTIFICATES, DERIVED, add, claim, down, settle
from muon_theory.article.sets import ARTICLE, LINE, SLOPE, repeated
from muon_theory.certificate import AnyCertificate
from muon_theory.derivations import AlgebraicNumber, Notebook, critical_points, fixed_points, plane
from muon_theory.derivations.divergence import identities
from muon_theory.derivations.factors import double_root, vanishes
from muon_theory.derivations.formula import a, y
from muon_theory.document import Badge, Figure, Section
from muon_theory.evidence import Derivation
from muon_theory.finders import band, limits
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

_SLOPE = a + 3 * plane.B * y + 5 * plane.C * y**2  # f'(x) in the plane's coordinates


def derivation(at: Fraction = SLOPE) -> Derivation:
    """A12: at the threshold the critical value in (0, 1) is the repelling fixed point right of 1."""
    threshold = plane.divergence_threshold(at)
    touching = double_root(threshold, at)
    book = Notebook(f"A12: why orbits escape above the threshold, on the line f'(1) = {at}")
    identities(book)
    book.step("Critical points of Z.", "Z = f(x)², so Z' vanishes with f'", "dZ/dy = g·d ,", "d = f'(x)")
    book.check("dZ/dy = g·d", lambda: (plane.Z.diff(y) - plane.G * _SLOPE).expand() == 0, 1)
    book.step(
        f"At a*(s), R has a double root at y = {touching.decimal(15)}.",
        "the elimination of A11; so a - 1 - c·Z = w·R has one too, and there Z = x_r² and dZ/dy = 0, with g ≥ 1: "
        "f'(√y) = 0",
        "f'(√y) = 0 , f(√y) = x_r",
    )
    book.check("f'(x) = 0 at the double root", lambda: vanishes(_SLOPE, threshold, at), 1)
    book.step(
        "Right of 1 lies the fixed point x_r; past it f grows faster than x.",
        "f(x) - x = x(1 - y)w has the sign of (y - 1)(c·y - a + 1); x_r falls to 1 as a grows, while the critical "
        "value rises",
        "x_r² = 1 + (1 - s)/(2c)",
    )
    book.check("x_r²", lambda a: (a - 1) / (a - (3 - at) / 2) == 1 + (1 - at) / (2 * (a - (3 - at) / 2)), a=(3, 6))
    return book.conclude(
        "leaving (0, 1] is harmless by itself: below the threshold iterates overshoot 1 and come back. Orbits escape "
        "when the critical value passes the repelling fixed point x_r right of 1, after which every iterate is larger "
        "than the one before"
    )


DERIVATIONS = {"a12": derivation}
PAST = "3.4"
"""A member of the line past the threshold."""
ONE_STEP = Schedule(ARTICLE.steps[:1], f"one step of {ARTICLE.name}")


def critical_point(f: OddPolynomial) -> Fraction:
    """A short rational close to where f is greatest on (0, 1)."""
    return rational(decimal(rational(repr(sqrt(critical_square(floats(f))))), 4))


def _escapes() -> AnyCertificate:
    f = LINE.at(a=PAST)
    return limits.escapes(repeated(f, f"{LINE.name}, a = {PAST}"), critical_point(f))


LEAVES = add("a12-one-step-leaves-the-unit-interval", band.attains, ONE_STEP, Interval.of(0, 1))
ESCAPES = add("a12-past-the-threshold-the-critical-point-escapes", _escapes)
PROOFS = (LEAVES, "a13-every-orbit-of-the-articles-set-tends-to-1", file_of(SLOPE), ESCAPES)


def top_and_gate(f: OddPolynomial) -> tuple[AlgebraicNumber, AlgebraicNumber]:
    """The critical value in (0, 1) and the repelling fixed point x_r right of 1."""
    top = next(c.value for c in critical_points(f) if 0 < c.point < 1)
    gate = next(p.point for p in fixed_points(f) if p.point > 1)
    return top, gate


def cobweb(f: OddPolynomial, title: str) -> dict[str, object]:
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
        "critical": {"x": x, "y": float(top.enclose(9).midpoint)},
        "repelling": float(gate.enclose(9).midpoint),
    }


def section() -> Section:
    """A12: why orbits escape past the threshold."""
    f, past = ARTICLE.steps[0], LINE.at(a=PAST)
    (top, gate), (top_past, gate_past) = top_and_gate(f), top_and_gate(past)
    left, escape, threshold = claim(LEAVES).contains.hi, claim(ESCAPES), agrees(SLOPE)
    at = LINE.at(a=threshold.enclose(12).lo)
    return settle(
        "A12",
        "Why it diverges",
        "When a is too large f grows too steeply right of x = 1, so the iterate lands very far outside (0, 1].",
        "On the line, for a > 1.99 (c > 0), the fixed point x_r = √((a − 1)/c) right of 1 repels, and f(x) > x beyond "
        "it. Some orbit from (0, 1] escapes if and only if the critical value, the largest value of f on (0, 1], "
        "passes x_r; at a = a* the two are equal. For 1 < a ≤ 1.99 there is no fixed point right of 1, and none "
        "escapes.",
        Badge.CORRECTED_PARTLY,
        f"Leaving (0, 1] does no harm by itself: at a = {decimal(f.slope)} f takes values up to {down(left, 6)}, and "
        f"every orbit still returns to 1, because the critical value {top.decimal(8)} lies below x_r = "
        f"{gate.decimal(8)}. Past the threshold, at a = {PAST}, it is {top_past.decimal(8)} > x_r = "
        f"{gate_past.decimal(8)}, and some orbit escapes.",
        PROOFS,
        clauses=(
            ("some orbit from (0, 1] escapes if and only if the critical value passes x_r", DERIVED),
            ("every orbit from (0, 1] tends to 1 for 1 < a < a*, some escapes for a* < a ≤ 7/2", CERTIFICATES),
            (f"one step leaves (0, 1] at a = {decimal(f.slope)}; an orbit escapes at a = {PAST}", CERTIFICATES),
        ),
        derivations=(derivation(),),
        figures=(
            Figure(
                "a12-cobweb",
                "cobweb",
                "Cobwebs on the line b = 2.99 − 2a below, at and past the threshold: what matters is on which side "
                "of the repelling fixed point the critical value lies, as the close-ups show.",
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
