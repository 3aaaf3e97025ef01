"""`muon-theory conform` as a user meets it: answers, exit status, one clear line for each thing that can be wrong."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("torch", reason="torch is an extra")

from muon_theory.cli import main

SOURCE = """
import torch

def cubic(X, steps=4):
    X = X / X.norm(dim=(-2, -1), keepdim=True).clamp(min=1e-7)
    for _ in range(steps):
        X = 1.5 * X - 0.5 * X @ X.mT @ X
    return X

def backwards(X, steps=4):
    return -cubic(X, steps)

def raises(X):
    raise RuntimeError("no\\nkernel")

def gained(X, gain, steps=4):
    return gain * cubic(X, steps)

def exits(X):
    raise SystemExit(3)

def row(X):
    return X[0]

def whole(X):
    return X.int()

def pair(X):
    return X, X

def transposed(X, steps=4):
    return cubic(X, steps) if X.shape[-2] <= X.shape[-1] else cubic(X, steps).mT

pi = 3

class Muon:
    cubic = staticmethod(cubic)
"""
CUBIC = ["--coefficients", "3/2,-1/2", "--examples", "15"]


@pytest.fixture
def source(tmp_path, monkeypatch):
    (tmp_path / "their_muon.py").write_text(SOURCE)
    (tmp_path / "broken_muon.py").write_text("1 / 0")
    (tmp_path / "needy_muon.py").write_text("import a_library_that_nobody_has")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_confirmed(source, capsys):
    status = main(["conform", "their_muon:cubic", *CUBIC, "--steps", "4", "--law", "polar", "--law", "odd"])
    out = capsys.readouterr().out
    assert status == 0
    assert out.startswith("CONFIRMED  their_muon:cubic, 4 steps of 3/2,-1/2, fp32 in, computing in fp32")
    assert "prove" not in out.lower()


def test_contradicted_as_json(source, capsys, tmp_path):
    status = main(["conform", "their_muon.py:backwards", *CUBIC, "--steps", "4", "--law", "sign", "--format", "json"])
    data = json.loads(capsys.readouterr().out)
    assert status == 1
    assert data["verdict"] == "contradicted"
    (law,) = data["laws"]
    assert {"law", "verdict", "examples", "counterexample"} <= set(law)
    assert (law["law"], law["verdict"], law["counterexample"]) == ("sign", "contradicted", "X = [[1]], steps = 1")
    assert "points the other way" in law["seen"]


def test_text_names_counterexamples_and_what_did_not_apply(capsys):
    status = main(
        [
            "conform",
            "torch.optim._muon:_zeropower_via_newtonschulz",
            "--preset",
            "jordan",
            "--law",
            "huge",
            "--law",
            "batch",
        ]
    )
    out = capsys.readouterr().out
    assert status == 0
    assert "huge: from about ‖X‖_F = 2^6" in " ".join(out.split())
    assert "batch skipped: it raises ValueError" in out


def test_dotted_names_and_arguments(source, capsys):
    assert main(["conform", "their_muon:Muon.cubic", *CUBIC, "--law", "odd"]) == 0
    assert main(["conform", "their_muon:gained", *CUBIC, "--law", "polar", "--argument", "gain=1.0"]) == 0
    assert main(["conform", "their_muon:gained", *CUBIC, "--law", "polar", "--argument", "gain=2.0"]) == 0
    assert "scale 2 (found in the outputs)" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("law", ["huge", "not-finite", "transpose", "untouched"])
def test_a_wrong_shape_is_never_taken_for_a_refusal(source, capsys, law):
    assert main(["conform", "their_muon:transposed", *CUBIC, "--steps", "4", "--law", law]) == 1
    assert "it returns shape (1, 2) for a matrix of shape (2, 1)" in capsys.readouterr().out


def test_the_normalisation_is_found_or_declared(source, capsys):
    options = [*CUBIC, "--steps", "4", "--law", "normalisation"]
    assert main(["conform", "their_muon:cubic", *options]) == 0
    assert "normalisation frobenius (found in the outputs)" in capsys.readouterr().out
    assert main(["conform", "their_muon:cubic", *options, "--normalisation", "aol"]) == 1
    out = capsys.readouterr().out
    assert "normalisation aol (declared)" in out
    assert "it is what frobenius" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no_such_module:f", *CUBIC], "there is no module 'no_such_module'"),
        (["their_muon:cubik", *CUBIC], "module 'their_muon' has no 'cubik': did you mean cubic?"),
        (["broken_muon:f", *CUBIC], "importing 'broken_muon' fails: ZeroDivisionError: division by zero"),
        (["broken_muon.py:f", *CUBIC], "importing 'broken_muon.py' fails: ZeroDivisionError"),
        (["needy_muon:f", *CUBIC], "it needs 'a_library_that_nobody_has'"),
        (["their_muon:raises", *CUBIC], "on a 2×3 fp32 matrix it raises RuntimeError: no kernel"),
        (["their_muon:exits", *CUBIC], "it raises SystemExit: 3"),
        (["their_muon:row", *CUBIC], "it returns shape (3,) for a matrix of shape (2, 3)"),
        (["their_muon:whole", *CUBIC], "it returns numbers of type int32, not real ones"),
        (["their_muon:pair", *CUBIC], "it returns a tuple, not an array of torch"),
        (["their_muon:pi", *CUBIC], "is of type int, not a function"),
        (["their_muon:cubic", *CUBIC, "--eps", "nan"], "--eps nan: a number ≥ 0"),
        (["their_muon:cubic", *CUBIC, "--eps=-1"], "--eps -1.0: a number ≥ 0"),
        (["their_muon:cubic", *CUBIC, "--gram", "0"], "write the steps after which"),
        (["their_muon:cubic", *CUBIC, "--normalisation", "l2"], "there is no normalisation 'l2': use one of frobenius"),
        (["their_muon:cubic", *CUBIC, "--within", "1.1"], "only with --normalisation spectral-estimate"),
        (["their_muon:gained", *CUBIC], "say --argument gain="),
        (["their_muon:backwards"], "give --coefficients"),
        (["their_muon:cubic", *CUBIC, "--argument", "gain"], "write NAME=VALUE"),
        (["their_muon:cubic", *CUBIC, "--law", "all"], "there is no law 'all'"),
        (["their_muon:cubic", *CUBIC, "--preset", "jordan"], "give one of them"),
        (["their_muon:cubic", "--coefficients", "3/2,x"], "'x' is not a number"),
        (["their_muon:cubic", "--coefficients", "3/2", "--examples", "0"], "ask for 1 or more"),
    ],
)
def test_what_is_wrong_is_one_line(source, capsys, arguments, words):
    assert main(["conform", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert "Traceback" not in captured.err
    assert len(captured.err.strip().splitlines()) <= (3 if "not a number" in words else 1)
