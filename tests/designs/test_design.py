"""Designed schedules: certified, as good as the bound allows, and the published lists made again."""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory import catalogue
from muon_theory.designs import Design, best_degrees, compose, design, products
from muon_theory.errors import UsageError
from muon_theory.finders.alternation import alternation, composition_bound
from muon_theory.interval import Interval
from muon_theory.number import Reading, exact_decimal, rational
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict, verify
from tests.naive import naive_remez

ONE, THOUSANDTH = Fraction(1), Fraction(1, 1000)
PUBLISHED_CUSHION = Fraction("0.02407327424182761")


def published(name: str) -> list[tuple[Fraction, ...]]:
    return [p.coefficients for p in catalogue.entry(name).published()]


def rows(schedule: Schedule) -> list[tuple[Fraction, ...]]:
    return [p.coefficients for p in schedule.steps]


def apart(one: Sequence[Fraction], other: Sequence[Fraction]) -> Fraction:
    """The largest relative difference of two rows."""
    return max(abs(a / b - 1) for a, b in zip(one, other, strict=True))


def again(call: str) -> object:
    """The result of a call as a schedule carries it."""
    module = importlib.import_module("muon_theory.designs")
    return eval(call.removeprefix("muon_theory.designs."), {**vars(module), "Reading": Reading})


# ------------------------------------------------------------------------------------------------ what every design is


@given(
    st.one_of(st.sampled_from((3, 5, 7)), st.lists(st.sampled_from((3, 5, 7)), min_size=1, max_size=4)),
    st.integers(1, 4),
    st.builds(lambda n, k: Fraction(n, 10**k), st.integers(1, 9), st.integers(2, 7)),
)
def test_an_unrounded_design_is_proved_and_reaches_the_bound(
    degree: int | list[int], steps: int, lower: Fraction
) -> None:
    made = design(degree, steps if isinstance(degree, int) else None, lower)
    assert made.verdict is Verdict.PROVED
    assert all(verify(c).proved for c in made.certificates)
    assert [c.claim.type for c in made.certificates] == ["maps-into", "composition-bound", "sign-safe"]
    assert made.ratio is not None
    assert 1 <= made.ratio < 1 + Fraction(1, 10**6)


@given(
    st.sampled_from((3, 5, 7)),
    st.integers(1, 5),
    st.sampled_from(("1/100", "1/1000", "3e-5")),
    st.sampled_from((None, 6, 9)),
    st.sampled_from(("1", "1.01", "1.05")),
    st.sampled_from((None, "0.02", "0.1")),
    st.sampled_from(("1", "1.004")),
)
def test_any_options_give_a_proved_design(
    degree: int, steps: int, lower: str, digits: int | None, safety: str, cushion: str | None, upper: str
) -> None:
    made = design(degree, steps, lower, upper, None, safety, cushion, decimals=digits)
    assert made.verdict is Verdict.PROVED
    assert made.ratio is not None
    assert made.ratio >= 1
    assert len(made.levels) == steps
    assert made.levels[-1] == made.achieved
    if digits is not None:
        assert all((c * 10**digits).denominator == 1 for row in rows(made.schedule) for c in row)


@pytest.mark.parametrize("reading", [Reading.BINARY32, Reading.BFLOAT16])
def test_coefficients_are_numbers_of_the_format(reading: Reading) -> None:
    made = design(5, 5, "1/1000", reading=reading)
    assert all(reading.round(c) == c for row in rows(made.schedule) for c in row)
    assert made.verdict is Verdict.PROVED
    assert made.schedule.reading is reading


def nearest(schedule: Schedule, digits: int) -> Schedule:
    return Schedule.of([[str(Fraction(round(c * 10**digits), 10**digits)) for c in row] for row in rows(schedule)])


def approximate(schedule: Schedule, x: float) -> float:
    for step in schedule.steps:
        x = naive_remez.value(tuple(map(float, step.coefficients)), x)
    return x


