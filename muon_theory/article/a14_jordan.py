"""A14: the article's set against Jordan's: bands, means and variances of φ for x, or log x, spread evenly.

For the uniform measure from 1/100 on there is a second, older way to the variance, from two mean squares.

With M_c the mean of (φ/c - 1)² over [l, 1] (the last step scaled by 1/c), V the variance and m the mean of φ,

    c²·M_c = V + (m - c)²,      m = (1 - c² - M_1 + c²·M_c) / (2(1 - c)).
"""

from __future__ import annotations

from fractions import Fraction

from muon_theory.article.curves import phi_curve
from muon_theory.article.extensions import t5_jordan as jordan
from muon_theory.article.extensions.t5_jordan import LONG_RUN
from muon_theory.article.kit import add, add_band, both, claim, down, outside, settle, span, up
from muon_theory.article.sets import ARTICLE, JORDAN, LOWER_ENDS, NAMES, STEPS
from muon_theory.certificate import AnyCertificate
from muon_theory.claims import Moments
from muon_theory.claims.moments import LOG_UNIFORM, UNIFORM
from muon_theory.derivations import Notebook
from muon_theory.document import Badge, Figure, Section, Table
from muon_theory.evidence import Derivation
from muon_theory.finders import average
from muon_theory.finders.moments import moments
from muon_theory.inexactness import root
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.schedule import Schedule

WORDS = ("article", "jordan")
STARTS = {l: Interval(l, Fraction(1)) for l in LOWER_ENDS}
BANDS = {
    (word, l): add_band(f"a14-band-{word}-from-{decimal(l)}", NAMES[word].schedule, start)
    for word in WORDS
    for l, start in STARTS.items()
}
TOLERANCES = {"article": Fraction(1, 1000), "jordan": Fraction(1, 100)}
CENTRE = Fraction(9, 10)
"""The c for Jordan's map, close to the mean of its φ, so that c²·M_c is close to the variance."""
AT = LOWER_ENDS[1]
FILES = {
    (word, l): add(
        f"a14-mean-square-{word}-from-{decimal(l)}", average.mean_square, NAMES[word].schedule, start, within
    )
    for word, within in TOLERANCES.items()
    for l, start in STARTS.items()
}


def _around_its_mean() -> AnyCertificate:
    *first, last = JORDAN.steps
    scaled = Schedule((*first, last.scaled(outer=1 / CENTRE)), f"{JORDAN.name}, last step divided by {CENTRE}")
    return average.mean_square(scaled, Interval(AT, Fraction(1)), TOLERANCES["jordan"])


AROUND = add("a14-mean-square-jordan-around-its-mean", _around_its_mean)

LEAST = LOWER_ENDS[0]
CROSSING = (Fraction(11, 10**4), Fraction(12, 10**4))
"""Lower ends between which the order of the two variances changes, log x spread evenly."""
FINE = {"article": Fraction(1, 20000), "jordan": Fraction(1, 5000)}
"""Tolerances: a hundredth of what is bounded, or less."""
MEASURES = ((UNIFORM, LEAST), (LOG_UNIFORM, LEAST), *((LOG_UNIFORM, l) for l in CROSSING))
MOMENTS = {
    (word, measure, l): add(
        f"a14-moments-{measure}-{word}-from-{decimal(l)}",
        moments,
        NAMES[word].schedule,
        Interval(l, Fraction(1)),
        measure,
        FINE[word],
    )
    for word in WORDS
    for measure, l in MEASURES
}


def moment(word: str, measure: str, l: Fraction) -> Moments:
    """The certified mean, mean square and variance."""
    found = claim(MOMENTS[word, measure, l])
    assert isinstance(found, Moments)
    return found


def rms(word: str) -> Interval:
    """The root of the mean of φ², x spread evenly over [1/1000, 1]: E φ² = E (φ - 1)² + 2·E φ - 1."""
    m = moment(word, UNIFORM, LEAST)
    return Interval(root(m.square.lo + 2 * m.mean.lo - 1, -1), root(m.square.hi + 2 * m.mean.hi - 1, +1))


PROOFS = (*both(BANDS.values()), *FILES.values(), AROUND, *MOMENTS.values(), *LONG_RUN)


def mean_square(word: str, l: Fraction) -> Interval:
    """Certified bounds on the mean of (φ - 1)² over [l, 1]."""
    bounds: Interval = claim(FILES[word, l]).bounds
    return bounds


def jordan_mean() -> Interval:
    """Bounds on the mean of Jordan's φ over [1/100, 1]."""
    m, mc, c = mean_square("jordan", AT), claim(AROUND).bounds, CENTRE
    low, high = ((1 - c * c - one + c * c * other) / (2 * (1 - c)) for one, other in ((m.hi, mc.lo), (m.lo, mc.hi)))
    return Interval(low, high)


def jordan_variance() -> Interval:
    """Bounds on the variance of Jordan's φ over [1/100, 1]: c²·M_c less the square of what the mean differs from c."""
    mc, mean, c = claim(AROUND).bounds, jordan_mean(), CENTRE
    off = max(abs(mean.lo - c), abs(mean.hi - c))
    return Interval(c * c * mc.lo - off * off, c * c * mc.hi)


def article_variance_at_most() -> Fraction:
    """The variance is at most the mean square about any number, so about 1."""
    return mean_square("article", AT).hi


