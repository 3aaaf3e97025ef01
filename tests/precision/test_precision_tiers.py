# ruff: noqa: E402 - torch may be absent, which must skip before its homes are imported
"""What the sharper tiers rest on: orders of sums, relative errors, Mirsky's inequality, confidence, and the limits."""

import math
import random
from fractions import Fraction

import pytest

from muon_theory import catalogue
from muon_theory.errors import UsageError
from muon_theory.exact.ranges import maximum
from muon_theory.interval import Interval
from muon_theory.number import Reading
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import (
    Arithmetic,
    Order,
    Summation,
    Tier,
    all_but,
    format_named,
    mirsky,
    premises,
    step_errors,
    worst_step,
)
from muon_theory.precision.bound import StepData
from muon_theory.precision.format import root_up
from muon_theory.precision.probable import ln_up, probable_step, quantile
from muon_theory.precision.spectral import carried, spectral_drift
from muon_theory.precision.steps import arithmetic_named
from muon_theory.schedule import Schedule
from tests.benchmarks import widths

torch = pytest.importorskip("torch", reason="torch is absent (pip install 'muon-theory[torch]')")

from muon_theory.confirmation import SPECTRA, Emulated, build, kernel_for, norm_bound, singular_interval
from muon_theory.confirmation.enclosure import exact, frobenius_bound
from muon_theory.confirmation.inputs import seeded
from muon_theory.confirmation.iteration import step
from muon_theory.confirmation.kernel import Native

JORDAN = Schedule.parse("3.4445,-4.7750,2.0315")
SEPTIC = Schedule.parse("35/16,-35/16,21/16,-5/16")
CUBIC = Schedule.parse("3/2,-1/2")
START = Interval.of("1/100", 1)
ONE = Fraction(1)


def gaussian(*shape, seed=0):
    return torch.randn(shape, generator=seeded("cpu", seed, shape), dtype=torch.float64)


# Orders of sums -------------------------------------------------------------------------------------------------------


