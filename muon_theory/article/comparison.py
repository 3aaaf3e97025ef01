"""A14 and A16: the article's set against Jordan's, and every set in the long run."""

from __future__ import annotations

from fractions import Fraction

from muon_theory.article import jordan, variance
from muon_theory.article.curves import phi_curve
from muon_theory.article.kit import add_band, claim, down, outside, section, span, up
from muon_theory.article.sets import ARTICLE, JORDAN, LOWER_ENDS, NAMES, STEPS
from muon_theory.derive import Notebook
from muon_theory.evidence import Derivation
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.report.model import Badge, Figure, Section, Table

WORDS = ("article", "jordan")
BANDS = {(word, l): f"a14-band-{word}-from-{decimal(l)}" for word in WORDS for l in LOWER_ENDS}
for (_word, _l), _name in BANDS.items():
    add_band(_name, NAMES[_word][1], Interval.of(_l, 1))
A14 = (*(n for name in BANDS.values() for n in (name, f"{name}-attained")), *variance.A14, *jordan.LONG_RUN)


def spread() -> Derivation:
    """The variance of Jordan's φ from two mean squares."""
    book = Notebook("A14: the variance of φ from mean squares about two points")
    book.step("The mean square about c.", "expand; m is the mean of φ, V its variance", "c² M_c = V + (m - c)²")
    book.step("The same about 1.", "c = 1", "M_1 = V + (1 - m)²")
    book.step("Subtract: the mean.", "c ≠ 1", "m = (1 - c² - M_1 + c² M_c)/(2(1 - c))")
    book.check("both formulas on two values u, v", _identities, u=(0, 2), v=(0, 2), c=(0, 1))
    return book.conclude(
        f"over [{decimal(variance.AT)}, 1] the mean of Jordan's φ lies in {span(variance.jordan_mean(), 4)} and its "
        f"variance in {span(variance.jordan_variance(), 3)}; the variance of the article's φ is at most "
        f"{up(variance.article_variance_at_most(), 3)}"
    )


def _identities(u: Fraction, v: Fraction, c: Fraction) -> bool:
    """On a φ that takes two values equally often."""
    mean = (u + v) / 2
    spread = ((u - mean) ** 2 + (v - mean) ** 2) / 2
    about_c, about_1 = (((u / k - 1) ** 2 + (v / k - 1) ** 2) / 2 for k in (c, Fraction(1)))
    same_mean = mean == (1 - c * c - about_1 + c * c * about_c) / (2 * (1 - c))
    return same_mean and c * c * about_c == spread + (mean - c) ** 2


