"""The laws: an honest implementation keeps them all, and each seeded defect is caught by the law that names it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="torch is an extra")

from muon_theory.conformance import LAWS, Adapter, Case, declare, load  # noqa: E402
from muon_theory.conformance.engine import (  # noqa: E402
    FIXED,
    chosen_laws,
    conform,
    examine,
)
from muon_theory.conformance.generate import smallest  # noqa: E402
from muon_theory.conformance.shrink import reduced  # noqa: E402
from muon_theory.errors import UsageError  # noqa: E402
from muon_theory.evidence import Standing  # noqa: E402
from muon_theory.schedule import Extension, Schedule  # noqa: E402
from muon_theory.testing.conformance import assert_conforms, conformance_test  # noqa: E402
from tests.conformance.conform_toys import JORDAN, iterate, normalised  # noqa: E402
from tests.sampled import sampled  # noqa: E402

LIST = ((3.5, -5.0, 2.25), (3.25, -3.51, 1.26), (15 / 8, -5 / 4, 3 / 8))
TORCH = "torch.optim._muon:_zeropower_via_newtonschulz"


def honest(X, steps=5, coefficients=JORDAN, eps=1e-7):
    return iterate(normalised(X, eps), [coefficients] * steps)


def honest_list(X, steps=3, coefficients=LIST):
    rows = [*coefficients[:steps], *[coefficients[-1]] * (steps - len(coefficients))]
    return iterate(normalised(X, 1e-7), rows)


# Defects: each of them is one change ---------------------------------------------------------------------------------


def wrong_sign(X, steps=5, coefficients=JORDAN):
    return -honest(X, steps, coefficients)


def transposed_digit(X, steps=5, coefficients=JORDAN):
    return honest(X, steps, (3.4454, *coefficients[1:]))


def read_from_the_wrong_end(X, steps=3, coefficients=LIST):
    return iterate(
        normalised(X, 1e-7), coefficients[-steps:] if steps <= 3 else [*coefficients, *coefficients[-1:] * 2]
    )


def coefficients_ignored(X, steps=5, coefficients=(3.0, -3.0, 1.0)):
    return honest(X, steps, JORDAN)


def steps_ignored(X, steps=5, coefficients=JORDAN):
    return honest(X, 5, coefficients)


def one_step_too_many(X, steps=5, coefficients=JORDAN):
    return honest(X, steps + 1, coefficients)


def in_place(X, steps=5, coefficients=JORDAN):
    X.div_(X.norm().clamp(min=1e-7))
    return iterate(X, [coefficients] * steps)


def in_place_where_the_cast_is_none(X, steps=5, coefficients=JORDAN):
    Y = X.bfloat16()
    Y /= Y.norm().clamp(min=1e-7)
    return iterate(Y, [coefficients] * steps).to(X.dtype)


def not_transposed_back(X, steps=5, coefficients=JORDAN):
    return honest(X.mT if X.shape[-2] > X.shape[-1] else X, steps, coefficients)


def cubic_on_tall_matrices(X, steps=5, coefficients=JORDAN):
    tall = X.shape[-2] > X.shape[-1]
    return honest(X, steps, (1.5, -0.5, 0.0) if tall else coefficients)


def mixes_dtype(X, steps=5, coefficients=JORDAN):
    return honest(X.float(), steps, coefficients)


def batch_leaks(X, steps=5, coefficients=JORDAN):
    return iterate(X / X.norm().clamp(min=1e-7), [coefficients] * steps)


def norm_without_its_dimensions(X, steps=5, coefficients=JORDAN):
    return iterate(X / X.norm(dim=(-2, -1)).clamp(min=1e-7), [coefficients] * steps)


def double_margin(X, steps=5, coefficients=JORDAN):
    return iterate(normalised(X, 1e-7) / 1.02, [coefficients] * steps)


def double_normalisation(X, steps=5, coefficients=JORDAN):
    norm = X.norm(dim=(-2, -1), keepdim=True).clamp(min=1e-7)
    return iterate(normalised(X, 1e-7) / norm.clamp(min=1), [coefficients] * steps)


def no_eps(X, steps=5, coefficients=JORDAN):
    return iterate(X / X.norm(dim=(-2, -1), keepdim=True), [coefficients] * steps)


def overflowing_norm(X, steps=5, coefficients=JORDAN):
    return iterate(X / X.norm(dim=(-2, -1), keepdim=True).clamp(min=1e-7), [coefficients] * steps)


def cast_before_the_norm(X, steps=5, coefficients=JORDAN):
    Y = X.half()
    return honest(
        torch.nan_to_num(Y / Y.norm(dim=(-2, -1), keepdim=True).clamp(min=1e-6)).to(X.dtype), steps, coefficients
    )


def large_eps(X, steps=5, coefficients=JORDAN):
    return iterate(X / (X.norm(dim=(-2, -1), keepdim=True) + 1e-1), [coefficients] * steps)


def hides_nan(X, steps=5, coefficients=JORDAN):
    return honest(torch.nan_to_num(X, nan=0.0, posinf=1.0, neginf=-1.0), steps, coefficients)


def rows_normalised(X, steps=5, coefficients=JORDAN):
    return iterate(torch.nn.functional.normalize(X, dim=-1) / X.shape[-2] ** 0.5, [coefficients] * steps)


def even_term(X, steps=5, coefficients=JORDAN):
    Y = honest(X, steps, coefficients)
    return Y + 0.05 * Y.abs()


def ignores_strides(X, steps=5, coefficients=JORDAN):
    dense = torch.as_strided(X, X.shape, (X.shape[-1], 1)) if X.dim() == 2 else X
    return honest(dense, steps, coefficients)


def clipped(X, steps=5, coefficients=JORDAN):
    return honest(X, steps, coefficients).clamp(-0.5, 0.5)


def needs_full_rank(X, steps=5, coefficients=JORDAN):
    wide = X if X.shape[-2] <= X.shape[-1] else X.mT
    torch.linalg.cholesky(wide.double() @ wide.double().mT)
    return honest(X, steps, coefficients)


DEFECTS = [
    (wrong_sign, "sign"),
    (transposed_digit, "coefficients"),
    (read_from_the_wrong_end, "coefficients"),
    (coefficients_ignored, "coefficients"),
    (steps_ignored, "steps"),
    (one_step_too_many, "steps"),
    (in_place, "untouched"),
    (in_place_where_the_cast_is_none, "untouched"),
    (not_transposed_back, "transpose"),
    (cubic_on_tall_matrices, "transpose"),
    (mixes_dtype, "dtype"),
    (batch_leaks, "batch"),
    (norm_without_its_dimensions, "batch"),
    (double_margin, "normalisation"),
    (double_normalisation, "scale"),
    (no_eps, "zero"),
    (no_eps, "tiny"),
    (cast_before_the_norm, "huge"),
    (large_eps, "floor"),
    (hides_nan, "not-finite"),
    (rows_normalised, "equivariance"),
    (even_term, "odd"),
    (ignores_strides, "layout"),
    (clipped, "polar"),
    (needs_full_rank, "rank-one"),
]


@pytest.mark.parametrize(("function", "law"), DEFECTS, ids=lambda x: getattr(x, "__name__", x))
def test_a_defect_is_caught_by_the_law_that_names_it(function, law):
    result = conform(function, laws=[law], normalisation="frobenius", examples=40)[law]
    assert result.standing is Standing.CONTRADICTED
    assert result.counterexample.startswith("X = ")
    assert result.seen


def test_an_overflow_of_the_squares_is_a_note_with_its_end():
    huge = conform(overflowing_norm, laws=["huge"], examples=40)["huge"]
    assert (huge.standing, huge.verdict) == (None, "note")
    assert huge.seen.startswith(("from about ‖X‖_F = 2^64 on the result", "from about ‖X‖_F = 2^65 on the result"))


def test_an_eps_floor_is_a_note_with_its_end():
    found = conform(overflowing_norm, laws=["floor"])
    assert (found.verdict, found["floor"].verdict) == (Standing.CONFIRMED, "note")
    assert "eps rules" in found["floor"].seen


def test_an_update_scale_is_recognised_and_is_no_other_polynomial():
    def matched(X, steps=5, coefficients=JORDAN):
        return 0.2 * max(X.shape[-2:]) ** 0.5 * honest(X, steps, coefficients)

    found = conform(matched, laws=["polar", "coefficients", "transpose"], examples=10)
    assert found.contradicted == ()
    assert found.to_json()["scale"] == "0.2·√max(m, n)"


def test_coefficients_are_found_where_they_are():
    assert conform(TORCH, laws=["odd"], examples=3).subject.schedule.name == "the default of torch.optim._muon.Muon"
    found = conform(lambda X: honest(X), laws=["odd"], examples=3).subject.schedule
    assert found.name == "jordan (found in the outputs)"


def test_known_failures_do_not_fail_and_unexpected_passes_are_said(tmp_path):
    file = tmp_path / "known.toml"
    entry = '[[xfail]]\nfunction = "wrong_sign"\nlaw = "{}"\nreason = "a convention"\nversion = "1"\n'
    file.write_text(entry.format("sign") + entry.format("odd"))
    found = conform(wrong_sign, laws=["sign", "odd"], examples=10, xfails=file)
    assert (found.verdict, found.contradicted) == (Standing.CONFIRMED, ("sign",))
    assert "odd confirmed, though a failure is expected: a convention, 1" in found.text(200)
    for text, message in [
        ("[[xfail]]\nlaw = 1", "texts are needed"),
        ("x = 1", r"write a table \[\[xfail"),
        ("]", "no TOML"),
    ]:
        file.write_text(text)
        with pytest.raises(UsageError, match=message):
            conform(wrong_sign, laws=["sign"], xfails=file)


def test_one_cause_is_told_once():
    """Laws about values see one wrong normalisation together; what is named comes first, the others in a line."""
    found = conform(
        double_margin, normalisation="frobenius", examples=10, laws=["polar", "steps", "normalisation", "zero"]
    )
    assert set(found.contradicted) == {"polar", "steps", "normalisation"}
    assert found.cause.law == "normalisation"
    assert found.to_json()["cause"] == "normalisation"
    text = found.text(400)
    assert text.count("CONTRADICTED by") == 1
    assert "perhaps the same cause, contradict polar, steps" in text
    assert [r.severity for r in found.laws] == ["defect"] * 3 + [None]
    assert conform(honest, laws=["polar"], examples=5).cause is None


def test_steps_and_dtypes_that_are_refused_are_not_asked_for():
    def particular(X, steps=5, coefficients=JORDAN):
        if steps < 3 or X.dtype is not torch.bfloat16:
            raise ValueError("at least 3 steps, of bfloat16")
        return honest(X, steps, coefficients)

    found = conform(particular, laws=["steps", "polar", "dtype", "odd"], examples=4)
    assert found.contradicted == ()
    assert (found.subject.dtype, found.subject.accepts, found.subject.refused) == ("bf16", ("bf16",), (1, 2))
    assert found.to_json()["refused_steps"] == [1, 2]
    assert "1, 2 steps refused" in found.text(300)
    assert "bf16 in" in found.text(300)


def test_every_law_catches_some_defect():
    assert {law for _, law in DEFECTS} == {law.name for law in LAWS} - {"bias", "sums"}  # test_sixteen_bits.py


@pytest.mark.parametrize(
    ("function", "examples"),
    sampled([(honest, 5), (honest, 30), (honest_list, 12)], (honest, 5).__eq__),
    ids=lambda v: getattr(v, "__name__", v),
)
def test_an_honest_implementation_keeps_every_law(function, examples):
    found = conform(function, examples=examples)
    unlike = [(r.law, r.verdict, r.seen) for r in found.laws if r.standing is not Standing.CONFIRMED]
    assert unlike == [("bias", "skipped", ""), ("sums", "skipped", "")]  # of 16 bits
    assert found.verdict is Standing.CONFIRMED


@pytest.mark.long  # by default bf16 in test_conform_normalisation.py
@pytest.mark.parametrize("dtype", ["bf16", "fp16"])
def test_an_honest_implementation_keeps_every_law_in_16_bits(dtype):
    found = conform(honest, dtype=dtype, examples=8)
    assert found.contradicted == ()
    assert found["polar"].standing is Standing.CONFIRMED


@pytest.mark.long
@pytest.mark.parametrize("law", ["sign", "steps", "scale", "transpose", "rank-one"])
def test_defects_are_caught_in_bf16_too(law):
    functions = [f for f, name in DEFECTS if name == law]
    for function in functions:
        assert conform(function, laws=[law], dtype="bf16", examples=40)[law].standing is Standing.CONTRADICTED


# What a counterexample says ------------------------------------------------------------------------------------------


def test_counterexamples_are_small_and_say_what_ran():
    sign = conform(wrong_sign, laws=["sign"])["sign"]
    assert sign.counterexample == "X = [[1]], steps = 1"
    digit = conform(transposed_digit, laws=["coefficients"])["coefficients"]
    assert digit.seen.endswith("declared (3.4445, -4.775, 2.0315): solved from the outputs, (3.4454, -4.775, 2.0315)")
    end = conform(read_from_the_wrong_end, laws=["coefficients"])["coefficients"]
    assert "is the list read from the wrong end?" in end.seen
    margin = conform(double_margin, laws=["normalisation"], normalisation="frobenius")["normalisation"]
    assert margin.counterexample == "X = [[1]], steps = 1"
    assert margin.seen.endswith("it is what frobenius*1.02 gives")
    thirds = conform(
        lambda X, steps=5: iterate(normalised(X, 1e-7) * 2 / 3, [JORDAN] * steps),
        "3.4445,-4.7750,2.0315",
        laws=["normalisation"],
    )["normalisation"]
    assert thirds.seen.endswith(
        "it would be right for σ₁ ≈ 0.447 or 0.667 or 1.245 after normalisation, and 1.000 is declared"
    )


def test_a_function_that_computes_in_tf32_is_held_to_tf32():
    def cut(X):
        return (X.contiguous().view(torch.int32) & ~0x1FFF).view(torch.float32)

    def iteration(X, steps=5):
        a, b, c = 3.4445, -4.7750, 2.0315
        tall = X.size(-2) > X.size(-1)
        X = X.mT if tall else X
        X = X / (X.norm(dim=(-2, -1), keepdim=True) + 1e-7)
        for _ in range(steps):
            A = cut(X) @ cut(X).mT
            X = a * X + cut(b * A + c * (cut(A) @ cut(A))) @ cut(X)
        return X.mT if tall else X

    laws = ["steps", "coefficients"]
    assert conform(iteration, "3.4445,-4.7750,2.0315", laws=laws, computes="tf32").verdict is Standing.CONFIRMED
    assert conform(iteration, "3.4445,-4.7750,2.0315", laws=laws).verdict is Standing.CONTRADICTED
    with pytest.raises(UsageError, match="tf32"):
        conform(iteration, "3.4445,-4.7750,2.0315", computes="e4m3")


@pytest.mark.long
def test_a_function_that_computes_in_bf16_and_returns_fp32_is_told_how_to_say_so():
    def narrow(X, steps=5, coefficients=JORDAN):
        return honest(X.bfloat16(), steps, coefficients).to(X.dtype)

    assert "--computes bf16" in conform(narrow, laws=["steps"])["steps"].seen
    assert conform(narrow, laws=["polar", "steps", "coefficients"], computes="bf16").verdict is Standing.CONFIRMED


def test_the_search_is_reproducible():
    one, two = (conform(clipped, laws=["polar"], seed=3)["polar"] for _ in range(2))
    assert one == two


# Large matrices ------------------------------------------------------------------------------------------------------


def wrong_from(side):
    """The last row is forgotten where the shorter side reaches this."""

    def function(X, steps=5, coefficients=JORDAN):
        Y = honest(X, steps, coefficients)
        if min(X.shape[-2:]) >= side:
            Y[..., -1, :] = 0
        return Y

    return function


@pytest.mark.long
@pytest.mark.parametrize(("side", "least"), [(1, 1), (5, 5), (11, 11), (40, 40)])
def test_a_defect_of_large_matrices_is_found_and_its_counterexample_is_as_small_as_it_can_be(side, least):
    result = conform(wrong_from(side), laws=["polar"], normalisation="frobenius", examples=60)["polar"]
    assert result.standing is Standing.CONTRADICTED
    text = result.counterexample
    if least <= 8:
        assert text.count("[") == least + 1
    else:
        assert text.startswith(f"X = {least}×{least} zeros but for [")
    assert sum(c in "123456789" for c in text.split("zeros but for")[-1]) <= 4 + 2 * least


@pytest.mark.long
def test_batches_of_two_dimensions_are_tried_where_they_are_taken():
    def of_three_dimensions(X, steps=5, coefficients=JORDAN):
        return honest(X if X.dim() < 4 else X / X.norm(dim=(1, 2, 3), keepdim=True) ** 0.5 * 3, steps, coefficients)

    def mixes_leading_dimensions(X, steps=5, coefficients=JORDAN):
        Y = honest(X, steps, coefficients)
        return Y.transpose(0, 1) if X.dim() == 4 else Y

    assert declare(Adapter.of(honest)).deep
    assert not declare(
        Adapter.of(lambda X, steps=5: honest(X.reshape(-1, *X.shape[-2:])).reshape(X.shape) if X.dim() < 4 else 1 / 0),
        Schedule.parse("3/2,-1/2"),
    ).deep
    assert conform(of_three_dimensions, laws=["batch"], examples=10).contradicted == ()
    result = conform(mixes_leading_dimensions, laws=["batch"], examples=60)["batch"]
    assert result.standing is Standing.CONTRADICTED
    assert result.counterexample.endswith("as a batch of 2 × 2")


def test_reduction_keeps_what_breaks_and_where_the_poison_is():
    M = tuple(tuple(Fraction(10 * i + j) for j in range(9)) for i in range(12))

    def breaks(case):
        i, j, _ = case.poison
        return case.matrices[0][i][j] == 37 and len(case.matrices[0]) >= 3

    small = reduced(Case((M,), poison=(3, 7, "nan")), breaks)
    assert len(small.matrices[0]) == 3
    assert [x for row in small.matrices[0] for x in row if x] == [37]
    assert breaks(small)


# As tests of one's own ----------------------------------------------------------------------------------------------


def test_a_conformance_test_fails_with_the_counterexample_and_skips_what_does_not_apply():
    sign, batch = chosen_laws(["sign", "batch"])
    with pytest.raises(pytest.fail.Exception, match=r"sign CONTRADICTED .* X = \[\[1\]\]"):
        conformance_test(wrong_sign)(sign)
    with pytest.raises(pytest.skip.Exception, match="2D"):
        conformance_test(TORCH, "3/2,-1/2,0")(batch)
    with pytest.raises(AssertionError, match="sign CONTRADICTED"):
        assert_conforms(wrong_sign, laws=["sign"])
    assert_conforms(honest, laws=["sign"], examples=10)


# How functions are called --------------------------------------------------------------------------------------------


def test_adapters_read_signatures():
    a = Adapter.of(load(TORCH)[0])
    assert (a.steps, a.coefficients, a.eps) == ("ns_steps", "ns_coefficients", "eps")
    assert Adapter.of(lambda G, /, ns_steps=3: G).default_steps() == 3
    assert Adapter.of(honest_list).declared() == [[repr(float(c)) for c in row] for row in LIST]
    with pytest.raises(UsageError, match=r'argument={"gain": "…"}'):
        Adapter.of(lambda X, gain: X)
    with pytest.raises(UsageError, match="has no parameter 'gain'"):
        Adapter.of(lambda X: X, arguments={"gain": 1})
    with pytest.raises(UsageError, match="takes no arguments"):
        Adapter.of(lambda: None)


def test_rows_are_tried_where_a_row_is_not_taken():
    def rows_only(X, coefficients):
        return iterate(normalised(X, 1e-7), [(a, b, c) for a, b, c in coefficients])

    subject = declare(Adapter.of(rows_only), Schedule.parse("3/2,-1/2", 4))
    assert subject.adapter.rows
    assert subject.counts == (1, 2, 3, 4)
    assert conform(rows_only, "3/2,-1/2", laws=["steps", "coefficients"], examples=10).verdict is Standing.CONFIRMED


def test_a_fixed_number_of_steps_leaves_the_laws_about_steps_out():
    def fixed(X):
        return honest(X)

    found = conform(fixed, "3.4445,-4.7750,2.0315", laws=["polar", "steps", "coefficients"], examples=10)
    assert [r.verdict for r in found.laws] == ["confirmed", "skipped", "skipped"]


def test_declared_extensions_are_followed():
    def last(X, steps=3, coefficients=LIST):
        return iterate(normalised(X, 1e-7), coefficients[-steps:])

    rows = [[str(c) for c in row] for row in LIST]
    schedule = replace(Schedule.of(rows), extension=Extension.SLICE_LAST)
    assert conform(last, schedule, laws=["steps", "polar"], examples=20).verdict is Standing.CONFIRMED
    assert conform(honest_list, schedule, laws=["steps"], examples=40).verdict is Standing.CONTRADICTED


def test_no_normalisation_is_examined_inside_the_unit_ball():
    def raw(X, steps=5, coefficients=JORDAN):
        return iterate(X, [coefficients] * steps)

    found = conform(raw, normalisation="none", examples=8)
    assert found.contradicted == ()
    assert found["scale"].verdict == found["normalisation"].verdict == "skipped"


def test_errors_are_one_line():
    for call, words in [
        (lambda: conform(honest, normalisation="l2"), "there is no normalisation 'l2': use one of frobenius"),
        (lambda: conform(honest, normalisation="aol*1.02"), "a positive factor belongs to frobenius"),
        (lambda: conform(honest, normalisation="frobenius*x"), "there is no normalisation 'frobenius\\*x'"),
        (lambda: conform(honest, normalisation="frobenius", within=1.1), 'only with normalisation="spectral-estimate"'),
        (lambda: conform(honest, normalisation="spectral-estimate", within=0.5), "within=0.5: a number of 1 or more"),
        (lambda: conform(honest, "3/2,-1/2", dtype="fp8"), "fp8"),
        (lambda: conform(honest, "3/2,-1/2", dtype="tf32"), "dtype='tf32'"),
        (lambda: conform(honest, device="tpu"), "there is no device 'tpu'"),
        (lambda: conform(lambda X: X), "give subject="),
        (lambda: conform(lambda X: None, "3/2,-1/2"), "returns a NoneType"),
        (lambda: conform(honest, laws=["polr"]), "there is no law 'polr'"),
        (lambda: conform("torch"), "names no function"),
        (lambda: conform("torch:pi"), "not a function"),
        (lambda: conform("nowhere.py:f"), "there is no file"),
    ]:
        with pytest.raises(UsageError, match=words) as error:
            call()
        assert "\n" not in str(error.value)


def test_a_law_result_counts_what_it_did():
    subject = declare(Adapter.of(honest))
    result = examine(subject, chosen_laws(["odd"])[0], examples=17)
    assert (result.examples, result.silent, result.counterexample) == (17 + len(FIXED), 0, None)


@pytest.mark.long
def test_the_gram_form_needs_its_own_bound():
    """Its iterates are not formed one by one: a result of k - 1 steps is no stage of k steps."""

    def gram(X, steps=5, coefficients=JORDAN):
        tall = X.shape[-2] > X.shape[-1]
        Y = normalised(X.mT if tall else X, 1e-7)
        one = Q = torch.eye(Y.shape[-2], dtype=X.dtype)
        a, b, c = coefficients
        for t in range(steps):
            if t % 2 == 0:
                Y, Q = Q @ Y, one
                R = Y @ Y.mT
            Z = b * R + c * R @ R + a * one
            Q, R = Q @ Z, Z @ R @ Z
        return (Q @ Y).mT if tall else Q @ Y

    laws = ["polar", "steps", "coefficients", "rank-one"]
    for dtype in ("fp32", "fp16"):
        assert conform(gram, laws=laws, examples=10, dtype=dtype, restarts=(2, 4, 6)).contradicted == ()
    found = conform(lambda X, steps=5, coefficients=JORDAN: -gram(X, steps), laws=["steps"], restarts=(2, 4, 6))
    assert found.contradicted == ("steps",)


def test_what_breaks_once_and_not_again_is_told_and_no_traceback():
    calls = []

    def at_first(case):
        calls.append(case)
        return len(calls) == 3

    assert smallest(st.integers(0, 99), at_first, 50, "seed") == calls[2]