def depths(kind, size, n):
    """Through how many additions each of n terms passes, in that order, by doing it."""
    if kind == "any":  # one after another, the worst
        return [n - 1] + [n - i for i in range(1, n)]
    if kind == "pairwise":
        if n == 1:
            return [0]
        return [d + 1 for part in ((n + 1) // 2, n // 2) for d in depths(kind, size, part)]
    groups = [range(k, n, size) for k in range(min(size, n))]  # an addition to 0 is exact
    if kind == "blocked":
        groups = [range(k, min(k + size, n)) for k in range(0, n, size)]
    outside = depths("any", 0, len(groups))
    return [d + outside[i] for i, group in enumerate(groups) for d in depths("any", 0, len(group))]


@pytest.mark.parametrize(
    "name", ["any", "pairwise", "lanes:1", "lanes:8", "lanes:16", "blocked:1", "blocked:7", "blocked:64"]
)
@pytest.mark.parametrize("n", [1, 2, 7, 8, 9, 100, 1000])
def test_no_term_passes_through_more_additions_than_said(name, n):
    kind, _, size = name.partition(":")
    assert max(depths(kind, int(size or 0), n)) <= Summation(name).additions(n) <= n


def test_a_product_is_rounded_before_it_is_added():
    """Two squares and their sum, three roundings upward: nearly 2u, where the sum has one addition."""
    x, y = Fraction(11971029, 2**24), Fraction(11924321, 2**24)
    squares, fl = x * x + y * y, Reading.BINARY32.round
    error = abs(fl(fl(x * x) + fl(y * y)) - squares)
    s = root_up(squares, 2)
    bound = worst_step(JORDAN.steps[0], arithmetic_named("fp32", sums="pairwise"), (1, 2), s, s).constants["e1"]
    assert Fraction(19, 10) * squares / 2**24 < error <= bound < Fraction(21, 10) * squares / 2**24


@pytest.mark.parametrize("name", ["", "all", "lanes", "lanes:0", "lanes:x", "any:3", "-4", "2.5", "²", "blocked:²"])
def test_an_unknown_order_of_sums_is_refused_with_the_list(name):
    with pytest.raises(UsageError, match="pairwise, lanes:L"):
        Summation(name)


def test_fewer_additions_make_a_smaller_bound():
    sizes = [arithmetic_named("fp32", sums=s).gamma(4096) for s in ("any", "lanes:8", "blocked:64", "pairwise", 3)]
    assert sizes == sorted(sizes, reverse=True)
    errors = [step_errors(JORDAN, "fp32", (256, 256), START, frobenius=ONE, sums=s) for s in ("any", "pairwise")]
    assert errors[1][-1].after.width < errors[0][-1].after.width
    assert any("pairwise" in line for line in errors[1][0].assumptions)


def test_torch_adds_the_squares_of_a_norm_in_eight_lanes():
    """Bit for bit, where a CPU has vectors of 256 bits: the order that is assumed unless another is named."""
    if torch.backends.cpu.get_cpu_capability() != "AVX2":
        pytest.skip("the processor does not have vectors of 256 bits")
    for n in (64, 4096, 32768):
        x = gaussian(n, seed=n).float()
        lanes = torch.zeros(8, dtype=torch.float64)
        for row in x.double().reshape(-1, 8):
            lanes = (lanes + row * row).float().double()
        total = torch.zeros((), dtype=torch.float32)
        for lane in lanes.float():
            total = total + lane
        assert float(total.sqrt()) == float(x.norm())


# How an error passes through a step -----------------------------------------------------------------------------------


def data(f, s, F=None, m=6):
    c = tuple(Fraction(float(x)) for x in f.coefficients)
    return StepData(Arithmetic(format_named("fp64"), format_named("fp64").accumulation), c, m, m, s, F or s)


def evaluated(coefficients, A):
    """Σ coefficients[i]·A^i."""
    total, power = torch.zeros_like(A), torch.eye(A.shape[-1], dtype=A.dtype)
    for c in coefficients:
        total, power = total + float(c) * power, power @ A
    return total


@pytest.mark.parametrize("schedule", [JORDAN, SEPTIC, CUBIC], ids=["jordan", "septic", "cubic"])
@pytest.mark.parametrize("size", [1e-6, 0.02])
@pytest.mark.parametrize("seed", range(6))
def test_what_an_error_of_the_gram_matrix_does_is_bounded_in_both_norms(schedule, size, seed):
    f = schedule.steps[0]
    X = gaussian(6, 6, seed=seed)
    X = X / torch.linalg.matrix_norm(X, 2) * 1.1
    E = gaussian(6, 6, seed=seed + 100)
    E = (E + E.mT) * size if seed % 2 else E[:, :1] @ E[:, :1].mT * size
    A, one = X @ X.mT, data(f, Fraction("1.1001"))
    moved = evaluated(one.p, A + E) - evaluated(one.p, A)
    G = evaluated(one.coefficients, A)
    two, frobenius = exact(float(torch.linalg.matrix_norm(E, 2))), exact(float(E.norm()))
    slack = Fraction(1, 10**12)
    assert exact(float(torch.linalg.matrix_norm(moved, 2))) <= spectral_drift(one.p, one.s**2, two) + slack
    assert exact(float((moved @ X).norm())) <= one.carried(frobenius) + slack
    assert exact(float(torch.linalg.matrix_norm(moved @ X, 2))) <= carried(one, two) + slack
    share = one.shared(frobenius, Fraction(0))
    assert share is not None
    assert exact(float((moved @ torch.linalg.inv(G)).norm())) <= share + slack


def test_the_weight_of_an_error_beside_x_is_met():
    """E in the direction of the singular vectors where |b + c(λ_i + λ_j)|σ_j is largest: λ_i = 0, σ_j² = -b/(3c)."""
    f = JORDAN.steps[0]
    one = data(f, ONE, m=2)
    _, b, c = (float(x) for x in f.coefficients)
    sigma = math.sqrt(-b / (3 * c))
    X = torch.diag(torch.tensor([0.0, sigma], dtype=torch.float64))
    e = 1e-7
    E = torch.tensor([[0.0, e], [0.0, 0.0]], dtype=torch.float64)
    moved = (evaluated(one.p, X @ X.mT + E) - evaluated(one.p, X @ X.mT)) @ X
    assert 0.999 < float(moved.norm()) / float(one.carried(Fraction(e))) <= 1


def test_least_is_below_every_value_of_g():
    for schedule in (JORDAN, SEPTIC, CUBIC):
        one = data(schedule.steps[0], Fraction(9, 8))
        points = [one.s**2 * k / 99 for k in range(100)]
        values = [sum(c * y**i for i, c in enumerate(one.coefficients)) for y in points]
        assert min(values) - Fraction(1, 1000) <= one.least() <= min(values)
        if len(one.p) != 3:
            continue
        quotient = one.quotient(Fraction(1), Fraction(-2))
        assert all(abs(1 - 2 * y) / v <= quotient for y, v in zip(points, values, strict=True))
    assert -maximum([-c for c in JORDAN.steps[0].coefficients], Fraction(0), ONE) > 0


@pytest.mark.parametrize("name", ["bf16", "fp16", "fp32"])
@pytest.mark.parametrize("spectrum", ["log-uniform", "near-rank-one", "repeated", "hadamard"])
@pytest.mark.parametrize("schedule", [JORDAN, SEPTIC, CUBIC], ids=["jordan", "septic", "cubic"])
def test_each_singular_value_moves_by_its_share_and_the_rest(name, spectrum, schedule):
    kernel, f = kernel_for(name), schedule.steps[0]
    matrix = build(SPECTRA[spectrum], (7, 9), schedule, START)
    X = kernel.load(matrix.X)
    wide = X.double()
    apart = worst_step(f, arithmetic_named(name), (7, 9), norm_bound(wide), frobenius_bound(wide)).relative
    assert apart is not None
    seen = torch.linalg.svdvals(step(kernel, X, f).double())
    true = torch.linalg.svdvals(step(Native("fp64"), wide, f))
    share, rest = float(apart.share), float(apart.rest)
    assert bool((seen >= true * (1 - share) - rest - 1e-12).all())
    assert bool((seen <= true * (1 + share) + rest + 1e-12).all())


def test_coefficients_that_run_in_another_format_are_part_of_the_share():
    """1×1 in fp64 sums: all of the error is that of the coefficients, which bf16 moves by up to 2⁻⁸ of their size."""
    f, x = JORDAN.steps[0], Fraction(1, 100)
    apart = worst_step(f, arithmetic_named("fp64"), (1, 1), x, x, reading=Reading.BFLOAT16).relative
    assert apart is not None
    moved = OddPolynomial(tuple(Reading.BFLOAT16.round(c) for c in f.coefficients))(x) / f(x)
    assert abs(moved - 1) > Fraction(1, 10**3)
    assert 1 - apart.share - apart.rest / f(x) <= moved <= 1 + apart.share + apart.rest / f(x)
    assert apart.share < 3 * abs(moved - 1)


# Mirsky ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 5, 12, 40])
@pytest.mark.parametrize("seed", range(4))
def test_all_but_so_many_values_end_where_mirsky_says(count, seed):
    """Numbers pushed as hard as the Frobenius norms allow, all the error on few of them, and permuted between steps."""
    errors = step_errors(CUBIC, "bf16", (32, 32), Interval.of("1/10", 1), frobenius=ONE)
    errors = tuple(type(e)(**{k: getattr(e, k) for k in e.__dataclass_fields__} | {"relative": None}) for e in errors)
    inside, rng = all_but(CUBIC, errors, count), random.Random(f"{count} {seed}")
    x = [Fraction(1, 10) + Fraction(9, 10) * k / 31 for k in range(32)]
    for f, e in zip(CUBIC.steps, errors, strict=True):
        few = rng.choice((1, 2, max(1, count // 5), max(1, count // 5) + 1, 32))
        each = min(e.error, e.frobenius / (math.isqrt(few - 1) + 1 if few > 1 else 1))
        x = [abs(f(v)) for v in x]
        for i in rng.sample(range(32), few):
            x[i] = abs(x[i] + rng.choice((-1, 1)) * each)
        x = [Fraction(round(v * 2**80), 2**80) for v in x]
        rng.shuffle(x)
    tolerance = Fraction(1, 2**60)
    outside = [v for v in x if not inside.lo - tolerance <= v <= inside.hi + tolerance]
    assert len(outside) <= count


def test_more_exceptions_make_a_narrower_interval_and_none_the_chain_itself():
    errors = step_errors(CUBIC, "bf16", (64, 64), Interval.of("1/10", 1), frobenius=ONE)
    widths = [all_but(CUBIC, errors, k).width for k in (0, 5, 20, 200)]
    assert widths == sorted(widths, reverse=True)
    assert errors[-1].after.width <= widths[0] <= errors[-1].after.width * Fraction(11, 10)
    with pytest.raises(UsageError, match="Frobenius"):
        all_but(CUBIC, step_errors(CUBIC, "bf16", (64, 64), START, tier="P"), 3)
    with pytest.raises(UsageError, match="≥ 0"):
        all_but(CUBIC, errors, -1)


@pytest.mark.parametrize(("name", "dtype", "n", "count"), [("jordan", "fp32", 256, 13), ("article", "fp32", 256, 50)])
def test_exceptions_go_where_they_narrow_the_band_most(name, dtype, n, count):
    """Never wider than evenly, and as narrow as the best of many random shares, by a twentieth of what is won."""
    schedule = catalogue.get(name)
    errors = step_errors(schedule, dtype, (n, n), START, frobenius=ONE)
    chosen = premises(schedule, errors, count)
    even, *others = mirsky.shares(schedule, errors, count)
    assert all(sum(counts) == count and min(counts) >= 0 for counts in (even, *others))
    plain = mirsky._premises(schedule, errors, even)[-1].after.width
    draw, best = random.Random(1), plain
    for _ in range(40):
        cuts = sorted(draw.choices(range(count + 1), k=len(errors) - 1))
        counts = [b - a for a, b in zip([0, *cuts], [*cuts, count], strict=True)]
        best = min(best, mirsky._premises(schedule, errors, counts)[-1].after.width)
    none = premises(schedule, errors, 0)[-1].after.width
    assert chosen[-1].after.width <= plain
    assert chosen[-1].after.width <= best + (none - best) / 20


@pytest.mark.parametrize("weights", [[1.0, 2.0, 3.0], [0.0, 0.0], [1e-9, 1.0, 1e9], [5.0] * 7])
@pytest.mark.parametrize("count", [1, 2, 17, 1000])
def test_shares_add_up(weights, count):
    found = mirsky._shared(weights, count)
    assert sum(found) == count
    assert min(found) >= 0


# With a stated confidence ---------------------------------------------------------------------------------------------


class Stochastic(Emulated):
    """bf16 with stochastic rounding: up with the probability that makes the mean exact.  Sums are formed in fp64."""

    def __init__(self, seed):
        super().__init__("bf16")
        self.draw = torch.Generator().manual_seed(seed)

    def load(self, X):
        return X.double()

    def _store(self, X):
        unit = torch.exp2(torch.floor(torch.log2(X.abs().clamp(min=1e-300))) - 7)
        low = torch.floor(X / unit)
        up = torch.rand(X.shape, generator=self.draw, dtype=torch.float64) < X / unit - low
        return (low + up) * unit


def pattern(n):
    """A Hadamard pattern of 1 + 2⁻⁷ and -1, and the map whose roundings to nearest all have the same sign."""
    H = torch.ones(1, 1, dtype=torch.float64)
    while len(H) < n:
        H = torch.cat([torch.cat([H, H], 1), torch.cat([H, -H], 1)])
    return torch.where(H > 0, 1 + 2.0**-7, -1.0).to(torch.float64), OddPolynomial.of(Fraction(12949, 12800))


@pytest.mark.parametrize("order", [Order.FUSED, Order.UNFUSED], ids=lambda order: order.value)
@pytest.mark.parametrize("kind", ["random", "pattern", "steep", "septic"])
def test_under_stochastic_rounding_the_bound_holds_as_often_as_it_says(kind, order):
    """100 runs on matrices that nearest rounding is at its worst on: with failure 1/100, hardly one may pass."""
    f, arithmetic = JORDAN.steps[0], arithmetic_named("bf16", "fp64")
    X = gaussian(48, 48, seed=3) / 48
    if kind == "pattern":
        X, f = pattern(64)
    elif kind == "steep":
        X = build(SPECTRA["critical"], (24, 24), JORDAN, START).X
    elif kind == "septic":
        f = OddPolynomial.of("35/16", "-35/16", "21/16", "-5/16")
    X = X.float().to(torch.bfloat16).double()
    s, F = norm_bound(X), frobenius_bound(X)
    bound = float(probable_step(f, arithmetic, X.shape, s, F, Fraction(1, 100), order).error)
    true, worst = step(Native("fp64"), X, f), 0.0
    for seed in range(100):
        error = torch.linalg.matrix_norm(step(Stochastic(seed), X, f, order) - true, 2)
        worst = max(worst, float(error) / bound)
    assert 0.02 < worst <= 1  # it holds, and is not idle


def test_a_pattern_breaks_the_confidence_under_rounding_to_nearest():
    """Tier S is a model there: a matrix all of whose rounding errors have one sign leaves it, as it leaves tier P."""
    X, f = pattern(512)
    kernel = Emulated("bf16")
    error = step(kernel, kernel.load(X), f).double() - step(Native("fp64"), X, f)
    bound = probable_step(f, arithmetic_named("bf16"), X.shape, norm_bound(X), frobenius_bound(X), Fraction(1, 1000))
    assert float(torch.linalg.matrix_norm(error, 2)) > float(bound.error)


def test_the_quantile_is_that_of_the_matrix_inequality():
    for n, failure in ((16, Fraction(1, 10)), (4096, Fraction(1, 10**6))):
        tau = float(quantile(n, n, failure))
        assert 0.9 * float(failure) < 2 * n * math.exp(-(tau**2) / 2) <= float(failure) * 1.0000001 or tau**2 < 2.0
        assert 2 * n * math.exp(-(tau**2) / 2) <= float(failure)
        assert float(ln_up(Fraction(n))) >= math.log(n)


@pytest.mark.parametrize(("change", "message"), [
    ({"dtype": "tf32"}, "cuts or rescales"),
    ({"dtype": "e4m3"}, "cuts or rescales"),
    ({"order": "shifted"}, "fused and the unfused order"),
    ({"failure": Fraction(0)}, "between 0 and 1"),
    ({"failure": Fraction(1)}, "between 0 and 1"),
])  # fmt: skip
def test_what_tier_s_cannot_bound_it_refuses(change, message):
    arguments = {"dtype": "bf16", "shape": (8, 8), "start": START, "tier": "S", **change}
    with pytest.raises(UsageError, match=message):
        step_errors(JORDAN, **arguments)


def test_a_whole_run_shares_its_failure_and_says_so():
    steps = step_errors(JORDAN, "fp16", (256, 256), START, tier="S", frobenius=ONE, failure=Fraction(1, 50))
    assert {e.tier for e in steps} == {Tier.S}
    assert any("≥ 1 - 1/50" in line for line in steps[0].assumptions)
    finer = step_errors(JORDAN, "fp16", (256, 256), START, tier="S", frobenius=ONE, failure=Fraction(1, 10**6))
    assert all(a.error < b.error for a, b in zip(steps, finer, strict=True))
    W = step_errors(JORDAN, "fp16", (256, 256), START, frobenius=ONE)
    assert steps[-1].error < W[-1].error
    assert steps[-1].after <= Interval.of(0, "1.3")


def test_unfused_errs_more_where_storing_does_and_less_where_sums_do():
    """Fused, βD takes part in the sum of PQ; unfused, three results are stored in place of one."""

    f = JORDAN.steps[0]

    def error(dtype, n, order, sums="any"):
        arithmetic = arithmetic_named(dtype, sums=sums)
        return probable_step(f, arithmetic, (n, n), ONE, ONE, Fraction(1, 1000), Order(order)).error

    assert error("fp16", 64, "fused") < error("fp16", 64, "unfused") < 4 * error("fp16", 64, "fused")
    assert error("fp32", 1024, "unfused") < error("fp32", 1024, "fused")
    for order in ("fused", "unfused"):
        ends = [error("fp32", 1024, order, sums) for sums in ("pairwise", "blocked:64", "any")]
        assert ends == sorted(ends)
        assert ends[0] < ends[-1] / 2


# The limit of every worst case ----------------------------------------------------------------------------------------


def regular(n):
    """A Hadamard matrix of order 4^k with constant row sums √n."""
    H = torch.ones(1, 1, dtype=torch.float64)
    B = torch.ones(4, 4, dtype=torch.float64) - 2 * torch.eye(4, dtype=torch.float64)
    while len(H) < n:
        H = torch.kron(H, B)
    return H


@pytest.mark.parametrize("n", [16, 64, 256])
def test_no_worst_case_bound_is_below_half_the_root_of_the_size(n):
    """A matrix whose largest singular value itself moves by u√n/2 of its size when it is rounded once.

    A regular Hadamard pattern: all ones are its singular vectors, on both sides.  Entries 1 round down and entries
    1 + 2⁻⁷ up, so every error has one sign, and xᵀEx for x = 1/√n adds all of them up: no bound in terms of u, n and
    ‖X‖₂ alone, relative or not, can be smaller.
    """
    H, f = regular(n), OddPolynomial.of(Fraction(12949, 12800))
    assert torch.equal(H @ H.mT, n * torch.eye(n, dtype=torch.float64))
    X = torch.where(H > 0, 1 + 2.0**-7, -1.0).to(torch.float64)
    kernel = Emulated("bf16")
    assert torch.equal(kernel.load(X).double(), X)
    computed, true = step(kernel, kernel.load(X), f).double(), step(Native("fp64"), X, f)
    before, after = (float(torch.linalg.matrix_norm(M, 2)) for M in (true, computed))
    u = 2.0**-8
    assert (after - before) / before > 0.9 * u * math.sqrt(n) / 2
    assert singular_interval(computed).hi <= exact(before) + worst_step(
        f, arithmetic_named("bf16"), (n, n), norm_bound(X), frobenius_bound(X)
    ).error + Fraction(1, 10**6)


# The table of the page ------------------------------------------------------------------------------------------------


CELLS = [("fp32", "W", 256), ("fp32", "V", 8192), ("fp32", "S", 4096), ("fp16", "S", 1024), ("bf16", "P", 1024)]


@pytest.mark.parametrize(("dtype", "tier", "n"), CELLS)
@pytest.mark.parametrize("name", ["jordan", "article"])
def test_the_table_of_widths_is_the_one_of_the_page(name, dtype, tier, n):
    cells = widths.printed()[name, dtype, tier]
    assert cells[widths.SIZES.index(n)][1] == widths.width(catalogue.get(name), dtype, tier, n)


@pytest.mark.long
@pytest.mark.parametrize("tier", ["W", "V", "S", "P"])
def test_all_rows_of_the_table_that_need_no_matrix_are_the_ones_that_are_made(tier):
    page = widths.printed()
    made = list(widths.rows([tier]))
    assert [tuple(row[:3]) for row in made] == [key for key in page if key[2] == tier]
    for name, dtype, _, *cells in made:
        assert [after for _, after in page[name, dtype, tier]] == cells


@pytest.mark.long
def test_a_row_of_tier_a_is_made_again():
    made = widths.width(catalogue.get("article"), "bf16", "A", 256)
    assert (
        abs(float(widths.printed()["article", "bf16", "A"][1][1]) - float(made)) < 0.01
    )  # another processor adds in another order
