"""The architecture: imports go downward, heavy libraries stay in their homes, and importing the package loads none."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
HEAVY = {
    "sympy",
    "mpmath",
    "flint",
    "numpy",
    "torch",
    "matplotlib",
    "jinja2",
    "rich",
    "cyclopts",
    "hypothesis",
}
CHECKER = ROOT / "muon_theory" / "check.py"


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("muon_theory", include_external_packages=True, cache_dir=None)


def test_the_contracts_of_import_linter_hold():
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_page_of_the_architecture_shows_the_layers_that_are_enforced():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    shown = page.partition("import-linter enforces it")[2].split("```")[1].split()
    enforced = " ".join(next(c["layers"] for c in CONTRACTS if c["type"] == "layers"))
    assert shown == enforced.replace("(", "").replace(")", "").split()


def test_no_contract_has_exceptions():
    assert [c["name"] for c in CONTRACTS if "ignore_imports" in c or "exhaustive_ignores" in c] == []


def test_every_third_party_library_has_its_home(graph):
    homeless = {
        f"{importer} imports {library}"
        for library in third_party(graph)
        if not any(library in contract.get("protected_modules", []) for contract in CONTRACTS)
        for importer in graph.find_modules_that_directly_import(library)
    }
    assert homeless == set(), "give each library a contract of type protected in pyproject.toml"


def test_only_verify_imports_the_checker(graph):
    assert graph.find_modules_that_directly_import("muon_theory.check") <= {"muon_theory.verification"}


@pytest.mark.skipif(not CHECKER.exists(), reason="there is no checker yet")
def test_the_checker_imports_the_standard_library_alone():
    tree = ast.parse(CHECKER.read_text(encoding="utf-8"))
    relative = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    assert relative == []
    assert {name.partition(".")[0] for name in names} <= set(sys.stdlib_module_names)


def test_importing_the_package_loads_no_heavy_library():
    code = f"import sys, muon_theory; print(sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def third_party(graph: grimp.ImportGraph) -> set[str]:
    outside = {m for m in graph.modules if graph.is_module_squashed(m)}
    return {m for m in outside if m not in sys.stdlib_module_names and m != "__future__"}
