"""A14 and A16: the article's set against Jordan's, and every set in the long run."""

from __future__ import annotations

from muon_theory.derive import Notebook
from muon_theory.evidence import Derivation
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.report.ledger import jordan, variance
from muon_theory.report.ledger.curves import phi_curve
from muon_theory.report.ledger.kit import add_band, claim, down, outside, section, span, up
from muon_theory.report.ledger.sets import ARTICLE, JORDAN, LOWER_ENDS, NAMES, STEPS
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
    book.check("both formulas on two values u, v", lambda u, v, c: _identities(u, v, c), u=(0, 2), v=(0, 2), c=(0, 1))
    return book.conclude(
        f"over [{decimal(variance.AT)}, 1] the mean of Jordan's φ lies in {span(variance.jordan_mean(), 4)} and its variance in "
        f"{span(variance.jordan_variance(), 3)}; the variance of the article's φ is at most "
        f"{up(variance.article_variance_at_most(), 3)}"
    )


def _identities(u: object, v: object, c: object) -> bool:
    """On a φ that takes two values equally often."""
    values = (u, v)
    m = sum(values) / 2  # type: ignore[arg-type]
    v_ = sum((x - m) ** 2 for x in values) / 2  # type: ignore[operator]
    mc, m1 = (sum((x / k - 1) ** 2 for x in values) / 2 for k in (c, 1))  # type: ignore[operator]
    return c * c * mc == v_ + (m - c) ** 2 and m == (1 - c * c - m1 + c * c * mc) / (2 * (1 - c))  # type: ignore[operator]


def a14() -> Section:
    rows = []
    for l in LOWER_ENDS:
        ours, his = (variance.mean_square(word, l) for word in WORDS)
        rows.append((decimal(l), *(span(outside(BANDS[word, l]), 5) for word in WORDS), span(ours, 3), span(his, 3),
                     f"{down(his.lo / ours.hi, 3)} … {up(his.hi / ours.lo, 3)}"))  # fmt: skip
    least_ratio = min(variance.mean_square("jordan", l).lo / variance.mean_square("article", l).hi for l in LOWER_ENDS)
    points = ", ".join(decimal(i.midpoint, 5) for i in jordan.cycle())
    tenth = LOWER_ENDS[-1]
    return section(
        "A14",
        "Against Jordan's coefficients",
        "Compared with Jordan's (3.4445, −4.7750, 2.0315) the article's set comes to 1 about as fast, with smaller variance.",
        "φ = f⁵ over [l, 1]: its band, and the mean of (φ − 1)² over [l, 1], for several l.",
        Badge.PROVED,
        f"True: the mean of (φ − 1)² is at least {down(least_ratio, 2)} times smaller for the article's set, for every l of the "
        f"table, and the variance too (at most {up(variance.article_variance_at_most(), 2)} against at least "
        f"{down(variance.jordan_variance().lo, 2)} from l = {decimal(variance.AT)}). On [{decimal(tenth)}, 1] its band is "
        f"{span(outside(BANDS['article', tenth]), 3)} against {span(outside(BANDS['jordan', tenth]), 3)}; only below "
        f"l ≈ {decimal(LOWER_ENDS[0])} is Jordan's nearer to 1.",
        A14,
        derivations=(spread(),),
        tables=(Table(f"{STEPS} steps over [l, 1], certified", ("l", "band, article", "band, Jordan", "mean (φ − 1)², article",
                      "mean (φ − 1)², Jordan", "ratio"), tuple(rows)),),
        figures=(Figure("a14-compare", "compare", "φ for the article's set and for Jordan's, as in the article; beside it over "
                        "log x, where Jordan's larger slope at 0 shows.",
                        {"curves": [phi_curve(ARTICLE, "(3.25, −3.51, 1.26)"), phi_curve(JORDAN, "Jordan")],
                         "log_from": 0.0003, "ylim": [0, 1.4]}),),
        remarks=(
            f"In the long run Jordan's map does not tend to 1: f(1) = {decimal(jordan.MAP(1))}, both positive fixed points "
            f"({', '.join(decimal(claim(n).point.midpoint, 6) for n in jordan.LONG_RUN[:2])}) repel, and a cycle of period "
            f"{jordan.PERIOD} ({points}) attracts; every x in {span(jordan.TRAPPED, 3)} tends to it.",
            "It was made for five steps, not for more: the mean of (φ − 1)² also counts that its φ is about "
            f"{decimal(variance.jordan_mean().midpoint, 2)} on average, not 1.",
        ),
        command="muon-theory certify jordan --lower 1/100",
    )  # fmt: skip


LIMITS = {
    "article-cubic": "a6-article-cubic-converges",
    "bernstein": "a7-bernstein-converges",
    "article": "a13-every-orbit-of-the-articles-set-tends-to-1",
}


def a16() -> Section:
    rows = []
    for word, name in LIMITS.items():
        rows.append((NAMES[word][0], "proved", f"every x in (0, {down(claim(name).upper)}] tends to 1"))
    rows.append((NAMES["jordan"][0], "refuted", f"every x in {span(jordan.TRAPPED, 3)} tends to a cycle of period {jordan.PERIOD}; "
                 f"orbits stay in {span(jordan.BAND, 4)}"))  # fmt: skip
    rows.append((NAMES["printed"][0], "refuted", "every x > 0 escapes"))
    return section(
        "A16",
        "“For any x in (0, 1], many applications of f converge to near 1”",
        "The aim: for every x in (0, 1], applying f many times converges to near 1.",
        "For each coefficient set that the article names: do all orbits from (0, 1] tend to 1?",
        Badge.CORRECTED,
        "Proved for (1.99, −0.99), (3/2, −1/2) and (3.25, −3.51, 1.26): every x in (0, 1] tends to 1. Refuted for Jordan's "
        f"set, whose orbits end in {span(jordan.BAND, 4)} and mostly not at 1, and for the set as printed, where all escape.",
        (*LIMITS.values(), *jordan.LONG_RUN, "a13-as-printed-everything-escapes"),
        tables=(Table("Every set that the article names", ("set", "verdict", "in the long run"), tuple(rows)),),
        remarks=(
            f"Jordan's orbits do come near 1, if near means within {up(1 - jordan.BAND.lo, 2)}: the band {span(jordan.BAND, 4)} is "
            f"mapped into itself, {jordan.ENTRY} steps take [{decimal(LOWER_ENDS[0])}, 1] into it, and below its lower fixed point "
            "f(x) > x, so every orbit from (0, 1] enters it. They do not converge there.",
        ),
        command="muon-theory check out/certificates/*.json",
    )
