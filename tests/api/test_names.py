"""What `import muon_theory as mt` offers: the verbs and the public types, whatever was imported before."""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest

import muon_theory as mt
from muon_theory.cli import VERBS

FUNCTIONS = [name for name in mt.__all__ if inspect.isfunction(getattr(mt, name))]


def test_every_verb_is_a_function_even_when_every_module_was_imported():
    for module in pkgutil.walk_packages(mt.__path__, "muon_theory."):
        if not module.name.endswith("__main__"):
            with contextlib.suppress(ImportError):  # of an extra that is absent
                importlib.import_module(module.name)
    assert [name for name in mt.__all__ if isinstance(getattr(mt, name), types.ModuleType)] == []


def test_completion_shows_the_public_names_alone():
    assert dir(mt) == sorted([*mt.__all__, "__version__"], key=dir(mt).index)
    assert {name for homes in mt._HOMES.values() for name in homes} == set(mt.__all__)
    assert list(mt.__all__) == sorted(mt.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name))
    for name in mt.__all__:
        assert not isinstance(getattr(mt, name), types.ModuleType), name


def test_importing_takes_the_standard_library_alone():
    code = "import sys, muon_theory; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, cwd=_root())
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded - set(sys.stdlib_module_names) <= {"muon_theory", "__main__", "__mp_main__"}
    ours = {name for name in done.stdout.split() if name.startswith("muon_theory")}
    assert ours == {"muon_theory"}  # nothing else is loaded, so it is as fast as importing an empty package


def _root() -> str:
    return str(importlib.resources.files("muon_theory").joinpath(".."))


def test_a_name_that_is_none():
    with pytest.raises(AttributeError, match="no attribute 'certifi'"):
        mt.certifi  # noqa: B018


def test_every_verb_of_the_command_line_is_here():
    here = {"verify" if verb == "check" else verb.replace("-", "_") for verb in VERBS}
    assert here <= set(FUNCTIONS)


ONLY_ON_THE_COMMAND_LINE = {
    "page",
    "format",
    "out",
    "coefficients",
    "family",
    "preset",
    "certificates",
    "plot",
    "record",
    "write_baseline",
    "to",
}
"""How the answer is printed and where files go; and other ways of naming the subject."""
ONLY_IN_PYTHON = {"progress", "subject"}
"""`subject`: the command line names it by options, too."""


SPELLED = {"design": {"coefficients_in": "reading", "degrees": "degree"}}
"""Options that have another name in Python, or share an argument: one degree, or a list of them."""


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"check"}))
def test_options_are_arguments(verb):
    verb = verb.replace("-", "_")
    line = inspect.signature(getattr(importlib.import_module(f"muon_theory.cli.{verb}"), verb)).parameters
    python = inspect.signature(getattr(mt, verb)).parameters
    spelled = SPELLED.get(verb, {})
    options = {spelled.get(name, name) for name in line}
    if verb == "design":  # --constant asks another function, for one map repeated, and with --front a third
        options -= {"constant", "front"}
        python = {**inspect.signature(mt.design_constant).parameters, **python}
    assert options - set(python) - {"subject"} <= ONLY_ON_THE_COMMAND_LINE
    assert set(python) - options <= ONLY_IN_PYTHON
    for name in set(line) & set(python) - {"subject", *spelled.values()}:
        typed, called = line[name].default, python[name].default
        assert str(typed) == str(called), f"--{name} is {typed!r} unless said, and {called!r} in Python"


def test_an_error_names_what_was_passed():
    """The same message is about an argument here, and about an option there."""
    with pytest.raises(mt.UsageError, match=re.escape('give a starting point, as x0="1/2", or basin=')) as raised:
        mt.orbits("article")
    assert raised.value.typed == "give a starting point, as --x0 1/2, or --basin"
    with pytest.raises(mt.UsageError, match=r"\Atarget='1,0': the first number is above the second"):
        mt.certify("jordan", target="1,0")
    with pytest.raises(mt.ParseError, match=r"\Aslope_at_one=: '1/o' is not a number"):
        mt.thresholds("quintic", slope_at_one="1/o")


def _messages(file):
    """The texts of a module in which options may be named: no documentation, and no whole command."""
    tree = ast.parse(file.read_text())
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in documentation | inner:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_option_that_a_message_names_is_an_argument():
    known = {name for verb in FUNCTIONS for name in inspect.signature(getattr(mt, verb)).parameters}
    root, found = Path(mt.__file__).parent, set()
    for file in sorted(root.rglob("*.py")):
        if file.relative_to(root).parts[0] in ("cli", "check.py", "testing", "errors.py") or file.name == "svg.py":
            continue
        for text in _messages(file):
            if "muon-theory " not in text and "--version" not in text and "--format" not in text:
                said = str(mt.MuonTheoryError(text))
                found |= {m[1] for m in re.finditer(r"--([a-z][a-z-]+)", text)}
                named = re.findall(r"(?<![\w{\"])([a-z][a-z0-9_]*)=", said) if "--" in text else []
                assert set(named) <= known, (file.name, text, set(named) - known)
    assert len(found) > 40


def test_every_module_can_be_found():
    names = [m.name for m in pkgutil.walk_packages(mt.__path__, "muon_theory.")]
    assert "muon_theory.check" in names


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_verb_says_what_it_takes(name):
    function = getattr(mt, name)
    text = inspect.getdoc(function) or ""
    missing = [p for p in inspect.signature(function).parameters if p not in text]
    assert len(missing) == 0 or name in ("presets", "explain", "verify", "rational", "load"), missing
