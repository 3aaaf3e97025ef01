"""A2. The article's cubic and quintic and Bernstein & Newhouse's cubic have an attracting fixed point at 1."""

from __future__ import annotations

from _study import Prove, coefficients, main

from muon_theory.claims import Attracts
from muon_theory.interval import Interval


def study(prove: Prove) -> None:
    for word, row in {
        "article-cubic": ["199/100", "-99/100"],
        "bernstein": ["3/2", "-1/2"],
        "article": ["13/4", "-351/100", "63/50"],
    }.items():
        certificate = prove(f"a2-{word}-attracts")
        assert coefficients(certificate) == row
        assert certificate.claim == Attracts(Interval.of(1))


if __name__ == "__main__":
    main(study)
