"""Attracting cycles over boxes: the trap is one, an oracle that iterates agrees, and the known bifurcations are met."""

from fractions import Fraction as Q

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from muon_theory.atlases import Layers
from muon_theory.atlases.cycles import _critical, _image
from muon_theory.atlases.part import NotHere
from muon_theory.errors import UndecidedError
from muon_theory.family import CUBIC, QUINTIC
from muon_theory.interval import Interval
from muon_theory.verification import verify
from tests.checker import naive

CYCLE = ("attracting-cycle",)


def around(a: Q, s: Q, radius: Q) -> tuple[Interval, Interval]:
    return Interval.of(a).widen(radius), Interval.of(s).widen(radius)


def certificate(box: tuple[Interval, ...], family=QUINTIC):
    layers = Layers(family, CYCLE)
    (made,) = layers.certificates(box, layers.proofs(CYCLE[0], box))
    return made


@pytest.mark.parametrize(
    ("a", "s", "period"),
    [
        (Q(2), Q(3, 2), 1),  # a fixed point other than 1
        (Q(2), Q(-21, 20), 2),  # just past the period doubling at s = -1
        (Q(2), Q(-5, 4), 2),
        (Q("3.4445"), Q("-1.5820"), 4),  # Jordan's map, scaled
    ],
)
def test_cycles_where_iteration_finds_them(a: Q, s: Q, period: int) -> None:
    made = certificate(around(a, s, Q(1, 4000)))
    assert verify(made).proved
    assert len(made.claim.intervals) == period
    f, x = QUINTIC.at(a=a, s=s), 0.5
    row = [float(c) for c in f.coefficients]
    for _ in range(5000):
        x = x * sum(c * x ** (2 * i) for i, c in enumerate(row))
    assert sum(float(i.lo) <= x <= float(i.hi) for i in made.claim.intervals) == 1


def test_no_cycle_but_the_fixed_point_1() -> None:
    with pytest.raises(NotHere):
        certificate(around(Q(2), Q(0), Q(1, 100)))


def test_a_box_across_a_bifurcation_is_halved() -> None:
    with pytest.raises(UndecidedError, match="halve the box"):
        certificate(around(Q(2), Q(-1), Q(1, 10)))


def test_all_members_contract_around_the_cubic_s_two_cycle() -> None:
    made = certificate((Interval.of("21/10", "211/100"),), CUBIC)
    assert len(made.claim.intervals) == 2
    assert naive.true(made.to_json()) is True


@given(st.floats(0.1, 1.2), st.floats(0.001, 0.1), st.lists(st.floats(-6, 6), min_size=1, max_size=4))
def test_an_image_contains_what_it_says_up_to_the_spare(lo: float, width: float, row: list[float]) -> None:
    """A parabola through three values: off by the cubic part only, which a narrow interval makes small."""
    assume(any(abs(c) > 0.01 for c in row))
    least, most = _image([row], (lo, lo + width))
    scale = sum(abs(c) * (2 * i + 1) ** 3 * 1.5 ** (2 * i) for i, c in enumerate(row))
    for k in range(33):
        x = lo + width * k / 32
        value = x * sum(c * x ** (2 * i) for i, c in enumerate(row))
        assert least - scale * width**3 - 1e-9 <= value <= most + scale * width**3 + 1e-9


def test_critical_points_are_zeros_of_the_slope() -> None:
    jordan = (3.4445, -4.7750, 2.0315)
    *found, other = _critical(jordan)
    assert other == 0.5
    assert len(found) == 2
    for x in found:
        assert abs(sum((2 * i + 1) * c * x ** (2 * i) for i, c in enumerate(jordan))) < 1e-6
