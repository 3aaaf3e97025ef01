"""Atlases: the checker proves every box, an oracle of another kind agrees, and nothing depends on the workers."""

import json
import random
from fractions import Fraction as Q

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.atlases import (
    Atlas,
    Band,
    Plane,
    Strip,
    atlas,
    coefficient_plane,
    quintic_plane,
    strip_theorem,
    survey,
    sweep,
)
from muon_theory.atlases.chains import Maps
from muon_theory.atlases.plane import maximal, volume
from muon_theory.atlases.tensor import PLACES, Tensor
from muon_theory.certificate import canonical
from muon_theory.errors import UsageError
from muon_theory.exact.bernstein import bernstein_tensor
from muon_theory.exact.rationals import exact
from muon_theory.family import QUINTIC, QUINTIC_AB, Family
from muon_theory.finders.families import Unit
from muon_theory.interval import Interval
from muon_theory.verification import verify
from tests.checker import naive

FREE = Family.parse("a; b; c")
JORDAN = {"a": Q("3.4445"), "b": Q("-4.7750"), "c": Q("2.0315")}
PATHS = st.text("01", max_size=12)


def around_jordan(radius: Q) -> dict[str, Interval]:
    return {name: Interval(c - radius, c + radius) for name, c in JORDAN.items()}


@pytest.fixture(scope="module")
def strip() -> Atlas:
    return atlas(quintic_plane().at_depth(13), jobs=1)


# ------------------------------------------------------------------------------------------------------------- geometry


@given(PATHS)
def test_the_halves_of_a_box_are_the_box(path: str) -> None:
    plane = quintic_plane().plane
    low, high, whole = (plane.box(path + bit) for bit in ("0", "1", ""))
    axis = plane.axis(len(path))
    assert low[axis].hi == high[axis].lo
    assert (low[axis].lo, high[axis].hi) == (whole[axis].lo, whole[axis].hi)
    assert volume(low) + volume(high) == volume(whole) == plane.area / 2 ** len(path)


@given(st.lists(PATHS, max_size=12))
def test_maximal_boxes_cover_the_same_and_do_not_overlap(paths: list[str]) -> None:
    kept = maximal(paths)
    assert all(any(p.startswith(k) for k in kept) for p in paths)
    assert not any(a != b and b.startswith(a) for a in kept for b in kept)


@given(PATHS)
def test_the_strip_s_area_is_that_of_its_halves(path: str) -> None:
    of = coefficient_plane()
    assert isinstance(of.strip, Strip)
    areas = [of.strip.area(of.plane.box(path + bit)) for bit in ("", "0", "1")]
    assert areas[0] == areas[1] + areas[2] <= volume(of.plane.box(path))


@pytest.mark.long
def test_the_strip_is_counted_right() -> None:
    """Against a grid of points, where the count is exact because the strip's sides miss them."""
    of = coefficient_plane()
    (a, b), n = of.plane.window, 48
    points = [
        (a.lo + a.width * Q(2 * i + 1, 2 * n), b.lo + b.width * Q(2 * j + 1, 2 * n)) for i in range(n) for j in range(n)
    ]
    inside = sum(abs(QUINTIC_AB.at(a=x, b=y).derivative(1)) < 1 for x, y in points)
    assert of.strip is not None
    assert abs(inside * of.plane.area / n**2 - of.strip.area(of.plane.window)) < Q(1, 20)


def test_planes_that_are_none() -> None:
    with pytest.raises(UsageError, match="different axes"):
        Plane(("a", "a"), (Interval.of(0, 1), Interval.of(0, 1)))
    with pytest.raises(UsageError, match="is a point"):
        Plane(("a",), (Interval.of(1),))
    with pytest.raises(UsageError, match="write a,s"):
        survey(QUINTIC, ("a", "b"))
    with pytest.raises(UsageError, match="no default window for d"):
        survey(Family.parse("a; d"), ("a", "d"))
    with pytest.raises(UsageError, match="from 1 to 40"):
        quintic_plane().at_depth(0)


# -------------------------------------------------------------------------------------------------- the inner loop


