# ruff: noqa: E402 - torch may be absent, which must skip before its homes are imported
"""The Gram form on real matrices: the chosen restarts keep it stable, none would not; tier A bounds its segments."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.errors import UndecidedError
from muon_theory.evidence import Standing
from muon_theory.interval import Interval
from muon_theory.normalisation import Normalisation
from muon_theory.precision import Order, Tier, gram_placement
from muon_theory.schedule import Schedule

torch = pytest.importorskip("torch", reason="torch is absent (pip install 'muon-theory[torch]')")

from muon_theory.confirmation import SPECTRA, a_posteriori, build, confirm, gelfand, observed, orthogonalize, run_steps
from muon_theory.confirmation.enclosure import exact
from muon_theory.confirmation.inputs import seeded
from muon_theory.confirmation.iteration import gram_segment, mirrored
from muon_theory.confirmation.kernel import Emulated, Native, kernel_for
from muon_theory.confirmation.orthogonal import usual_restarts

JORDAN = Schedule.parse("3.4445,-4.7750,2.0315")
ARTICLE = Schedule.parse("3.25,-3.51,1.26")
CUBIC = Schedule.parse("3/2,-1/2")
START = Interval.of("1/1000", 1)
SLACK = Fraction(1, 10**9)


def deviation(out, matrix, schedule):
    return gelfand(out.double() - matrix.expected(schedule)) if bool(torch.isfinite(out).all()) else float("inf")


# Stability ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bf16", "fp16"])
@pytest.mark.parametrize("schedule", [JORDAN, ARTICLE], ids=["jordan", "article"])
@pytest.mark.parametrize("spectrum", ["log-uniform", "critical"])
def test_the_chosen_restarts_cost_no_accuracy_and_none_cost_all(name, schedule, spectrum):
    """As near φ as the direct form is; without restarts a steep schedule ends with singular values far above 1."""
    matrix, kernel = build(SPECTRA[spectrum], (64, 256), schedule, START), Emulated(name)
    direct = deviation(run_steps(kernel, matrix.X, schedule), matrix, schedule)
    chosen = run_steps(kernel, matrix.X, schedule, Order.GRAM, usual_restarts(schedule, name))
    none = run_steps(kernel, matrix.X, schedule, Order.GRAM)
    assert deviation(chosen, matrix, schedule) < 2 * direct < 1
    assert observed(chosen)[1] < 1.4
    assert observed(none)[1] > (100 if name == "bf16" else 1.8)


def lowest_eigenvalues(kernel, X, schedule, restarts):
    """The least eigenvalue of every R that a step reads."""
    seen, cuts = [], (0, *restarts, len(schedule.steps))
    for i, j in pairwise(cuts):
        R = mirrored(kernel.matmul(X, X.mT))
        for f in schedule.steps[i:j]:
            seen.append(float(torch.linalg.eigvalsh(R.double())[..., 0].min()))
            R = next_gram(kernel, R, f)
        X = gram_segment(kernel, X, schedule.steps[i:j])
    return seen


def next_gram(kernel, R, f):
    """R ← (aI + Z)ᵀR(aI + Z) as `gram_segment` computes it."""
    a, b, c = map(float, f.coefficients)
    Z = kernel.addmm(R, R, R, beta=b, alpha=c)
    H = kernel.addmm(R, R, Z, beta=a)
    return mirrored(kernel.addmm(H, Z.mT, H, beta=a))


@given(
    st.sampled_from(["bf16", "fp16"]),
    st.sampled_from([JORDAN, ARTICLE]),
    st.sampled_from([name for name, s in SPECTRA.items() if s.inside]),
    st.integers(2, 40),
    st.integers(0, 10**6),
)
def test_spurious_eigenvalues_stay_above_the_certified_ones(name, schedule, spectrum, m, seed):
    """On incoherent and on adversarial inputs; tier P is a model, so this is observed, not implied."""
    matrix, kernel = build(SPECTRA[spectrum], (m, 3 * m), schedule, START, seed), Emulated(name)
    placement = gram_placement(schedule, name)
    assert placement.verification().proved
    bounds = [at.w**2 for segment in placement.segments for at in segment]
    for value, bound in zip(
        lowest_eigenvalues(kernel, kernel.load(matrix.X), schedule, placement.restarts), bounds, strict=True
    ):
        assert exact(value) >= -bound


def test_without_restarts_a_spurious_eigenvalue_grows_by_the_square_of_the_slope_a_step():
    matrix, kernel = build(SPECTRA["near-rank-one"], (64, 256), JORDAN, START), Emulated("fp16")
    seen = lowest_eigenvalues(kernel, kernel.load(matrix.X), JORDAN, ())
    assert -4.2e-4 < seen[0] < -1e-5
    for before, after in pairwise(seen[:4]):
        assert 0.9 * 3.4445**2 < after / before < 1.3 * 3.4445**2
    assert seen[4] < -1


def test_orthogonalize_restarts_by_itself():
    X = build(SPECTRA["log-uniform"], (48, 200), JORDAN, START).X.float()
    plain = Schedule(JORDAN.steps, normalisation=Normalisation.NONE)
    itself = orthogonalize(X, plain, dtype=torch.float16, form="gram")
    assert usual_restarts(plain, "fp16") == (3,) == gram_placement(plain, "fp16").restarts
    assert torch.equal(itself, orthogonalize(X, plain, dtype=torch.float16, form="gram", restarts=(3,)))
    assert not torch.equal(itself, orthogonalize(X, plain, dtype=torch.float16, form="gram", restarts=()))
    assert usual_restarts(plain, "fp32") == ()


@pytest.mark.parametrize("name", ["tf32", "e4m3"])
def test_where_the_model_says_nothing_every_step_restarts(name):
    assert usual_restarts(JORDAN, name) == (1, 2, 3, 4)
    unsafe = Schedule.parse("8.28721201814563,-23.595886519098837,17.300387312530933", 3)  # leaves 2^40 from 1
    assert usual_restarts(unsafe, "bf16") == (1, 2)
    with pytest.raises(UndecidedError):
        gram_placement(unsafe, "bf16")


def test_a_mirrored_matrix_is_symmetric_with_the_lower_triangle():
    G = torch.randn(2, 5, 5, generator=seeded("cpu", 1))
    M = mirrored(G)
    assert torch.equal(M, M.mT)
    assert torch.equal(M.tril(), G.tril())


# Tier A ---------------------------------------------------------------------------------------------------------------


@given(
    st.sampled_from(["bf16", "fp16", "fp32", "e4m3"]),
    st.sampled_from([JORDAN, ARTICLE, CUBIC]),
    st.sampled_from([name for name, s in SPECTRA.items() if s.inside]),
    st.sampled_from([(), (3,), (2, 4), (1, 2, 3, 4)]),
    st.tuples(st.integers(1, 24), st.integers(1, 48)),
    st.integers(0, 10**6),
)
def test_tier_a_of_a_segment_holds_the_residual_and_the_spectrum(name, schedule, spectrum, restarts, shape, seed):
    """ε of a segment against the composition of its steps, evaluated here in fp64 by the SVD."""
    kernel, matrix = kernel_for(name), build(SPECTRA[spectrum], shape, schedule, START, seed)
    stored = kernel.unload(kernel.load(matrix.X))
    low, high = map(exact, observed(stored))
    first = Interval(max(low - SLACK, Fraction(0)), high + SLACK)
    try:
        out, errors = a_posteriori(kernel, stored, schedule, first, Order.GRAM, restarts)
    except UndecidedError:
        return  # the Gram form without restarts may diverge
    ends = [*restarts, len(schedule.steps)]
    assert [e.error > 0 for e in errors] == [t in ends for t in range(1, len(schedule.steps) + 1)]
    assert {e.tier for e in errors} == {Tier.A}
    seen = [exact(x) for x in observed(out)]
    assert errors[-1].after.lo <= seen[0] + SLACK
    assert seen[1] <= errors[-1].after.hi + SLACK
    X = kernel.load(matrix.X.mT if shape[0] > shape[1] else matrix.X)
    U, s, Vh = torch.linalg.svd(X.double(), full_matrices=False)
    for f in schedule.steps[: ends[0]]:
        s = sum(float(c) * s ** (2 * i + 1) for i, c in enumerate(f.coefficients))
    residual = gram_segment(kernel, X, schedule.steps[: ends[0]]).double() - (U * s) @ Vh
    assert exact(float(torch.linalg.matrix_norm(residual, 2))) <= errors[ends[0] - 1].error + SLACK


def test_tier_a_of_the_gram_form_is_below_its_worst_case():
    from muon_theory.precision import gram_errors

    matrix, kernel = build(SPECTRA["log-uniform"], (24, 80), JORDAN, START), Native("fp32")
    first = Interval(START.lo * Fraction(99, 100), START.hi + Fraction(1, 10**6))
    _, errors = a_posteriori(kernel, matrix.X, JORDAN, first, Order.GRAM, (2,))
    worst = gram_errors(JORDAN, "fp32", (24, 80), first, (2,))
    assert all(a.error <= w.error for a, w in zip(errors, worst, strict=True))
    assert errors[-1].error < worst[-1].error / 20


@pytest.mark.long
@pytest.mark.parametrize("schedule", [JORDAN, ARTICLE], ids=["jordan", "article"])
def test_confirm_runs_the_gram_form_with_the_restarts_of_each_dtype(schedule):
    found = confirm(
        schedule, start=START, shapes=[(20, 64), (2, 30, 12)], dtypes=["bf16", "fp16", "fp32"], order="gram"
    )
    assert found.verdict is Standing.CONFIRMED
    assert found.to_json()["order"] == "gram"
    for case in found.cases:
        assert case.restarts == usual_restarts(schedule, case.dtype)
        assert case.to_json()["restarts"] == list(case.restarts)
    vacuous = [c for c in found.cases if c.verdict is Standing.VACUOUS]
    assert {c.dtype for c in vacuous} <= {"bf16"}
    assert {c.remark for c in found.cases if c.spectrum == "past-escape"} == {"diverges, as predicted"}
