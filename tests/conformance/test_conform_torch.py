"""torch's own Newton-Schulz function against the laws: what it keeps, and the three that it does not."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is an extra")

from muon_theory import catalogue  # noqa: E402
from muon_theory.conformance import LAWS  # noqa: E402
from muon_theory.conformance.engine import conform  # noqa: E402
from muon_theory.evidence import Standing  # noqa: E402
from muon_theory.testing.conformance import conformance_test  # noqa: E402

JORDAN = (3.4445, -4.7750, 2.0315)
TORCH = "torch.optim._muon:_zeropower_via_newtonschulz"


@pytest.fixture(scope="module")
def of_torch():
    return conform(TORCH, catalogue.get("jordan"), returns="bf16", examples=6)


def test_torch_muon_keeps_the_laws_of_the_mathematics(of_torch):
    kept = {r.law for r in of_torch.laws if r.standing is Standing.CONFIRMED}
    assert kept == {law.name for law in LAWS} - {"floor", "huge", "untouched", "batch"}


def test_torch_muon_writes_into_a_bf16_tensor_of_the_caller(of_torch):
    assert "dtype = bf16" in of_torch["untouched"].counterexample
    from torch.optim._muon import _zeropower_via_newtonschulz

    X = torch.full((1, 1), 2.0, dtype=torch.bfloat16)
    _zeropower_via_newtonschulz(X, JORDAN, 5, 1e-7)
    assert X.item() == 1.0


def test_which_reaches_the_momentum_buffer_of_the_optimizer():
    """bf16 parameters without Nesterov: the buffer is normalised at every step, so momentum forgets its size."""
    buffers = {}
    for nesterov in (True, False):
        p = torch.nn.Parameter(torch.zeros(2, 2, dtype=torch.bfloat16))
        p.grad = torch.tensor([[40.0, 0.0], [0.0, 30.0]], dtype=torch.bfloat16)
        optimizer = torch.optim.Muon([p], nesterov=nesterov)
        optimizer.step()
        buffers[nesterov] = float(optimizer.state[p]["momentum_buffer"].float().norm())
    assert buffers[True] == pytest.approx(2.5, rel=0.02)  # (1 - 0.95)·50
    assert buffers[False] == pytest.approx(1.0, rel=0.02)


def test_torch_muon_answers_zero_to_a_norm_whose_square_overflows(of_torch):
    assert of_torch["huge"].verdict == "note"
    assert of_torch["huge"].seen.startswith("from about ‖X‖_F = 2^6")


def test_torch_muon_takes_no_batch_and_returns_bf16(of_torch):
    assert of_torch["batch"].verdict == "skipped"
    assert "must be a 2D matrix" in of_torch["batch"].reason
    dtype = conform(TORCH, catalogue.get("jordan"), laws=["dtype"])["dtype"]
    assert (dtype.counterexample, dtype.seen) == ("X = [[1]], dtype = fp32", "the result is bf16, not fp32")


test_torch_muon = conformance_test(
    TORCH,
    catalogue.get("jordan"),
    laws=["polar", "coefficients", "sign", "transpose"],
    examples=10,
    returns="bf16",
)