@given(st.integers(0, 1), st.booleans(), st.sampled_from(["w", "r", "gz", "n"]))
def test_halving_a_tensor_gives_the_coefficients_on_the_half(axis: int, upper: bool, name: str) -> None:
    p = getattr(Unit.of(QUINTIC), name)
    box = (Interval.of(1, 4), Interval.of(-2, 2))
    side = box[axis]
    part = Interval(side.midpoint, side.hi) if upper else Interval(side.lo, side.midpoint)
    half = (*box[:axis], part, *box[axis + 1 :])
    mine = [int(v) for v in Tensor.of(p, box).half(axis, upper).matrix.entries()]
    _, direct, _ = bernstein_tensor(p, [*((exact(i.lo), exact(i.hi)) for i in half), (exact(0), exact(1))])
    ratio = next(Q(m, d) for m, d in zip(mine, direct, strict=True) if d != 0)
    assert ratio > 0
    assert mine == [ratio * d for d in direct]


@given(st.integers(1, PLACES - 1))
def test_least_at_a_place_is_a_bound_there(place: int) -> None:
    box = (Interval.of(3, 4), Interval.of(-1, 1))
    p = Unit.of(QUINTIC).r
    positive = Tensor.of(p, box).least_at(place) > 0
    values = [p(exact(a), exact(s), exact(Q(place, PLACES))) for a in (3, Q(7, 2), 4) for s in (-1, 0, 1)]
    assert not positive or min(values) > 0


@given(st.fractions(Q(-2), Q(2), max_denominator=50), st.fractions(Q(1), Q(4), max_denominator=50))
def test_maps_of_a_box_contain_each_member(s: Q, a: Q) -> None:
    maps = Maps.of(QUINTIC.coefficients, (Interval.of(1, 4), Interval.of(-2, 2)))
    rows = maps.coefficients.tolist()
    for power, c in enumerate(QUINTIC.at(a=a, s=s).dense()):
        column = [row[power] for row in rows]
        assert min(column) <= exact(c) <= max(column)


# --------------------------------------------------------------------------------------------------------- the strip


def test_every_file_is_proved(strip: Atlas) -> None:
    files = strip.files()
    assert {f.layer for f in files} >= {"converges", "escapes", "multiplier-above-1", "attracting-cycle"}
    assert all(verify(f.data).proved for f in files)
    assert sum(f.boxes for f in files) == len(strip.found.leaves)


def test_an_oracle_of_another_kind_agrees(strip: Atlas) -> None:
    """Root counting at random rational members of random boxes."""
    draw = random.Random(1)
    for layer in ("converges", "escapes", "multiplier-above-1", "multiplier-below-minus-1"):
        for leaf in draw.sample(strip.boxes(layer), 3):
            inside = tuple(i.lo + i.width * Q(draw.randint(1, 99), 100) for i in strip.plane.box(leaf.path))
            row = [c.at(inside) for c in QUINTIC.coefficients]
            assert naive.holds(layer, row), (layer, inside)


def test_layers_that_exclude_one_another_do_not_meet(strip: Atlas) -> None:
    for other in ("escapes", "multiplier-above-1", "multiplier-below-minus-1"):
        together = {leaf.path for leaf in (*strip.boxes("converges"), *strip.boxes(other))}
        assert strip._share(together) == strip.certified_share("converges") + strip.certified_share(other)


def test_the_picture_agrees_with_the_one_theorem_of_the_strip(strip: Atlas) -> None:
    """E(a, s), whose root is the threshold, has the sign of its side on every box of the strip."""
    curve = strip_theorem()
    assert verify(curve).proved
    m, window = curve.claim.polynomial, Interval.of("5/2", 4)
    above = m.at((Q(4), Q(0)))
    for layer, sign in (("converges", -1), ("escapes", 1)):
        boxes = [strip.plane.box(leaf.path) for leaf in strip.boxes(layer)]
        points = [tuple(i.midpoint for i in box) for box in boxes if box[0] <= window and box[1] <= Interval.of(-1, 1)]
        assert len(points) > 10
        assert all(sign * above * m.at(p) > 0 for p in points)


