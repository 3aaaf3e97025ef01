"""A14. Both positive fixed points of Jordan's map repel; a 4-cycle attracts, and every x in [0.72, 0.78] tends
to it.
"""

from __future__ import annotations

from _study import Prove, coefficients, main

from muon_theory.article.extensions.t5_jordan import CRITICAL, LONG_RUN, MAP, TRAPPED
from muon_theory.claims import Cycles, MapsInto, Repels
from muon_theory.schedule import Schedule


def study(prove: Prove) -> None:
    for word, (around, steps) in CRITICAL.items():
        trapped = prove(f"a14-jordan-{word}-critical-orbit-is-trapped")
        assert isinstance(trapped.subject, Schedule)
        assert len(trapped.subject.steps) == steps
        assert MAP.derivative(around.lo) * MAP.derivative(around.hi) < 0, "a critical point lies inside"
    jordan = ["6889/2000", "-191/40", "4063/2000"]
    lower, upper, cycle, trapped = (prove(name) for name in LONG_RUN[:4])
    assert all(coefficients(c) == jordan for c in (lower, upper, cycle, trapped))
    assert isinstance(lower.claim, Repels)
    assert isinstance(upper.claim, Repels)
    assert lower.claim.point.hi < 1 < upper.claim.point.lo
    g = MAP.coefficients
    assert g[1] ** 2 > 4 * (g[0] - 1) * g[2], (
        "g = 1 has two roots in y, so there are two positive fixed points and no more"
    )
    assert isinstance(cycle.claim, Cycles)
    assert len(cycle.claim.intervals) == 4
    assert isinstance(trapped.claim, MapsInto)
    assert trapped.claim.start == TRAPPED
    assert trapped.claim.target <= cycle.claim.intervals[0]
    assert isinstance(trapped.subject, Schedule)
    assert len(trapped.subject.steps) % 4 == 0


if __name__ == "__main__":
    main(study)
