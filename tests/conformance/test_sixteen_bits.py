"""Defects that a worst case in 16 bits hides: caught by what roundings do not do, in the direct and the Gram form."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is an extra")

from muon_theory.conformance.engine import conform  # noqa: E402
from tests.conformance.conform_toys import JORDAN  # noqa: E402
from tests.sampled import sampled  # noqa: E402

POLAR_EXPRESS = (
    (8.28721201814563, -23.595886519098837, 17.300387312530933),
    (4.107059111542203, -2.9478499167379106, 0.5448431082926601),
    (3.9486908534822946, -2.908902115962949, 0.5518191394370137),
    (3.3184196573706015, -2.488488024314874, 0.51004894012372),
    (2.300652019954817, -1.6689039845749493, 0.4188073119525673),
)
DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}
FORMS = {"direct": None, "gram": (2, 4)}
WRONG = [
    ("x^1 by 1 %", "coefficient of x^1"),
    ("x^3 by 1 %", "coefficient of x^3"),
    ("x^5 by 1 %", "coefficient of x^5"),
    ("norm by 1.1", "norm"),
]


def one_after_another(P, Q):
    """PQ with sums that are kept in 16 bits."""
    total = torch.zeros(P.shape[-2], Q.shape[-1], dtype=P.dtype)
    for k in range(P.shape[-1]):
        total = total + P[:, k : k + 1] * Q[k : k + 1]
    return total


def gram_form(Y, rows, product):
    for i in range(0, len(rows), 2):
        R, Q = product(Y, Y.mT), torch.eye(len(Y), dtype=Y.dtype)
        for a, b, c in rows[i : i + 2]:
            Z = b * R + c * product(R, R)
            Q, H = a * Q + product(Z.mT, Q), a * R + product(R, Z)
            R = a * H + product(Z.mT, H)
        Y = product(Q, Y)
    return Y


def newton_schulz(dtype, form, rows, defect="", product=torch.matmul):
    """A function of the matrix alone, so that no step can be seen by itself."""
    index = {"x^1 by 1 %": 0, "x^3 by 1 %": 1, "x^5 by 1 %": 2}.get(defect)
    run = [tuple(c * (1.01 if i == index else 1) for i, c in enumerate(row)) for row in rows]

    def function(X):
        tall = X.shape[-2] > X.shape[-1]
        Y = X.float().mT if tall else X.float()
        Y = (Y / (Y.norm().clamp(min=1e-7) * (1.1 if defect == "norm by 1.1" else 1))).to(DTYPES[dtype])
        if form == "gram":
            Y = gram_form(Y, run, product)
        else:
            for a, b, c in run:
                A = product(Y, Y.mT)
                Y = a * Y + product(b * A + c * product(A, A), Y)
        return (Y.mT if tall else Y).to(X.dtype)

    return function


def examined(function, dtype, form, rows, *laws):
    text = ";".join(",".join(map(repr, row)) for row in rows)
    return conform(function, text, laws=laws, dtype=dtype, normalisation="frobenius", examples=5, restarts=FORMS[form])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dtype", sampled(DTYPES, "bf16".__eq__))
@pytest.mark.parametrize("rows", [[JORDAN] * 5, POLAR_EXPRESS], ids=["jordan", "polar express"])
def test_honest_functions_lie_to_no_side(dtype, form, rows):
    found = examined(newton_schulz(dtype, form, rows), dtype, form, rows, "bias", "sums")
    assert found.contradicted == ()
    assert found["bias"].verdict == "confirmed"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dtype", ["bf16", pytest.param("fp16", marks=pytest.mark.long)])
@pytest.mark.parametrize(("defect", "named"), WRONG, ids=[d for d, _ in WRONG])
def test_a_hundredth_of_a_coefficient_and_a_tenth_of_the_norm_are_seen_and_named(dtype, form, defect, named):
    rows = [JORDAN] * 5
    found = examined(newton_schulz(dtype, form, rows, defect), dtype, form, rows, "bias")["bias"]
    assert found.verdict == "contradicted"
    assert f"a {named} gives" in found.seen or found.seen.endswith("which roundings do not")
    assert "64×96 integers" in found.counterexample


def test_the_change_is_measured():
    rows = [JORDAN] * 5
    seen = [
        examined(newton_schulz("bf16", "direct", rows, defect), "bf16", "direct", rows, "bias")["bias"].seen
        for defect in ("x^5 by 1 %", "norm by 1.1")
    ]
    assert "a coefficient of x^5 gives that is 1.0% larger in every step" in seen[0]
    assert "a norm gives that is 10." in seen[1]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("dtype", sampled(DTYPES, "bf16".__eq__))
def test_sums_that_are_kept_in_16_bits_are_caught(dtype, form):
    rows = [JORDAN] * 5
    found = examined(newton_schulz(dtype, form, rows, "", one_after_another), dtype, form, rows, "sums")["sums"]
    assert found.verdict == "contradicted"
    assert "entries 1" in found.counterexample
    wrong = newton_schulz(dtype, form, rows, "x^5 by 1 %")
    assert examined(wrong, dtype, form, rows, "sums")["sums"].verdict != "contradicted"  # another law's


def test_coefficients_that_run_in_bf16_are_no_bias():
    """As in optax, whose coefficients have the dtype of the matrix."""
    for rows in ([JORDAN] * 5, POLAR_EXPRESS):
        run = [tuple(torch.tensor(row, dtype=torch.bfloat16).tolist()) for row in rows]
        found = examined(newton_schulz("bf16", "direct", run), "bf16", "direct", rows, "bias")
        assert found["bias"].verdict == "confirmed"


def test_in_wider_formats_the_laws_of_16_bits_do_not_apply():
    found = conform(lambda X: X, "1", laws=["bias", "sums"], normalisation="none", examples=3)
    assert {r.verdict for r in found.laws} == {"skipped"}
    assert "polar" in found["bias"].reason
