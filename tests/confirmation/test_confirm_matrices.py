# ruff: noqa: E402 - torch may be absent, which must skip before its homes are imported
"""Inputs, the exact reference, the iteration and its measurements, each against something independent of it."""

import subprocess
import sys
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.errors import UsageError
from muon_theory.exact.roots import critical_points
from muon_theory.interval import Interval
from muon_theory.normalisation import Normalisation
from muon_theory.schedule import Schedule

torch = pytest.importorskip("torch", reason="torch is absent (pip install 'muon-theory[torch]')")

from muon_theory.confirmation import (
    SPECTRA,
    build,
    enclosure,
    escape_edge,
    gelfand,
    observed,
    orbit,
    orthogonalize,
    phi,
)
from muon_theory.confirmation.enclosure import exact, norm_bound, singular_interval
from muon_theory.confirmation.inputs import hadamard, orthonormal, seeded
from muon_theory.confirmation.iteration import run_steps, step
from muon_theory.confirmation.kernel import Emulated, Native, kernel_for
from muon_theory.confirmation.norms import normalise
from muon_theory.confirmation.products import symmetric_product
from muon_theory.confirmation.spectra import safe, safe_edge, spectrum_named
from muon_theory.precision import Order

JORDAN = Schedule.parse("3.4445,-4.7750,2.0315")
ARTICLE = Schedule.parse("3.25,-3.51,1.26")
SEPTIC = Schedule.parse("35/16,-35/16,21/16,-5/16")
CUBIC = Schedule.parse("3/2,-1/2")
MIXED = Schedule.parse("5/4;3/2,-1/2;3.25,-3.51,1.26;35/16,-35/16,21/16,-5/16;15/8,-5/4,3/8")
START = Interval.of("1/100", 1)
SHAPES = [(8, 8), (6, 13), (13, 6), (2, 5, 9), (1, 7), (2, 3, 7, 4)]


# The reference --------------------------------------------------------------------------------------------------------


@given(st.fractions(min_value=0, max_value=1, max_denominator=10**9))
def test_phi_is_the_exact_composition_to_180_bits(x):
    for schedule in (JORDAN, MIXED):
        short = Schedule(schedule.steps[:3])
        assert abs(phi(short, [x])[0] - short(x)) < Fraction(1, 2**180)
        assert orbit(short, x)[0] == pytest.approx(short.steps[0](x), abs=2**-190)


def test_an_escaping_orbit_ends_and_keeps_its_size():
    values = orbit(Schedule.parse("3.4445,-4.7750,2.0315", 60), Fraction(2))
    assert len(values) < 60
    assert abs(values[-1]) > 2**3800


# Spectra --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("schedule", [JORDAN, ARTICLE, CUBIC, MIXED], ids=["jordan", "article", "cubic", "mixed"])
@pytest.mark.parametrize("k", [1, 2, 17])
def test_spectra_have_k_values_inside_where_they_say_so(schedule, k):
    for spectrum in SPECTRA.values():
        values = spectrum.make(schedule, START, k, Random(0))
        assert len(values) == k
        assert not spectrum.inside or all(v in START for v in values)
        assert all(v >= 0 for v in values)


def test_the_edges_are_where_the_literature_has_them():
    assert float(safe_edge(CUBIC)) == pytest.approx(3**0.5, abs=1e-9)
    for schedule in (JORDAN, ARTICLE):
        edge, escape = safe_edge(schedule), escape_edge(schedule)
        assert safe(schedule, edge * Fraction(999, 1000))
        assert not safe(schedule, edge * Fraction(1001, 1000))
        assert edge < escape
        assert max(map(abs, orbit(schedule, escape * Fraction(101, 100)))) >= 2**20


def test_critical_inputs_reach_critical_points():
    values = spectrum_named("critical").make(JORDAN, START, 40, Random(0))
    f = JORDAN.steps[0]
    points = [float(c.midpoint) for c in critical_points(f)]
    assert len(points) == 2
    visited = [float(x) for v in set(values) for x in (v, *orbit(JORDAN, v))]
    assert min(abs(x - points[0]) for x in visited) < 1e-6
    assert all(abs(f.derivative(Fraction(p))) < Fraction(1, 10**6) for p in points)


