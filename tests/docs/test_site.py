"""What the documentation's own extensions do: examples stay examples, mathematics is set, verbs and names are there."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

import muon_theory as mt
from muon_theory.cli import VERBS

ROOT = Path(__file__).parents[2]
sphinx = pytest.importorskip("sphinx", reason="sphinx is absent (pip install 'muon-theory[docs]')")


def extension(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "_ext" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_example_after_the_exceptions_is_no_exception():
    lines = ["Does it.", "", "Raises", "------", "UsageError", "    Never.", "", ">>> 1 + 1", "2"]
    extension("docstrings").prepared(None, "function", "f", None, None, lines)
    assert lines[6:10] == ["", "Examples", "--------", ">>> 1 + 1"]
    short = ["Does it.", "", ">>> 1 + 1", "2"]
    extension("docstrings").prepared(None, "function", "f", None, None, short)
    assert short == ["Does it.", "", ">>> 1 + 1", "2"]


def test_patterns_of_files_are_code():
    lines = ["Files such as 'src/**/*.py' are read."]
    extension("docstrings").prepared(None, "function", "f", None, None, lines)
    assert lines == ["Files such as ``src/**/*.py`` are read."]


def test_mathematics_is_set_and_names_are_left_alone():
    mathematics = extension("mathematics")
    from muon_theory.reports.prose import spans

    said = [n.astext() for span in spans(mathematics._quiet("RIGHT_OPEN and x_1^2")) for n in mathematics._nodes(span)]
    assert "".join(said).replace("\u2060", "") == "RIGHT_OPEN and x12"
    kinds = [type(n).__name__ for span in spans("x_1^2") for n in mathematics._nodes(span)]
    assert kinds == ["inline", "subscript", "superscript"]


@pytest.mark.long
def test_the_site_is_built_without_a_warning_and_has_everything(tmp_path):
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-b",
        "html",
        str(ROOT / "docs"),
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    line, names = ((tmp_path / page).read_text(encoding="utf-8") for page in ("cli.html", "reference.html"))
    assert all(f'id="verb-{verb}"' in line for verb in VERBS)
    assert all(f"mt.{name}" in names for name in mt.__all__)
    assert "&gt;&gt;&gt;</span>" not in "".join(names.split("<dt>Raises")[1:2])
    assert (tmp_path / "explorer.html").stat().st_size < 100_000
    assert "<svg" in (tmp_path / "index.html").read_text(encoding="utf-8")