def spread() -> Derivation:
    """The variance of Jordan's φ from two mean squares."""
    book = Notebook("A14: the variance of φ from mean squares about two points")
    book.step("The mean square about c.", "expand; m is the mean of φ, V its variance", "c² M_c = V + (m - c)²")
    book.step("The same about 1.", "c = 1", "M_1 = V + (1 - m)²")
    book.step("Subtract: the mean.", "c ≠ 1", "m = (1 - c² - M_1 + c² M_c)/(2(1 - c))")
    book.check("both formulas on two values u, v", _identities, u=(0, 2), v=(0, 2), c=(0, 1))
    return book.conclude(
        f"over [{decimal(AT)}, 1] the mean of Jordan's φ lies in {span(jordan_mean(), 4)} and its variance in "
        f"{span(jordan_variance(), 3)}; the variance of the article's φ is at most {up(article_variance_at_most(), 3)}"
    )


def _identities(u: Fraction, v: Fraction, c: Fraction) -> bool:
    """On a φ that takes two values equally often."""
    mean = (u + v) / 2
    spread = ((u - mean) ** 2 + (v - mean) ** 2) / 2
    about_c, about_1 = (((u / k - 1) ** 2 + (v / k - 1) ** 2) / 2 for k in (c, Fraction(1)))
    same_mean = mean == (1 - c * c - about_1 + c * c * about_c) / (2 * (1 - c))
    return same_mean and c * c * about_c == spread + (mean - c) ** 2


def section() -> Section:
    """A14: bands, mean squares and variance against Jordan's."""
    rows = []
    for l in LOWER_ENDS:
        ours, his = (mean_square(word, l) for word in WORDS)
        rows.append((decimal(l), *(span(outside(BANDS[word, l]), 5) for word in WORDS), span(ours, 3), span(his, 3),
                     f"{down(his.lo / ours.hi, 3)} … {up(his.hi / ours.lo, 3)}"))  # fmt: skip
    points = ", ".join(decimal(i.midpoint, 5) for i in jordan.cycle())
    tenth = LOWER_ENDS[-1]
    even, logs = ({word: moment(word, measure, LEAST) for word in WORDS} for measure in (UNIFORM, LOG_UNIFORM))
    before, after = ({word: moment(word, LOG_UNIFORM, l).variance for word in WORDS} for l in CROSSING)
    flips = before["article"].lo > before["jordan"].hi and after["article"].hi < after["jordan"].lo
    averages = tuple(
        (measure, decimal(l), "the article's" if word == "article" else "Jordan's", span(m.mean, 4), span(m.square, 4),
         span(m.variance, 4))
        for measure, l in MEASURES
        for word in WORDS
        for m in (moment(word, measure, l),)
    )  # fmt: skip
    return settle(
        "A14",
        "Against Jordan's coefficients",
        "Compared with Jordan's (3.4445, −4.7750, 2.0315) the article's set comes to 1 about as fast, with smaller "
        "variance.",
        "φ = f⁵ over [l, 1]: its band; and, for x or log x spread evenly over [l, 1], the mean of (φ − 1)² and the "
        "variance of φ.",
        Badge.CORRECTED,
        f"Closer to 1, yes: over [{decimal(LEAST)}, 1] the mean of (φ − 1)² lies in {span(even['article'].square, 3)} "
        f"against {span(even['jordan'].square, 3)} for x spread evenly, and in {span(logs['article'].square, 3)} "
        f"against {span(logs['jordan'].square, 3)} for log x. Smaller variance, the article's word, for x spread "
        f"evenly only: {span(even['article'].variance, 3)} against {span(even['jordan'].variance, 3)}; for log x it is "
        f"{span(logs['article'].variance, 3)} against {span(logs['jordan'].variance, 3)}. "
        + (
            f"There the order changes with l: at l = {decimal(CROSSING[0])} Jordan's is still the smaller, at "
            f"{decimal(CROSSING[1])} the article's. "
            if flips
            else ""
        )
        + f"On [{decimal(tenth)}, 1] its band is {span(outside(BANDS['article', tenth]), 3)} against "
        f"{span(outside(BANDS['jordan', tenth]), 3)}. The smallest x are where Jordan's is ahead: over "
        f"[{decimal(LEAST)}, 1] the least values lie above {down(outside(BANDS['article', LEAST]).lo, 3)} and "
        f"{down(outside(BANDS['jordan', LEAST]).lo, 3)}.",
        PROOFS,
        derivations=(spread(),),
        tables=(
            Table(
                f"{STEPS} steps over [l, 1], certified",
                ("l", "band, article", "band, Jordan", "mean (φ − 1)², article", "mean (φ − 1)², Jordan", "ratio"),
                tuple(rows),
            ),
            Table(
                "φ for x (uniform) or log x (log-uniform) spread evenly over [l, 1], certified",
                ("measure", "l", "set", "mean of φ", "mean of (φ − 1)²", "variance of φ"),
                averages,
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
            "It was made for five steps, not for more; and the mean of (φ − 1)² also counts that its φ is "
            f"{span(even['jordan'].mean, 4)} on average, not 1, for x spread evenly.",
            "Real spectra lie nearer to the log-uniform: of the singular values measured in the training runs (A17) "
            "most lie below 0.1, and a few in a hundred below 0.001.",
        ),
        command="muon-theory certify jordan --lower 1/100",
    )
