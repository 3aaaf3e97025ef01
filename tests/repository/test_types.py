"""Types say what a value is: `Any`, which says nothing, is counted, and the count only falls."""

from __future__ import annotations

import ast
import re
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "muon_theory"
ANY = re.compile(r"\bAny\b")
MOST = 130
"""Lines with `Any`, imports aside: sympy and flint have no types, and an interpreter's values are of any type."""


def lines() -> dict[str, int]:
    counts = {}
    for path in PACKAGE.rglob("*.py"):
        code = [line for line in path.read_text().splitlines() if ANY.search(line) and "import" not in line]
        counts[path.relative_to(PACKAGE).as_posix()] = len(code)
    return counts


def test_any_is_rare_and_becomes_rarer() -> None:
    counts = lines()
    most = sorted(counts.items(), key=lambda item: -item[1])[:5]
    assert sum(counts.values()) <= MOST, f"give the value its type, or `object`; most stand in {most}"


def test_the_command_line_and_the_claims_assert_no_types() -> None:
    for room in ("cli", "claims"):
        for path in (PACKAGE / room).glob("*.py"):
            assert "assert isinstance" not in path.read_text(), path.name


def read_back(tree: ast.AST) -> list[str]:
    """Where a function looks up by its key what a `to_json()` wrote."""
    found = []
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        written = {
            target.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and is_json(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
                named = isinstance(node.value, ast.Name) and node.value.id in written
                if named or is_json(node.value):
                    found.append(ast.unparse(node))
    return found


def is_json(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "to_json"


def test_no_result_reads_its_own_json_back() -> None:
    """A page, a sentence or a plot is made of the result's values: `to_json` is for others."""
    found = {
        path.relative_to(PACKAGE).as_posix(): read_back(ast.parse(path.read_text())) for path in PACKAGE.rglob("*.py")
    }
    assert not {name: places for name, places in found.items() if places}


def test_what_is_read_back_is_seen() -> None:
    seen = read_back(ast.parse("def page(self):\n data = self.to_json()\n return data['ratio'], self.x.to_json()['y']"))
    assert len(seen) == 2
