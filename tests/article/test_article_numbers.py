"""The sections' numbers agree with other ways to find them: floats, quadrature, dense scans, the derivations."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory import derivations
from muon_theory.article import kit, neighbourhood, proof
from muon_theory.article.a05_neighbourhood import SAMPLES as CUBIC_SAMPLES
from muon_theory.article.a08_slope import ALL, beaten_by, front
from muon_theory.article.a10_line import SAMPLES as QUINTIC_SAMPLES
from muon_theory.article.a11_threshold import SLOPES, agrees, file_of
from muon_theory.article.a12_mechanism import top_and_gate
from muon_theory.article.a14_jordan import (
    AT,
    WORDS,
    article_variance_at_most,
    jordan_mean,
    jordan_variance,
    mean_square,
)
from muon_theory.article.curves import floats, iterate
from muon_theory.article.sets import ARTICLE, JORDAN, LINE, LINE_SUM, LOWER_ENDS, NAMES, SLOPE, slope_at_one
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule


@given(st.fractions(min_value=-3, max_value=6), st.fractions(min_value=0, max_value=6))
def test_the_multiplier_on_a_line_of_constant_b_plus_2a(constant: Fraction, a: Fraction) -> None:
    b = constant - 2 * a
    c = 1 - a - b
    assert slope_at_one(constant) == a + 3 * b + 5 * c


def test_the_articles_set_lies_on_its_line_and_the_printed_one_does_not() -> None:
    a, b, c = ARTICLE.steps[0].coefficients
    assert b == LINE_SUM - 2 * a
    assert a + b + c == 1
    assert LINE.at(a=a) == ARTICLE.steps[0]
    printed = NAMES["printed"].schedule.steps[0]
    assert printed.coefficients == (a, -b, c)
    assert printed(1) != 1


def naive_threshold(s: float) -> float:
    """Bisection on: does the largest value of f on [0, 1] pass √((a - 1)/c)?"""
    low, high = 2.4, 3.5
    for _ in range(60):
        a = (low + high) / 2
        f = [a, (5 - s) / 2 - 2 * a, a - (3 - s) / 2]
        top = max(iterate(f, i / 4000, 1) for i in range(4001))
        low, high = (a, high) if top * top <= (a - 1) / f[2] + 1e-12 else (low, a)
    return low


@pytest.mark.parametrize("s", SLOPES, ids=str)
def test_the_threshold_against_bisection_in_floats_and_the_derived_number(s: Fraction) -> None:
    derived = agrees(s)
    isolating = kit.claim(file_of(s)).isolating
    assert isolating.width < Fraction(1, 10**49)
    assert isolating.lo <= derived <= isolating.hi
    assert float(isolating.midpoint) == pytest.approx(naive_threshold(float(s)), abs=2e-6)
    stated = {k: c for (k,), c in kit.claim(file_of(s)).polynomial.terms}
    scale = stated[derived.degree] / derived.polynomial[-1]
    assert stated == {k: scale * c for k, c in enumerate(derived.polynomial) if c}, "the minimal polynomial"


def test_at_the_threshold_the_critical_value_is_the_repelling_fixed_point() -> None:
    threshold = derivations.divergence_threshold(SLOPE).enclose(30)
    below, above = (top_and_gate(LINE.at(a=end)) for end in (threshold.lo, threshold.hi))
    assert below[0] < below[1]
    assert above[0] > above[1]


def quadrature(schedule: Schedule, l: Fraction, count: int = 40000) -> tuple[float, float, float]:
    """Mean of (φ - 1)², mean and variance of φ over [l, 1], by the midpoint rule in floats."""
    f, low = floats(schedule.steps[0]), float(l)
    values = [iterate(f, low + (1 - low) * (i + 0.5) / count, 5) for i in range(count)]
    mean = math.fsum(values) / count
    return (
        math.fsum((v - 1) ** 2 for v in values) / count,
        mean,
        math.fsum((v - mean) ** 2 for v in values) / count,
    )


@pytest.mark.parametrize("l", LOWER_ENDS, ids=str)
@pytest.mark.parametrize("word", WORDS)
def test_mean_squares_contain_what_quadrature_gives(word: str, l: Fraction) -> None:
    bounds = mean_square(word, l)
    assert float(bounds.lo) < quadrature(NAMES[word].schedule, l)[0] < float(bounds.hi)


def test_mean_and_variance_contain_what_quadrature_gives() -> None:
    _, mean, variance = quadrature(JORDAN, AT)
    assert float(jordan_mean().lo) < mean < float(jordan_mean().hi)
    assert float(jordan_variance().lo) < variance < float(jordan_variance().hi)
    assert quadrature(ARTICLE, AT)[2] < float(article_variance_at_most())


@pytest.mark.parametrize("sample", [*CUBIC_SAMPLES, *QUINTIC_SAMPLES], ids=lambda s: s.inside)
def test_the_neighbourhood_is_bracketed_tightly_and_a_denser_scan_agrees(sample: neighbourhood.Sample) -> None:
    found = neighbourhood.bracket(sample)
    assert found.width < found.hi / 1000
    schedule = proof(sample.inside).certificate.subject
    assert isinstance(schedule, Schedule)
    delta = 1 - kit.claim(sample.inside).target.lo
    scanned = neighbourhood.smallest(floats(schedule.steps[0]), float(delta), scan=20000)
    assert float(found.lo) <= scanned <= float(found.hi)
    value = kit.claim(sample.outside).target
    assert value.hi < 1 - delta or value.lo > 1 + delta


def test_the_first_passage_falls_in_a_but_the_neighbourhood_does_not() -> None:
    by_a = {s.a: neighbourhood.bracket(s) for s in CUBIC_SAMPLES}
    assert by_a["1.97"].hi < by_a["1.9"].lo
    assert by_a["1.99"].lo > by_a["1.97"].hi


def test_no_member_of_the_front_is_beaten_and_all_others_are() -> None:
    best = front()
    assert all(beaten_by(m) is None for m in best)
    assert all(beaten_by(m) is not None for m in ALL if m not in best)
    for member in ALL:
        f = floats(member.schedule.steps[0])
        sampled = max(abs(iterate(f, 0.01 ** (i / 3000), 5) - 1) for i in range(3001))
        assert sampled <= float(member.error.hi) + 1e-9
        assert sampled >= float(member.error.lo) - 1e-3


@given(st.fractions(min_value=-5, max_value=5), st.fractions(min_value=0, max_value=3), st.integers(2, 9))
def test_printed_bounds_are_rounded_outward(lo: Fraction, width: Fraction, digits: int) -> None:
    low, high = kit.span(Interval(lo, lo + width), digits).strip("[]").split(", ")
    assert Fraction(low) <= lo
    assert Fraction(high) >= lo + width
