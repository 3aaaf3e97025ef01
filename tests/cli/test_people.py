"""What a person sees: 80 columns, examples that run, colours on a terminal alone, hints that work where one stands."""

from __future__ import annotations

import io
import os
import select
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


@pytest.mark.parametrize("verb", sorted(VERBS))
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


def test_a_spinner_turns_on_a_terminal_and_leaves_no_trace_in_the_answer():
    """stderr is a terminal, stdout a file: the sign of life goes to the one, the answer to the other."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    code = (
        "import time, muon_theory.cli as c, muon_theory.cli.waiting as w, muon_theory as s\n"
        "w.PATIENCE, real = 0.05, s.presets\n"
        "def slow(name=None):\n"
        "    time.sleep(2)\n"
        "    return real(name)\n"
        "s.presets = slow\n"
        "raise SystemExit(c.main(['presets', 'jordan']))\n"
    )
    here, there = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", code], stderr=there, stdout=subprocess.PIPE,
                          env={**os.environ, "PYTHONPATH": _root(), "TERM": "xterm"}) as running:  # fmt: skip
        said = running.communicate(timeout=60)[0]
    assert select.select([here], [], [], 5)[0], "nothing was written to the terminal"
    seen = os.read(here, 1 << 16)  # while the other end is open
    os.close(there)
    os.close(here)
    assert running.returncode == 0
    assert "presets …".encode() in seen
    assert "…".encode() not in said.split(b"\n")[0]
    assert said.startswith(b"jordan")


def test_without_a_terminal_nothing_turns():
    done = subprocess.run([sys.executable, "-m", "muon_theory", "thresholds", "article", "--digits", "12"],
                          capture_output=True, check=False, env={**os.environ, "PYTHONPATH": _root()})  # fmt: skip
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout


@pytest.mark.parametrize("name", ["a4", "a3", "a9"])
def test_derivations_fit_80_columns(name, capsys):
    assert main(["derive", name]) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if width_of(line) > WIDTH] == []


@pytest.mark.long
def test_every_derivation_fits_80_columns(capsys):
    from muon_theory.article import DERIVATIONS

    for name in DERIVATIONS:
        assert main(["derive", name]) == 0
        wide = [line for line in capsys.readouterr().out.splitlines() if width_of(line) > WIDTH]
        assert wide == [], name
