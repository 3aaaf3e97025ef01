"""A16: every named set in the long run."""

from __future__ import annotations

from muon_theory.article.extensions import t5_jordan as jordan
from muon_theory.article.kit import proof, settle, span, up
from muon_theory.article.sets import LOWER_ENDS, NAMES
from muon_theory.document import Badge, Section, Table
from muon_theory.number import decimal

LIMITS = {
    "article-cubic": "a6-article-cubic-converges",
    "bernstein": "a7-bernstein-converges",
    "article": "a13-every-orbit-of-the-articles-set-tends-to-1",
}


def section() -> Section:
    """A16: every named set in the long run."""
    rows = []
    for word, name in LIMITS.items():
        rows.append((NAMES[word].text, Badge.PROVED.value, proof(name).certificate.statement))
    cycle = f"every x in {span(jordan.TRAPPED, 3)} tends to a cycle of period {jordan.PERIOD}"
    rows.append(
        (
            NAMES["jordan"].text,
            Badge.REFUTED.value,
            f"{cycle}; orbits from [0.001, 1] enter and stay in {span(jordan.BAND, 4)}",
        )
    )
    printed = proof("a13-as-printed-everything-escapes").certificate.statement
    rows.append((NAMES["printed"].text, Badge.REFUTED.value, printed))
    return settle(
        "A16",
        "“For any x in (0, 1], many applications of f converge to near 1”",
        "The aim: for every x in (0, 1], applying f many times converges to near 1.",
        "For each coefficient set that the article names: do all orbits from (0, 1] tend to 1? And, as the article "
        "says *near*: how near to 1 do they stay in the end?",
        Badge.CORRECTED,
        "Proved for (1.99, −0.99), (3/2, −1/2) and (3.25, −3.51, 1.26): every x in (0, 1] tends to 1. Refuted for "
        f"Jordan's set: f(1) = {decimal(jordan.MAP(1))}, so no orbit tends to 1, and those from "
        f"{span(jordan.TRAPPED, 3)} do not converge at all. Refuted for the set as printed, where all escape.",
        (*LIMITS.values(), *jordan.LONG_RUN, "a13-as-printed-everything-escapes"),
        tables=(Table("Every set that the article names", ("set", "verdict", "in the long run"), tuple(rows)),),
        remarks=(
            "Why attraction at all, when only five steps are made? For five steps it is not needed: A8 has maps that "
            "repel 1 and come closer to it. It says what more steps would do, and that an error near 1 does not grow.",
            "Read as *near*: for the first three, as near as one likes. For Jordan's, within "
            f"{up(1 - jordan.BAND.lo, 2)}: the band "
            f"{span(jordan.BAND, 4)} is mapped into itself, {jordan.ENTRY} steps take [{decimal(LOWER_ENDS[0])}, 1] "
            "into it, and below its lower fixed point f(x) > x, so every orbit from (0, 1] enters it (derived).",
        ),
        command="muon-theory check out/certificates/*.json",
    )
