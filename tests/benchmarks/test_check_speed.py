"""How long the checker takes: a good band, and the files that cost it most.  Recorded, not asserted."""

import pytest

from muon_theory.finders.band import maps_into
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule
from muon_theory.verification import verify
from tests.checker import hostile

pytestmark = [pytest.mark.benchmark, pytest.mark.long]
COSTLY = ("ten-megabytes-of-splits", "million-empty-lists", "many-splits", "converges-of-degree-65", "wide-identity")


def test_checking_a_band_of_twelve_digits(benchmark) -> None:
    jordan = Schedule.parse("3.4445,-4.7750,2.0315", steps=5)
    data = maps_into(jordan, Interval.of("1/1000", 1)).data
    assert benchmark(verify, data).proved


@pytest.mark.parametrize("name", [*COSTLY, "bundle-of-slopes", "bundle-of-thresholds"])
def test_checking_a_hostile_file(benchmark, name: str) -> None:
    data = hostile.HOSTILE[name]()
    benchmark.pedantic(verify, (data,), rounds=2)
