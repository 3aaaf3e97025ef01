# ruff: noqa: E402 - torch may be absent, which must skip before its homes are imported
"""`orthogonalize` for every member of a batch as if alone, at every magnitude, and under torch's transformations."""

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.normalisation import Normalisation
from muon_theory.schedule import Schedule

torch = pytest.importorskip("torch", reason="torch is absent (pip install 'muon-theory[torch]')")

from muon_theory.confirmation import orthogonalize
from muon_theory.confirmation.inputs import seeded
from muon_theory.confirmation.norms import balance, normalise, power_of_two

JORDAN = Schedule.parse("3.4445,-4.7750,2.0315")
SEPTIC = Schedule.parse("35/16,-35/16,21/16,-5/16", 2)
SHORT = Schedule(JORDAN.steps[:2])
DTYPES = [torch.bfloat16, torch.float16, torch.float32, torch.float64]
NORMS = [
    Normalisation.FROBENIUS,
    Normalisation.FROBENIUS_102,
    Normalisation.SCHATTEN_4,
    Normalisation.AOL,
    Normalisation.SPECTRAL_ESTIMATE,
]
FORMS = ["direct", "gram"]
KINDS = ["zero", "huge", "tiny", "inf", "nan"]


def gaussian(*shape, dtype=torch.float32, seed=0):
    return torch.randn(shape, generator=seeded("cpu", seed, shape)).to(dtype)


# Members --------------------------------------------------------------------------------------------------------------


def bad(X, kind):
    largest = torch.finfo(X.dtype).max
    if kind == "inf":
        X[2, 3] = torch.inf
    elif kind == "nan":
        X[0, 0] = torch.nan
    else:
        X.copy_({"zero": X * 0, "huge": X.sign() * largest, "tiny": X * torch.finfo(X.dtype).tiny}[kind])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("emulate", [None, False])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("kind", "normalisation"), list(zip(KINDS * 2, [*NORMS, *NORMS[2:], *NORMS[:2]], strict=True)))
def test_a_bad_member_leaves_its_neighbours_as_they_are(kind, normalisation, dtype, emulate, form):
    plain = Schedule(JORDAN.steps, normalisation=normalisation)
    good = gaussian(3, 5, 9, dtype=dtype)
    with_it = good.clone()
    bad(with_it[1], kind)
    out, before = (orthogonalize(X, plain, form=form, emulate=emulate) for X in (with_it, good))
    assert torch.equal(out[0], before[0])
    assert torch.equal(out[2], before[2])
    if kind in ("inf", "nan"):
        assert bool(out[1].isnan().all())
    elif kind == "zero":
        assert not bool(out[1].any())
    else:
        assert bool(out[1].isfinite().all())
        scale = torch.linalg.svdvals(out[1].double())[0]
        assert 0.6 < float(scale) < 1.3 or kind == "tiny"  # below eps it is clamped, as documented


@given(st.sampled_from(DTYPES), st.integers(-120, 120), st.integers(0, 10**6), st.sampled_from(NORMS))
def test_a_power_of_two_changes_nothing(dtype, k, seed, normalisation):
    """Bit for bit wherever 2^k·X is stored without a rounding, also where its norm overflows or its squares vanish."""
    plain = Schedule(JORDAN.steps, normalisation=normalisation)
    X = gaussian(2, 4, 6, dtype=dtype, seed=seed)
    k = max(min(k, 15), -8) if dtype is torch.float16 else k
    scaled = (X.double() * 2.0**k).to(dtype)
    if not bool((scaled.double() == X.double() * 2.0**k).all()):
        return
    ours, again = (orthogonalize(Y, plain, eps=0.0) for Y in (X, scaled))
    assert torch.equal(ours, again)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("normalisation", NORMS)
@pytest.mark.parametrize("size", [300.0, 60000.0, 1e-4])
def test_no_norm_overflows(dtype, normalisation, size):
    """Schatten-4 in fp16 of 300·I, whose Gram matrix fp16 cannot hold, is an identity all the same."""
    Y = normalise(torch.eye(16, dtype=dtype) * size, normalisation, 0.0)
    factor = 1.02 if normalisation == Normalisation.FROBENIUS_102 else 1.0
    power = {Normalisation.SCHATTEN_4: 0.25, Normalisation.AOL: 0, Normalisation.SPECTRAL_ESTIMATE: 1 / 16}
    wanted = 16 ** -power.get(normalisation, 0.5) / factor
    assert float((Y.double() - torch.eye(16, dtype=torch.float64) * wanted).abs().max()) < 0.02 * wanted


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from([0.0, 1.0, 4.0]), st.integers(0, 10**6))
def test_a_spectral_estimate_is_one_from_above_and_aol_leaves_no_more_than_one(rows, columns, decay, seed):
    """Between σ₁ and 1.25·σ₁, whatever the spectrum; ‖diag(d)^(-1/2)X‖₂ ≤ 1 on the shorter side."""
    X = gaussian(rows, columns, dtype=torch.float64, seed=seed) * torch.arange(1.0, columns + 1).double() ** -decay
    top = float(torch.linalg.svdvals(normalise(X, Normalisation.SPECTRAL_ESTIMATE, 0.0))[0])
    assert 0.8 - 1e-12 <= top <= 1 + 1e-12
    Y = normalise(X, Normalisation.AOL, 0.0)
    assert float(torch.linalg.svdvals(Y)[0]) <= 1 + 1e-12
    wide = X if rows <= columns else X.mT
    wanted = (wide @ wide.mT).abs().sum(1, keepdim=True).rsqrt() * wide
    assert float(((Y if rows <= columns else Y.mT) - wanted).abs().max()) < 1e-12


