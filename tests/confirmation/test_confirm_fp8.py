# ruff: noqa: E402 - torch may be absent, which must skip before its homes are imported
"""fp8 with a power of two for each matrix: the emulated rounding against exact rationals, and tier A on it."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muon_theory.errors import UsageError
from muon_theory.evidence import Standing
from muon_theory.interval import Interval
from muon_theory.precision import format_named
from muon_theory.schedule import Schedule

torch = pytest.importorskip("torch", reason="torch is absent (pip install 'muon-theory[torch]')")

from muon_theory.confirmation import confirm, norm_bound
from muon_theory.confirmation.enclosure import exact, frobenius_bound
from muon_theory.confirmation.inputs import seeded
from muon_theory.confirmation.kernel import Emulated, Native, kernel_for, scale_exponent
from muon_theory.confirmation.norms import power_of_two

# significant bits, exponent of the least positive number, largest number: OCP 8-bit Floating Point Specification 1.0
FORMATS = {"e4m3": (4, -9, Fraction(448)), "e5m2": (3, -16, Fraction(57344))}
CUBIC = Schedule.parse("3/2,-1/2")


def nearest(q, name):
    """The nearest number of the format, ties to even, |q| ≤ the largest."""
    bits, least, largest = FORMATS[name]
    assert abs(q) <= largest
    if q == 0:
        return q
    e = abs(q.numerator).bit_length() - q.denominator.bit_length()
    e -= Fraction(2) ** e > abs(q)
    quantum = Fraction(2) ** max(e - bits + 1, least)
    return round(q / quantum) * quantum


def stored(values, name):
    """2^-k times the nearest number to 2^k·x, k the largest with 2^k·max|x| ≤ the largest number."""
    k, top, largest = 0, max(map(abs, values)), FORMATS[name][2]
    while top and top * Fraction(2) ** k > largest:
        k -= 1
    while top and top * Fraction(2) ** (k + 1) <= largest:
        k += 1
    return [nearest(x * Fraction(2) ** k, name) / Fraction(2) ** k for x in values]


@pytest.mark.parametrize("name", list(FORMATS))
@given(st.lists(st.floats(-(2.0**20), 2.0**20, width=32), min_size=1, max_size=12), st.integers(-60, 40))
@settings(max_examples=150)
def test_a_stored_matrix_is_the_exact_rounding(name, values, exponent):
    """torch's cast, between two powers of two, is rounding to nearest even in exact arithmetic, entry by entry."""
    values = [0.0 if abs(v) < 2.0**-40 else v * 2.0**exponent for v in values]
    X = torch.tensor([values], dtype=torch.float32)
    ours = Emulated(name).load(X)
    assert [exact(v) for v in ours[0].tolist()] == stored([exact(v) for v in X[0].tolist()], name)


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_number_of_the_format_is_kept_and_every_midpoint_goes_to_even(name):
    dtype = {"e4m3": torch.float8_e4m3fn, "e5m2": torch.float8_e5m2}[name]
    every = torch.arange(256, dtype=torch.uint8).view(dtype).float()
    every = every[torch.isfinite(every)].unique()
    assert float(every.max()) == FORMATS[name][2]
    assert torch.equal(Emulated(name).load(every[None])[0], every)
    between = (every[1:] + every[:-1]) / 2
    between[-1] = every[-1]  # the largest number, so that the scale is 1
    got = [exact(v) for v in Emulated(name).load(between[None])[0].tolist()]
    assert got == [nearest(exact(v), name) for v in between.tolist()]


@pytest.mark.parametrize("name", list(FORMATS))
@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 10**6), st.integers(-40, 40))
def test_storing_errs_by_less_than_the_roundoff_and_nothing_saturates(name, m, n, seed, exponent):
    kernel = Emulated(name)
    g = seeded("cpu", seed)
    X = torch.randn(3, m, n, generator=g) * torch.exp2(8 * torch.randn(3, m, n, generator=g) + exponent)
    Y = kernel.load(X)
    assert torch.equal(kernel.load(Y), Y)
    k = scale_exponent(X, kernel.dtype)
    top = (X * power_of_two(k)).abs().amax(dim=(-2, -1))
    assert bool((top <= torch.finfo(kernel.dtype).max).all())
    assert bool((2 * top > torch.finfo(kernel.dtype).max).all())
    u = format_named(name).of_size(m * n).roundoff
    for x, y in zip(X.double(), Y.double(), strict=True):
        assert frobenius_bound(y - x) <= u * frobenius_bound(x) * (1 + Fraction(1, 2**40))


def test_powers_of_two_are_exact():
    k = torch.arange(-126, 128, dtype=torch.int32)
    assert [exact(v) for v in power_of_two(k).tolist()] == [Fraction(2) ** i for i in range(-126, 128)]


def test_a_zero_matrix_stays_zero_and_batches_have_their_own_scales():
    X = torch.stack([torch.zeros(2, 3), torch.full((2, 3), 1e-6), torch.full((2, 3), 1e6)])
    Y = Emulated("e4m3").load(X)
    assert float(Y[0].abs().max()) == 0
    for x, y in zip(X[1:], Y[1:], strict=True):
        assert float((y / x - 1).abs().max()) <= 2.0**-4


def test_fp8_runs_emulated_only():
    assert isinstance(kernel_for("e5m2"), Emulated)
    with pytest.raises(UsageError, match="emulate it"):
        Native("e4m3")


@pytest.mark.parametrize("name", ["e4m3", pytest.param("e5m2", marks=pytest.mark.long)])
def test_tier_a_confirms_a_flat_schedule_in_fp8(name):
    found = confirm(CUBIC, start=Interval.of("1/4", 1), shapes=[(20, 12), (2, 8, 24)], dtypes=[name])
    assert found.verdict is Standing.CONFIRMED
    bounded = [c for c in found.cases if c.errors]
    assert len(bounded) >= len(found.cases) - 2
    assert all(c.tier.value == "A" and c.arithmetic == "emulated" for c in bounded)
    constant = next(c for c in bounded if c.spectrum == "constant")
    assert constant.certified[0] > Fraction(3, 4)
    assert constant.certified[1] < Fraction(5, 4)


def test_norms_of_fp8_residuals_are_bounded_as_any_other():
    X = torch.randn(30, 40, generator=seeded("cpu", 3))
    R = X.double() - Emulated("e4m3").load(X).double()
    assert float(torch.linalg.matrix_norm(R, 2)) <= float(norm_bound(R))
