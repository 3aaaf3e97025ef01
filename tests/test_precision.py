"""The rounding model against exact arithmetic, against a transcription of its formulas, and against its own limits."""

import math
import random
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.interval import Interval
from muon_theory.number import Reading
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import (
    FORMATS,
    Accumulation,
    Arithmetic,
    Order,
    chain,
    deviation_bound,
    executed,
    format_named,
    gram_errors,
    gram_restarts,
    image,
    normalised,
    step_errors,
    typical_step,
    worst_step,
)
from muon_theory.precision.format import root_up, round_up
from muon_theory.precision.image import maximum
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

small = st.fractions(min_value=-5, max_value=5, max_denominator=1000)


@given(st.lists(small, min_size=1, max_size=6), small, small, st.data())
def test_the_maximum_bounds_every_value_and_is_reached(coefficients, a, b, data):
    lo, hi = min(a, b), max(a, b)
    bound = maximum(coefficients, lo, hi)
    points = [lo + (hi - lo) * Fraction(k, 64) for k in range(65)]
    values = [sum(c * x**i for i, c in enumerate(coefficients)) for x in points]
    assert max(values) <= bound
    size = sum(abs(c) * max(abs(lo), abs(hi), 1) ** i for i, c in enumerate(coefficients))
    slope = sum(i * abs(c) * max(abs(lo), abs(hi), 1) ** (i - 1) for i, c in enumerate(coefficients))
    assert bound <= max(values) + slope * (hi - lo) / 64 + size / 2**20


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


# One step, in exact arithmetic ----------------------------------------------------------------------------------------


class Machine:
    """A machine with the format's rounding: exact rationals, rounded by `Reading`, sums in a random order."""

    def __init__(self, arithmetic, rng):
        names = {"bf16": "bfloat16", "fp16": "binary16", "fp32": "binary32", "tf32": "binary32", "fp64": "binary64"}
        self.store = Reading(names[arithmetic.format.name]).round
        inner = {"fp64": Reading.BINARY64, "fp32": Reading.BINARY32, "storage": Reading(names[arithmetic.format.name])}
        self.cut = arithmetic.accumulation is Accumulation.FP32_TRUNCATING
        self.inner = self.truncate if self.cut else inner[arithmetic.accumulation.value].round
        self.opmath = Reading.BINARY64.round if arithmetic.format.name == "fp64" else Reading.BINARY32.round
        self.tf32 = arithmetic.format.name == "tf32"
        self.rng = rng

    @staticmethod
    def truncate(q, bits=24):
        if q == 0:
            return q
        e = math.floor(math.log2(abs(q)))
        quantum = Fraction(2) ** (e - bits + 1)
        return (abs(q) / quantum).__floor__() * quantum * (1 if q > 0 else -1)

    def read(self, q):
        return self.truncate(q, 11) if self.tf32 else q

    def total(self, terms):
        terms = list(terms)
        self.rng.shuffle(terms)
        while len(terms) > 1:
            i, j = sorted(self.rng.sample(range(len(terms)), 2))
            y = terms.pop(j)
            terms[i] = self.inner(terms[i] + y)
        return terms[0]

    def addmm(self, D, P, Q, beta, alpha):
        def entry(i, j):
            terms = [self.inner(self.read(P[i][k]) * self.read(Q[k][j])) for k in range(len(Q))]
            if alpha is not None and self.rng.random() < 0.5:
                terms = [self.inner(alpha * t) for t in terms]
            elif alpha is not None:
                terms = [self.inner(alpha * self.total(terms))]
            if D is not None:
                terms.append(self.inner(beta * D[i][j]))
            return self.store(self.total(terms))

        return [[entry(i, j) for j in range(len(Q[0]))] for i in range(len(P))]

    def matmul(self, P, Q):
        return self.addmm(None, P, Q, None, None)

    def scale(self, X, c):
        return [[self.store(self.opmath(c * x)) for x in row] for row in X]

    def add(self, X, Y):
        return [[self.store(self.opmath(x + y)) for x, y in zip(r, s, strict=True)] for r, s in zip(X, Y, strict=True)]


