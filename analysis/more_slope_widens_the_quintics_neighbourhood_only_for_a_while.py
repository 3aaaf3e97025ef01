"""A10. On b = 2.99 - 2a, δ = 1/5: x_δ falls up to a = 2.75, and is much larger just below the divergence
threshold.
"""

from __future__ import annotations

from fractions import Fraction

from _study import Prove, main

from muon_theory.article.a10_line import DELTA, SAMPLES
from muon_theory.article.neighbourhood import bracket, certificates


def study(prove: Prove) -> None:
    for name in certificates(SAMPLES):
        prove(name)
    assert Fraction(1, 5) == DELTA
    x = {s.a: bracket(s) for s in SAMPLES}
    for here, after in (("2", "2.25"), ("2.25", "2.5"), ("2.5", "2.75")):
        assert x[after].hi < x[here].lo
    assert x["3"].lo > x["2.75"].hi, "refutes that it widens throughout"
    assert x["3.34"].lo > 30 * x["2.75"].hi


if __name__ == "__main__":
    main(study)
