"""A15: growth near 0."""

from __future__ import annotations

from muon_theory.article import neighbourhood as near
from muon_theory.article.kit import add, claim, settle
from muon_theory.article.sets import ARTICLE, JORDAN
from muon_theory.claims.words import about
from muon_theory.derivations import Notebook, plane
from muon_theory.document import Badge, Section
from muon_theory.evidence import Derivation
from muon_theory.finders import band
from muon_theory.number import decimal, rational
from muon_theory.schedule import Schedule


def derivation() -> Derivation:
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


DERIVATIONS = {"a15": derivation}
PROOFS = tuple(
    add(f"a15-slope-{word}", band.slope, schedule) for word, schedule in (("article", ARTICLE), ("jordan", JORDAN))
)


def section() -> Section:
    """A15: growth near 0."""
    ours, jordan = (claim(n).value for n in PROOFS)
    return settle(
        "A15",
        "Growth near 0",
        "Near 0 the article's set grows more slowly than Jordan's, because that growth goes with a.",
        "φ'(0) = a⁵: (13/4)⁵ against (6889/2000)⁵.",
        Badge.PROVED,
        f"True: φ'(0) is {about(ours, 8)} for the article's set and {about(jordan, 8)} for Jordan's, "
        f"≈ {decimal(jordan / ours, 5)} times larger.",
        PROOFS,
        derivations=(derivation(),),
        remarks=(
            f"How fast, seen at the other end: φ first reaches 0.9 at x ≈ "
            f"{near.first_passage(ARTICLE.steps[0]):.5f} with "
            f"the article's set, at x ≈ {near.first_passage(JORDAN.steps[0]):.5f} with Jordan's (bisection in floats).",
            "The slope decides only for x so small that the cubic term does not matter yet; A14 has the bands.",
        ),
        command="muon-theory certify jordan",
    )
