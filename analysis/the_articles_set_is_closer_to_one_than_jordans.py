"""A14. Mean square of φ - 1 over [l, 1], and the bands, for l = 1/1000, 1/100, 1/10."""

from __future__ import annotations

from _study import Prove, coefficients, main

from muon_theory.article.a14_jordan import BANDS, FILES, mean_square
from muon_theory.article.kit import inside, outside
from muon_theory.article.sets import LOWER_ENDS
from muon_theory.claims import MeanSquare


def study(prove: Prove) -> None:
    rows = {"article": ["13/4", "-351/100", "63/50"], "jordan": ["6889/2000", "-191/40", "4063/2000"]}
    for (word, l), name in FILES.items():
        certificate = prove(name)
        assert coefficients(certificate) == rows[word]
        assert isinstance(certificate.claim, MeanSquare)
        assert (certificate.claim.interval.lo, certificate.claim.interval.hi) == (l, 1)
    for name in BANDS.values():
        prove(name)
        prove(f"{name}-attained")
    for l in LOWER_ENDS:
        assert 9 * mean_square("article", l).hi < mean_square("jordan", l).lo
    smallest, *others = LOWER_ENDS
    assert outside(BANDS["article", smallest]).hi < 1.3
    assert outside(BANDS["article", smallest]).lo < inside(BANDS["jordan", smallest]).lo, (
        "Jordan's is ahead at the smallest x"
    )
    for l in others:
        assert outside(BANDS["article", l]).lo > inside(BANDS["jordan", l]).lo


if __name__ == "__main__":
    main(study)
