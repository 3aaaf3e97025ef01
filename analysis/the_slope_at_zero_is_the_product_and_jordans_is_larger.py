"""A8, A15. φ'(0) = a⁵: (13/4)⁵ for the article's set, (6889/2000)⁵ for Jordan's."""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, coefficients, main

from muon_theory.claims import Slope


def study(prove: Prove) -> None:
    ours, jordan = prove("a15-slope-article"), prove("a15-slope-jordan")
    assert coefficients(ours)[0] == "13/4"
    assert coefficients(jordan)[0] == "6889/2000"
    assert ours.claim == Slope(Fraction(13, 4) ** 5)
    assert jordan.claim == Slope(Fraction(6889, 2000) ** 5)
    assert Fraction(13, 4) < Fraction(6889, 2000)


if __name__ == "__main__":
    main(study)
