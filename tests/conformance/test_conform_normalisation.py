"""Every normalisation: an honest function keeps the laws and is recognised; one that does another is caught."""

from __future__ import annotations

from fractions import Fraction

import pytest

torch = pytest.importorskip("torch", reason="torch is an extra")

from muon_theory import catalogue  # noqa: E402
from muon_theory.conformance import Adapter, declare  # noqa: E402
from muon_theory.conformance.engine import conform  # noqa: E402
from muon_theory.conformance.normaliser import Normaliser  # noqa: E402
from muon_theory.evidence import Standing  # noqa: E402
from tests.conformance import conform_toys as toys  # noqa: E402
from tests.sampled import sampled  # noqa: E402

HONEST = [
    (toys.frobenius, "frobenius"),
    (toys.frobenius_101, "frobenius*1.01"),
    (toys.schatten, "schatten-4"),
    (toys.aol, "aol"),
    (toys.aol_that_reuses_its_products, "aol"),
    (toys.aol_rows, "aol-rows"),
    (toys.aol_columns, "aol-columns"),
    (toys.spectral, "spectral-estimate"),
    (toys.none, "none"),
]


def name(x):
    return x.__name__ if callable(x) else x


@pytest.mark.parametrize(("function", "normalisation"), sampled(HONEST, (toys.aol, "aol").__eq__), ids=name)
def test_an_honest_function_is_recognised_and_keeps_every_law(function, normalisation):
    found = conform(function, examples=6)
    assert (found.subject.normaliser.name, found.subject.origin) == (normalisation, "found in the outputs")
    assert [(r.law, r.counterexample, r.seen) for r in found.laws if r.standing is Standing.CONTRADICTED] == []


@pytest.mark.parametrize(("function", "normalisation"), sampled(HONEST, (toys.frobenius, "frobenius").__eq__), ids=name)
def test_an_honest_function_keeps_every_law_in_bf16(function, normalisation):
    found = conform(function, normalisation=normalisation, dtype="bf16", examples=3)
    assert [(r.law, r.counterexample, r.seen) for r in found.laws if r.standing is Standing.CONTRADICTED] == []
    assert found["polar"].standing is Standing.CONFIRMED


WRONG = [
    (toys.frobenius, "aol"),
    (toys.frobenius, "schatten-4"),
    (toys.frobenius, "spectral-estimate"),
    (toys.frobenius, "frobenius*1.01"),
    (toys.schatten, "frobenius"),
    (toys.schatten, "spectral-estimate"),
    (toys.aol, "frobenius"),
    (toys.aol, "aol-rows"),
    (toys.aol_columns, "aol"),
    (toys.spectral, "frobenius"),
    (toys.spectral, "aol"),
    (toys.frobenius, "none"),
]


QUICK = [(toys.frobenius, "aol"), (toys.aol, "frobenius"), (toys.frobenius, "frobenius*1.01"), (toys.frobenius, "none")]


@pytest.mark.parametrize(("function", "declared"), sampled(WRONG, QUICK.__contains__), ids=name)
def test_one_that_declares_another_normalisation_is_contradicted(function, declared):
    law = "polar" if declared == "none" else "normalisation"
    result = conform(function, normalisation=declared, laws=[law], examples=40)[law]
    assert result.standing is Standing.CONTRADICTED
    assert result.counterexample.startswith("X = [[")


def test_the_normalisation_that_explains_the_result_is_named():
    result = conform(toys.frobenius, normalisation="aol", laws=["normalisation"], examples=40)["normalisation"]
    assert "it is what frobenius or schatten-4" in result.seen
    swapped = conform(toys.aol, normalisation="frobenius", laws=["normalisation"], examples=40)["normalisation"]
    assert "it is what aol" in swapped.seen


def test_a_preset_declares_its_normalisation_and_coefficients_alone_do_not():
    aol = catalogue.get("aol_v1")

    rows = tuple(tuple(map(float, f.coefficients)) for f in aol.steps)

    def rows_frobenius(X, steps=4, coefficients=rows):
        return toys.iterate(toys.normalised(X), coefficients[:steps])

    declared = conform(rows_frobenius, aol, laws=["normalisation"], examples=30)
    assert (declared.subject.origin, declared.contradicted) == ("declared", ("normalisation",))
    for schedule in (None, ";".join(",".join(row) for row in aol.rows())):
        alone = conform(rows_frobenius, schedule, laws=["normalisation"], examples=10)
        assert (alone.subject.normaliser.name, alone.contradicted) == ("frobenius", ())
    assert conform(rows_frobenius, aol, normalisation="detect", laws=["normalisation"], examples=5).contradicted == ()


def test_what_no_normalisation_explains_is_assumed_to_be_the_schedules():
    found = conform(lambda X, steps=5: -toys.schatten(X), "3.4445,-4.775,2.0315", laws=["sign"], examples=5)
    assert (found.subject.normaliser.name, found.subject.origin) == ("frobenius", "assumed")


@pytest.mark.long
def test_an_estimate_may_differ_from_call_to_call_under_every_law():
    assert conform(toys.power_iteration, normalisation="spectral-estimate", examples=12).contradicted == ()