def test_an_unknown_spectrum_is_refused_with_the_list():
    with pytest.raises(UsageError, match="near-rank-one"):
        spectrum_named("white")


# Inputs ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", list(SPECTRA))
def test_inputs_have_the_spectrum_that_was_asked_for(name, shape):
    matrix = build(SPECTRA[name], shape, JORDAN, START)
    m = min(shape[-2:])
    assert matrix.X.shape == shape
    wanted = sorted(map(float, matrix.spectrum), reverse=True)
    wanted = torch.tensor(wanted + [0.0] * (m - len(wanted)), dtype=torch.float64)
    got = torch.linalg.svdvals(matrix.X)
    assert float((got - wanted).abs().max()) < 2**-44 * max(float(wanted[0]), 1.0)


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (9, 9), (40, 7), (300, 120)])
def test_householder_factors_are_orthonormal(rows, columns):
    U = orthonormal(rows, columns, seeded("cpu", rows))
    assert float((U.mT @ U - torch.eye(columns, dtype=torch.float64)).abs().max()) < 1e-14


@pytest.mark.parametrize("n", [1, 8, 12, 64, 97])
def test_hadamard_rows_are_orthonormal_and_signs_where_the_size_is_a_power_of_two(n):
    H = hadamard(n, n)
    assert float((H @ H.mT - torch.eye(n, dtype=torch.float64)).abs().max()) < 1e-13
    if n & (n - 1) == 0:
        assert float((H.abs() * n**0.5 - 1).abs().max()) < 1e-15


def test_inputs_depend_on_the_seed_and_nothing_else():
    a, b, c = (build(SPECTRA["log-uniform"], (6, 9), JORDAN, START, seed) for seed in (3, 3, 4))
    assert torch.equal(a.X, b.X)
    assert a.spectrum == b.spectrum
    assert not torch.equal(a.X, c.X)


# Measurements ---------------------------------------------------------------------------------------------------------


@given(st.integers(1, 30), st.integers(1, 30), st.integers(-250, 250), st.integers(0, 2**20))
def test_the_norm_bounds_lie_between_the_norm_and_a_few_per_cent_more(m, n, exponent, seed):
    R = torch.randn(m, n, generator=seeded("cpu", seed), dtype=torch.float64) * 2.0**exponent
    R = R if seed % 3 else R[:, :1] @ R[:1, :]
    norm = float(torch.linalg.matrix_norm(R, 2))
    assert norm * (1 - 1e-12) <= float(norm_bound(R)) <= norm * 1.05
    assert norm * (1 - 1e-4) <= gelfand(R) <= norm * min(m, n) ** (1 / 16) * (1 + 1e-4)


LARGE = [256, pytest.param(512, marks=pytest.mark.long), pytest.param(1024, marks=pytest.mark.long)]
LARGE += [pytest.param(2048, marks=[pytest.mark.long, pytest.mark.exhaustive])]


@pytest.mark.parametrize("n", LARGE)
@pytest.mark.parametrize("kind", ["identity", "white", "rank one"])
def test_norm_bounds_stay_sharp_in_large_matrices(n, kind):
    """For the identity, where every power of the norm is that of all singular values together, too."""
    R = torch.eye(n, dtype=torch.float64) * 0.7
    norm = 0.7
    if kind == "white":
        R = torch.randn(n, n, generator=seeded("cpu", n), dtype=torch.float64)
        norm = float(torch.linalg.matrix_norm(R, 2))
    elif kind == "rank one":
        R = R[:, :1] @ R[:1, :] * 1e-100
        norm = 0.49e-100
    assert norm * (1 - 1e-12) <= float(norm_bound(R)) <= norm * (1.06 if kind != "white" else 1.15)


@given(st.integers(1, 24), st.integers(1, 24), st.integers(-40, 40), st.integers(0, 2**20))
def test_an_enclosure_of_the_singular_values_holds_them_and_is_narrow(m, n, exponent, seed):
    X = torch.randn(m, n, generator=seeded("cpu", seed), dtype=torch.float64) * 2.0**exponent
    X = X if seed % 3 else X[:, :1] @ X[:1, :]
    values = torch.linalg.svdvals(X)
    found, top = singular_interval(torch.stack([X, X])), exact(float(values[0]))
    room = top / 10**12
    assert found.lo <= exact(float(values[-1])) + room
    assert top - room <= found.hi <= top * (1 + Fraction(1, 10**6))
    assert found.lo >= exact(float(values[-1])) - top / 10**4
    if values[-1] > values[0] / 100:
        assert found.lo >= exact(float(values[-1])) * (1 - Fraction(1, 1000))