def transpose(X):
    return [list(column) for column in zip(*X, strict=True)]


def machine_step(machine, X, c, order):
    if len(c) == 1:
        return machine.scale(X, c[0])
    A = machine.matmul(X, transpose(X))
    if order is Order.FUSED:
        if len(c) == 2:
            return machine.addmm(X, A, X, c[0], c[1])
        H = machine.addmm(A, A, A, c[-2], c[-1])
        for cj in reversed(c[1:-2]):
            H = machine.addmm(A, H, A, cj, None)
        return machine.addmm(X, H, X, c[0], None)
    H = machine.scale(A, c[-1])
    for cj in reversed(c[1:-1]):
        H = machine.add(machine.scale(A, cj), machine.matmul(H, A))
    return machine.add(machine.scale(X, c[0]), machine.matmul(H, X))


def exact_step(X, c):
    A = multiply(X, transpose(X))
    total = [[c[0] * x for x in row] for row in X]
    power = X
    for cj in c[1:]:
        power = multiply(A, power)
        total = [[t + cj * p for t, p in zip(r, s, strict=True)] for r, s in zip(total, power, strict=True)]
    return total


def multiply(P, Q):
    return [
        [sum((p * q for p, q in zip(row, col, strict=True)), Fraction(0)) for col in zip(*Q, strict=True)] for row in P
    ]


def square_norm(X):
    return sum((x * x for row in X for x in row), Fraction(0))


SCHEDULES = [JORDAN, SEPTIC, CUBIC, LINE]
CASES = list(product(["bf16", "fp16", "fp32", "tf32", "fp64"], SCHEDULES, [Order.FUSED, Order.UNFUSED]))


@pytest.mark.parametrize(("name", "schedule", "order"), CASES, ids=lambda v: getattr(v, "value", getattr(v, "name", v)))
def test_the_worst_case_holds_for_a_machine_in_exact_arithmetic(name, schedule, order):
    """Real roundings, by rational arithmetic and in random orders of summation, stay below the bound."""
    rng = random.Random(f"{name} {schedule.name} {order}")
    ways = [None, "fp32-truncating", "storage"] if name in ("bf16", "fp16") else [None]
    for accumulate, (m, n), size in product(ways, [(1, 1), (2, 3), (3, 3)], [ONE, Fraction(1, 2**9)]):
        arithmetic = arithmetic_named(name, accumulate)
        machine = Machine(arithmetic, rng)
        f = schedule.steps[0]
        X = [[machine.store(Fraction(rng.randint(-(2**30), 2**30), 2**30) * size) for _ in range(n)] for _ in range(m)]
        F = root_up(square_norm(X), 2)
        bound = worst_step(f, arithmetic, (m, n), F, F, order)
        c = executed(f, arithmetic.format.coefficients).coefficients
        got, true = machine_step(machine, X, c, order), exact_step(X, f.coefficients)
        error = [[x - y for x, y in zip(r, s, strict=True)] for r, s in zip(got, true, strict=True)]
        assert square_norm(error) <= bound.frobenius**2
        assert square_norm(error) <= bound.error**2


def test_the_worst_case_is_nearly_reached_by_one_number():
    """1×1, a·x just beside a rounding midpoint: the bound of a degree 1 step is met to a few per cent."""
    arithmetic = arithmetic_named("bf16")
    f = OddPolynomial.of(Fraction(12949, 12800))
    x = Fraction(1)
    error = abs(Reading.BFLOAT16.round(f(x)) - f(x))
    assert 0.9 * worst_step(f, arithmetic, (1, 1), x, x).error < error <= worst_step(f, arithmetic, (1, 1), x, x).error


# One step, against the formulas as printed ----------------------------------------------------------------------------


