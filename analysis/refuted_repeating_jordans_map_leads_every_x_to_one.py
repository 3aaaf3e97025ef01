"""A16, refuted: that many applications of Jordan's map lead every x in (0, 1] to 1.  Its orbits stay in [0.68,
1.203].
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, coefficients, main

from muon_theory.article.extensions.t5_jordan import BAND, LONG_RUN, MAP
from muon_theory.claims import MapsInto


def study(prove: Prove) -> None:
    assert MAP(1) == Fraction(701, 1000), "1 is not fixed, so no orbit tends to it"
    keeps, enters = (prove(name) for name in LONG_RUN[4:6])
    assert keeps.claim == MapsInto(BAND, BAND)
    assert coefficients(keeps) == coefficients(enters) == MAP.row()
    assert isinstance(enters.claim, MapsInto)
    assert enters.claim.target == BAND
    assert (enters.claim.start.lo, enters.claim.start.hi) == (Fraction(1, 1000), 1)
    assert BAND.lo > Fraction(2, 3)


if __name__ == "__main__":
    main(study)
