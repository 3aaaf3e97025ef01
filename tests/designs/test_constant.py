"""The best map to repeat: certified from above, bounded from below, and better than the named maps."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from muon_theory import catalogue
from muon_theory.designs.constant import coefficient_bound, constant
from muon_theory.designs.greedy import reach
from muon_theory.designs.result import band
from muon_theory.errors import UsageError
from muon_theory.interval import Interval
from muon_theory.verification import Verdict, verify
from tests.naive import naive_remez

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


@pytest.mark.parametrize(
    ("degree", "steps"), [(3, 3), (5, 4), *(pytest.param(*k[:2], marks=pytest.mark.long) for k in FOUND)]
)
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
    best = constant(5, 5, "1/100")
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


@pytest.mark.long
@pytest.mark.parametrize("steps", [3, pytest.param(4, marks=pytest.mark.exhaustive)])
def test_no_cubic_is_better_by_a_tenth(steps: int) -> None:
    made = constant(3, steps, "1/100", boxes=True)
    assert made.error is not None
    assert made.lower_bound == made.error * Fraction(9, 10)
    assert made.boxes > 100


@pytest.mark.parametrize("steps", [2, 6])
def test_the_square_of_the_lemma_holds_the_best_map(steps: int) -> None:
    made = constant(3, steps, "1/100", boxes=False)
    bound = coefficient_bound(steps, Fraction(1, 100), Fraction(9, 10))
    assert max(map(abs, made.schedule.steps[0].coefficients)) < bound < 8


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"degree": 9}, "degrees 3, 5, 7 are searched"),
        ({"lower": "2"}, "0 < lower < 1"),
        ({"degree": 5, "boxes": True}, "for cubics"),
    ],
)
def test_what_is_not_answered_is_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        constant(**arguments)  # type: ignore[arg-type]
