"""A5. For δ = 1/10 the least x from which φ stays within δ of 1 falls in a up to 1.97, and has jumped up at 1.99."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from _study import Prove, main

from muon_theory.article.a05_neighbourhood import DELTA, SAMPLES
from muon_theory.article.neighbourhood import bracket, certificates, overshoot


def study(prove: Prove) -> None:
    for name in certificates(SAMPLES):
        prove(name)
    assert Fraction(1, 10) == DELTA
    *rising, last = map(bracket, SAMPLES)
    assert [s.a for s in SAMPLES[-2:]] == ["1.97", "1.99"]
    for here, after in pairwise(rising):
        assert after.hi < here.lo
    assert last.lo > 3 * rising[-1].hi
    assert [overshoot(s).hi == 0 for s in SAMPLES] == [True, True, True, False, False, False, False]


if __name__ == "__main__":
    main(study)
