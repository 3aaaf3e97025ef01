"""The front of one map repeated: every point is certified, and no random map as steep does better than its bound."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from pathlib import Path

import pytest

from muon_theory.designs.front import Front, constant_front
from muon_theory.verification import Verdict, verify
from tests.line import run


@pytest.fixture(scope="module")
def cubics() -> Front:
    return constant_front(3, 2, "1/4")


def test_steeper_maps_are_worse_and_each_bound_is_near(cubics: Front) -> None:
    assert cubics.verdict is Verdict.PROVED
    assert len(cubics.points) > 3
    slopes = [point.schedule.steps[0].slope for point in cubics.points]
    errors = [point.error for point in cubics.points]
    assert slopes == sorted(slopes)
    assert errors == sorted(errors, key=lambda e: e or 0)
    for point in cubics.points:
        assert point.error is not None
        assert point.lower_bound is not None
        assert point.error * Fraction(899, 1000) < point.lower_bound < point.error
    assert all(verify(c).proved for c in cubics.certificates)
    assert len({c.data for c in cubics.certificates}) == len(cubics.certificates)


def test_no_random_cubic_as_steep_is_below_its_bound(cubics: Front) -> None:
    rng = random.Random(7)
    places = [0.25 ** (k / 60) for k in range(61)]
    for point in cubics.points:
        slope, bound = float(point.schedule.steps[0].slope), float(point.lower_bound or 0)
        for _ in range(300):
            a = rng.uniform(slope if point is not cubics.best else 1, 4)
            b = rng.uniform(-a, 0)
            worst = 0.0
            for x in places:
                z = a * x + b * x**3
                worst = max(worst, abs(a * z + b * z**3 - 1))
            assert worst > bound - 0.01  # the places are few


def test_known_maps_lie_above_the_front(cubics: Front) -> None:
    known = {k.name: k for k in cubics.known}
    assert set(known) == {"jordan", "article", "bernstein_newhouse"}
    cubic = known["bernstein_newhouse"]
    assert cubic.error is not None
    assert cubics.best.error is not None
    assert cubic.error > cubics.best.error
    data = json.loads(json.dumps(cubics.to_json()))
    assert [p["error"] for p in data["points"]] == sorted((p["error"] for p in data["points"]), key=float)
    assert "a map that is at least as steep errs by" in " ".join(str(cubics).split())


def test_the_picture_has_both_sides_and_the_known_maps(cubics: Front) -> None:
    (axes,) = cubics.plot().axes
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert any("certified" in label for label in labels)
    assert any("no map as steep" in label for label in labels)
    assert {"jordan", "article", "bernstein_newhouse"} <= {text.get_text() for text in axes.texts}


@pytest.mark.long
def test_the_command_line_draws_it(tmp_path: Path) -> None:
    picture = tmp_path / "front.svg"
    asked = ("design", "--constant", "--front", "--degree", "3", "--steps", "1", "--lower", "1/5")
    done = run(*asked, "--plot", picture, "--format", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["verdict"] == "proved"
    assert b"<svg" in picture.read_bytes()[:400]
    for line, said in (
        ((*asked, "--slope", "2"), "does not go with --front"),
        (("design", "--front"), "--front belongs to --constant"),
    ):  # fmt: skip
        refused = run(*line)
        assert refused.returncode == 2
        assert said in refused.stderr
