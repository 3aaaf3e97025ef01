"""A6: the choice (1.99, -0.99)."""

from __future__ import annotations

from fractions import Fraction
from math import log

from muon_theory.article.kit import add, add_band, both, claim, down, outside, settle, span
from muon_theory.article.sets import ARTICLE_CUBIC, LOWER_ENDS, ONE, STEPS
from muon_theory.document import Badge, Section, Table
from muon_theory.finders import limits
from muon_theory.interval import Interval
from muon_theory.number import decimal

HORIZONS = (5, 10, 20)
LIMIT = add("a6-article-cubic-converges", limits.basin, ARTICLE_CUBIC, ONE)
BANDS = {
    (l, t): add_band(f"a6-band-{decimal(l)}-after-{t}", ARTICLE_CUBIC.repeated(t), Interval(l, Fraction(1)))
    for l in LOWER_ENDS
    for t in HORIZONS
}
PROOFS = (LIMIT, *both(BANDS.values()))


def section() -> Section:
    """A6: the choice (1.99, -0.99)."""
    limit, multiplier = claim(LIMIT), ARTICLE_CUBIC.steps[0].derivative(1)
    rows = tuple((decimal(l), *(span(outside(BANDS[l, t]), 5) for t in HORIZONS)) for l in LOWER_ENDS)
    header, hundredth = ("l", *(f"after {t} steps" for t in HORIZONS)), outside(BANDS[LOWER_ENDS[1], STEPS])
    return settle(
        "A6",
        "The choice a = 1.99, b = −0.99",
        "A little jitter does no harm to an optimizer, so choose a close to 2: a = 1.99, b = −0.99.",
        f"Every orbit of (1.99, −0.99) from (0, {limit.upper}] tends to 1; f'(1) = {decimal(multiplier)}.",
        Badge.PROVED,
        f"Every x in (0, 1], and up to {down(limit.upper)}, converges to 1. The jitter is slow to die: near 1 each "
        f"step shrinks the distance by only {decimal(1 - abs(multiplier))} of it. Five steps take "
        f"[{decimal(LOWER_ENDS[1])}, 1] to {span(hundredth, 5)}.",
        PROOFS,
        tables=(Table("φ([l, 1]), certified from both sides to 12 digits", header, rows),),
        remarks=(
            f"Halving the distance to 1 takes about {log(2) / -log(float(abs(multiplier))):.0f} steps near 1: in five "
            "steps the map brings points near 1, it does not make them converge.",
        ),
        command=f"muon-theory certify --coefficients {ARTICLE_CUBIC.name} --lower 1/100",
    )