def test_an_estimate_may_differ_from_call_to_call_within_its_range():
    laws = ["polar", "steps", "normalisation"]
    assert conform(toys.power_iteration, normalisation="spectral-estimate", laws=laws, examples=6).contradicted == ()


@pytest.mark.long
def test_an_estimate_outside_its_range_is_contradicted():
    def half(X, steps=5, coefficients=toys.JORDAN):
        return toys.iterate(toys.spectral(X, 0) / 2, [coefficients] * steps)

    assert conform(half, normalisation="spectral-estimate", laws=["polar"], examples=30).contradicted == ("polar",)
    assert conform(half, normalisation="spectral-estimate", within=2.1, laws=["polar"], examples=30).contradicted == ()
    assert conform(half, normalisation="spectral-estimate*2", laws=["polar"], examples=30).contradicted == ()


def test_other_polynomials_are_caught_under_every_normalisation():
    def aol(X, steps=5, coefficients=toys.JORDAN):
        return toys.aol(X, steps, (3.4454, *coefficients[1:]))

    result = conform(aol, normalisation="aol", laws=["coefficients"], examples=30)["coefficients"]
    assert result.seen.endswith("solved from the outputs, (3.4454, -4.775, 2.0315)")


def test_laws_that_aol_does_not_have_are_left_out():
    for function, word in ((toys.aol_rows, "aol-rows"), (toys.aol_columns, "aol-columns")):
        result = conform(function, normalisation=word, laws=["transpose"])["transpose"]
        assert result.verdict == "skipped"
        assert "rescales the same side" in result.reason


@pytest.mark.parametrize("text", ["frobenius", "frobenius*1.02", "schatten-4", "spectral-estimate", "aol-rows", "none"])
def test_names_are_read_back(text):
    assert Normaliser.named(text).name == text


@pytest.mark.parametrize("text", ["frobenius", "schatten-4", "aol", "aol-columns", "spectral-estimate*1.01"])
@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 4)])
def test_normalised_matrices_are_what_the_formulas_say(text, shape):
    """Transcribed in exact rationals, from integer entries."""
    X = torch.randint(-9, 10, shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    M = [[Fraction(x) for x in row] for row in X.tolist()]
    rows, columns = shape
    if text == "aol-columns" or (text == "aol" and rows > columns):
        M = [list(c) for c in zip(*M, strict=True)]
    G = [[sum(x * y for x, y in zip(r, s, strict=True)) for s in M] for r in M]
    if text == "frobenius":
        wanted = [[float(x) / float(sum(G[i][i] for i in range(len(M)))) ** 0.5 for x in row] for row in M]
    elif text == "schatten-4":
        wanted = [[float(x) / float(sum(g * g for row in G for g in row)) ** 0.25 for x in row] for row in M]
    elif text.startswith("aol"):
        wanted = [[float(x) / float(sum(map(abs, G[i]))) ** 0.5 for x in row] for i, row in enumerate(M)]
    else:
        wanted = (X / torch.linalg.svdvals(X)[0] / 1.01).tolist()
    Y = torch.tensor(wanted, dtype=torch.float64)
    Y = Y if tuple(Y.shape) == shape else Y.mT
    Y = Y.mT if text == "aol-columns" and rows == columns else Y
    normaliser = Normaliser.named(text)
    for scaled in (X, torch.ldexp(X, torch.tensor(600))):
        assert torch.allclose(torch.from_numpy(normaliser.apply(scaled.numpy())), Y, rtol=0, atol=1e-14)
    if normaliser.bound == 1:
        assert torch.linalg.matrix_norm(Y, 2) <= 1 + 1e-14


@pytest.mark.parametrize(
    ("function", "normalisation"),
    [pair for pair in HONEST if pair[0] not in (toys.none, toys.aol_that_reuses_its_products)],
    ids=name,
)
@pytest.mark.parametrize("dtype", ["fp32", "fp16", "bf16"])
def test_rounding_of_the_normalised_matrix_stays_inside_its_bound(function, normalisation, dtype):
    """Zero steps return X_0 itself.  Over 60 matrices of sides up to 16."""
    normaliser = Normaliser.named(normalisation)
    form = declare(Adapter.of(function), normalisation=normalisation, dtype=dtype)
    generator = torch.Generator().manual_seed(2)
    for _ in range(60):
        shape = tuple(torch.randint(1, 17, (2,), generator=generator).tolist())
        X = torch.randint(-9, 10, shape, generator=generator).to(
            getattr(torch, {"fp32": "float32", "fp16": "float16", "bf16": "bfloat16"}[dtype])
        )
        if not X.any():
            continue
        seen, X = function(X, 0).double().numpy(), X.double().numpy()
        Y, t = normaliser.apply(X), 1.0
        if normaliser.estimated:
            t = float((seen * Y).sum() / (Y * Y).sum())
        off = float(((seen - t * Y) ** 2).sum() ** 0.5)
        assert off <= float(normaliser.error(X, dtype, form.eps)) * max(1, t)