def transcribed(f, u, m, n, s, F, gamma):
    """ε = s(k₁e₁ + |c|e₁² + e₂) + e₃ for degree 5 with one rounding a stored result, by the triangle inequality."""
    a, b, c = map(abs, f.coefficients)
    e1 = u * s * F + (1 + u) * gamma(n) * F * F
    k1 = max(b, abs(f.coefficients[1] + 2 * f.coefficients[2] * s * s))
    A = s * F + e1
    two = s * s + e1
    e2 = u * (b * A + c * two * A) + (1 + u) * gamma(m + 2) * (b * A + c * A * A)
    B = b * A + c * two * A + e2
    e3 = u * (a * F + B * s) + (1 + u) * gamma(m + 2) * (a * F + B * F)
    return s * (k1 * e1 + c * e1 * e1 + e2) + e3


@pytest.mark.parametrize("name", ["bf16", "fp16"])
@pytest.mark.parametrize("schedule", [JORDAN, ARTICLE], ids=["jordan", "article"])
@pytest.mark.parametrize("n", [16, 1024])
def test_the_bound_is_the_printed_formula_or_sharper(name, schedule, n):
    f, arithmetic = schedule.steps[0], arithmetic_named(name)
    bound = worst_step(f, arithmetic, (n, n), ONE, ONE)
    printed = transcribed(f, arithmetic.format.roundoff, n, n, ONE, ONE, arithmetic.gamma)
    extra = n * n * Fraction(1, 2**24) * 40 if name == "fp16" else Fraction(1, 2**20)  # underflow, coefficients
    assert printed / 5 < bound.error < printed + extra


def test_k1_is_the_derivative_of_the_inner_polynomial():
    f = JORDAN.steps[0]
    for s in (Fraction(1), Fraction("1.3")):
        c = executed(f, Reading.BINARY32).coefficients
        expected = max(abs(c[1]), abs(c[1] + 2 * c[2] * s * s))
        k1 = worst_step(f, arithmetic_named("fp32"), (8, 8), s, s).constants["k1"]
        assert abs(k1 - expected) < Fraction(1, 2**30)


@pytest.mark.parametrize("order", ["fused", "unfused"])
def test_bounds_grow_with_size_and_roundoff(order):
    def first(name, n):
        return step_errors(Schedule.parse("3/2,-1/2", 1), name, (n, n), START, order=order, frobenius=ONE)[0].error

    assert first("fp32", 16) < first("fp32", 64) < first("fp32", 1024)
    assert first("fp64", 64) < first("fp32", 64) < first("fp16", 64) < first("bf16", 64)
    assert first("fp32", 64) < first("tf32", 64)


def test_coarser_sums_cost_more():
    once = Schedule.parse("3/2,-1/2", 1)
    errors = [step_errors(once, "bf16", (64, 64), START, accumulate=a, frobenius=ONE)[0].error
              for a in ("fp64", "fp32", "fp32-truncating", "storage")]  # fmt: skip
    assert errors == sorted(errors)
    assert errors[-1] > errors[0] * 10


def test_coefficients_in_the_storage_format_are_part_of_the_error():
    f, arithmetic, s = JORDAN.steps[0], arithmetic_named("bf16"), Fraction(1, 10)
    plain, rounded = (worst_step(f, arithmetic, (8, 8), s, s, reading=r) for r in (None, Reading.BFLOAT16))
    moved = abs(Reading.BFLOAT16.read("3.4445") - Fraction("3.4445"))
    assert rounded.error - plain.error > moved / 10 / 2
    assert rounded.constants["coefficients"] >= moved


# Schedules ------------------------------------------------------------------------------------------------------------


def test_fp64_is_certified_at_1024_and_fp32_at_64():
    for schedule in (JORDAN, ARTICLE, SEPTIC, CUBIC):
        plain = chain(schedule, START)[-1]
        for name, n, most in (("fp64", 1024, Fraction(1, 10**7)), ("fp32", 64, Fraction(1, 10))):
            last = step_errors(schedule, name, (n, n), START, frobenius=ONE)[-1].after
            assert plain <= last
            assert last.lo > plain.lo - most
            assert last.hi < plain.hi + most


