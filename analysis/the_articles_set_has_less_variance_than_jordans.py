"""A14. The variance of φ for x spread evenly over [l, 1]: smaller for the article's set. For log x spread evenly over
[1/1000, 1] it is larger, and the order changes between l = 0.0011 and l = 0.0012; the mean of (φ - 1)² is smaller.
Over the momentum of a real run (observed) it is larger in its first steps, and no longer later.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.article.a14_jordan import (
    AT,
    CENTRE,
    CROSSING,
    FILES,
    LEAST,
    LOG_UNIFORM,
    MOMENTS,
    UNIFORM,
    article_variance_at_most,
    jordan_mean,
    jordan_variance,
    moment,
)
from muon_theory.article.sets import ARTICLE, JORDAN
from muon_theory.spectra.recorded import STEPS, pooled


def observed() -> None:
    """On the spectra that are shipped: nothing is proved of them."""
    larger = {step: pooled(step).variance(ARTICLE) > pooled(step).variance(JORDAN) for step in STEPS}
    assert larger == {1: True, 12: True, 60: False, 120: False}


def study(prove: Prove) -> None:
    for name in (FILES["article", AT], FILES["jordan", AT], "a14-mean-square-jordan-around-its-mean"):
        prove(name)
    for name in MOMENTS.values():
        prove(name)
    for measure in (UNIFORM, LOG_UNIFORM):
        assert moment("article", measure, LEAST).square.hi < moment("jordan", measure, LEAST).square.lo
    assert moment("article", UNIFORM, LEAST).variance.hi < moment("jordan", UNIFORM, LEAST).variance.lo
    for l in (LEAST, CROSSING[0]):
        assert moment("article", LOG_UNIFORM, l).variance.lo > moment("jordan", LOG_UNIFORM, l).variance.hi
    assert (
        moment("article", LOG_UNIFORM, CROSSING[1]).variance.hi < moment("jordan", LOG_UNIFORM, CROSSING[1]).variance.lo
    )
    assert jordan_mean().lo < CENTRE < jordan_mean().hi
    assert jordan_mean().hi < 1
    assert 7 * article_variance_at_most() < jordan_variance().lo
    assert article_variance_at_most() < Fraction(31, 10000)
    observed()


if __name__ == "__main__":
    main(study)
