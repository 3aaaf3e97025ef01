"""A14. The variance of φ over [1/100, 1]: at most the mean square about 1 for the article's set, and for
Jordan's at least what two mean squares leave.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.article.a14_jordan import AT, CENTRE, FILES, article_variance_at_most, jordan_mean, jordan_variance


def study(prove: Prove) -> None:
    for name in (FILES["article", AT], FILES["jordan", AT], "a14-mean-square-jordan-around-its-mean"):
        prove(name)
    assert jordan_mean().lo < CENTRE < jordan_mean().hi
    assert jordan_mean().hi < 1
    assert 7 * article_variance_at_most() < jordan_variance().lo
    assert article_variance_at_most() < Fraction(31, 10000)


if __name__ == "__main__":
    main(study)
