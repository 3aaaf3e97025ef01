"""The rounding model: its numbers, its ranges and chains of intervals, and whole schedules."""

import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.ranges import image
from muon_theory.interval import Interval
from muon_theory.number import Reading
from muon_theory.precision import (
    FORMATS,
    Accumulation,
    Arithmetic,
    chain,
    deviation_bound,
    format_named,
    normalised,
    step_errors,
    worst_step,
)
from muon_theory.precision.format import root_up, round_up
from muon_theory.precision.steps import arithmetic_named
from muon_theory.schedule import Schedule

JORDAN = Schedule.parse("3.4445,-4.7750,2.0315")
ARTICLE = Schedule.parse("3.25,-3.51,1.26")
SEPTIC = Schedule.parse("35/16,-35/16,21/16,-5/16")
CUBIC = Schedule.parse("3/2,-1/2")
LINE = Schedule.parse("5/4", 2)
START = Interval.of("1/100", 1)
ONE = Fraction(1)

rationals = st.fractions(min_value=0, max_value=10**6, max_denominator=10**9)


# Numbers --------------------------------------------------------------------------------------------------------------


@given(rationals, st.integers(4, 80))
def test_rounding_up_is_up_and_close(q, bits):
    assert q <= round_up(q, bits) <= q * (1 + Fraction(1, 2 ** (bits - 1)))


@given(rationals, st.integers(1, 9))
def test_roots_are_above_and_close(q, k):
    root = root_up(q, k)
    assert root**k >= q
    assert (root * (1 - Fraction(1, 2**60))) ** k <= q


@pytest.mark.parametrize("name", ["bf16", "fp32", "fp64"])
@pytest.mark.parametrize("k", [1, 7, 300])
def test_gamma_is_the_growth_of_k_roundings_and_below_the_textbook_constant(name, k):
    arithmetic = arithmetic_named(name)
    exact = (1 + arithmetic.unit) ** k - 1
    assert exact <= arithmetic.gamma(k) <= exact * (1 + Fraction(1, 2**60))
    assert arithmetic.gamma(k) <= k * arithmetic.unit / (1 - k * arithmetic.unit)


def test_the_growth_needs_no_condition_on_k():
    assert Arithmetic(FORMATS["bf16"], Accumulation.STORAGE).gamma(1000) > 1


@pytest.mark.parametrize("name", ["bf16", "fp16", "fp32", "fp64"])
def test_formats_agree_with_the_readings_of_number(name):
    reading = {"bf16": "bfloat16", "fp16": "binary16", "fp32": "binary32", "fp64": "binary64"}[name]
    f = FORMATS[name]
    assert Reading(reading).precision == f.precision
    assert f.roundoff == Fraction(1, 2**f.precision)


# Ranges ---------------------------------------------------------------------------------------------------------------


def test_the_image_of_jordans_map_ends_at_its_critical_value():
    f = JORDAN.steps[0]
    y = (-3 * float(f.coefficients[1]) - math.sqrt(9 * 4.775**2 - 20 * 3.4445 * 2.0315)) / (10 * 2.0315)
    assert float(image(f, START).hi) == pytest.approx(float(f(Fraction(math.sqrt(y)))), abs=1e-10)


@given(st.fractions(min_value=0, max_value=1, max_denominator=10**6))
def test_a_chain_holds_every_orbit(x):
    intervals = chain(JORDAN, Interval.of(0, 1))
    for f, interval in zip(JORDAN.steps[:3], intervals[1:], strict=False):
        x = abs(f(x))
        assert x in interval


def test_a_small_start_collapses_quickly():
    errors = [Fraction("0.002")] * 5
    for l, ends in (("1e-2", ["0.68", "0.68"]), ("1e-3", ["0.47", "0.09"])):
        lows = [chain(JORDAN, Interval.of(l, 1), e)[-1].lo for e in (None, errors)]
        assert [f"{float(low):.2f}" for low in lows] == ends


def test_a_chain_past_escape_raises():
    with pytest.raises(UndecidedError, match="2\\^40"):
        chain(Schedule.parse("3.4445,-4.7750,2.0315", 9), Interval.of("1/100", 2))


# Schedules ------------------------------------------------------------------------------------------------------------


def test_fp64_is_certified_at_1024_and_fp32_at_64():
    for schedule in (JORDAN, ARTICLE, SEPTIC, CUBIC):
        plain = chain(schedule, START)[-1]
        for name, n, most in (("fp64", 1024, Fraction(1, 10**7)), ("fp32", 64, Fraction(1, 10))):
            last = step_errors(schedule, name, (n, n), START, frobenius=ONE)[-1].after
            assert plain <= last
            assert last.lo > plain.lo - most
            assert last.hi < plain.hi + most


@pytest.mark.parametrize("name", ["bf16", "tf32", "e4m3", "e5m2"])
def test_the_worst_case_in_few_bits_says_that_it_says_nothing(name):
    with pytest.raises(UndecidedError, match="tier W"):
        step_errors(JORDAN, name, (64, 64), START)


def test_fp8_is_bounded_where_a_schedule_is_flat():
    """Subnormal numbers of a scaled matrix add to the roundoff, by an amount that grows with the number of entries."""
    for name, u in (("e4m3", Fraction(1, 16)), ("e5m2", Fraction(1, 8))):
        errors = step_errors(CUBIC, name, (64, 64), START, frobenius=ONE)
        assert 2 * u < errors[0].error < 3 * u
        plain, large = (format_named(name).of_size(k).roundoff - u for k in (1, 2**20))
        assert 0 < plain < Fraction(1, 2**17)
        assert plain * 1023 < large < plain * 1025
        assert any("power of two" in line for line in errors[0].assumptions)
    assert format_named("bf16").of_size(2**20) is format_named("bf16")


