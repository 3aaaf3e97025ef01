"""bootstrap.py, driven for real on a toy project that needs no network, and once (long) on the project itself."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# The interpreter below our own environment, as a newcomer would start it: .venv has no pip.
PYTHON = str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")

TOY = {
    "pyproject.toml": """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "muon-theory"
version = "0"
[project.optional-dependencies]
all = []
""",
    # The least editable wheel; what the tests want of it comes in the environment.
    "backend.py": """
import os, pathlib, time, zipfile

def build_editable(directory, config_settings=None, metadata_directory=None):
    pathlib.Path("building").touch()
    with open("built", "a") as log:
        log.write("built\\n")
    time.sleep(float(os.environ.get("TOY_SLEEP", "0")))
    if "TOY_FAILS" in os.environ:
        raise SystemExit("the toy does not build")
    name = "muon_theory-0-py3-none-any.whl"
    info = "muon_theory-0.dist-info/"
    with zipfile.ZipFile(pathlib.Path(directory) / name, "w") as wheel:
        wheel.writestr("toy.pth", os.getcwd())
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: muon-theory\\nVersion: 0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "entry_points.txt", "[console_scripts]\\nmuon-theory = echo:main\\n")
        wheel.writestr(info + "RECORD", "")
    return name
""",
    "echo.py": """
import os, sys

def main():
    print("muon-theory", sys.argv[1:], os.getcwd())
    return 3
""",
    "pytest.py": """
import os, sys
print("pytest", sys.argv[1:], os.getcwd())
sys.exit(5)
""",
}


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    project = tmp_path / "toy"
    project.mkdir()
    shutil.copy(ROOT / "bootstrap.py", project)
    for name, text in TOY.items():
        (project / name).write_text(text, encoding="utf-8")
    return project


def offline(**more: str) -> dict[str, str]:
    pip = {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": "",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    return {**os.environ, **pip, **more}


def bootstrap(project: Path, *arguments: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    command = [PYTHON, str(project / "bootstrap.py"), *arguments]
    return subprocess.run(command, cwd=cwd or project, env=offline(**env), capture_output=True, text=True)


# What it says ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_the_commands_and_makes_nothing(toy, flag):
    done = bootstrap(toy, flag)
    assert done.returncode == 0
    assert all(f"bootstrap.py {verb}" in done.stdout for verb in ("report", "test", "setup"))
    assert not (toy / ".venv").exists()


@pytest.mark.parametrize("arguments", [["reprot"], [], ["--out", "x"], ["setup", "now"]])
def test_a_wrong_command_is_one_line_and_status_2(toy, arguments):
    done = bootstrap(toy, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert_one_line(done.stderr)
    assert not (toy / ".venv").exists()


def test_an_old_python_is_told_so_in_one_line(toy):
    code = "import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path('bootstrap.py', run_name='__main__')"
    done = subprocess.run([PYTHON, "-c", code], cwd=toy, capture_output=True, text=True)
    assert done.returncode == 1
    assert_one_line(done.stderr)
    assert "needs Python 3.11" in done.stderr


@pytest.mark.parametrize(("missing", "package"), [({"venv"}, "python3-venv"), ({"pip", "ensurepip"}, "python3-pip")])
def test_a_host_without_the_means_is_told_what_to_install(toy, monkeypatch, capsys, missing, package):
    module = load(toy)
    monkeypatch.setattr(module, "has", lambda name: name not in missing)
    assert module.main(["setup"]) == 1
    said = capsys.readouterr().err
    assert_one_line(said)
    assert f"apt install {package}" in said


# What it does ---------------------------------------------------------------------------------------------------------


def test_each_command_passes_arguments_and_status_on_and_the_second_run_is_warm(toy, tmp_path):
    report = bootstrap(toy, "report", "--out", "here", cwd=tmp_path)  # a relative path is the caller's
    assert (report.returncode, report.stdout) == (3, f"muon-theory ['report', '--pdf', '--out', 'here'] {tmp_path}\n")
    assert [line.partition(": ")[0] for line in report.stderr.splitlines()] == ["bootstrap"] * 3

    took = []
    for _ in range(3):  # the best of three, because other tests run beside this one
        began = time.monotonic()
        tests = bootstrap(toy, "test", "-k", "foo", cwd=tmp_path)
        took.append(time.monotonic() - began)
    assert min(took) < 1
    assert (tests.returncode, tests.stdout) == (5, f"pytest ['-k', 'foo'] {toy}\n")
    assert tests.stderr == ""
    assert builds(toy) == 1


@pytest.mark.long
@pytest.mark.skipif(importlib.util.find_spec("ensurepip") is None, reason="this Python has no ensurepip")
def test_ensurepip_serves_where_the_host_has_no_pip(toy):
    code = """
