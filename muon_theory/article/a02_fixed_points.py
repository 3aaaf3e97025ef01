"""A2: the two definitions, and the named sets at x = 1."""

from __future__ import annotations

from fractions import Fraction

from muon_theory.article.kit import add, settle
from muon_theory.article.sets import ARTICLE, NAMES, ONE
from muon_theory.derivations import Notebook
from muon_theory.document import Badge, Section, Table
from muon_theory.evidence import Derivation
from muon_theory.family import QUINTIC
from muon_theory.finders import limits
from muon_theory.number import decimal


def derivation() -> Derivation:
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


DERIVATIONS = {"a2": derivation}
ATTRACTED = ("article-cubic", "bernstein", "article")
PROOFS = tuple(add(f"a2-{word}-attracts", limits.multiplier_kind, NAMES[word].schedule, ONE) for word in ATTRACTED)


def section() -> Section:
    """A2: the two definitions, and the named sets at x = 1."""
    rows = []
    for word, (text, schedule) in NAMES.items():
        f = schedule.steps[0]
        attracts = "attracts" if word in ATTRACTED else "is not even fixed"
        rows.append((text, decimal(f(1)), decimal(f.derivative(1)) if f(1) == 1 else "—", f"1 {attracts}"))
    return settle(
        "A2",
        "Fixed points and attracting fixed points",
        "x₀ is a fixed point if f(x₀) = x₀; it attracts if the iterates of all x close enough to it converge to it.",
        "f(p) = p; and there is δ > 0 with f^n(x) → p for every |x − p| < δ. A sufficient test: |f'(p)| < 1.",
        Badge.DERIVED,
        "The definitions are used as they stand. The test |f'(p)| < 1 is not the definition: see A3.",
        PROOFS,
        derivations=(derivation(),),
        tables=(Table("The sets that the article names, at x = 1", ("set", "f(1)", "f'(1)", "verdict"), tuple(rows)),),
        remarks=(
            f"Both article sets have f'(1) = {decimal(ARTICLE.steps[0].derivative(1))}: the article's cubic with a = "
            "1.99 and its line b = 2.99 − 2a of quintics have the same multiplier.",
        ),
        command="muon-theory certify --coefficients 1.99,-0.99",
    )


def _shrinks(a: Fraction, s: Fraction, sign: Fraction) -> bool:
    """One step from 1 + h, |h| ≤ 10⁻⁶, is closer to 1."""
    here = 1 + sign / 10**6
    return abs(QUINTIC.at(a=a, s=s)(here) - 1) < abs(here - 1) or sign == 0
