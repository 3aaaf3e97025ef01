"""The best map to repeat: certified from above, bounded from below, and better than the named maps."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest

from muon_theory import catalogue
from muon_theory.designs.constant import constant as searched
from muon_theory.designs.greedy import reach
from muon_theory.designs.result import band
from muon_theory.errors import UsageError
from muon_theory.finders.constant_bound import constant_bound
from muon_theory.finders.constant_bound.best import errors, places
from muon_theory.finders.constant_bound.search import BetterError
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict, verify
from tests.naive import naive_remez

constant = cache(searched)
"""Several tests ask for the same map."""

FOUND = {  # by differential evolution from random coefficients of either sign: (degree, steps, 1/l) to the least error
    (3, 3, 100): 0.834112,
    (3, 4, 100): 0.628106,
    (3, 5, 100): 0.358887,
    (3, 6, 100): 0.175783,
    (5, 3, 100): 0.447054,
    (5, 4, 100): 0.121450,
    (5, 5, 100): 0.030429,
    (5, 6, 100): 0.006244,
}


@pytest.mark.parametrize(("degree", "steps"), [(3, 3), *(pytest.param(*k[:2], marks=pytest.mark.long) for k in FOUND)])
def test_the_error_is_within_a_thousandth_of_what_evolution_found(degree: int, steps: int) -> None:
    made = constant(degree, steps, "1/100", boxes=False)
    assert made.verdict is Verdict.PROVED
    assert made.error is not None
    assert made.lower_bound is not None
    assert made.lower_bound < made.error < Fraction(FOUND[degree, steps, 100]) * Fraction(1001, 1000)
    assert all(verify(c).proved for c in made.certificates)
    row = tuple(map(float, made.schedule.steps[0].coefficients))
    for k in range(200):
        x = 0.01 ** (k / 200)
        for _ in range(steps):
            x = naive_remez.value(row, x)
        assert abs(x - 1) <= float(made.error) + 1e-9


def test_the_named_maps_are_far_from_the_best() -> None:
    best = constant(5, 5, "1/100", boxes=False)
    assert best.error is not None
    for name in ("jordan", "article"):
        image = band(catalogue.entry(name).schedule(5), Interval.of("1/100", 1)).interval
        assert image is not None
        assert best.error < reach(image) / 4


def test_the_answer_in_json() -> None:
    data = json.loads(json.dumps(constant(3, 3, "1/10", boxes=False).to_json()))
    assert {"verdict", "steps", "error", "lower_bound"} <= set(data)
    assert data["verdict"] == "proved"
    assert len(data["steps"]) == 3
    assert float(data["lower_bound"]) < float(data["error"])


@pytest.mark.parametrize(
    ("degree", "steps", "l"),
    [
        (3, 4, "1/100"), pytest.param(5, 3, "1/100", marks=pytest.mark.long),
        *(pytest.param(3, steps, l, marks=pytest.mark.long) for steps in range(3, 9) for l in ("1/100", "1/1000")),
        *(pytest.param(5, steps, "1/100", marks=pytest.mark.long) for steps in range(4, 8)),
        *(pytest.param(5, steps, "1/1000", marks=pytest.mark.long) for steps in range(4, 8)),
        pytest.param(7, 3, "1/100", marks=pytest.mark.long),
    ],
)  # fmt: skip
def test_no_map_is_better_by_a_thousandth(degree: int, steps: int, l: str) -> None:
    made = constant(degree, steps, l)
    assert made.error is not None
    assert made.boxes is not None
    assert made.boxes.certificate is not None
    assert made.boxes.claim.range is None
    assert verify(made.boxes.certificate).proved
    assert made.lower_bound is not None
    assert made.error * Fraction(998, 1000) < made.lower_bound <= made.error * Fraction(999, 1000)


@pytest.mark.parametrize(
    "given", [{"slope": "9/4"}, {"convergent": True}, pytest.param({"fixes_one": True}, marks=pytest.mark.long)]
)
def test_the_best_map_of_a_kind(given: dict[str, Any]) -> None:
    degree = 3 if "slope" in given else 5
    made, free = constant(degree, 3, "1/20", **given), constant(degree, 3, "1/20", boxes=False)
    step = made.schedule.steps[0]
    assert made.verdict is Verdict.PROVED
    assert made.error is not None
    assert made.lower_bound is not None
    assert free.error is not None
    assert free.error * Fraction(999, 1000) < made.lower_bound < made.error
    assert made.boxes is not None
    if "slope" in given:
        assert step.slope == Fraction(9, 4)
        assert made.boxes.claim.slope == Interval.of("9/4", "9/4")
    else:
        assert step(1) == 1
        assert made.boxes.claim.range == Interval.of(1, 1)
    if "convergent" in given:
        assert abs(step.derivative(1)) <= 1
        assert made.limit is not None
        assert "every orbit of f from (0, " in made.limit.statement


def test_the_boxes_name_a_map_that_does_better() -> None:
    with pytest.raises(BetterError, match="a better map is") as raised:
        constant_bound(Schedule.parse("2,-1", 4), 3, Fraction(1, 100), Fraction(9, 10))
    assert errors(np.array([raised.value.row]), places(0.01, 100), 4)[0] < 0.9


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"degree": 9}, "degrees 3, 5, 7 are searched"),
        ({"lower": 1}, "needs 0 < lower < 1"),
        ({"slope": 6}, "at most 5, not 6"),
        ({"degree": 3, "slope": 2, "fixes_one": True}, "is one map: certify it"),
    ],
)
def test_what_no_map_can_be_asked(given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        constant(**given)


def test_maps_that_fix_one() -> None:
    """With f(1) = 1 one coefficient is left of a cubic: a scan of it agrees."""
    l, steps = Fraction(1, 10), 3

    def error(a: float) -> float:
        worst = 0.0
        for k in range(101):
            x = 0.1 ** (k / 100)
            for _ in range(steps):
                x = a * x + (1 - a) * x**3
            worst = max(worst, abs(x - 1))
        return worst

    least = min(error(1 + k / 400) for k in range(1000))
    bound = Fraction(round(least * 950), 1000)
    assert verify(constant_bound(Schedule.parse("2,-1", steps), 3, l, bound, Interval.of(1, 1))).proved