import importlib.util, runpy, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "pip" else find(name, package)
sys.argv = ["bootstrap.py", "setup"]
runpy.run_path("bootstrap.py", run_name="__main__")
"""
    done = subprocess.run([PYTHON, "-c", code], cwd=toy, env=offline(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert bootstrap(toy, "test").returncode == 5


@pytest.mark.long
def test_a_changed_dependency_updates_and_a_changed_setting_of_a_tool_does_not(toy):
    assert bootstrap(toy, "setup").returncode == 0
    keepsake = toy / ".venv" / "keepsake"
    keepsake.touch()
    pyproject = toy / "pyproject.toml"

    pyproject.write_text(TOY["pyproject.toml"] + "[tool.ruff]\nline-length = 99\n", encoding="utf-8")
    assert bootstrap(toy, "setup").stderr == ""

    pyproject.write_text(TOY["pyproject.toml"] + "toy = []\n", encoding="utf-8")
    assert "updating .venv" in bootstrap(toy, "setup").stderr
    assert keepsake.exists()
    assert builds(toy) == 2


@pytest.mark.long
def test_an_environment_of_another_python_or_another_place_is_made_anew(toy, tmp_path):
    assert bootstrap(toy, "setup").returncode == 0
    moved = toy.rename(tmp_path / "moved")
    assert "making .venv" in bootstrap(moved, "setup").stderr
    stamp = moved / ".venv" / "installed.json"
    content = json.loads(stamp.read_text())
    content["base"]["python"] = "3.11.0 of another build"
    stamp.write_text(json.dumps(content))
    assert "making .venv" in bootstrap(moved, "setup").stderr
    assert bootstrap(moved, "test").stdout.startswith("pytest")


@pytest.mark.long
def test_two_at_once_install_once(toy):
    command = [PYTHON, "bootstrap.py", "setup"]
    both = [subprocess.Popen(command, cwd=toy, env=offline(TOY_SLEEP="1"), stderr=subprocess.PIPE) for _ in range(2)]
    said = [process.communicate()[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("waiting" in text for text in said) == 1
    assert builds(toy) == 1


@pytest.mark.long
def test_the_python_of_the_environment_runs_it_but_does_not_remake_it(toy):
    assert bootstrap(toy, "setup").returncode == 0
    own = [str(toy / ".venv" / "bin" / "python"), str(toy / "bootstrap.py"), "setup"]
    assert subprocess.run(own).returncode == 0
    (toy / "pyproject.toml").write_text(TOY["pyproject.toml"] + "toy = []\n", encoding="utf-8")
    done = subprocess.run(own, env=offline(), capture_output=True, text=True)
    assert done.returncode == 1
    assert_one_line(done.stderr)
    assert bootstrap(toy, "test").returncode == 5


# What it does when that fails -----------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_failed_build_leaves_nothing_that_the_next_run_trusts(toy):
    failed = bootstrap(toy, "test", TOY_FAILS="1")
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "the toy does not build" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert failed.stderr.splitlines()[-1].startswith("bootstrap: pip could not install the dependencies: ")
    assert not (toy / ".venv" / "installed.json").exists()

    again = bootstrap(toy, "test")
    assert again.returncode == 5
    assert "making .venv" in again.stderr


def test_a_broken_checkout_is_one_clear_line(toy):
    (toy / ".venv").write_text("in the way", encoding="utf-8")
    done = bootstrap(toy, "setup")
    assert done.returncode == 1
    assert_one_line(done.stderr)
    (toy / "pyproject.toml").unlink()
    done = bootstrap(toy, "setup")
    assert done.returncode == 1
    assert_one_line(done.stderr)
    assert "pyproject.toml" in done.stderr


@pytest.mark.long
@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_install_is_begun_afresh(toy, kill):
    process = started(toy, TOY_SLEEP="60")
    os.killpg(process.pid, kill)
    said = process.communicate()[1]
    if kill == signal.SIGINT:
        assert process.returncode == 130
        assert "Traceback" not in said
        assert said.splitlines()[-1].startswith("bootstrap: interrupted")
    assert not (toy / ".venv" / "installed.json").exists()
    assert "making .venv" in bootstrap(toy, "setup").stderr


@pytest.mark.long
def test_a_pip_that_outlives_its_bootstrap_is_waited_for(toy):
    process = started(toy, TOY_SLEEP="3")
    process.kill()
    process.communicate()
    said = bootstrap(toy, "setup").stderr
    assert "waiting" in said
    assert "making .venv" in said
    assert bootstrap(toy, "test").returncode == 5


@pytest.mark.long
@pytest.mark.parametrize(
    "index",
    [{"PIP_NO_INDEX": "1"}, {"PIP_NO_INDEX": "0", "PIP_RETRIES": "0", "PIP_INDEX_URL": "http://127.0.0.1:9/simple"}],
    ids=["no index", "unreachable index"],
)
def test_the_project_without_its_packages_says_which_is_missing(tmp_path, index):
    project = copy_of_the_project(tmp_path)
    done = bootstrap(project, "report", **index)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "hatchling" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("bootstrap: pip could not install the dependencies: ")
    assert (project / ".venv" / "install.log").exists()
    assert not (project / ".venv" / "installed.json").exists()


# The whole project ----------------------------------------------------------------------------------------------------


@pytest.mark.exhaustive  # `.ci/run` does it, from a clean clone, and then uses what was installed
@pytest.mark.long
def test_the_project_installs_afresh(tmp_path):
    project = copy_of_the_project(tmp_path)
    try:
        command = [PYTHON, "bootstrap.py", "setup"]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        code = "import muon_theory, torch, sympy, flint, matplotlib, pytest, sphinx; print(muon_theory.__file__)"
        python = str(project / ".venv" / "bin" / "python")
        found = subprocess.run([python, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert Path(found.stdout.strip()).is_relative_to(project)
        assert (project / ".venv" / "bin" / "muon-theory").exists()
    finally:
        shutil.rmtree(project / ".venv", ignore_errors=True)  # more than a gigabyte, and pytest keeps its folders


# Help -----------------------------------------------------------------------------------------------------------------


def copy_of_the_project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    project.mkdir()
    for name in ("bootstrap.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, project)
    shutil.copytree(ROOT / "muon_theory", project / "muon_theory", ignore=shutil.ignore_patterns("__pycache__"))
    return project


def started(project: Path, **env: str) -> subprocess.Popen[str]:
    """Start a bootstrap in a process group of its own, seen through to the middle of pip's work."""
    command = [PYTHON, "bootstrap.py", "setup"]
    process = subprocess.Popen(
        command, cwd=project, env=offline(**env), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not (project / "building").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return process


def load(project: Path):
    spec = importlib.util.spec_from_file_location("bootstrap", project / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def builds(project: Path) -> int:
    return len((project / "built").read_text().splitlines())


def assert_one_line(text: str) -> None:
    assert len(text.splitlines()) == 1, text
    assert text.startswith("bootstrap: ")
