# ruff: noqa: E402 - torch may be absent, which must skip before its homes are imported
"""The record of a machine: one command, what was not run, batches in parts, and runs on tensors without data."""

import json

import pytest

from muon_theory.cli import main
from muon_theory.errors import UsageError
from muon_theory.evidence import Standing
from muon_theory.interval import Interval
from muon_theory.precision import Order
from muon_theory.schedule import Schedule

torch = pytest.importorskip("torch", reason="torch is absent (pip install 'muon-theory[torch]')")

from muon_theory.confirmation import SPECTRA, Emulated, Native, build, confirm, record, run_steps
from muon_theory.confirmation.run import FULL_DTYPES, FULL_SHAPES, GRIDS, chunks

JORDAN = Schedule.parse("3.4445,-4.7750,2.0315")
START = Interval.of("1/100", 1)
KERNELS = [Native("fp64"), Native("bf16"), Emulated("fp16"), Emulated("tf32"), Emulated("e4m3")]


def test_one_command_makes_the_record_and_says_what_was_not_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["confirm", "--grid", "full", "--record", "--seconds", "0", "--device", "cpu"]) in (0, 3)
    data = json.loads(capsys.readouterr().out)
    names = [c["schedule"]["name"] for c in data["confirmations"]]
    assert names[:2] == ["jordan", "article"]
    assert names[2].startswith("polar_express")
    for one in data["confirmations"]:
        run = {("×".join(map(str, c["shape"])), c["dtype"]) for c in one["cases"]}
        said = " ".join(one["not_run"])
        for shape in FULL_SHAPES:
            size = "×".join(map(str, shape))
            assert all((size, d) in run or f"{size} {d}: " in said for d in FULL_DTYPES)
        assert "CUDA" in said
        assert one["settings"]["fp32 products on CUDA"] == "ieee"
    assert data["environment"]["torch"] == torch.__version__


def test_without_a_limit_nothing_is_left_out_but_the_other_device(monkeypatch):
    monkeypatch.setitem(GRIDS, "full", (((3, 5),), ("fp32", "bf16")))
    made = record([JORDAN], lambda _: Interval.of("0.68", "1.14"), start=START, spectra=["constant", "critical"])
    assert made.confirmations[0].left_out == ("CUDA products and sums: this was run on a CPU",)
    assert [len(c.cases) for c in made.confirmations] == [4]
    assert made.verdict is Standing.CONFIRMED
    assert "4 of 4 cases confirmed" in made.text()


def test_a_record_refuses_what_it_would_ignore(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["confirm", "jordan", "--record", "--dtype", "bf16"]) == 2
    assert "leave out" in capsys.readouterr().err
    assert main(["confirm", "jordan", "--grid", "huge"]) == 2
    assert main(["confirm", "jordan", "--arithmetic", "exact"]) == 2


@pytest.mark.parametrize("shape", [(6, 5, 8), (2, 3, 8, 5), (7, 4, 4)])
@pytest.mark.parametrize("limit", [1, 80, 10**6])
def test_a_batch_in_parts_is_the_whole_batch(shape, limit):
    matrix = build(SPECTRA["log-uniform"], shape, JORDAN, START)
    parts = list(chunks(matrix, limit))
    assert torch.equal(torch.cat([p.X.flatten(0, -3) for p in parts]), matrix.X.flatten(0, -3))
    assert all(p.X.numel() <= max(limit, shape[-1] * shape[-2]) or len(parts) == 1 for p in parts)
    for p in parts:
        assert float((p.expected(Schedule.parse("1")) - p.X).abs().max()) < 1e-12


def test_a_case_of_parts_has_the_outermost_ends(monkeypatch):
    options = {"start": START, "shapes": [(5, 6, 9)], "dtypes": ["bf16"], "spectra": ["critical", "past-escape"]}
    whole = confirm(JORDAN, **options)
    monkeypatch.setattr("muon_theory.confirmation.run.CHUNK", 100)
    monkeypatch.setattr("muon_theory.confirmation.run.chunks", lambda m: chunks(m, 100))
    in_parts = confirm(JORDAN, **options)
    for one, other in zip(whole.cases, in_parts.cases, strict=True):
        assert (one.shape, one.observed[1], one.verdict) == (other.shape, other.observed[1], other.verdict)
        assert one.deviation == pytest.approx(other.deviation)
        assert one.observed == other.observed or one.observed[1] == float("inf")


@pytest.mark.parametrize("arithmetic", ["native", "emulated"])
def test_the_arithmetic_can_be_chosen(arithmetic):
    found = confirm(
        JORDAN,
        start=START,
        shapes=[(6, 6)],
        dtypes=["bf16", "fp32"],
        spectra=["constant"],
        emulate=arithmetic != "native",
    )
    assert [c.arithmetic for c in found.cases] == [arithmetic, "native"]


@pytest.mark.parametrize("order", [Order.FUSED, Order.UNFUSED, Order.SHIFTED, Order.GRAM])
@pytest.mark.parametrize(
    "kernel",
    [Native("fp64"), Native("bf16"), Emulated("fp16"), Emulated("tf32"), Emulated("e4m3")],
    ids=lambda k: k.format.name,
)
def test_every_kernel_and_order_stays_on_its_device(kernel, order):
    """Tensors without data: nothing is moved to another device, and nothing asks what a matrix holds."""
    X = torch.empty(3, 5, 8, dtype=torch.float64, device="meta")
    out = run_steps(kernel, X, JORDAN, order, (2,) if order is Order.GRAM else ())
    assert (out.shape, out.device.type) == ((3, 5, 8), "meta")


@pytest.mark.gpu
def test_a_gpu_makes_its_record(cuda_device):
    made = record([JORDAN], lambda _: Interval.of("0.68", "1.14"), start=START, device=cuda_device, seconds=60)
    assert made.verdict is Standing.CONFIRMED
    assert {c.device for c in made.confirmations[0].cases} == {cuda_device}
    with pytest.raises(UsageError):
        record([JORDAN], lambda _: START, start=START, device="cuda:99")
