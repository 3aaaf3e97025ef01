"""Every part of a box has one of several properties: certificates that the checker proves, and clear refusals."""

from fractions import Fraction as Q

import pytest

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.family import CUBIC, QUINTIC
from muon_theory.finders.covering import covering
from muon_theory.interval import Interval
from muon_theory.verification import verify

STEEP = (Interval.of("17/5", 4), Interval.of(-1, "9/10"))


def test_steep_quintics_do_not_send_all_of_the_unit_interval_to_one() -> None:
    found = covering(QUINTIC, ("lands", "returns"), STEEP)
    assert all(verify(c).proved for c in found)
    parts = [box for c in found for box in c.claim.boxes]
    assert sum((a.width * s.width for a, s in parts), Q(0)) == STEEP[0].width * STEEP[1].width


def test_insides_overlap_where_the_boundary_is_left_out() -> None:
    found = covering(QUINTIC, ("lands",), (Interval.of("33/10", 4), Interval.of(0, 1)), interior=True)
    assert all(verify(c).proved and c.claim.open for c in found)
    with pytest.raises(UndecidedError, match="did not suffice"):  # at s = 1 nothing lands elsewhere: w is 0 at 1
        covering(QUINTIC, ("lands",), (Interval.of("33/10", 4), Interval.of(0, 1)), most=200)


def test_a_cubic_past_two_returns() -> None:
    (found,) = covering(CUBIC, ("returns",), (Interval.of("41/20", 3),))
    assert verify(found).proved


def test_a_property_of_no_single_point_is_refused() -> None:
    for name in ("converges", "nonsense"):
        with pytest.raises(UsageError, match="rests on one x₀"):
            covering(CUBIC, (name,), (Interval.of(1, 2),))
