"""A plain install works: pytest without Hypothesis, verbs without their extras, a wheel in an empty environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
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
        (["torch"], ["conform-step", "m:f"], "conform,torch"),
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
    shipped = {name for name in tracked() if name.startswith("muon_theory/")}
    assert shipped <= names
    assert {name for name in names if ".dist-info/" not in name} == shipped
    told = zipfile.ZipFile(wheel).read(next(n for n in names if n.endswith("METADATA"))).decode()
    assert "License-Expression: MIT AND OFL-1.1" in told
    assert any(name.endswith("OFL.txt") and ".dist-info/" in name for name in names)
    assert not re.search(r"\]\((?!https?:)", told)  # a link that leads nowhere on an index page


def tracked() -> set[str]:
    """The files of the repository."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("this is no checkout: git names no files")
    return set(done.stdout.split())


@pytest.mark.long
def test_the_sdist_has_what_builds_and_tests_it(tmp_path):
    """Built by hatchling, which is installed aside where it is absent."""
    aside = tmp_path / "aside"
    host = getattr(sys, "_base_executable", sys.executable)
    command = [host, "-m", "pip", "install", "-q", "--target", str(aside), "hatchling"]
    assert subprocess.run(command, check=False).returncode == 0
    build = [host, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    env = {**os.environ, "PYTHONPATH": str(aside)}
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, done.stderr
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    folders = ("muon_theory/", "analysis/", "tests/", "docs/")
    assert {name for name in tracked() if name.startswith(folders)} <= names
    assert {"README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff", "pyproject.toml", "PKG-INFO"} <= names
    assert not [name for name in names if name.startswith((".venv", ".git/", "out/"))]


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