@pytest.mark.parametrize("name", ["bf16", "tf32"])
def test_the_worst_case_in_16_bits_says_that_it_says_nothing(name):
    with pytest.raises(UndecidedError, match="tier W"):
        step_errors(JORDAN, name, (64, 64), START)


def test_fp16_cannot_exclude_overflow_from_large_values():
    with pytest.raises(UndecidedError, match="overflow"):
        worst_step(JORDAN.steps[0], arithmetic_named("fp16"), (8, 8), Fraction(12), Fraction(12))


def test_a_robust_chain_is_the_one_of_the_errors():
    errors = step_errors(ARTICLE, "fp32", (48, 96), START, frobenius=ONE)
    again = chain(ARTICLE, START, [e.error for e in errors])
    assert [e.after for e in errors] == list(again[1:])
    assert [e.before for e in errors] == list(again[:-1])


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
        ({"dtype": "fp8"}, "14 bits"),
        ({"dtype": "float8_e4m3fn"}, "14 bits"),
        ({"dtype": "int8"}, "use bf16"),
        ({"accumulate": "fp80"}, "fp32-truncating"),
        ({"order": "sideways"}, "fused, unfused or gram"),
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


# Tier P ---------------------------------------------------------------------------------------------------------------


def test_the_models_constant_is_twice_the_root_mean_square_of_a_rounding_error():
    assert 2 * math.sqrt(1 / (8 * math.log(2))) == pytest.approx(0.849, abs=5e-4)
    rng = random.Random(1)
    samples = [Fraction(int(2.0 ** (52 + rng.random())), 2**52) for _ in range(20000)]
    mean = sum(((float(Reading.BFLOAT16.round(x) / x) - 1) * 256) ** 2 for x in samples) / len(samples)
    assert 2 * math.sqrt(mean) == pytest.approx(0.849, rel=0.03)


@pytest.mark.parametrize("schedule", [JORDAN, ARTICLE, SEPTIC, CUBIC], ids=["jordan", "article", "septic", "cubic"])
def test_the_model_is_below_the_worst_case(schedule):
    f, arithmetic = schedule.steps[0], arithmetic_named("bf16")
    assert typical_step(f, arithmetic, ONE).error < worst_step(f, arithmetic, (64, 64), ONE, Fraction(8)).error


# Gram form, normalisation, deviation ----------------------------------------------------------------------------------


@pytest.mark.parametrize("schedule", [JORDAN, SEPTIC, CUBIC, LINE], ids=["jordan", "septic", "cubic", "line"])
def test_restarting_lowers_the_gram_forms_error(schedule):
    last = len(schedule.steps) - 1
    none = gram_errors(schedule, "fp64", (32, 128), START)
    every = gram_errors(schedule, "fp64", (32, 128), START, restarts=tuple(range(1, last + 1)))
    assert [e.error > 0 for e in none] == [False] * last + [True]
    assert max(e.error for e in every) <= none[-1].error
    assert chain(schedule, START, [e.error for e in none])[-1] == none[-1].after


def test_restarts_keep_every_segment_below_the_tolerance():
    relaxed = Schedule.parse("15/8,-5/4,3/8")
    restarts = gram_restarts(relaxed, "fp32", (64, 256), START, frobenius=ONE)
    assert restarts == (3, 4)
    errors = [e.error for e in gram_errors(relaxed, "fp32", (64, 256), START, restarts, frobenius=ONE)]
    assert 0 < max(errors) <= Fraction(1, 100)
    assert gram_restarts(JORDAN, "fp64", (64, 256), START) == ()
    with pytest.raises(UndecidedError, match="one Gram step"):
        gram_restarts(JORDAN, "bf16", (64, 256), START)


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
    names = ("torch.bfloat16", "float16", "half", "double")
    assert [format_named(n).name for n in names] == ["bf16", "fp16", "fp16", "fp64"]
