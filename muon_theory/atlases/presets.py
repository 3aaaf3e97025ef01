"""The planes one asks for by name."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from muon_theory.atlases.surveys import STABLE, Band, Survey, schedule_survey, survey
from muon_theory.catalogue import get
from muon_theory.certificate import AnyCertificate
from muon_theory.errors import UsageError
from muon_theory.family import QUINTIC, QUINTIC_AB, SEPTIC, Family
from muon_theory.finders.families import threshold
from muon_theory.interval import Interval


def quintic_plane() -> Survey:
    """The (a, s) plane of the quintics with f(1) = 1 and f'(1) = s."""
    return survey(QUINTIC, ("a", "s"))


def coefficient_plane() -> Survey:
    """The (a, b) plane of the quintics with f(1) = 1."""
    return survey(QUINTIC_AB, ("a", "b"))


def wide_plane() -> Survey:
    """The (a, s) plane as far as slopes reach: Jordan's map scaled to either of its fixed points, and Chebyshev's."""
    return survey(QUINTIC, ("a", "s"), {"a": Interval.of(1, 5), "s": Interval.of(-8, 8)})


def cubic_plane(second: str = "b") -> Survey:
    """All cubics: a and b, or a and s = f'(1), where 1 need not be fixed."""
    return survey(CUBICS[second], ("a", second))


def septic_slice(d: str | Fraction = Fraction(1, 4)) -> Survey:
    """The (a, s) plane of degree 7 with f(1) = 1, f'(1) = s and the coefficient d of x⁷ fixed."""
    return survey(SEPTIC.fix(d=d), ("a", "s"))


def lower_end_plane() -> Survey:
    """The lower end l against a, on the article's line: where five steps bring [l, 1] into [2/3, 4/3]."""
    return survey(QUINTIC.fix(s="-49/50"), ("l", "a"))


def around_jordan(radius: str | Fraction = Fraction(1, 5), band: Band | None = None) -> Survey:
    """All quintics whose three coefficients are near Jordan's."""
    own = zip("abc", get("jordan").steps[0].coefficients, strict=True)
    window = {name: Interval.of(c).widen(Fraction(radius)) for name, c in own}
    return survey(Family.parse("a; b; c"), ("a", "b", "c"), window, band)


CUBICS = {"b": Family.parse("a; b"), "s": Family.parse("a; (s-a)/3")}

PRESETS: dict[str, tuple[str, Callable[[], Survey]]] = {
    "quintic": ("(a, s): quintics with f(1) = 1, f'(1) = s", quintic_plane),
    "quintic-ab": ("(a, b): the same quintics by their coefficients", coefficient_plane),
    "quintic-wide": ("(a, s) to a = 5, |s| = 8: both of Jordan's fixed points scaled to 1", wide_plane),
    "cubic": ("(a, b): all cubics", cubic_plane),
    "cubic-as": ("(a, s): all cubics, s = f'(1)", lambda: cubic_plane("s")),
    "septic": ("(a, s): degree 7 with f(1) = 1, f'(1) = s, d = 1/4", septic_slice),
    "jordan": ("(a, b, c) within 1/5 of Jordan's: bounded and positive", around_jordan),
    "jordan-band": (
        "(a, b, c) within 1/50 of Jordan's: 5 steps, [1/100, 1] into [2/3, 4/3]",
        lambda: around_jordan("1/50", Band()),
    ),
    "lower-end": ("(l, a) on the article's line: 5 steps, [l, 1] into [2/3, 4/3]", lower_end_plane),
    "schedule": (
        "(a, b) of the last of five steps of Jordan's: [1/100, 1] into [2/3, 4/3]",
        lambda: schedule_survey(get("jordan", 5), 5, ("a", "b"), band=Band()),
    ),
}
"""By name: what it is, and what makes it."""


def preset(name: str) -> Survey:
    """The survey of that name.  Raises UsageError that lists the names."""
    if name not in PRESETS:
        raise UsageError(f"there is no atlas {name!r}: the names are {', '.join(PRESETS)}")
    return PRESETS[name][1]()


def strip_theorem() -> AnyCertificate:
    """The strip |s| ≤ 1, 1 ≤ a ≤ 4, as one statement: every orbit tends to 1 below a*(s), one escapes above."""
    extent, window = Interval.of(1, 4), Interval.of("5/2", 4)
    return threshold(QUINTIC, "converges", "fixed-point", extent, [STABLE], window)
