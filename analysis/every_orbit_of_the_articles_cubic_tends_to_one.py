"""A6, A16. Every orbit of (1.99, -0.99) from (0, 1] tends to 1; its bands over [l, 1] after 5, 10, 20 steps."""

from __future__ import annotations

from _study import Prove, coefficients, main

from muon_theory.article.a06_article_cubic import BANDS, PROOFS
from muon_theory.article.kit import inside, outside
from muon_theory.claims import Converges
from muon_theory.interval import Interval


def study(prove: Prove) -> None:
    for name in PROOFS:
        assert coefficients(prove(name)) == ["199/100", "-99/100"]
    claim = prove("a6-article-cubic-converges").claim
    assert isinstance(claim, Converges)
    assert claim.point == Interval.of(1)
    assert claim.upper > 1
    for name in BANDS.values():
        assert inside(name) <= outside(name)
        assert outside(name).width - inside(name).width < 1e-10


if __name__ == "__main__":
    main(study)