@pytest.mark.long
def test_the_strip_is_open_by_less_than_a_percent() -> None:
    of = quintic_plane()
    found = Atlas(of.prover, of.plane, of.strip, sweep(of.prover, of.plane, {"converges": 16, "escapes": 16}, jobs=1))
    assert found.open_share() < Q(1, 100)
    assert len([f for f in found.files() if f.verification.proved]) == 2


@pytest.mark.long
def test_the_other_plane_is_open_by_less_than_a_percent() -> None:
    found = atlas(coefficient_plane())
    assert found.open_share() < Q(1, 100)
    assert all(f.verification.proved for f in found.files())


def test_a_box_that_grew_is_refused(strip: Atlas) -> None:
    """The certificate's claim is bound to its cells."""
    (file,) = (f for f in strip.files() if f.layer == "escapes")
    data = json.loads(file.data)
    data["claim"]["boxes"][0][0][0] = "1"
    verdict = verify(canonical(data))
    assert not verdict.proved
    assert "does not lie inside" in verdict.reason


def test_shares_are_those_of_the_answer(strip: Atlas) -> None:
    answer = strip.to_json(strip.files())
    assert answer["verdict"] == "proved"
    assert answer["open_share_of"] == "strip |f'(1)| <= 1"
    assert Q(answer["open_share"]) >= strip.open_share()
    assert all(Q(x["certified_share"]) <= strip.certified_share(x["property"]) for x in answer["layers"])


# ------------------------------------------------------------------------------------------------- other families


def test_a_septic_slice() -> None:
    """Degree 7 with f(1) = 1, f'(1) = s and the coefficient b of x³ fixed."""
    septic = Family.fixing_one(7).fix(b="-7/2")
    of = survey(septic, septic.parameters, {"a": Interval.of(2, "5/2"), "s": Interval.of("-1/2", "1/2")}).at_depth(6)
    found = sweep(of.prover, of.plane, {"converges": 6, "escapes": 6}, jobs=1)
    assert {leaf.layer for leaf in found.leaves} == {"converges"}
    result = Atlas(of.prover, of.plane, of.strip, found)
    assert all(f.verification.proved for f in result.files())


def test_bounded_and_positive_around_jordan() -> None:
    of = survey(FREE, ("a", "b", "c"), around_jordan(Q(1, 50)))
    found = Atlas(of.prover, of.plane, None, sweep(of.prover, of.plane, {"bounded-positive": 6}, jobs=1))
    assert found.certified_share("bounded-positive") == 1
    (file,) = found.files()
    assert set(file.verification.claims) == {"maps-into", "sign-safe"}


@pytest.mark.long
def test_a_band_around_jordan_and_where_it_is_left() -> None:
    band = Band(Interval.of("2/3", "4/3"), Q(1, 100), 5)
    of = survey(FREE, ("a", "b", "c"), around_jordan(Q(1, 100)), band).at_depth(6)
    held = atlas(of, jobs=1)
    assert held.certified_share("band") > Q(1, 2)
    tight = survey(FREE, ("a", "b", "c"), around_jordan(Q(1, 100)), Band(Interval.of("9/10", "11/10"))).at_depth(3)
    assert atlas(tight, jobs=1).certified_share("leaves-band") == 1
    assert all(f.verification.proved for f in (*held.files(), *atlas(tight, jobs=1).files()))


@pytest.mark.long
def test_the_lower_end_as_an_axis() -> None:
    of = survey(QUINTIC.fix(s="-49/50"), ("l", "a")).at_depth(9)
    found = atlas(of, jobs=1)
    assert found.certified_share("band") > Q(1, 2)
    assert found.certified_share("leaves-band") > Q(1, 10)
    assert found.certified_share("band") + found.certified_share("leaves-band") + found.open_share() == 1
    assert all(f.verification.proved for f in found.files())


@pytest.mark.long
def test_the_free_plane_of_the_cubics() -> None:
    of = survey(Family.parse("a; b"), ("a", "b"), {"b": Interval.of(-3, 1)}).at_depth(8)
    found = atlas(of, jobs=1)
    assert all(found.certified_share(layer) > 0 for layer in ("bounded-positive", "escapes", "flips"))
    assert all(f.verification.proved for f in found.files())
