"""`conform-step` and `spectrum` as they are typed."""

from __future__ import annotations

import json

import pytest

torch = pytest.importorskip("torch", reason="torch is an extra")

from muon_theory.cli import main  # noqa: E402

STEP = ["conform-step", "torch.optim:Muon", "--law", "zero", "--examples", "2"]


def test_a_step_is_examined(capsys, tmp_path):
    contract = tmp_path / "contract.json"
    contract.write_text('{"momentum": "ema", "scale": "0.2*sqrt(max(m, n))"}')
    assert main([*STEP, "--contract", str(contract), "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["verdict"] == "contradicted"
    assert data["recovered"]["momentum"] == "ema"
    assert {law["law"]: law["verdict"] for law in data["laws"]} == {
        "contract": "contradicted",
        "orthogonal": "confirmed",
        "zero": "confirmed",
    }
    assert main([*STEP, "--argument", "adjust_lr_fn=match_rms_adamw", "--contract", str(contract)]) == 0
    text = capsys.readouterr().out
    assert "scale of an m×n update: 0.2·√max(m, n)" in text
    assert all(len(line) <= 80 for line in text.splitlines())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["conform-step", "torch.optim:Mun"], "did you mean Muon"),
        ([*STEP, "--argument", "lrr=1"], "has no parameter 'lrr'"),
        ([*STEP, "--contract", "none.json"], "cannot read none.json"),
        ([*STEP, "--contract", "broken.json"], "broken.json is no JSON"),
        ([*STEP, "--sharded", "two"], "write numbers of processes"),
        ([*STEP, "--sharded", "99"], "start from 1 to 8"),
        ([*STEP, "--sharded", "2", "--split", "diagonal"], "there is no split 'diagonal'"),
        (["conform-step", "torch.optim:Muon", "--law", "zeros"], "there is no law 'zeros'"),
        (["spectrum", "none.pt"], "no such file"),
        (["spectrum", "m.npy", "--band", "2,3"], "a band around 1"),
        (["spectrum", "m.npy", "--plot", "no/where.svg"], "there is no folder"),
    ],
)
def test_wrong_words_get_one_line(words, message, capsys, tmp_path, monkeypatch):
    import numpy

    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.json").write_text("{")
    numpy.save(tmp_path / "m.npy", numpy.eye(3))
    assert main(words) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1


def test_a_spectrum_is_measured_drawn_and_certified(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"state": {0: {"momentum_buffer": torch.diag(torch.tensor([1.0, 0.5, 0.25]))}}}, "opt.pt")
    words = ["spectrum", "opt.pt", "--schedule", "jordan", "--dtype", "fp32", "--certificates", "c.json"]
    assert main([*words, "--plot", "s.svg", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["norm_ratio"] == "0.872872"
    assert data["tier"]["matrices"][0]["image"] is not None
    assert (tmp_path / "s.svg").read_text().startswith("<?xml")
    assert main(["check", "c.json"]) == 0