@pytest.mark.parametrize(("digits", "worst"), [(4, "1.002"), (3, "1.02"), (2, "1.26")])
def test_rounded_designs_stay_near_the_bound_where_rounding_to_nearest_does_not(digits: int, worst: str) -> None:
    made = design(5, 5, "1/1000", decimals=digits)
    plain = nearest(compose((5,) * 5, THOUSANDTH).schedule, digits)
    assert made.ratio is not None
    assert made.achieved is not None
    assert made.ratio < Fraction(worst)
    assert made.achieved < max(abs(1 - approximate(plain, x / 1000)) for x in range(1, 1001))


def test_a_bfloat16_design_is_within_nine_percent_of_the_best_of_its_shape() -> None:
    made = design(5, 5, "1/1000", reading=Reading.BFLOAT16)
    assert made.ratio is not None
    assert made.ratio < Fraction("1.09")


@pytest.mark.parametrize(
    "arguments",
    [
        {"degree": 5, "steps": 3, "lower": "1/50"},
        {"degree": (3, 7), "lower": "1/50", "upper": "5/4", "decimals": 5, "safety": "1.01", "cushion": "1/10"},
        {"degree": 3, "steps": 2, "lower": "1/9", "reading": Reading.BINARY32},
    ],
)
def test_a_design_carries_the_call_that_regenerates_it(arguments: dict[str, object]) -> None:
    made = design(**arguments)  # type: ignore[arg-type]
    remade = again(made.schedule.sources[0])
    assert isinstance(remade, Design)
    assert remade.schedule == made.schedule


def test_the_answer_in_json() -> None:
    made = design(5, 3, "1/100", decimals=4)
    answer = json.loads(json.dumps(made.to_json()))
    assert {"steps", "image", "levels", "lower_bound", "ratio", "verdict"} <= set(answer)
    assert answer["verdict"] == "proved"
    assert Schedule.of(answer["steps"]).digest == made.schedule.digest == answer["digest"]
    lo, hi = map(Fraction, answer["image"])
    assert made.image is not None
    assert lo <= made.image.lo <= made.image.hi <= hi
    assert made.lower_bound is not None
    assert Fraction(answer["lower_bound"]) <= made.lower_bound
    assert Fraction(answer["ratio"]) >= Fraction(answer["achieved"]) / made.lower_bound - Fraction(1, 10**12)
    for printed, level in zip(answer["levels"], made.levels, strict=True):
        assert level <= Fraction(printed) <= level * (1 + Fraction(1, 10**12))


@given(st.integers(-(10**30), 10**30), st.integers(0, 30), st.integers(0, 20))
def test_finite_decimals_are_printed_exactly(n: int, twos: int, fives: int) -> None:
    q = Fraction(n, 2**twos * 5**fives)
    assert rational(exact_decimal(q)) == q


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"degree": 4}, "degree 4 is not an odd number"),
        ({"degree": 5, "lower": "0"}, "0 < lower < upper"),
        ({"degree": 5, "lower": "2"}, "0 < lower < upper"),
        ({"degree": 5, "steps": 0}, "ask for 1 or more"),
        ({"degree": (5, 5), "steps": 3}, "2 degrees are no schedule of 3 steps"),
        ({"degree": ()}, "at least one step"),
        ({"degree": 5, "safety": "0.99"}, "a safety factor is ≥ 1"),
        ({"degree": 5, "cushion": "2"}, "0 ≤ κ < 1"),
        ({"degree": 5, "decimals": -1}, "write 0 or more"),
        ({"degree": 5, "digits": 0}, "ask for 1 or more"),
        ({"degree": 5, "safety_on": "some"}, "all, all-but-last, norm"),
    ],
)
def test_arguments_outside_their_domain_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        design(**arguments)  # type: ignore[arg-type]


# -------------------------------------------------------------------------------------------- the published lists again


def test_the_polar_express_list_is_the_greedy_one_with_its_cushion() -> None:
    """Rows 1 to 6 to the rounding of the doubles they were computed in, row 7 to 11 digits, row 8 as printed."""
    made = compose((5,) * 8, THOUSANDTH, cushion=PUBLISHED_CUSHION)
    difference = [apart(a, b) for a, b in zip(rows(made.schedule), published("polar_express_raw"), strict=True)]
    assert max(difference[:6]) < Fraction(1, 10**13)
    assert difference[6] < Fraction(1, 10**10)
    assert difference[7] < Fraction(1, 10**17)


