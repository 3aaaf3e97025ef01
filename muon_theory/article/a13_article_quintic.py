"""A13: the set that the article chooses on its line, and the sign that b lost in print."""

from __future__ import annotations

from fractions import Fraction

from muon_theory.article.a12_mechanism import top_and_gate
from muon_theory.article.kit import add, claim, down, settle, span
from muon_theory.article.sets import ARTICLE, LINE_SUM, ONE, PRINTED
from muon_theory.certificate import AnyCertificate, Certificate
from muon_theory.claims import Escape, Escapes
from muon_theory.document import Badge, Section, Table
from muon_theory.finders import limits
from muon_theory.interval import Interval
from muon_theory.number import decimal

TINY = Fraction(1, 10**9)


def _everything_escapes() -> AnyCertificate:
    """Every coefficient is positive, so f(x) > 3x for all x > 0: the start itself is past every radius below it."""
    witness = Escape(steps=(), radius=TINY, ratio=Fraction(3), splits=())
    return Certificate(PRINTED, Escapes(Interval(TINY, Fraction(1))), witness)


PROOFS = (
    add("a13-every-orbit-of-the-articles-set-tends-to-1", limits.basin, ARTICLE, ONE),
    add("a13-beyond-the-repelling-fixed-point-orbits-escape", limits.escapes, ARTICLE, Fraction(67, 50)),
    add("a13-as-printed-everything-escapes", _everything_escapes),
)


def section() -> Section:
    """A13: the article's set, and the sign that b lost in print."""
    limit, beyond, all_escape = map(claim, PROOFS)
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
    return settle(
        "A13",
        "The choice a = 3.25, and a lost sign",
        "Choose a = 3.25, so b = 3.51 and c = 1.26.",
        f"The article's own line gives b = 2.99 − 2·3.25 = {decimal(b)}: the printed b has lost its sign. For the "
        f"intended (3.25, −3.51, 1.26), every orbit from (0, {limit.upper}] tends to 1.",
        Badge.CORRECTED,
        f"With b = {decimal(b)}, yes: all x in (0, 1], even up to {down(limit.upper)}, converge to 1. With the "
        f"printed b = 3.51, f(1) = {decimal(printed(1))}, f(x) > x for every x > 0, and everything escapes.",
        PROOFS,
        tables=(Table("The two readings", ("reading", "(a, b, c)", "f(1)", "f'(1)", "in the long run"), rows),),
        remarks=(
            "Correction: b = −3.51. Two things show the misprint: the line b = 2.99 − 2a, and f(1) = 1, that is c = 1 "
            "− a − b = 1.26, which the printed c satisfies with the negative b only.",
            f"The basin ends at x_r = {gate.decimal(10)}, the repelling fixed point: x = {decimal(beyond.start.lo)} "
            "escapes. So a singular value may exceed 1 by a third before harm is done.",
            f"As printed f(x) ≥ {decimal(printed.slope)}·x for x ≥ 0 (all coefficients are positive), so every x > 0 "
            f"escapes, not only those above {decimal(TINY)} that the certificate names.",
        ),
        command=f"muon-theory certify --coefficients {ARTICLE.name}",
    )
