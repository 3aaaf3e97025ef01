"""What a person sees: 80 columns, examples that run, colours on a terminal alone, hints that work where one stands."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys

import pytest

from muon_theory.cli import VERBS, main
from muon_theory.cli.examples import EXAMPLES
from muon_theory.cli.output import checking, paint
from muon_theory.display.text import WIDTH, width_of

SLOW = {"atlas", "report", "derive", "recommend", "confirm", "conform", "conform-step", "spectrum", "constants"}
MUON = """
def newton_schulz(X, steps=5, coefficients=(3.4445, -4.7750, 2.0315)):
    a, b, c = coefficients
    X = X / (X.norm() + 1e-7)
    for _ in range(steps):
        A = X @ X.mT
        X = a * X + (b * A + c * A @ A) @ X
    return X
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with the files that the examples speak of."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "optimizer.py").write_text("COEFFS = (3.4445, -4.7750, 2.0315)\n")
    (tmp_path / "muon.py").write_text(MUON)
    assert main(["certify", "jordan", "--out", "jordan.json"]) == 0
    return tmp_path


def test_every_verb_has_two_examples():
    assert set(EXAMPLES) == set(VERBS)
    for verb, lines in EXAMPLES.items():
        assert len(set(lines)) == 2
        for line in lines:
            assert line.split()[0] == verb
            assert len(f"  muon-theory {line}") <= WIDTH, line


def ran(verb, capsys):
    capsys.readouterr()
    for line in EXAMPLES[verb]:
        assert main(shlex.split(line)) in (0, 1, 3), line
        said = capsys.readouterr()
        assert "internal error" not in said.err
        if " --format " not in line and " --to " not in line:
            wide = [text for text in said.out.splitlines() if width_of(text) > WIDTH]
            assert wide == [], line


@pytest.mark.parametrize("verb", sorted(set(EXAMPLES) - SLOW))
def test_examples_run_and_fit_80_columns(verb, place, capsys):
    ran(verb, capsys)


@pytest.mark.long
@pytest.mark.parametrize("verb", sorted(SLOW - {"report"}))
def test_slow_examples_run_and_fit_80_columns(verb, place, capsys):
    if verb in ("confirm", "conform", "conform-step", "spectrum"):
        torch = pytest.importorskip("torch")
        torch.save(torch.randn(8, 6), place / "momentum.pt")
    ran(verb, capsys)


@pytest.mark.parametrize("verb", ["audit", "certify", "thresholds"])
def test_help_shows_the_examples_and_fits(verb, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main([verb, "--help"]) == 0
    said = capsys.readouterr().out
    assert all(line in said for line in EXAMPLES[verb])
    assert [line for line in said.splitlines() if width_of(line) > WIDTH] == []


class Terminal(io.StringIO):
    """A stdout that says it is a terminal."""

    def isatty(self):
        return True


def test_verdicts_have_colours_on_a_terminal_alone(monkeypatch):
    assert paint() is str
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert paint()("* proved") == "\x1b[32m* proved\x1b[0m"
    assert paint()("REFUTED") == "\x1b[31mREFUTED\x1b[0m"
    assert paint()("schedule") == "schedule"
    monkeypatch.setenv("NO_COLOR", "1")
    assert paint() is str


def test_the_hint_works_from_where_the_user_stands(place):
    done = subprocess.run(shlex.split(checking(place / "jordan.json")), cwd=place, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": _root()}, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("proved")


def _root():
    import muon_theory

    return os.path.dirname(os.path.dirname(muon_theory.__file__))


def test_a_terminal_without_greek_does_not_crash():
    done = subprocess.run([sys.executable, "-m", "muon_theory", "presets", "jordan"], capture_output=True, check=False,
                          env={**os.environ, "PYTHONIOENCODING": "ascii"})  # fmt: skip
    assert done.returncode == 0, done.stderr
    done = subprocess.run([sys.executable, "-m", "muon_theory", "thresholds", "--family", "é; 1"], capture_output=True,
                          check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"})  # fmt: skip
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_completion_can_be_installed(capsys):
    assert main(["--help"]) == 0
    assert "--install-completion" in capsys.readouterr().out