def test_the_naive_algorithm_makes_the_same_list() -> None:
    naive = naive_remez.optimal_composition(1e-3, 6, cushion=float(PUBLISHED_CUSHION))
    for mine, theirs in zip(naive, published("polar_express_raw"), strict=False):
        assert all(abs(a / float(b) - 1) < 1e-11 for a, b in zip(mine, theirs, strict=True))


@pytest.mark.parametrize("claimed", ["0.024", "0.02", "0.1", "0"])
def test_no_other_cushion_named_in_print_made_the_list(claimed: str) -> None:
    """0.024 stands in a comment, 0.02 in the repository's call, u/10 in the paper's algorithm."""
    made = compose((5,), THOUSANDTH, cushion=Fraction(claimed))
    assert apart(rows(made.schedule)[0], published("polar_express_raw")[0]) > Fraction(1, 10**5)


def test_the_first_printed_coefficient_leaves_room_for_no_other_cushion() -> None:
    printed = published("polar_express_raw")[0][0]
    cushions = Fraction("0.02407327424182"), Fraction("0.02407327424183")
    above, below = (compose((5,), THOUSANDTH, cushion=c).schedule.steps[0].slope for c in cushions)
    assert below < printed < above


def test_the_modded_list_has_cushion_002_not_2() -> None:
    made = compose((5,) * 5, THOUSANDTH, safety=Fraction("1.02"), cushion=Fraction("0.02"))
    for mine, theirs in zip(rows(made.schedule), published("modded_polar_express"), strict=True):
        assert apart(mine, theirs) < Fraction(1, 10**13)
    as_commented = naive_remez.optimal_composition(1e-3, 5, safety=1.02, cushion=2.0)
    assert abs(as_commented[0][0] / 8.156554524902461 - 1) > 0.5


def test_the_repository_default_list_differs_where_its_limit_is_off_centre() -> None:
    """From l/u = 1 - 5e-6 on, its code scales Padé's polynomial by u, not by the midpoint: the last rows move."""
    made = compose((5,) * 10, THOUSANDTH, safety=Fraction("1.01"), cushion=Fraction("0.02"))
    printed = published("polar_express_repo_default")
    difference = [apart(a, b) for a, b in zip(rows(made.schedule), printed, strict=True)]
    assert max(difference[:6]) < Fraction(1, 10**12)
    assert difference[6] < Fraction(1, 10**9)
    assert all(Fraction(1, 10**6) < d < Fraction(2, 10**5) for d in difference[7:])
    naive = naive_remez.optimal_composition(1e-3, 10, safety=1.01, cushion=0.02)
    for t in (0, 1, 2, 3, 4, 5, 6, 8, 9):  # at row 8, l/u is so near the limit's threshold that doubles decide
        assert all(abs(a / float(b) - 1) < 1e-8 for a, b in zip(naive[t], printed[t], strict=True))


def test_the_nvidia_cans_rows_are_the_unrounded_greedy_ones_to_four_decimals() -> None:
    made = compose((5,) * 5, THOUSANDTH)
    rounded = [tuple(Fraction(round(c * 10**4), 10**4) for c in row) for row in rows(made.schedule)]
    assert rounded == published("nvidia_cans")


def test_the_qwen_rows_are_greedy_without_cushion_divided_by_101() -> None:
    """Its last row is the classical quintic, not the greedy one."""
    greedy = rows(compose((5,) * 8, THOUSANDTH).schedule)
    safe = [tuple(c / Fraction("1.01") ** (2 * i + 1) for i, c in enumerate(row)) for row in greedy]
    rounded = [tuple(Fraction(round(c * 10**4), 10**4) for c in row) for row in safe]
    assert rounded[:7] == published("qwen_express")[:7]
    assert published("qwen_express")[7] == published("pade_quintic")[0]


