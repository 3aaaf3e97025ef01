"""certify: what is required, what is found, and that every answer rests on the checker."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from muon_theory import CUBIC, QUINTIC, Interval, Schedule, UndecidedError, UsageError, Verdict, catalogue
from muon_theory.finders import average, band, certify, families, limits
from muon_theory.testing import assert_certified, assert_refuted, intervals, schedules
from muon_theory.verification import verify

JORDAN = Schedule.parse("3.4445,-4.7750,2.0315")
ARTICLE = Schedule.parse("3.25,-3.51,1.26")
HUNDREDTH = Interval.of("1/100", 1)


def kinds(result):
    return {(a.claim.type, a.verdict.value) for a in result.answers}


def test_jordan_is_safe_and_ends_in_a_four_cycle():
    result = certify(JORDAN)
    assert result.verdict is Verdict.PROVED
    assert result.slope == Fraction("3.4445") ** 5
    cycle = next(a.claim for a in result.answers if a.claim.type == "cycles")
    assert len(cycle.intervals) == 4
    assert ("repels", "proved") in kinds(result)
    assert ("attracts", "proved") not in kinds(result)


def test_the_articles_set_takes_everything_to_one():
    result = certify(ARTICLE)
    claim = next(a.claim for a in result.answers if a.claim.type == "converges")
    assert claim.point == Interval.of(1)
    assert claim.upper >= 1


@pytest.mark.parametrize("text", ["3.25,3.51,1.26", "3.4445,-4.7750,2.3015", "2.7,-1.7", "-1,2"])
def test_what_is_wrong_is_refuted_with_a_witness(text):
    result = assert_refuted(text)
    contrary = [a for a in result.answers if a.verdict is Verdict.REFUTED]
    assert contrary
    for answer in contrary:
        assert answer.certificate is not None
        assert verify(answer.certificate).proved
        assert answer.note


def test_a_transposed_digit_is_explained_by_the_critical_point_and_the_escape_point():
    result = certify(Schedule.parse("3.4445,-4.7750,2.3015"))
    note = next(a.note for a in result.answers if a.verdict is Verdict.REFUTED)
    assert note.startswith("step 1 takes the critical point x ≈ 0.570645998")
    assert "1.21754947" in note
    assert "escape point ≈ 1.0750231" in note


@pytest.mark.parametrize("name", catalogue.ids())
def test_every_preset_is_decided(name):
    result = certify(catalogue.get(name))
    assert result.verdict in (Verdict.PROVED, Verdict.REFUTED)
    assert verify(result.certificate).proved
    if result.safe_sigma_max is not None and result.verdict is Verdict.PROVED:
        assert result.safe_sigma_max.lo > 1 - Fraction(1, 10**9)


@given(schedules(length=(1, 4)))
def test_certificates_of_random_schedules_pass_the_checker_and_agree_with_exact_orbits(schedule):
    result = certify(schedule, lower=Fraction(1, 100))
    assert all(verify(a.certificate).proved for a in result.answers if a.certificate)
    values = [Fraction(k, 40) for k in range(1, 41)]
    outputs = []
    for x in values:
        least = x
        for step in schedule.steps:
            x = step(x)
            least = min(least, x)
        outputs.append((least, x))
    harmless = all(least > 0 and last <= Fraction(3, 2) for least, last in outputs)
    if result.verdict is Verdict.PROVED:
        assert harmless
    elif not harmless:
        assert result.verdict is Verdict.REFUTED


@pytest.mark.parametrize("digits", [6, 12, 30])
def test_bands_are_two_sided_to_the_digits(digits):
    outer, inner = band.maps_into(JORDAN, HUNDREDTH, digits=digits), band.attains(JORDAN, HUNDREDTH, digits)
    assert verify(outer).proved
    assert verify(inner).proved
    gap = outer.claim.target.width - inner.claim.contains.width
    assert gap < Fraction(1, 10 ** (digits - 1))


@pytest.mark.parametrize("name", ["jordan", "pade_septic", "degree17_polar_express", "polar_express_101"])
@pytest.mark.parametrize("lower", ["1/1000", "1e-12"])
def test_tiny_starts_and_high_degrees(name, lower):
    schedule, start = catalogue.get(name), Interval.of(lower, 1)
    outer, inner = band.maps_into(schedule, start), band.attains(schedule, start)
    assert verify(outer).proved
    assert verify(inner).proved
    assert inner.claim.contains <= outer.claim.target


def test_twelve_steps():
    long = catalogue.get("stable_quintic_2_15_05")
    assert len(long.steps) == 12
    assert verify(band.maps_into(long, HUNDREDTH)).proved


@pytest.mark.parametrize("text", ["2,-1", "3,-3,1"])
def test_the_boundary_case_of_multiplier_minus_one_converges(text):
    schedule = Schedule.parse(text)
    assert schedule.steps[0].derivative(1) == -1
    assert verify(limits.basin(schedule, Interval.of(1))).proved
    with pytest.raises(UndecidedError, match="cannot be told from 1"):
        limits.multiplier_kind(schedule, Interval.of(1))


def test_an_irrational_limit():
    schedule = Schedule.parse("3.2,-3.2,1.1")
    point = limits.fixed_points(schedule.steps[0])[0]
    assert not point.is_point
    assert verify(limits.basin(schedule, point)).proved


def test_mean_squares_separate_the_article_from_jordan():
    for lower in ("1/1000", "1/100", "1/10"):
        over = Interval.of(lower, 1)
        ours, theirs = (average.mean_square(s, over, Fraction(1, 100)) for s in (ARTICLE, JORDAN))
        assert verify(ours).proved
        assert verify(theirs).proved
        assert ours.claim.bounds.hi < theirs.claim.bounds.lo


def test_robust_bands_widen_with_the_error_and_need_a_positive_lower_end():
    errors = [Fraction(1, 500)] * 5
    robust = band.robust_band(JORDAN, HUNDREDTH, errors)
    assert verify(robust).proved
    assert band.maps_into(JORDAN, HUNDREDTH).claim.target <= robust.claim.target
    with pytest.raises(UndecidedError, match="not > 0"):
        band.robust_band(JORDAN, Interval.of("1/1000", 1), [Fraction(1, 100)] * 5)


@given(schedules(length=(1, 3)), intervals("1/100", 1))
def test_zero_errors_give_the_plain_band(schedule, start):
    plain = band.maps_into(schedule, start).claim.target
    try:
        robust = band.robust_band(schedule, start, [Fraction(0)] * len(schedule.steps)).claim.target
    except UndecidedError:
        assert plain.lo <= 0 or len(schedule.steps) > 1
    else:
        assert robust == plain


def test_the_whole_quintic_strip_is_one_small_certificate():
    found = families.threshold(
        QUINTIC, "converges", "fixed-point", Interval.of(1, 4), [Interval.of(-1, 1)], Interval.of("5/2", 4)
    )
    assert verify(found).proved
    assert len(found.data) < 4000


@pytest.mark.parametrize(("name", "critical", "square"), [("sign-safe", "zero", "27/4"), ("bounded", "antipode", "9")])
def test_the_cubic_thresholds(name, critical, square):
    found = families.threshold(CUBIC, name, critical, Interval.of(1, 4))
    assert verify(found).proved
    assert Fraction(square) in Interval(found.claim.isolating.lo**2, found.claim.isolating.hi**2)


def test_a_threshold_that_is_not_there_is_not_found():
    with pytest.raises(UndecidedError, match="does not fail"):
        families.threshold(QUINTIC.fix(s=0), "converges", "fixed-point", Interval.of(1, 2))


def test_bad_questions_get_one_line():
    for make in (
        lambda: certify(JORDAN, lower=Fraction(0)),
        lambda: certify(JORDAN, lower=Fraction(2)),
        lambda: certify(JORDAN, cap=Fraction(-1)),
        lambda: families.region(CUBIC, "nonsense", [Interval.of(1, 2)]),
        lambda: families.region(CUBIC, "attracting", []),
    ):
        with pytest.raises(UsageError) as caught:
            make()
        assert "\n" not in str(caught.value)


def test_assert_certified_fails_with_the_claim_that_fails():
    with pytest.raises(AssertionError, match="refuted: φ"):
        assert_certified("3.25,3.51,1.26")
    with pytest.raises(AssertionError, match="refuted"):
        assert_certified("3.25,-3.51,1.26", target=("9/10", "11/10"))


def test_the_zero_polynomial_is_refuted_not_undecided():
    result = certify(Schedule.parse("2,-1;0,0;2,-1"))
    assert result.verdict is Verdict.REFUTED
    assert verify(result.certificate).proved
    assert "step 2 is 0 everywhere" in {a.note for a in result.answers}