@given(st.sampled_from(DTYPES), st.integers(-1080, 1023))
def test_the_scale_is_a_power_of_two_that_brings_the_largest_entry_near_one(dtype, k):
    X = torch.tensor([[1.5, -0.5]], dtype=torch.float64) * 2.0 ** max(k, -1000) * 2.0 ** min(k + 1000, 0)
    X = X.to(dtype)
    largest, scale = float(X.abs().max()), float(balance(X))
    assert scale in {2.0**e for e in range(-1022, 1024)}
    if largest == 0 or largest == float("inf"):
        assert scale == 1
    elif largest >= torch.finfo(dtype).tiny:
        assert 0.5 <= largest * scale < 8


@pytest.mark.parametrize("dtype", DTYPES)
def test_powers_of_two_are_exact(dtype):
    least, most = {torch.float64: (-1022, 1023), torch.float16: (-24, 15)}.get(dtype, (-126, 127))
    k = torch.arange(least, most + 1)
    assert power_of_two(k, dtype).tolist() == [2.0**e for e in k.tolist()]


@pytest.mark.parametrize("shape", [(0, 3, 4), (2, 0, 4), (3, 0)])
def test_an_empty_batch_or_matrix_is_itself(shape):
    assert orthogonalize(torch.ones(shape), JORDAN).shape == shape


# Transformations ------------------------------------------------------------------------------------------------------


@pytest.fixture
def quiet():
    """Compilers warn about themselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    torch._dynamo.reset()


EVERY = [(s, d, f) for s in (SHORT, SEPTIC) for d in DTYPES for f in FORMS]


@pytest.mark.long
@pytest.mark.parametrize(("schedule", "dtype", "form"), EVERY)
def test_the_whole_function_compiles_without_a_break(schedule, dtype, form, quiet):
    compiled = torch.compile(lambda X: orthogonalize(X, schedule, form=form), fullgraph=True, backend="aot_eager")
    for shape in ((3, 5, 8), (7, 4)):
        X = gaussian(*shape, dtype=dtype)
        assert torch.equal(compiled(X), orthogonalize(X, schedule, form=form))
    X[0, 0] = torch.inf
    assert bool(compiled(X).isnan().all())  # the same graph: no branch on what the matrix holds


@pytest.mark.long
def test_compiled_to_machine_code_it_gives_the_same_up_to_rounding(quiet):
    compiled = torch.compile(lambda X: orthogonalize(X, JORDAN), fullgraph=True)
    for dtype, most in ((torch.float32, 1e-5), (torch.bfloat16, 0.1)):
        X = gaussian(3, 12, 20, dtype=dtype)
        assert float((compiled(X) - orthogonalize(X, JORDAN)).abs().max()) < most


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_vmap_and_meta_tensors(dtype, form):
    X = gaussian(3, 9, 5, dtype=dtype)
    mapped = torch.func.vmap(lambda x: orthogonalize(x, JORDAN, form=form))(X)
    unit = torch.finfo(dtype).eps
    assert float((mapped - orthogonalize(X, JORDAN, form=form)).abs().max()) <= 64 * unit
    meta = orthogonalize(X.to("meta"), JORDAN, form=form, dtype=torch.bfloat16)
    assert (meta.shape, meta.dtype, meta.device.type) == (X.shape, torch.bfloat16, "meta")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("normalisation", NORMS)
def test_gradients_and_second_derivatives(form, normalisation):
    plain = Schedule(SHORT.steps, normalisation=normalisation)
    X = gaussian(2, 3, 2, dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(lambda Y: orthogonalize(Y, plain, form=form), X)
    assert torch.autograd.gradgradcheck(lambda Y: orthogonalize(Y, plain, form=form), X)


@pytest.mark.parametrize("normalisation", NORMS)
@pytest.mark.parametrize("emulate", [True, False])
def test_gradients_pass_through_sixteen_bits_and_around_a_zero_member(emulate, normalisation):
    plain = Schedule(SHORT.steps, normalisation=normalisation)
    X = torch.cat([torch.zeros(1, 3, 4), gaussian(1, 3, 4)])
    grads = []
    for dtype in (torch.float32, torch.bfloat16):
        Y = X.clone().requires_grad_()
        orthogonalize(Y, plain, dtype=dtype, emulate=emulate).float().square().sum().backward()
        assert bool(Y.grad.isfinite().all())
        grads.append(Y.grad[1])
    assert float((grads[0] - grads[1]).norm() / grads[0].norm()) < 0.2


# Native and emulated --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("form", FORMS)
def test_emulated_and_native_results_differ_by_roundings(dtype, form):
    X = gaussian(2, 24, 40, dtype=dtype)
    ours, native = (orthogonalize(X, JORDAN, form=form, emulate=e) for e in (True, False))
    assert ours.dtype == native.dtype == dtype
    assert float((ours - native).double().norm() / native.double().norm()) < 12 * torch.finfo(dtype).eps


def test_wide_formats_are_never_emulated():
    X = gaussian(4, 6)
    assert torch.equal(orthogonalize(X, JORDAN, emulate=True), orthogonalize(X, JORDAN))