def test_the_degree_17_list_is_greedy_with_the_paper_cushion_but_for_its_last_row() -> None:
    """The last row reaches 3e-9 on the interval that the first three lead to; the best polynomial reaches 4e-16."""
    made = compose((17,) * 4, THOUSANDTH, cushion=PUBLISHED_CUSHION)
    printed = published("degree17_polar_express")
    difference = [apart(a, b) for a, b in zip(rows(made.schedule), printed, strict=True)]
    assert max(difference[:3]) < Fraction(1, 10**10)
    assert difference[3] > 1
    before = made.intervals[3]
    last = catalogue.entry("degree17_polar_express").published()[3]
    points = [before.lo + before.width * Fraction(k, 200) for k in range(201)]
    assert made.levels[3] < Fraction(4, 10**16)
    assert max(abs(1 - last(x)) for x in points) > Fraction(2, 10**9)


def test_the_cans_cubics_are_greedy_from_9e_4_and_end_below_their_delta() -> None:
    """Printed for δ = 0.3; they are what l = 9/10000 gives, whose level is smaller."""
    made = compose((3,) * 7, Fraction(9, 10**4))
    for mine, theirs in zip(rows(made.schedule), published("cans_order3_iter7"), strict=True):
        assert apart(mine, theirs) < Fraction(1, 10**12)
    assert Fraction("0.2975") < made.levels[-1] < Fraction("0.2976")


def test_recentring_by_the_value_at_u_fails_for_cubics() -> None:
    """2/(p(l) + p(u)) centres the image only where p(u) is the maximum: degrees 5, 9, 13, …"""
    cushion = Fraction(1, 10)
    for degree, centred in ((3, False), (5, True), (7, False), (9, True)):
        p = alternation(degree, Interval(cushion, ONE)).polynomial
        scale = 2 / (p(THOUSANDTH) + p(1))
        greatest = max(p(Fraction(x, 500)) for x in range(1, 501)) * scale
        assert (greatest <= 2 - scale * p(THOUSANDTH) + Fraction(1, 10**9)) is centred
    assert design(3, 5, "1/1000", cushion="1/10").verdict is Verdict.PROVED


# ---------------------------------------------------------------------------------------------------- what to recommend


@pytest.mark.parametrize(("degree", "count"), [(1, 0), (3, 2), (5, 3), (7, 4), (9, 4), (11, 5), (13, 5), (17, 6)])
def test_matrix_products(degree: int, count: int) -> None:
    assert products(degree) == count


@pytest.mark.parametrize("budget", [2, 5, 8, 9])
def test_best_degrees_against_every_sequence(budget: int) -> None:
    over = Interval.of("1/100", 1)
    every = [
        shape
        for length in range(1, budget // 2 + 1)
        for shape in product((3, 5, 7), repeat=length)
        if sum(map(products, shape)) <= budget
    ]
    level = {shape: composition_bound(shape, over).claim.error for shape in every}
    found = best_degrees(budget, over.lo, over.hi, among=(3, 5, 7))
    assert level[found] - min(level.values()) <= min(level.values()) / 10**9


def test_no_step_for_one_product() -> None:
    with pytest.raises(UsageError, match="allow no step"):
        best_degrees(1, THOUSANDTH)


def test_a_rounded_design_whose_bound_is_out_of_reach_keeps_its_band() -> None:
    """Twelve steps: the best composition ends below 10^-300, that with a safety factor does not; no bound is needed."""
    made = design(5, 12, "1/1000", decimals=4, safety="1.01")
    verdicts = {p.claim.type: (p.verdict, p.required) for p in made.proofs}
    assert verdicts == {
        "maps-into": (Verdict.PROVED, True),
        "composition-bound": (Verdict.UNDECIDED, False),
        "sign-safe": (Verdict.PROVED, True),
    }
    assert made.verdict is Verdict.PROVED
    assert made.lower_bound is made.ratio is None
    assert made.to_json()["lower_bound"] is None
    assert [c.claim.type for c in made.certificates] == ["maps-into", "sign-safe"]
