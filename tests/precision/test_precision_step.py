"""One step of the rounding model: against exact arithmetic, its printed formulas, and the model of typical rounding."""

import math
import random
from fractions import Fraction
from itertools import product

import pytest

from muon_theory.interval import Interval
from muon_theory.number import Reading
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import Accumulation, Order, executed, step_errors, typical_step, worst_step
from muon_theory.precision.format import root_up
from muon_theory.precision.steps import arithmetic_named
from muon_theory.schedule import Schedule

JORDAN = Schedule.parse("3.4445,-4.7750,2.0315")
ARTICLE = Schedule.parse("3.25,-3.51,1.26")
SEPTIC = Schedule.parse("35/16,-35/16,21/16,-5/16")
CUBIC = Schedule.parse("3/2,-1/2")
LINE = Schedule.parse("5/4", 2)
START = Interval.of("1/100", 1)
ONE = Fraction(1)


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
    if order is not Order.UNFUSED:
        if len(c) == 2 and order is Order.FUSED:
            return machine.addmm(X, A, X, c[0], c[1])
        H = machine.scale(A, c[1]) if len(c) == 2 else machine.addmm(A, A, A, c[-2], c[-1])
        for cj in reversed(c[1:-2]):
            H = machine.addmm(A, H, A, cj, None)
        if order is Order.SHIFTED:
            a = machine.store(machine.opmath(c[0]))
            eye = [[a if i == j else Fraction(0) for j in range(len(A))] for i in range(len(A))]
            return machine.matmul(machine.add(H, eye), X)
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
CASES = list(product(["bf16", "fp16", "fp32", "tf32", "fp64"], SCHEDULES, [Order.FUSED, Order.UNFUSED, Order.SHIFTED]))


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


@pytest.mark.parametrize("order", ["fused", "unfused", "shifted"])
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
