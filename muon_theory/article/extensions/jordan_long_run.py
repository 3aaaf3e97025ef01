"""What Jordan's map does when it is repeated without end: certificates for A14 and A16."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from muon_theory.article.kit import add, certified, claim
from muon_theory.article.sets import JORDAN, LOWER_ENDS
from muon_theory.certificate import AnyCertificate
from muon_theory.exact.roots import fixed_points
from muon_theory.finders import band, limits
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

MAP = JORDAN.steps[0]
PERIOD = 4
NEAR = Fraction("0.7529")
"""Close to a point of the cycle."""
TRAPPED = Interval.of("18/25", "39/50")
TURNS = 8
BAND = Interval.of("17/25", "1203/1000")
"""Mapped into itself; every orbit from (0, 1] enters it."""
ENTRY = 6


@certified("a14-jordan-lower-fixed-point-repels")
def _() -> AnyCertificate:
    return limits.multiplier_kind(JORDAN, fixed_points(MAP)[0])


@certified("a14-jordan-upper-fixed-point-repels")
def _() -> AnyCertificate:
    return limits.multiplier_kind(JORDAN, fixed_points(MAP)[1])


@certified("a14-jordan-attracting-four-cycle")
def _() -> AnyCertificate:
    return limits.cycles(JORDAN, PERIOD, NEAR)


@certified("a14-jordan-an-interval-of-starts-is-trapped")
def _() -> AnyCertificate:
    """f^32 maps the interval into the first interval of the cycle, whose orbits all tend to the cycle."""
    return band.maps_into(
        JORDAN.repeated(PERIOD * TURNS), TRAPPED, claim("a14-jordan-attracting-four-cycle").intervals[0]
    )


@certified("a14-jordan-keeps-a-band")
def _() -> AnyCertificate:
    return band.maps_into(Schedule(JORDAN.steps[:1], "one step of Jordan's map"), BAND, BAND)


@certified("a14-jordan-enters-the-band")
def _() -> AnyCertificate:
    return band.maps_into(JORDAN.repeated(ENTRY), Interval(LOWER_ENDS[0], Fraction(1)), BAND)


CRITICAL = {"lower": (Interval.of("0.554528", "0.55453"), 19), "upper": (Interval.of("1.050135", "1.050137"), 15)}
"""Around the two positive critical points, and the steps after which their orbits are in the first interval."""


def _falls_in(word: str) -> AnyCertificate:
    around, steps = CRITICAL[word]
    return band.maps_into(JORDAN.repeated(steps), around, claim("a14-jordan-attracting-four-cycle").intervals[0])


for _word in CRITICAL:
    add(f"a14-jordan-{_word}-critical-orbit-is-trapped", partial(_falls_in, _word))

LONG_RUN = (
    "a14-jordan-lower-fixed-point-repels",
    "a14-jordan-upper-fixed-point-repels",
    "a14-jordan-attracting-four-cycle",
    "a14-jordan-an-interval-of-starts-is-trapped",
    "a14-jordan-keeps-a-band",
    "a14-jordan-enters-the-band",
    *(f"a14-jordan-{word}-critical-orbit-is-trapped" for word in CRITICAL),
)


def cycle() -> tuple[Interval, ...]:
    """Intervals around the four points of the cycle, in the order of iteration."""
    found: tuple[Interval, ...] = claim(LONG_RUN[2]).intervals
    return found