@pytest.mark.parametrize("wrong", [0.5, 0.999, 1.0, 1.001, 40.0, 0.0])
def test_a_wrong_guess_of_lapack_never_makes_an_enclosure_too_narrow(wrong, monkeypatch):
    """Whatever the SVD and the eigenvalues say: the bounds stay bounds, and are wider."""
    X = torch.randn(9, 14, generator=seeded("cpu", 5), dtype=torch.float64)
    low, high = observed(X)
    monkeypatch.setattr(enclosure, "observed", lambda Y: tuple(x * wrong for x in observed(Y)))
    monkeypatch.setattr(enclosure, "_guess", lambda G: wrong * float(torch.linalg.eigvalsh(G)[..., -1].amax()))
    found = singular_interval(X)
    assert float(found.lo) <= low * (1 + 1e-12)
    assert float(found.hi) >= high * (1 - 1e-12)
    assert float(norm_bound(X)) >= high * (1 - 1e-12)


@pytest.mark.parametrize("factor", ["zero", "noise", "transposed"])
def test_a_wrong_factor_of_lapack_never_makes_a_bound_too_small(factor, monkeypatch):
    """The factor is a witness: its residual is what is bounded."""
    X = torch.randn(7, 7, generator=seeded("cpu", 6), dtype=torch.float64)
    norm, true = float(torch.linalg.matrix_norm(X, 2)), torch.linalg.cholesky_ex

    def wrong(A):
        L, info = true(A)
        L = {"zero": L * 0, "noise": L + torch.randn_like(L) * 0.1, "transposed": L.mT}[factor]
        return L, info * 0

    monkeypatch.setattr(torch.linalg, "cholesky_ex", wrong)
    assert float(norm_bound(X)) >= norm
    assert float(singular_interval(X).lo) <= float(torch.linalg.svdvals(X)[-1])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_symmetric_product_by_blocks_is_the_product(dtype):
    X = torch.randn(2, 515, 70, generator=seeded("cpu", 7), dtype=dtype)
    P, plain = symmetric_product(X), X @ X.mT
    assert torch.equal(P, P.mT)
    assert torch.equal(symmetric_product(X[:, :9]), symmetric_product(X[:, :9]).mT)
    unit = torch.finfo(dtype).eps
    assert float((P - plain).abs().max()) <= 72 * unit * float((X.abs() @ X.abs().mT).max())


def test_gelfand_is_sharp_for_equal_singular_values_only_to_its_guarantee():
    """An orthogonal matrix is the worst case of Gelfand's formula, m^(1/16) exactly, and none for a bound."""
    Q = orthonormal(64, 64, seeded("cpu", 0))
    assert gelfand(Q) == pytest.approx(64 ** (1 / 16), rel=1e-3)
    assert float(norm_bound(Q)) < 1.02
    assert norm_bound(torch.zeros(3, 4, dtype=torch.float64)) == 0


def test_an_infinite_matrix_is_observed_as_diverged():
    assert observed(torch.tensor([[1.0, float("nan")]])) == (float("inf"), float("inf"))
    assert observed(torch.eye(3) * 2) == (2.0, 2.0)


# The iteration --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("order", [Order.FUSED, Order.UNFUSED, Order.SHIFTED])
@pytest.mark.parametrize("schedule", [JORDAN, SEPTIC, CUBIC, MIXED], ids=["jordan", "septic", "cubic", "mixed"])
def test_an_odd_polynomial_acts_on_singular_values_alone(shape, order, schedule):
    matrix = build(SPECTRA["log-uniform"], shape, schedule, START)
    X = matrix.X if len(shape) <= 3 else matrix.X.reshape(-1, *shape[-2:])
    out = run_steps(Native("fp64"), X, schedule, order).reshape(shape)
    assert float((out - matrix.expected(schedule)).abs().max()) < 1e-11


