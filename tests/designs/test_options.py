"""What the field's generators of schedules can do, each option by what it is for."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from muon_theory.designs import Fewest, Scheme, best_degrees, compose, design, lower_end, products, published_cushion
from muon_theory.designs.greedy import Recipe, SafetyOn
from muon_theory.designs.products import count
from muon_theory.designs.search import enough_for
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.finders.alternation import composition_bound
from muon_theory.interval import Interval
from muon_theory.normalisation import Normalisation
from muon_theory.number import Reading
from muon_theory.verification import Verdict

THOUSANDTH, SAFETY = Fraction(1, 1000), Fraction("1.01")


def test_safety_on_all_steps_divides_every_argument() -> None:
    plain = design(5, 3, THOUSANDTH, decimals=8)
    but_last = design(5, 3, THOUSANDTH, decimals=8, safety=SAFETY)
    every = design(5, 3, THOUSANDTH, decimals=8, safety=SAFETY, safety_on="all")
    assert but_last.steps[:2] == every.steps[:2]
    assert abs(every.steps[2].slope * SAFETY / but_last.steps[2].slope - 1) < Fraction(1, 1000)
    assert plain.achieved is not None
    assert every.achieved is not None
    assert plain.achieved < every.achieved
    assert every.verdict is Verdict.PROVED


def test_safety_in_the_norm_keeps_the_rows_and_shrinks_the_input() -> None:
    made = design(5, 3, THOUSANDTH, safety=SAFETY, safety_on=SafetyOn.NORM)
    plain = compose((5,) * 3, THOUSANDTH / SAFETY)
    assert made.interval == Interval(THOUSANDTH / SAFETY, Fraction(1))
    assert made.recipe.norm_factor == SAFETY
    assert made.to_json()["norm_factor"] == "1.01"
    assert made.steps == plain.schedule.steps


def test_recentring_apart_from_cushion() -> None:
    """Without it the image of a cushioned step is not around 1; with it, a step with a safety factor is."""
    off = compose((5,), THOUSANDTH, recipe=Recipe(cushion=Fraction(1, 10), recentre=False)).intervals[1]
    on = compose((5,), THOUSANDTH, recipe=Recipe(cushion=Fraction(1, 10))).intervals[1]
    assert abs(off.midpoint - 1) > Fraction(1, 100)
    assert abs(on.midpoint - 1) < Fraction(1, 10**10)
    safe = compose((5, 5), THOUSANDTH, recipe=Recipe(safety=SAFETY, recentre=True)).schedule.steps[0]
    least, greatest = safe(THOUSANDTH), max(safe(Fraction(k, 1000)) for k in range(1, 1001))
    assert abs((least + greatest) / 2 - 1) < Fraction(1, 10**4)


def test_the_published_cushion_by_degree() -> None:
    assert published_cushion(5) == Fraction("0.02407327424182761")
    assert abs(published_cushion(3) - lower_end(3, Fraction(9, 11))) < Fraction(1, 10**15)
    made = compose((5,) * 5, THOUSANDTH, cushion="published").schedule
    assert made.steps == compose((5,) * 5, THOUSANDTH, cushion=published_cushion(5)).schedule.steps
    cubic = compose((3,), THOUSANDTH, recipe=Recipe(cushion="published", recentre=False)).schedule.steps[0]
    least, greatest = cubic(published_cushion(3)), max(cubic(Fraction(k, 1000)) for k in range(1, 1001))
    assert abs(greatest / least - 10) < Fraction(1, 100)


def test_a_relaxed_last_step_is_steeper_and_keeps_its_band() -> None:
    plain = design(5, 4, THOUSANDTH)
    relaxed = design(5, 4, THOUSANDTH, relax_last="0.6")
    assert relaxed.image is not None
    assert plain.steps[:3] == relaxed.steps[:3]
    assert relaxed.steps[3].slope > plain.steps[3].slope
    assert relaxed.image <= Interval.of("0.399999", "1.600001")
    with pytest.raises(UndecidedError, match="relax it further"):
        design(5, 4, THOUSANDTH, relax_last="0.01")


@pytest.mark.parametrize(("degrees", "delta"), [((3,) * 4, "0.3"), ((5, 7), "0.1")])
def test_delta_finds_the_least_lower_end(degrees: tuple[int, ...], delta: str) -> None:
    made = design(degrees, delta=delta)
    assert made.achieved is not None
    assert made.achieved <= Fraction(delta)
    assert composition_bound(
        degrees, Interval(made.interval.lo * Fraction(99, 100), Fraction(1))
    ).claim.error > Fraction(delta)
    with pytest.raises(UsageError, match="leave out lower="):
        design(degrees, lower="1/10", delta=delta)


@pytest.mark.parametrize("more", [{"dtype": "bf16"}, {"decimals": 3}, {"safety": "1.05"}])
def test_a_delta_is_kept_whatever_else_is_asked_for(more: dict[str, Any]) -> None:
    made = design(5, 2, delta="0.3", **more)
    assert made.achieved is not None
    assert made.achieved <= Fraction("0.3")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"safety_on": "all"}, "safety_on= belongs to safety="),
        ({"fewest": "products"}, "fewest= belongs to target="),
        ({"normalisation": Normalisation.SCHATTEN_4}, "normalisation= belongs to dtype="),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        design(5, 2, "1/10", **options)


@pytest.mark.parametrize("target", [("0.9", "1.1"), ("1", "1.2"), ("0.68", "1.14")])
def test_a_band_in_the_fewest_steps(target: tuple[str, str]) -> None:
    made = design(5, lower="1/100", target=target, fewest="steps", decimals=5)
    band = Interval.of(*target)
    assert made.image is not None
    assert made.image <= band
    shorter = (5,) * (len(made.steps) - 1)
    delta = (band.hi - band.lo) / (band.hi + band.lo)
    assert composition_bound(shorter, Interval.of("1/100", 1)).claim.error > delta


def test_a_band_in_the_fewest_products() -> None:
    made = design(lower="1/100", target=("0.9", "1.1"), fewest=Fewest.PRODUCTS)
    quintics = design(5, lower="1/100", target=("0.9", "1.1"))
    assert made.products <= quintics.products
    assert made.image is not None
    assert made.image <= Interval.of("0.9", "1.1")
    fewer = best_degrees(made.products - 1, Fraction(1, 100))
    assert composition_bound(fewer, Interval.of("1/100", 1)).claim.error > Fraction(1, 10)
    with pytest.raises(UsageError, match="0 < m < M"):
        design(target=("-1", "1"))
    with pytest.raises(UsageError, match="leave out steps="):
        design(5, 3, target=("0.9", "1.1"))


def test_a_band_out_of_reach_says_so() -> None:
    with pytest.raises(UndecidedError, match="widen the band"):
        list(enough_for(Fraction(1, 10), Fraction(1, 10**30), Fewest.STEPS, 1))


@pytest.mark.parametrize("degree", range(3, 64, 2))
def test_paterson_and_stockmeyer_never_take_more_than_horner(degree: int) -> None:
    assert products(degree) <= products(degree, Scheme.HORNER) == degree // 2 + 1


@pytest.mark.parametrize("q", range(1, 12))
def test_the_count_of_paterson_and_stockmeyer_is_that_of_its_algorithm(q: int) -> None:
    """Counted while it runs, on numbers in place of matrices, for the best number of powers."""

    def run(s: int) -> tuple[int, int]:
        x, made = 3, 0
        powers = [1, x]
        while len(powers) <= s:
            powers.append(powers[-1] * x)
            made += 1
        coefficients = list(range(1, q + 2))
        pieces = [coefficients[k : k + s] for k in range(0, q + 1, s)]
        if len(pieces) > 1 and len(pieces[-1]) == 1:  # a constant piece joins the one before: x^s is at hand
            top = pieces.pop()
            pieces[-1] = pieces[-1] + top
        total = sum(c * powers[i] for i, c in enumerate(pieces[-1]))
        for piece in reversed(pieces[:-1]):
            total = total * powers[s] + sum(c * powers[i] for i, c in enumerate(piece))
            made += 1
        assert total == sum(c * x**i for i, c in enumerate(coefficients))
        return made, total

    assert products(2 * q + 1) == 2 + min(run(s)[0] for s in range(1, q + 1))


def test_products_of_the_gram_form() -> None:
    assert count((5,) * 5) == {
        "horner": 15, "paterson-stockmeyer": 15, "gram, long side": 2, "gram, short side": 17,
    }  # fmt: skip


@pytest.mark.parametrize("reading", [Reading.BFLOAT16, Reading.BINARY32, Reading.BINARY16])
def test_coefficients_in_a_format_under_every_option(reading: Reading) -> None:
    made = design(5, 4, "1/100", reading=reading, safety=SAFETY, cushion="published")
    assert made.verdict is Verdict.PROVED
    assert all(reading.round(c) == c for step in made.steps for c in step.coefficients)
