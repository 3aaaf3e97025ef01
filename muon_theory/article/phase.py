"""The phase diagram of the quintics with f(1) = 1: two sweeps of the plane (a, s), made and checked once a process.

A fine one around the strip |s| ≤ 1, and a coarser one as far as the window of (a, b) reaches, for the second picture.
"""

from __future__ import annotations

from functools import cache

from muon_theory.atlases import Atlas, Survey, atlas, survey
from muon_theory.atlases import picture as plane
from muon_theory.document import Bundle, Figure
from muon_theory.family import QUINTIC
from muon_theory.interval import Interval

A, B, S = Interval.of(1, 4), Interval.of(-6, 2), Interval.of(-2, 2)
"""The windows of the two pictures."""

AROUND = Interval.of(-15, 13)
"""f'(1) = 5 - 4a - 2b over the window of (a, b)."""

SWEEPS = {"strip": S, "around": AROUND}


def surveyed(name: str) -> Survey:
    """What a sweep looks at."""
    return survey(QUINTIC, ("a", "s"), {"a": A, "s": SWEEPS[name]})


@cache
def swept(name: str) -> Atlas:
    """The sweep of that name."""
    return atlas(surveyed(name), jobs=1)


@cache
def bundles(name: str) -> tuple[Bundle, ...]:
    """Its certificate files, as they were verified."""
    return tuple(Bundle(f"phase-{name}-{f.name}", f.layer, f.boxes, f.data, f.verification)
                 for f in swept(name).files())  # fmt: skip


def count(*names: str) -> str:
    """How many boxes the certificates of these sweeps have."""
    return str(sum(b.boxes for name in names for b in bundles(name)))


def by_slope() -> Figure:
    """The plane (a, s)."""
    found = swept("strip")
    data: dict[str, object] = plane.picture([found], ("a", "s"), (A, S), plane.by_slope, plane.by_slope)
    return Figure(
        "a11-phase-a-s",
        "atlas",
        "The quintics with f(1) = 1, by slope a = f'(0) at 0 and multiplier s = f'(1) at 1. Every colour is a theorem: "
        f"each of {count('strip')} boxes is proved to have the property of its colour, by the certificates named "
        f"below. Blank is open: {plane.open_percent(found)} % of the strip |s| ≤ 1, most of it along the threshold, "
        "where the certificate of the whole strip (see Proofs) takes over. The curves are derived. Jordan's map is "
        "scaled so that its fixed point p becomes 1.",
        data,
        bundles("strip"),
    )


def by_coefficient() -> Figure:
    """The plane (a, b)."""
    both = [swept("around"), swept("strip")]
    data: dict[str, object] = plane.picture(both, ("a", "b"), (A, B), plane.by_coefficient, plane.by_coefficient)
    return Figure(
        "a11-phase-a-b",
        "atlas",
        "The same maps in the article's own coordinates a and b, where the strip |f'(1)| ≤ 1 is the green band between "
        "2 − 2a and 3 − 2a with its red end. A box proved in (a, s) is a parallelogram here, as b = (5 − s)/2 − 2a; "
        f"{count('strip', 'around')} of them, from the sweep above and a coarser one around it.",
        data,
        (*bundles("strip"), *bundles("around")),
    )
