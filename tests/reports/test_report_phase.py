"""The phase diagrams of the report: each colour on the picture lies where its property holds."""

from fractions import Fraction

import pytest

from muon_theory.article import phase
from muon_theory.article.curves import floats, iterate
from muon_theory.atlases import picture as plane
from muon_theory.derivations import divergence_threshold
from muon_theory.family import QUINTIC
from muon_theory.reports.atlas_figure import COLOUR, LAYERS, ORDER
from muon_theory.reports.svg import Ink

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("article")]  # the sweeps of both planes, made for it anyway


def centres(figure, layer: str) -> list[tuple[float, float]]:
    boxes = next(one["boxes"] for one in figure.data["layers"] if one["layer"] == layer)
    return [(sum(x for x, _ in box) / 4, sum(y for _, y in box) / 4) for box in boxes]


@pytest.fixture(scope="module", params=["by_slope", "by_coefficient"])
def figure(request):
    return getattr(phase, request.param)()


def slope(figure, point: tuple[float, float]) -> float:
    """s of a point of the picture."""
    a, second = point
    return second if figure.name.endswith("s") else 5 - 4 * a - 2 * second


def test_every_box_of_a_picture_stands_in_a_proved_file(figure):
    assert all(b.verification.proved for b in figure.bundles)
    drawn = {one["layer"] for one in figure.data["layers"]}
    assert drawn <= {b.layer for b in figure.bundles}
    for layer in drawn:
        shown = len(centres(figure, layer))
        assert shown <= sum(b.boxes for b in figure.bundles if b.layer == layer)


def test_colours_lie_on_their_side_of_the_derived_threshold(figure):
    for a, second in centres(figure, "converges"):
        s = slope(figure, (a, second))
        assert -1 <= s <= 1
        assert a < float(divergence_threshold(Fraction(s).limit_denominator(1000)).decimal(9))
    for a, second in centres(figure, "escapes"):
        s = slope(figure, (a, second))
        if abs(s) <= 1:
            assert a > float(divergence_threshold(Fraction(s).limit_denominator(1000)).decimal(9))


def test_orbits_in_floats_do_what_the_colours_say(figure):
    starts = [i / 400 for i in range(1, 401)]
    for layer, tends in (("converges", True), ("escapes", False)):
        for point in centres(figure, layer)[::40]:
            s = Fraction(slope(figure, point)).limit_denominator(10**6)
            if abs(s) > Fraction(9, 10):
                continue  # convergence is slow there
            f = floats(QUINTIC.at(a=Fraction(point[0]), s=s))
            ends = [iterate(f, x, 400) for x in starts]
            assert all(abs(x - 1) < 1e-6 for x in ends) is tends


def test_the_boxes_of_a_shear_are_parallelograms_over_the_same_values_of_a():
    strip = phase.swept("strip")
    window = (phase.A, phase.B)
    straight = plane.picture([strip], ("a", "s"), (phase.A, phase.S), plane.by_slope, None)
    sheared = plane.picture([strip], ("a", "b"), window, plane.by_coefficient, None)
    old = {tuple(map(tuple, box)) for one in straight["layers"] for box in one["boxes"]}
    for one in sheared["layers"]:
        for box in one["boxes"]:
            assert tuple((a, 5 - 4 * a - 2 * b) for a, b in box) in old


def test_points_outside_the_window_are_left_out(figure):
    (low, high), (below, above) = figure.data["xlim"], figure.data["ylim"]
    labels = [p["label"] for p in figure.data["points"]]
    assert len(labels) == 4
    assert all(low <= p["x"] <= high and below <= p["y"] <= above for p in figure.data["points"])


def test_the_open_share_is_stated_and_small():
    strip = phase.swept("strip")
    share = plane.open_percent(strip)
    assert float(share) / 100 >= strip.open_share()
    assert float(share) < 1
    assert f"{share} %" in phase.by_slope().caption


def test_each_layer_has_words_a_colour_and_a_place_in_the_legend():
    assert LAYERS.keys() == COLOUR.keys() == set(ORDER)
    assert set(COLOUR.values()) == set(range(len(Ink.LAYER)))