def a14() -> Section:
    """A14: bands, mean squares and variance against Jordan's."""
    rows = []
    for l in LOWER_ENDS:
        ours, his = (variance.mean_square(word, l) for word in WORDS)
        rows.append((decimal(l), *(span(outside(BANDS[word, l]), 5) for word in WORDS), span(ours, 3), span(his, 3),
                     f"{down(his.lo / ours.hi, 3)} … {up(his.hi / ours.lo, 3)}"))  # fmt: skip
    least_ratio = min(variance.mean_square("jordan", l).lo / variance.mean_square("article", l).hi for l in LOWER_ENDS)
    points = ", ".join(decimal(i.midpoint, 5) for i in jordan.cycle())
    least, tenth = LOWER_ENDS[0], LOWER_ENDS[-1]
    return section(
        "A14",
        "Against Jordan's coefficients",
        "Compared with Jordan's (3.4445, −4.7750, 2.0315) the article's set comes to 1 about as fast, with smaller "
        "variance.",
        "φ = f⁵ over [l, 1]: its band, and the mean of (φ − 1)² over [l, 1], for several l.",
        Badge.PROVED,
        f"True: the mean of (φ − 1)² is at least {down(least_ratio, 2)} times smaller for the article's set, for "
        f"every l of the table, and the variance too (at most {up(variance.article_variance_at_most(), 2)} against at "
        f"least {down(variance.jordan_variance().lo, 2)} from l = {decimal(variance.AT)}). On [{decimal(tenth)}, 1] "
        f"its band is {span(outside(BANDS['article', tenth]), 3)} against {span(outside(BANDS['jordan', tenth]), 3)}. "
        f"The smallest x are where Jordan's is ahead: at {decimal(least)} the lower ends are "
        f"{down(outside(BANDS['article', least]).lo, 3)} and {down(outside(BANDS['jordan', least]).lo, 3)}.",
        A14,
        derivations=(spread(),),
        tables=(
            Table(
                f"{STEPS} steps over [l, 1], certified",
                ("l", "band, article", "band, Jordan", "mean (φ − 1)², article", "mean (φ − 1)², Jordan", "ratio"),
                tuple(rows),
            ),
        ),
        figures=(
            Figure(
                "a14-compare",
                "compare",
                "φ for the article's set and for Jordan's, as in the article; beside it over log x, where Jordan's "
                "larger slope at 0 shows.",
                {
                    "curves": [phi_curve(ARTICLE, "(3.25, −3.51, 1.26)"), phi_curve(JORDAN, "Jordan")],
                    "log_from": 0.0003,
                    "ylim": [0, 1.4],
                },
            ),
        ),
        remarks=(
            f"In the long run Jordan's map does not tend to 1: f(1) = {decimal(jordan.MAP(1))}, both positive fixed "
            f"points ({', '.join(decimal(claim(n).point.midpoint, 6) for n in jordan.LONG_RUN[:2])}) repel, and a "
            f"cycle of period {jordan.PERIOD} ({points}) attracts; every x in {span(jordan.TRAPPED, 3)} tends to it.",
            "It was made for five steps, not for more: the mean of (φ − 1)² also counts that its φ is about "
            f"{decimal(variance.jordan_mean().midpoint, 2)} on average, not 1.",
        ),
        command="muon-theory certify jordan --lower 1/100",
    )


LIMITS = {
    "article-cubic": "a6-article-cubic-converges",
    "bernstein": "a7-bernstein-converges",
    "article": "a13-every-orbit-of-the-articles-set-tends-to-1",
}


def a16() -> Section:
    """A16: every named set in the long run."""
    rows = []
    for word, name in LIMITS.items():
        rows.append((NAMES[word][0], "proved", f"every x in (0, {down(claim(name).upper)}] tends to 1"))
    cycle = f"every x in {span(jordan.TRAPPED, 3)} tends to a cycle of period {jordan.PERIOD}"
    rows.append((NAMES["jordan"][0], "refuted", f"{cycle}; orbits stay in {span(jordan.BAND, 4)}"))
    rows.append((NAMES["printed"][0], "refuted", "every x > 0 escapes"))
    return section(
        "A16",
        "“For any x in (0, 1], many applications of f converge to near 1”",
        "The aim: for every x in (0, 1], applying f many times converges to near 1.",
        "For each coefficient set that the article names: do all orbits from (0, 1] tend to 1?",
        Badge.CORRECTED,
        "Proved for (1.99, −0.99), (3/2, −1/2) and (3.25, −3.51, 1.26): every x in (0, 1] tends to 1. Refuted for "
        f"Jordan's set: f(1) = {decimal(jordan.MAP(1))}, so no orbit tends to 1, and those from "
        f"{span(jordan.TRAPPED, 3)} do not converge at all. Refuted for the set as printed, where all escape.",
        (*LIMITS.values(), *jordan.LONG_RUN, "a13-as-printed-everything-escapes"),
        tables=(Table("Every set that the article names", ("set", "verdict", "in the long run"), tuple(rows)),),
        remarks=(
            f"Jordan's orbits do come near 1, if near means within {up(1 - jordan.BAND.lo, 2)}: the band "
            f"{span(jordan.BAND, 4)} is mapped into itself, {jordan.ENTRY} steps take [{decimal(LOWER_ENDS[0])}, 1] "
            "into it, and below its lower fixed point f(x) > x, so every orbit from (0, 1] enters it (derived).",
        ),
        command="muon-theory check out/certificates/*.json",
    )
