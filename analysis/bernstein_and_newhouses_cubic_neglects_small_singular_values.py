"""A7. Five steps of (3/2, -1/2) keep [0, l] below (243/32)·l, and far below the article's cubic."""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, coefficients, main

from muon_theory.article.a07_bernstein import OURS, SMALL
from muon_theory.article.sets import LOWER_ENDS
from muon_theory.claims import MapsInto


def study(prove: Prove) -> None:
    for l in LOWER_ENDS:
        theirs, ours = prove(SMALL[l]), prove(OURS[l])
        assert coefficients(theirs) == ["3/2", "-1/2"]
        assert coefficients(ours) == ["199/100", "-99/100"]
        assert isinstance(theirs.claim, MapsInto)
        assert isinstance(ours.claim, MapsInto)
        assert theirs.claim.start.hi == ours.claim.start.lo == l
        assert theirs.claim.target.hi <= Fraction(243, 32) * l
        assert theirs.claim.target.hi < ours.claim.target.lo


if __name__ == "__main__":
    main(study)
