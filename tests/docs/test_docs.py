"""Every command and every example of the README and the documentation runs, and prints what the page says."""

from __future__ import annotations

import doctest
import importlib
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import muon_theory as mt
from muon_theory.display import Shown
from tests.line import run

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FIRST = {"README.md", "index.md", "tutorial.md"}
SEARCH = re.compile(r"^\$ muon-theory (recommend|atlas|design) ", re.MULTILINE)
"""Commands on pages that are not read first, or that search for seconds, are long tests; the verbs have quick ones."""
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language):
    return [
        pytest.param(
            page,
            body,
            id=f"{page.relative_to(ROOT)}-{n}",
            marks=pytest.mark.long if SEARCH.search(body) or page.name not in FIRST else (),
        )
        for page in PAGES
        for n, (kind, body) in enumerate(BLOCK.findall(page.read_text()))
        if kind == language
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_python_examples(page):
    """The blocks of a page are one session."""
    body = "\n".join(body for kind, body in BLOCK.findall(page.read_text()) if kind == "python")
    test = doctest.DocTestParser().get_doctest(body, {}, page.name, str(page), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    said: list[str] = []
    runner.run(test, out=said.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


def joined(text):
    """The words, whatever the width of the terminal was."""
    return " ".join(text.split())


@pytest.mark.parametrize(("page", "body"), blocks("console"))
def test_console_examples(page, body, tmp_path):
    (tmp_path / "muon_theory").symlink_to(ROOT / "muon_theory")
    (tmp_path / "analysis").symlink_to(ROOT / "analysis")
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        words = shlex.split(command)
        if words[0] == "muon-theory":
            done = run(*words[1:], cwd=tmp_path)
        else:
            words[0] = sys.executable if words[0] == "python3" else words[0]
            done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert "Traceback" not in done.stderr
        printed = joined(done.stdout)
        for line in filter(None, map(joined, expected.splitlines())):
            assert line.removesuffix("...").rstrip() in printed, (
                f"{command}: {line!r} is not in\n{done.stdout}{done.stderr}"
            )


def test_links_between_pages_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def described():
    """What the page of the reference describes: the classes of its modules, or those that it names."""
    page = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    for module, members in re.findall(r"automodule:: (\S+)\n(?:   :members:([^\n]*)\n)?", page):
        there = importlib.import_module(module)
        own = [n for n, value in vars(there).items() if getattr(value, "__module__", None) == module]
        for name in members.replace(",", " ").split() or getattr(there, "__all__", own):
            yield getattr(there, name)


def test_the_reference_describes_every_result_and_every_public_name():
    pytest.importorskip("torch", reason="torch is absent")
    everything = list(described())
    results, seen = [Shown], set()
    while results:
        one = results.pop()
        results += one.__subclasses__()
        seen.add(one)
    public = {c for c in seen if not c.__subclasses__() and getattr(sys.modules[c.__module__], c.__name__) is c}
    assert len(public) > 30
    assert {c.__name__ for c in public if c not in everything} == set()
    assert {n for n in mt.__all__ if not any(getattr(mt, n) is value for value in everything)} == set()
