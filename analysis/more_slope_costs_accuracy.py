"""A8. Among the nineteen candidates of the report, on the certified Pareto front of slope against error over
[1/100, 1], more slope always means more error; the article's set and Jordan's are on it.
"""

from __future__ import annotations

from itertools import pairwise

from _study import Prove, main

from muon_theory.article.a08_slope import ALL, PROOFS, beaten_by, front


def study(prove: Prove) -> None:
    for name in PROOFS:
        prove(name)
    best = front()
    assert len(best) >= 4
    for here, after in pairwise(best):
        assert here.slope < after.slope
        assert here.error.hi < after.error.lo
    assert {"(3.25, −3.51, 1.26)", "Jordan"} <= {m.label for m in best}
    assert all(beaten_by(m) is not None for m in ALL if m not in best)


if __name__ == "__main__":
    main(study)
