"""Mean squares of φ - 1 over [l, 1], and from two of them bounds on the mean and the variance of φ.

With M_c the mean of (φ/c - 1)² over [l, 1] (the last step scaled by 1/c), V the variance and m the mean of φ,

    c²·M_c = V + (m - c)²,      m = (1 - c² - M_1 + c²·M_c) / (2(1 - c)),      V = M_1 - (1 - m)².
"""

from __future__ import annotations

from fractions import Fraction

from muon_theory.article.kit import add, certified, claim
from muon_theory.article.sets import ARTICLE, JORDAN, LOWER_ENDS
from muon_theory.certificate import Certificate
from muon_theory.finders import average
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.schedule import Schedule

TOLERANCES = {"article": Fraction(1, 1000), "jordan": Fraction(1, 100)}
SUBJECTS = {"article": ARTICLE, "jordan": JORDAN}
CENTRE = Fraction(9, 10)
"""The c for Jordan's map, close to the mean of its φ, so that c²·M_c is close to the variance."""
AT = LOWER_ENDS[1]
FILES = {(word, l): f"a14-mean-square-{word}-from-{decimal(l)}" for word in SUBJECTS for l in LOWER_ENDS}


def _mean_square(word: str, l: Fraction) -> Certificate:
    return average.mean_square(SUBJECTS[word], Interval(l, Fraction(1)), TOLERANCES[word])


for (_word, _l), _name in FILES.items():
    add(_name, lambda word=_word, l=_l: _mean_square(word, l))  # type: ignore[misc]


@certified("a14-mean-square-jordan-around-its-mean")
def _() -> Certificate:
    *first, last = JORDAN.steps
    scaled = Schedule((*first, last.scaled(outer=1 / CENTRE)), f"{JORDAN.name}, last step divided by {CENTRE}")
    return average.mean_square(scaled, Interval(AT, Fraction(1)), TOLERANCES["jordan"])


A14 = (*FILES.values(), "a14-mean-square-jordan-around-its-mean")


def mean_square(word: str, l: Fraction) -> Interval:
    """Certified bounds on the mean of (φ - 1)² over [l, 1]."""
    bounds: Interval = claim(FILES[word, l]).bounds
    return bounds


def jordan_mean() -> Interval:
    """Bounds on the mean of Jordan's φ over [1/100, 1]."""
    m, mc, c = mean_square("jordan", AT), claim(A14[-1]).bounds, CENTRE
    low, high = ((1 - c * c - one + c * c * other) / (2 * (1 - c)) for one, other in ((m.hi, mc.lo), (m.lo, mc.hi)))
    return Interval(low, high)


def jordan_variance() -> Interval:
    """Bounds on the variance of Jordan's φ over [1/100, 1]: c²·M_c less the square of what the mean differs from c."""
    mc, mean, c = claim(A14[-1]).bounds, jordan_mean(), CENTRE
    off = max(abs(mean.lo - c), abs(mean.hi - c))
    return Interval(c * c * mc.lo - off * off, c * c * mc.hi)


def article_variance_at_most() -> Fraction:
    """The variance is at most the mean square about any number, so about 1."""
    return mean_square("article", AT).hi
