"""A plain install works: pytest without Hypothesis, verbs without their extras, a wheel in an empty environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCKED = "import sys\nfor name in {names!r}:\n    sys.modules[name] = None\n"


def without(names, code, **more):
    """Run code in a Python where these packages cannot be imported."""
    program = BLOCKED.format(names=list(names)) + code
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **more},
    )


def test_the_assertions_and_the_plugin_do_without_hypothesis():
    code = """
import muon_theory.testing.plugin
from muon_theory.testing import assert_certified
print(assert_certified("article").verdict.value)
try:
    from muon_theory.testing import schedules
except ImportError:
    print("no strategies")
"""
    done = without(["hypothesis"], code)
    assert done.stdout.split("\n")[:2] == ["proved", "no strategies"], done.stderr


@pytest.mark.parametrize(
    ("absent", "line", "extra"),
    [
        (["torch"], ["confirm", "jordan"], "torch"),
        (["torch"], ["conform", "m:f"], "conform"),
        (["hypothesis"], ["conform", "m:f"], "conform"),
    ],
)
def test_a_missing_extra_is_named(absent, line, extra):
    if "torch" not in absent:
        pytest.importorskip("torch")
    done = without(absent, f"from muon_theory.cli import main\nsys.exit(main({line!r}))")
    assert done.returncode == 2, done.stderr
    assert f'pip install "muon-theory[{extra}]"' in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built as `pip wheel` builds it."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    if shutil.which("hatchling") is None and subprocess.run([sys.executable, "-c", "import hatchling"]).returncode:
        host = getattr(sys, "_base_executable", sys.executable)  # the environment itself may have no pip
        command = [host, "-m", "pip", "wheel", "--no-deps", "-w", str(out), str(ROOT)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


@pytest.mark.long
def test_the_wheel_has_what_the_package_reads(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"muon_theory/py.typed", "muon_theory/check.py"} <= names
    data = [p for p in (ROOT / "muon_theory").rglob("*") if p.suffix in (".json", ".v", ".html", ".css", ".ttf")]
    assert {str(p.relative_to(ROOT)) for p in data} <= names


@pytest.mark.long
def test_a_wheel_in_an_empty_environment_runs_its_verbs(wheel, tmp_path):
    home = tmp_path / "empty"
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    done = subprocess.run([python, "-m", "pip", "install", "-q", f"{wheel}", "pytest"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}

    def run(*words):
        return subprocess.run([str(home / "bin" / "muon-theory"), *words], cwd=tmp_path, capture_output=True,
                              text=True, check=False, env=env)  # fmt: skip

    for words in (
        ["presets"],
        ["certify", "jordan", "--out", "jordan.json"],
        ["check", "jordan.json"],
        ["explain", "jordan.json"],
        ["thresholds", "--family", "cubic", "--digits", "9"],
        ["orbits", "jordan", "--x0", "1/2"],
        ["derive", "a4"],
        ["design", "--degree", "3", "--steps", "2", "--lower", "0.1"],
        ["audit", "jordan"],
        ["export", "jordan.json", "--to", "coq"],
    ):
        done = run(*words)
        assert done.returncode in (0, 1), (words, done.stderr)
    assert 'pip install "muon-theory[torch]"' in run("confirm", "jordan").stderr
    assert 'pip install "muon-theory[conform]"' in run("conform", "m:f").stderr
    (tmp_path / "test_mine.py").write_text(
        "from muon_theory.testing import assert_certified\n\n\ndef test_mine():\n    assert_certified('article')\n"
    )
    done = subprocess.run([python, "-m", "pytest", "-q", "test_mine.py"], cwd=tmp_path, capture_output=True, text=True,
                          check=False, env=env)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    done = subprocess.run([python, "-m", "muon_theory.check", "jordan.json"], cwd=tmp_path, capture_output=True,
                          check=False, env=env)  # fmt: skip
    assert done.returncode == 0