def test_fp16_cannot_exclude_overflow_from_large_values():
    with pytest.raises(UndecidedError, match="overflow"):
        worst_step(JORDAN.steps[0], arithmetic_named("fp16"), (8, 8), Fraction(12), Fraction(12))


def test_a_robust_chain_is_the_one_of_the_errors():
    errors = step_errors(ARTICLE, "fp32", (48, 96), START, frobenius=ONE)
    again = chain(ARTICLE, START, [e.error for e in errors])
    assert [e.before for e in errors] == [START, *(e.after for e in errors[:-1])]
    for e, additive in zip(errors, again[1:], strict=True):
        assert additive.lo - e.after.lo < Fraction(1, 10**9) > e.after.hi - additive.hi  # relative errors say no less
    steep = Interval.of("1/500", 1)  # a small start, which ε alone drowns
    errors = step_errors(JORDAN, "fp16", (16, 16), steep, frobenius=ONE)
    assert chain(JORDAN, steep, [e.error for e in errors])[-1].lo == 0
    assert errors[-1].after.lo > Fraction(1, 2)


def test_wide_and_tall_are_the_same():
    a, b = (step_errors(JORDAN, "fp32", shape, START) for shape in ((32, 80), (80, 32)))
    assert [e.error for e in a] == [e.error for e in b]


def test_every_bound_prints_what_it_rests_on():
    for name in ("bf16", "fp16", "fp32", "tf32", "fp64"):
        text = " ".join(step_errors(LINE, name, (4, 4), START)[0].assumptions)
        for word in ("relative error", "sums are formed", "coefficients", "overflow", "Strassen"):
            assert word in text
    assert "hardware model" in " ".join(step_errors(LINE, "tf32", (4, 4), START)[0].assumptions)
    truncating = step_errors(LINE, "bf16", (4, 4), START, accumulate="fp32-truncating")[0]
    assert "hardware model" in " ".join(truncating.assumptions)
    assert "NOT A BOUND" in " ".join(step_errors(LINE, "bf16", (4, 4), START, tier="P")[0].assumptions)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dtype": "fp8"}, "use e4m3 or e5m2"),
        ({"dtype": "e4m3", "accumulate": "storage"}, "no one scale fits"),
        ({"dtype": "e5m2", "tier": "P"}, "use tier W"),
        ({"dtype": "int8"}, "use bf16"),
        ({"accumulate": "fp80"}, "fp32-truncating"),
        ({"order": "sideways"}, "fused, unfused, shifted, gram"),
        ({"order": "gram"}, "gram_errors"),
        ({"tier": "A"}, "a_posteriori"),
        ({"shape": (0, 4)}, "rows and columns"),
        ({"dtype": "tf32", "tier": "P"}, "one rounding per stored result"),
    ],
)
def test_what_is_refused_is_refused_with_a_reason(change, message):
    arguments = {"dtype": "fp32", "shape": (4, 4), "start": START, **change}
    with pytest.raises(UsageError, match=message):
        step_errors(JORDAN, **arguments)


# Normalisation, deviation ---------------------------------------------------------------------------------------------


def test_normalising_widens_both_ends_by_a_few_roundoffs():
    u = Fraction(1, 256)
    interval, F = normalised(START, "bf16", (64, 64))
    assert START.lo - 3 * u < interval.lo < START.lo - u
    assert 1 + u < interval.hi < 1 + 6 * u
    late, _ = normalised(START, "bf16", (64, 64), cast="normalise-then-cast")
    assert interval.lo < late.lo < START.lo
    assert interval.hi > F
    with pytest.raises(UsageError, match="cast-then-normalise"):
        normalised(START, "bf16", (64, 64), cast="never")


def test_one_number_in_exact_arithmetic_stays_inside_the_normalised_interval():
    rng = random.Random(2)
    for cast in ("cast-then-normalise", "normalise-then-cast"):
        interval, F = normalised(Interval.of(1), "bf16", (1, 1), cast=cast)
        for _ in range(200):
            x = Fraction(rng.randint(1, 10**9), 10**6)
            if cast == "cast-then-normalise":
                kept = Reading.BFLOAT16.round(x)
                stored = Reading.BFLOAT16.round(kept / Reading.BFLOAT16.round(kept))
            else:
                wide = Reading.BINARY32.round(x)
                stored = Reading.BFLOAT16.round(Reading.BINARY32.round(wide / wide))
            assert stored in interval
            assert stored <= F


def test_the_deviation_bound_is_the_last_error_for_one_step_and_grows_with_the_slope():
    errors = step_errors(Schedule.parse("3/2,-1/2", 1), "fp32", (16, 16), START)
    assert deviation_bound(Schedule.parse("3/2,-1/2", 1), errors) == errors[0].frobenius
    steep, flat = (deviation_bound(s, step_errors(s, "fp64", (16, 16), START)) for s in (JORDAN, CUBIC))
    assert steep > 5 * flat


def test_torch_names_of_formats_are_known():
    names = ("torch.bfloat16", "float16", "half", "double", "torch.float8_e4m3fn", "float8_e5m2")
    assert [format_named(n).name for n in names] == ["bf16", "fp16", "fp16", "fp64", "e4m3", "e5m2"]