@pytest.mark.parametrize("shape", [(96, 64), (64, 96), (33, 33), (1, 5), (5, 1)])
@pytest.mark.parametrize("steps", [1, 5, 7])
def test_the_reference_is_torchs_own_function_bit_for_bit(shape, steps):
    from torch.optim._muon import _zeropower_via_newtonschulz as theirs

    for dtype in (torch.float32, torch.bfloat16):
        X = torch.randn(shape, generator=seeded("cpu", shape, steps)).to(dtype)
        before = X.clone()
        schedule = Schedule.parse("3.4445,-4.7750,2.0315", steps)
        ours = orthogonalize(X, schedule, dtype=torch.bfloat16, emulate=False)
        assert torch.equal(ours, theirs(before.clone(), (3.4445, -4.7750, 2.0315), steps, 1e-7))
        assert torch.equal(X, before)


@pytest.mark.parametrize("form", ["direct", "gram"])
def test_a_batch_is_its_members(form):
    X = torch.randn(2, 3, 10, 6, generator=seeded("cpu", 1), dtype=torch.float64)
    whole = orthogonalize(X, ARTICLE, form=form)
    assert whole.shape == X.shape
    for i in range(2):
        for j in range(3):
            assert float((whole[i, j] - orthogonalize(X[i, j], ARTICLE, form=form)).abs().max()) < 1e-12


@pytest.mark.parametrize("schedule", [JORDAN, SEPTIC, CUBIC, MIXED], ids=["jordan", "septic", "cubic", "mixed"])
@pytest.mark.parametrize("restarts", [(), (2,), (1, 2, 3, 4)])
@pytest.mark.parametrize("shape", [(8, 40), (40, 8), (3, 6, 20)])
def test_the_gram_form_agrees_with_the_direct_one_inside_its_bound(schedule, restarts, shape):
    from muon_theory.precision import deviation_bound, gram_errors, step_errors

    plain = Schedule(schedule.steps, normalisation=Normalisation.NONE)
    matrix = build(SPECTRA["log-uniform"], shape, schedule, START)
    direct = orthogonalize(matrix.X, plain)
    gram = orthogonalize(matrix.X, plain, form="gram", restarts=restarts)
    start = Interval(START.lo, START.hi + Fraction(1, 10**12))
    allowed = deviation_bound(plain, gram_errors(plain, "fp64", shape[-2:], start, restarts))
    allowed += deviation_bound(plain, step_errors(plain, "fp64", shape[-2:], start))
    assert float((direct - gram).norm(dim=(-2, -1)).max()) <= float(allowed)
    assert float((direct - gram).abs().max()) < 1e-9


def test_layout_does_not_matter():
    X = torch.randn(12, 40, generator=seeded("cpu", 2), dtype=torch.float64)
    strided = torch.empty(24, 80, dtype=torch.float64)[::2, ::2].copy_(X)
    transposed = X.mT.contiguous().mT
    plain = orthogonalize(X, JORDAN)
    for view in (strided, transposed):
        assert not view.is_contiguous()
        assert float((orthogonalize(view, JORDAN) - plain).abs().max()) < 1e-12


@pytest.mark.parametrize("name", ["frobenius", "frobenius*1.01", "frobenius*1.02", "schatten-4", "aol"])
def test_normalisations_keep_their_promise(name):
    normalisation = Normalisation.named(name)
    X = torch.randn(3, 20, 30, generator=seeded("cpu", 3), dtype=torch.float64) * 50
    top = float(torch.linalg.svdvals(normalise(X, normalisation))[..., 0].max())
    assert top <= float(normalisation.bound) * (1 + 1e-12)


@pytest.mark.parametrize("scale", [0.0, 1e-30, 1e30])
def test_zero_tiny_and_huge_matrices_come_out_finite(scale):
    X = torch.eye(4, 6, dtype=torch.float64) * scale
    assert bool(torch.isfinite(orthogonalize(X, JORDAN)).all())
    assert (scale == 0) == (float(orthogonalize(X, JORDAN).norm()) == 0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"X": torch.ones(3)}, "two dimensions"),
        ({"X": torch.ones(2, 2, dtype=torch.int64)}, "floating-point"),
        ({"form": "other"}, "'direct' or 'gram'"),
        ({"restarts": (2,)}, "belong to form='gram'"),
        ({"restarts": (0,), "form": "gram"}, "between 1 and 4"),
        ({"restarts": (3, 2), "form": "gram"}, "must increase"),
    ],
)
def test_what_orthogonalize_cannot_do_it_refuses(arguments, message):
    with pytest.raises(UsageError, match=message):
        orthogonalize(**{"X": torch.ones(2, 3), "schedule": JORDAN, **arguments})


