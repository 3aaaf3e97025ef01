"""T8.  Sharp constants of an inexact orthogonalisation: ℓ = 1 for the maps that fix 1, and for Jordan's five steps
ℓ ≥ 0.69643, c ≤ 1.20237, ρ̄ ≤ 13.2120, where proofs by hand have 17/25, 5/4 and 13.371.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.article.extensions.t8_constants import PARTS, WORDS, constants
from muon_theory.claims import Ratio


def study(prove: Prove) -> None:
    for word in WORDS:
        parts = [prove(f"t8-{word}-{part}") for part in PARTS]
        found = constants(word)
        assert [p.data for p in parts] == [c.data for c in found.certificates]
        ratio = parts[0].claim
        assert isinstance(ratio, Ratio)
        assert ratio.bounds.lo <= found.ratio_lower.lo <= found.ratio_lower.hi
        assert found.angular is not None
        for constant in (found.ratio_lower, found.ratio_upper, found.cap, found.angular):
            assert constant.width <= constant.hi / 10**10
        if word != "jordan":
            assert found.ratio_lower.lo == 1
    jordan = constants("jordan")
    assert jordan.angular is not None
    assert Fraction(17, 25) < Fraction("0.69643") < jordan.ratio_lower.lo
    assert jordan.cap.hi < Fraction("1.20237") < Fraction(5, 4)
    assert jordan.angular.hi < Fraction("13.2120") < Fraction("13.371")


if __name__ == "__main__":
    main(study)
