"""Almost every orbit is trapped: the exact conditions, what they refuse, and orbits that agree with the rate."""

from dataclasses import replace
from fractions import Fraction as Q
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.article.extensions.t5_jordan import BAND, CELLS, MAP, RATE, TRAPPED, trapping
from muon_theory.derivations.almost_every import decay, enclosure
from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval


def test_jordans_map_decays_and_says_how_fast() -> None:
    found = trapping()
    assert found.holds()
    assert (found.rate, len(found.weights)) == (RATE, CELLS)
    assert 1 < found.factor < 7


def test_fewer_points_are_left_than_the_bound_says() -> None:
    """By a count of random starts: how many have come to no trapped cell after n steps."""
    found, source = trapping(), Random(5)
    left = [float(BAND.lo) + float(BAND.width) * source.random() for _ in range(4000)]
    a, b, c = map(float, MAP.coefficients)
    for n in range(60):
        cells = [min(int((x - float(BAND.lo)) / float(BAND.width) * CELLS), CELLS - 1) for x in left]
        left = [x for x, i in zip(left, cells, strict=True) if found.order[i] is None]
        assert len(left) / 4000 * float(BAND.width) <= float(found.factor * found.rate ** (n + 1)) + 0.01
        left = [x * (a + b * x * x + c * x**4) for x in left]
    assert len(left) < 40


@pytest.mark.parametrize("change", ["rate", "weight", "order", "trap"])
def test_what_is_wrong_does_not_hold(change: str) -> None:
    found = trapping()
    free, caught = found.order.index(None), next(i for i, o in enumerate(found.order) if o)
    wrong = {
        "rate": replace(found, rate=Q(1, 2)),
        "weight": replace(found, weights=tuple(1 if i == free else w for i, w in enumerate(found.weights))),
        "order": replace(found, order=tuple(0 if i == caught else o for i, o in enumerate(found.order))),
        "trap": replace(found, trap=Interval.of("3/4", "31/41")),
    }[change]
    assert not wrong.holds()


def test_too_few_cells_are_an_answer() -> None:
    with pytest.raises(UndecidedError, match="cells"):
        decay(MAP, BAND, TRAPPED, 12, RATE)


@given(st.lists(st.fractions(-3, 3, max_denominator=9), min_size=1, max_size=5), st.fractions(0, 1, max_denominator=50))
def test_an_enclosure_contains_the_values(c: list[Q], x: Q) -> None:
    inside = enclosure(c, Interval.of("1/7", "6/5"))
    t = Q(1, 7) + (Q(6, 5) - Q(1, 7)) * x
    assert inside.lo <= sum(v * t**i for i, v in enumerate(c)) <= inside.hi