# Kernels --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bf16", "fp16"])
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 120), st.integers(0, 2**20), st.booleans())
def test_emulation_agrees_with_native_to_the_last_place_of_the_absolute_product(name, m, n, k, seed, addmm):
    """|emulated - native| ≤ 1 unit in the last place of |P||Q| (+ |β||D|), entry by entry."""
    g = seeded("cpu", seed)
    P, Q, D = (torch.randn(shape, generator=g) for shape in ((m, k), (k, n), (m, n)))
    native, emulated = Native(name), Emulated(name)
    P, Q, D = (emulated.load(Y) for Y in (P, Q, D))
    if addmm:
        ours = emulated.addmm(D, P, Q, beta=3.4445, alpha=-4.775)
        theirs = native.addmm(native.load(D), native.load(P), native.load(Q), beta=3.4445, alpha=-4.775)
        size = 3.4445 * D.abs().double() + 4.775 * P.abs().double() @ Q.abs().double()
    else:
        ours, theirs = emulated.matmul(P, Q), native.matmul(native.load(P), native.load(Q))
        size = P.abs().double() @ Q.abs().double()
    u = float(native.format.roundoff)
    place = torch.exp2(torch.floor(torch.log2(size))) * 2 * u
    assert float(((ours.double() - theirs.double()).abs() / place).max()) <= 1.0


@pytest.mark.parametrize("name", ["bf16", "fp16"])
def test_elementwise_emulation_is_native_bit_for_bit(name):
    X, Y = (torch.randn(50, 50, generator=seeded("cpu", i)) for i in (1, 2))
    native, emulated = Native(name), Emulated(name)
    X, Y = emulated.load(X), emulated.load(Y)
    assert torch.equal(emulated.unload(emulated.scale(X, 3.4445)), native.scale(native.load(X), 3.4445))
    assert torch.equal(emulated.unload(emulated.add(X, Y)), native.add(native.load(X), native.load(Y)))
    assert torch.equal(emulated.load(emulated.unload(X)), X)


def test_tf32_operands_keep_eleven_bits():
    kernel = kernel_for("tf32")
    x = torch.tensor([[1 + 2.0**-10 + 2.0**-12]])
    assert float(kernel.matmul(x, torch.ones(1, 1))) == 1 + 2.0**-10
    assert float(step(kernel, x, Schedule.parse("2").steps[0])) == 2 * float(x)
    with pytest.raises(UsageError, match="no tf32"):
        kernel_for("tf32", emulate=False)
    with pytest.raises(UsageError, match="not emulated"):
        Emulated("fp32")


def test_without_torch_one_line_says_how_to_install_it():
    code = "import sys; sys.modules['torch'] = None; import muon_theory.confirmation"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "MissingDependencyError" in last
    assert 'pip install "muon-theory[torch]"' in last


@pytest.mark.parametrize("dtype", ["fp32", "bf16"])
def test_a_batch_of_two_dimensions_is_one_of_its_members(dtype):
    kernel, schedule = kernel_for(dtype), ARTICLE
    X = torch.randn(2, 3, 4, 5, generator=torch.Generator().manual_seed(1))
    X /= X.norm(dim=(-2, -1), keepdim=True)
    whole = kernel.unload(run_steps(kernel, kernel.load(X), schedule))
    one = kernel.unload(run_steps(kernel, kernel.load(X[1, 2]), schedule))
    assert float((whole[1, 2] - one).abs().max()) < 0.05


def test_a_matrix_that_no_memory_holds_is_refused():
    with pytest.raises(UsageError, match="entries"):
        build(spectrum_named("log-uniform"), (10**8, 10**8), ARTICLE, Interval.of("1/100", 1))
