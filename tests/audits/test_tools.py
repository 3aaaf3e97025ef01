"""The audit inside other tools: pre-commit's hook, GitHub's action, pytest's marker; the rules' page in the manual."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from muon_theory.audits import RULES
from muon_theory.audits.config import KEYS

ROOT = Path(__file__).parents[2]
BAD = "COEFFS = [\n    (4.0848, -6.8946, 2.9270),\n    (3.9505, 6.3029, 2.6377),\n]\n"
GOOD = "NS_COEFFS = [(3.4445, -4.7750, 2.0315)]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "good.py").write_text(GOOD)
    (tmp_path / "bad file.py").write_text(BAD)
    return tmp_path


def program(folder: Path) -> dict[str, str]:
    """An environment in which `muon-theory` is this package."""
    path = folder / "bin"
    path.mkdir()
    (path / "muon-theory").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m muon_theory "$@"\n')
    (path / "muon-theory").chmod(0o755)
    return {**os.environ, "PATH": f"{path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


@pytest.mark.long
def test_the_hook_of_pre_commit(folder: Path) -> None:
    """What pre-commit runs: the hook's entry, with the names of changed files that its filters let through."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["language"] == "python"
    assert re.search(hook["exclude"], "src/tests/test_a.py")
    assert not re.search(hook["exclude"], "src/muon.py")
    environment = program(folder)
    for names, status in ((["good.py"], 0), (["good.py", "bad file.py"], 1), (["pyproject.toml"], 0)):
        done = subprocess.run(
            [*shlex.split(hook["entry"]), *names], cwd=folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == status, done.stdout + done.stderr
    assert not done.stderr


def test_pre_commit_itself_runs_the_hook(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With the real tool, which filters the files; the program is the one here, since an environment needs an index."""
    tool = shutil.which("pre-commit")
    if tool is None:
        pytest.skip("pre-commit is not installed: `pip install pre-commit` tries the hook in the tool itself")
    hooks = tmp_path_factory.mktemp("hooks")
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    (hooks / ".pre-commit-hooks.yaml").write_text(yaml.safe_dump([{**hook, "language": "system"}]))
    (folder / "tests").mkdir()
    (folder / "tests" / "test_bad.py").write_text(BAD)
    environment = {**program(folder), "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("home"))}
    for where in (hooks, folder):
        for words in (
            ["init", "-q"],
            ["add", "."],
            ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "all"],
        ):
            subprocess.run(["git", *words], cwd=where, check=True)

    def tried(*files: str) -> subprocess.CompletedProcess[str]:
        words = [tool, "try-repo", str(hooks), hook["id"], "--files", *files]
        return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)

    done = tried("good.py", "bad file.py")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "bad file.py:3: error near-miss: row 2 is row 2 of you5" in done.stdout
    done = tried("good.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout
    done = tried("tests/test_bad.py")
    assert done.returncode == 0
    assert "Skipped" in done.stdout


@pytest.mark.long
def test_the_lines_of_the_action(folder: Path) -> None:
    """Each shell step of the composite action but the installation, as the runner runs it."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    steps = {s["name"]: s for s in action["runs"]["steps"]}
    assert all(s["shell"] == "bash" for s in steps.values())
    environment = program(folder)
    inputs = {"paths": "good.py", "arguments": "--fail-on error --norm frobenius", "sarif": "out.sarif", "version": ""}
    assert set(inputs) == set(action["inputs"])

    def run(name: str, **given: str) -> subprocess.CompletedProcess[str]:
        step = steps[name]
        filled = {
            k: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda m: {**inputs, **given}[m[1]], v)
            for k, v in step["env"].items()
        }
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        return subprocess.run(shell, cwd=folder, env={**environment, **filled}, capture_output=True, text=True)

    assert run("Audit").returncode == 0
    done = run("Audit", paths="good.py .")
    assert done.returncode == 1
    assert "::error file=bad file.py,line=3,title=near-miss::" in done.stdout
    done = run("SARIF", paths=".")
    assert done.returncode == 0, done.stderr  # the step that fails is the audit itself
    assert json.loads((folder / "out.sarif").read_text())["version"] == "2.1.0"
    assert run("SARIF", paths="nowhere", sarif="none.sarif").returncode != 0


def test_the_example_workflow_uses_the_action_as_it_is() -> None:
    workflow = yaml.safe_load((ROOT / "docs" / "audit-workflow.yml").read_text())
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    (step,) = [s for s in workflow["jobs"]["audit"]["steps"] if "muon-theory" in s.get("uses", "")]
    assert set(step["with"]) <= set(action["inputs"])


MARKED = """
import pytest

@pytest.mark.muon_audit("good.py", "good.py::NS_COEFFS", "jordan")
def test_good():
    pass

@pytest.mark.muon_audit("bad file.py")
def test_bad():
    raise SystemExit("the audit comes first")

@pytest.mark.muon_audit("jordan", fail_on="note")
def test_strict():
    pass
"""


@pytest.mark.long
def test_the_marker_of_pytest(folder: Path) -> None:
    (folder / "test_marked.py").write_text(MARKED)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--strict-markers", "test_marked.py"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    assert "1 passed, 2 errors" in done.stdout
    assert "near-miss: row 2 is row 2 of you5" in " ".join(done.stdout.split())
    assert "SystemExit" not in done.stdout


def test_the_manual_has_every_rule_and_every_key() -> None:
    text = (ROOT / "docs" / "audit.md").read_text()
    for rule in RULES.values():
        assert f"`{rule.id}`" in text
        assert rule.title in text
    for key in KEYS:
        assert f"`{key}`" in text
