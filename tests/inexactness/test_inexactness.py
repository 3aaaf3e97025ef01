"""The constants of an inexact orthogonalisation, against floats, matrices and the numbers that are known."""

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import muon_theory as mt
from muon_theory import catalogue
from muon_theory.api.constants import Constants
from muon_theory.cli import main
from muon_theory.errors import UsageError
from muon_theory.finders.ratio import ratio
from muon_theory.inexactness import root
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.schedule import Schedule
from muon_theory.verification import verify


def ratios(schedule: Schedule, low: float = 1e-6, count: int = 4000) -> list[float]:
    """φ(x)/x in floats, at points even in log x and in x."""
    found = []
    for x in [low ** (i / count) for i in range(count + 1)] + [i / count for i in range(1, count + 1)]:
        value = x
        for f in schedule.steps:
            value = sum(float(c) * value ** (2 * i + 1) for i, c in enumerate(f.coefficients))
        found.append(value / x)
    return found


@pytest.fixture(scope="module")
def jordan() -> Constants:
    return mt.constants("jordan", lower="1/100", kappa="1.01")


def test_jordans_constants(jordan):
    assert jordan.verdict.value == "proved"
    for found, known in (
        (jordan.ratio_lower, "0.696436409469"),
        (jordan.ratio_upper, "484.876287100"),
        (jordan.cap, "1.202368605163"),
        (jordan.angular, "13.21198525904"),
        (jordan.deviation, "0.318168537822"),
    ):
        assert found.width < found.hi / 10**10
        assert abs(found.midpoint - Fraction(known)) < found.hi / 10**9
    assert jordan.ratio_lower.lo >= Fraction(17, 25)  # what is bounded by hand in proofs
    assert jordan.cap.hi <= Fraction(5, 4)
    assert all(verify(c).proved for c in jordan.certificates)


def test_the_constants_bound_a_fine_scan_and_are_nearly_reached(jordan):
    seen = ratios(jordan.exact.schedule)
    assert float(jordan.ratio_lower.lo) - 1e-9 <= min(seen) <= float(jordan.ratio_lower.hi) * 1.001
    assert max(seen) <= float(jordan.ratio_upper.hi) * (1 + 1e-9)


@given(st.lists(st.floats(1e-4, 1), min_size=1, max_size=6), st.floats(1, 3))
def test_the_inequalities_hold_for_spectra(jordan, spectrum, kappa):
    """On diagonal matrices: the inequalities only see singular values."""
    norm = math.sqrt(sum(s * s for s in spectrum))
    n = [s / (kappa * norm) for s in spectrum]
    o = []
    for x in n:
        for f in jordan.exact.schedule.steps:
            x = sum(float(c) * x ** (2 * i + 1) for i, c in enumerate(f.coefficients))
        o.append(x)
    inner, size = sum(a * b for a, b in zip(n, o, strict=True)), math.sqrt(sum(x * x for x in o))
    least, most = float(jordan.ratio_lower.lo), float(jordan.ratio_upper.hi)
    assert inner >= least / kappa**2 - 1e-9
    assert kappa * norm * inner >= least / kappa * norm - 1e-9
    assert size <= most / kappa + 1e-9
    assert max(o) <= float(jordan.cap.hi) + 1e-12
    assert inner * float(jordan.angular.hi) >= size / kappa - 1e-9


def test_the_articles_set_never_shrinks_anything():
    found = mt.constants("article")
    assert found.ratio_lower == Interval.of(1)
    assert found.ratio_upper == Interval.of(Fraction(13, 4) ** 5)


