"""Digits: every digit that is printed belongs to the ideal coefficient, nothing is refused, and lists end honestly."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import mpmath
import pytest

from muon_theory.designs import Design, design, pade
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.number import Reading
from muon_theory.schedule import Extension
from muon_theory.verification import Verdict, verify
from tests.naive import greedy_digits

LOWER = ("1e-1", "1e-2", "1e-3", "1e-6", "1e-12", "0.999999")
SWEEP = tuple(product((3, 5, 7, 9, 11), LOWER, (1, 5, 8, 12)))
SAMPLE = (
    (3, "1e-3", 5, 60),
    (5, "1e-3", 8, 30),
    (5, "1e-12", 5, 40),
    (7, "1e-1", 5, 20),
    (9, "0.999999", 2, 30),
    (11, "1e-2", 4, 16),
)


def assert_digits(degree: int, lower: str, steps: int, digits: int) -> None:
    """Each coefficient is within one unit of its last digit of a computation at twice the precision, or 40 digits."""
    made = design(degree, steps, lower, digits=digits)
    assert made.verdict is Verdict.PROVED or digits < 15  # six digits of a step that sends 1 to 1e-6 may lose its sign
    rows = made.schedule.steps
    assert len(rows) == steps or made.limit
    ideal = greedy_digits.composition(degree, len(rows), Fraction(lower), max(2 * digits, 40))
    for row, (exact, _) in zip(rows, ideal, strict=True):
        with mpmath.workdps(max(2 * digits, 40) + 50):
            for c, e in zip(row.coefficients, exact, strict=True):
                mine = mpmath.mpf(c.numerator) / c.denominator
                assert abs(mine / e - 1) <= mpmath.mpf(10) ** (1 - digits) * 0.51


@pytest.mark.parametrize(("degree", "lower", "steps", "digits"), SAMPLE)
def test_every_digit_is_right(degree: int, lower: str, steps: int, digits: int) -> None:
    assert_digits(degree, lower, steps, digits)


@pytest.mark.long
@pytest.mark.parametrize("digits", [6, 25, 60])
@pytest.mark.parametrize(("degree", "lower", "steps"), [case for case in SWEEP if case[2] == 12])
def test_every_digit_is_right_in_the_whole_sweep(degree: int, lower: str, steps: int, digits: int) -> None:
    """Twelve steps: the lists of fewer steps are their beginnings."""
    assert_digits(degree, lower, steps, digits)


@pytest.mark.long
@pytest.mark.parametrize("lower", LOWER)
def test_two_hundred_digits_of_cubics(lower: str) -> None:
    assert_digits(3, lower, 12, 200)


@pytest.mark.long
@pytest.mark.parametrize("digits", [None, 20, 60])
@pytest.mark.parametrize(("degree", "lower", "steps"), SWEEP)
def test_nothing_in_the_sweep_is_refused(degree: int, lower: str, steps: int, digits: int | None) -> None:
    made = design(degree, steps, lower, digits=digits)
    if (degree, lower, steps, digits) == (9, "1e-12", 12, 20):
        assert_too_few(made)
        return
    assert made.verdict is Verdict.PROVED
    assert made.achieved is not None
    assert made.limit == (len(made.schedule.steps) < steps or made.ending is not None)


def assert_too_few(made: Design) -> None:
    """Twenty digits are right and too few: the slope of twelve steps at 1 is about 40^12."""
    assert made.verdict is Verdict.REFUTED
    assert [verify(c).proved for c in made.certificates] == [True] * 4
    assert "keep 21 digits in place of 20" in made.proofs[-1].note


def test_where_the_digits_asked_for_are_too_few_it_is_proved_and_said_how_many_are_enough() -> None:
    assert_too_few(design(9, 12, "1e-12", digits=20))
    assert design(9, 12, "1e-12", digits=21).verdict is Verdict.PROVED


def test_a_shorter_list_is_the_beginning_of_a_longer_one() -> None:
    five, eight = (design(5, steps, "1/1000", digits=20).schedule.steps for steps in (5, 8))
    assert eight[:5] == five


def test_the_list_ends_with_the_limit_row_and_says_so() -> None:
    made = design(9, 12, "1/10", digits=20)
    assert made.verdict is Verdict.PROVED
    assert made.limit
    assert len(made.schedule.steps) < 12 == len(made.asked)
    assert made.schedule.extension is Extension.REPEAT_LAST
    limit = pade(4).steps[0].coefficients
    last = made.schedule.steps[-1].coefficients
    assert all(abs(c / e - 1) < Fraction(1, 10**19) for c, e in zip(last, limit, strict=True))
    data = made.to_json()
    assert "limit row" in data["ending"]
    assert len(data["steps"]) == len(data["degrees"]) == len(data["levels"])
    assert design(5, 4, "1/10", digits=20).to_json()["ending"] is None


def test_more_digits_keep_the_list_going() -> None:
    lengths = [len(design(5, 12, "1/1000", digits=digits).schedule.steps) for digits in (10, 30, 60, 200)]
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1] < 12


@pytest.mark.parametrize("digits", [1, 2])
def test_a_schedule_of_too_few_digits_is_not_proved(digits: int) -> None:
    """One digit of the greedy quintics sends 1 below 0; two leave an image that is no closer to 1 than the start."""
    made = design(5, 5, "1/1000", digits=digits)
    assert made.verdict is not Verdict.PROVED or (made.achieved is not None and made.achieved < Fraction(999, 1000))
    if digits == 1:
        assert made.verdict is not Verdict.PROVED


def test_a_useless_schedule_on_a_grid_is_refuted() -> None:
    made = design(5, 5, "1/1000", decimals=1)
    assert made.verdict is Verdict.REFUTED
    assert made.proofs[-1].certificate is not None
    assert made.proofs[-1].certificate.claim.type == "attains"
    assert "keep 2 decimals in place of 1" in made.proofs[-1].note


@pytest.mark.parametrize(
    "two",
    [{"digits": 5, "decimals": 4}, {"decimals": 4, "denominator": 64}, {"digits": 5, "reading": Reading.BFLOAT16}],
)
def test_two_ways_of_rounding_are_refused(two: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="choose one"):
        design(5, 3, **two)  # type: ignore[arg-type]


def test_a_common_denominator() -> None:
    made = design(5, 3, "1/100", denominator=256)
    assert made.verdict is Verdict.PROVED
    assert all((c * 256).denominator == 1 for step in made.schedule.steps for c in step.coefficients)


def test_a_grid_too_coarse_for_the_sign_says_what_to_do() -> None:
    with pytest.raises(UndecidedError, match="keep more digits"):
        design(17, 2, "1/1000", decimals=1)