def test_a_map_that_turns_vectors_round_is_refuted(capsys):
    assert main(["constants", "aol_v1", "--format", "json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] == "refuted"
    assert answer["angular"] is None
    assert answer["inequalities"] == []
    assert float(answer["ratio_lower"][1]) < 0


def test_the_machine_interface(capsys):
    assert main(["constants", "--coefficients", "3/2,-1/2", "--kappa", "2", "--lower", "1/10", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) >= {"verdict", "ratio_lower", "ratio_upper", "cap", "angular", "deviation"}
    assert (answer["ratio_lower"], answer["ratio_upper"]) == (["1", "1"], ["7.59375", "7.59375"])
    assert answer["descent"] == "0.5"
    low, high = map(Fraction, answer["angular"])
    ratio_of_ends = Fraction("7.59375")
    assert low**2 <= (ratio_of_ends + 1) ** 2 / (4 * ratio_of_ends) <= high**2
    assert high - low < Fraction(1, 10**10)


def test_in_a_format_the_inputs_reach_a_little_further(capsys):
    assert (
        main(["constants", "--coefficients", "3/2,-1/2", "--dtype", "bf16", "--shape", "64,64", "--format", "json"])
        == 0
    )
    answer = json.loads(capsys.readouterr().out)
    assert Fraction(answer["interval"][1]) == pytest.approx(1.01984198269)
    assert float(answer["ratio_lower"][1]) < 1
    assert answer["rounding"]["dtype"] == "bf16"


@pytest.mark.parametrize(("option", "value"), [("--kappa", "1/2"), ("--lower", "2"), ("--lower", "0")])
def test_arguments_that_make_no_sense(option, value, capsys):
    assert main(["constants", "article", option, value]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_kappa_below_one_says_why():
    with pytest.raises(UsageError, match="take κ ≥ 1"):
        mt.constants("article", kappa="0.9")


@example([0, 1], 1, 0)
@example([Fraction(0), Fraction(-2)], 2, 0)
@settings(max_examples=10)
@given(
    st.lists(st.fractions(-3, 4, max_denominator=7), min_size=1, max_size=3).filter(any),
    st.integers(1, 2),
    st.sampled_from([0, "1/5"]),
)
def test_bounds_of_random_maps_are_proved_and_sharp(row, steps, low):
    schedule = Schedule.of([row] * steps)
    certificate = ratio(schedule, Interval.of(low, 1), digits=6)
    assert verify(certificate).proved
    bounds = certificate.claim.bounds
    seen = ratios(schedule, float(Fraction(low)) or 1e-6, 200)
    seen = [r for r in seen if abs(r) < 1e12][: 201 if low else None]
    assert float(bounds.lo) <= min(seen) + 1e-6 * (1 + abs(min(seen)))
    assert float(bounds.hi) >= max(seen) - 1e-6 * (1 + abs(max(seen)))


@given(st.fractions(min_value=1, max_value=10**6))
def test_roots_are_rounded_as_said(q):
    assert root(q, -1) ** 2 <= q <= root(q, +1) ** 2


def _table() -> dict[str, list[str]]:
    page = (Path(__file__).parents[2] / "docs" / "constants.md").read_text()
    rows = (line.strip("| \n").split(" | ") for line in page.splitlines() if line.startswith("| `"))
    return {row[0].strip("`"): row[1:] for row in rows if row[0].strip("`") in catalogue.ids()}


def test_the_table_has_the_whole_catalogue() -> None:
    assert list(_table()) == catalogue.ids()


SAMPLE = {"pade_septic", "jordan", "article", "tinygrad_septic", "su_single", "aol_v1"}
EVERY = [pytest.param(name, marks=() if name in SAMPLE else pytest.mark.exhaustive) for name in catalogue.ids()]


def test_the_rows_without_constants_are_as_the_page_says() -> None:
    assert [name for name, row in _table().items() if row[2] == "—"] == ["article_misprint", "degree17_polar_express"]
    misprint = catalogue.get("article_misprint")
    assert all(c > 0 for f in misprint.steps for c in f.coefficients)
    assert misprint.slope == Fraction(13, 4) ** 5
    assert len(str(int(misprint(Fraction(1))))) == 584
    assert max(len(f.coefficients) for f in catalogue.get("degree17_polar_express").steps) == 9
    assert len(catalogue.get("degree17_polar_express").steps) == 4


@pytest.mark.parametrize("name", EVERY)
def test_the_table_is_what_is_found(name: str) -> None:
    row = _table()[name]
    if row[2] == "—":
        pytest.skip("no constants are claimed")
    found = mt.constants(name)
    bounds = [
        decimal(found.ratio_lower.lo, 9, -1),
        decimal(found.ratio_upper.hi, 9, +1),
        decimal(found.cap.hi, 9, +1),
        decimal(found.angular.hi, 7, +1) if found.angular else "—",
        decimal(found.deviation.hi, 6, +1),
    ]
    assert [row[0], *row[2:]] == [str(len(found.exact.schedule.steps)), *bounds]
