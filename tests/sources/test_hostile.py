"""Sources of 100 KB that are made to take long: each ends at once, in a schedule or in one line."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muon_theory.audits.gather import plausible
from muon_theory.errors import UsageError
from muon_theory.sources import read
from tests.sampled import sampled

SIZE = 100_000
CELL = '{"cell_type":"code","source":["x=1\\n"]}'
LOOP = (
    "def f(X, steps=5):\n    X = X / X.norm()\n    for a, b, c in ROWS:\n        A = X @ X.T\n"
    "        X = a * X + (b * A + c * A @ A) @ X\n    return X\n"
)
ROWS = "ROWS = [(3.4445, -4.7750, 2.0315)]\n"
ALIASES = "a0: &a0 [3.5, -4.5]\n" + "".join(f"a{k}: &a{k} [{','.join([f'*a{k - 1}'] * 9)}]\n" for k in range(1, 12))


def filled(*pieces: str) -> str:
    """The pieces, the last of them repeated up to the size."""
    return "".join(pieces[:-1]) + pieces[-1] * (SIZE // len(pieces[-1]))


HOSTILE = {
    "digits.md": filled("1"),
    "numbers.cu": filled("1.5,-2.5,"),
    "rows.cu": filled("{3.4445,-4.7750,2.0315},"),
    "rows with words between.cu": filled("{3.4445,-4.7750,2.0315};x "),
    "open brackets.cu": filled("["),
    "open rows.cu": filled("[1.5,"),
    "spaces.cu": filled("[1.5,", " "),
    "underscores.cu": filled("_"),
    "indices.cu": filled("x", "[a]"),
    "comments.cu": filled("/*"),
    "comments.lean": filled("/-"),
    "bars.md": filled("|"),
    "cells.md": filled("| 1.5 "),
    "table.md": filled("| 3.4445 | -4.775 | 2.0315 |\n"),
    "fences.md": filled("```"),
    "open fences.md": filled("```python\n"),
    "blocks.md": filled("```python\nx = 1.5\n```\n" + "text\n" * 20),
    "directives.rst": filled(".. code-block:: python\n\n   x = 1.5\n"),
    "constants.rs": filled("a = 3.4445; b = -4.775; c = 2.0315;\n"),
    "lists.json": filled("["),
    "rows.json": "[" + filled("[3.4445,-4.775,2.0315],") + "[1,2]]",
    "keys.json": filled('{"a":'),
    "rows.yaml": filled("- [3.4445, -4.775, 2.0315]\n"),
    "dashes.yaml": filled("- "),
    "anchors.yaml": filled("&a [*a,"),
    "laughs.yaml": ALIASES,
    "lists.toml": filled("a = ["),
    "keys.toml": "[a." + filled("b.") + "c]",
    "tables.toml": "".join(f"a{k} = [3.4445,-4.775,2.0315]\n" for k in range(SIZE // 32)),
    "cells.ipynb": '{"cells":[' + filled(CELL + ",") + CELL + "]}",
    "functions.py": ROWS + "".join(LOOP.replace("def f", f"def f{k}") for k in range(SIZE // 320)),
    "a chain.py": ROWS + LOOP + "".join(
        f"def g{k}(X): return g{k - 1}(X) @ g{k - 1}(X).T\n" for k in range(SIZE // 40)),
    "calls in loops.py": ROWS + LOOP + "".join(
        f"def g{k}(X):\n  for i in range(9):\n    X = f(X) @ X\n  return g{k - 1}(X)\n" for k in range(SIZE // 80)),
    "texts.py": ROWS + "def f(X, m='a'):\n    X = X/X.norm()\n" + "".join(
        f"    if m == 'k{k}': ROWS = [({k % 5 + 1}.5,-4.5,2.5)]\n" for k in range(SIZE // 50)),
    "keys.py": "T={" + ",".join(f"'k{k}':[(3.{k},-4.5,2.5)]" for k in range(SIZE // 24)) + "}\n"
    + LOOP.replace("ROWS", "T[m]").replace("steps=5", "m='k1'"),
    "steps.py": filled("def f(X):\n    X = X/X.norm()\n", "    A = X@X.T\n    X = 3.5*X - 4.5*A@X + 2.5*A@A@X\n"),
    "powers.py": filled("def f(X):\n    A = X@X.T\n    B = A\n", "    B = B@A+A\n") + "    return B@X\n",
    "classes.py": "".join(
        f"class C{k}:\n  def __init__(self, m='a'):\n    self.r = (3.4445, -4.7750, 2.0315)\n"
        for k in range(SIZE // 190)),
}  # fmt: skip


def lines(name: str, text: str) -> list[str]:
    """What is said of a source that is not read, within ten seconds of CPU (by itself about one)."""
    start = time.process_time()
    said: list[str] = []
    try:
        reading = read(name, text)
        said += [r.why for r in reading.refused]
        for found in reading.found:
            plausible(found)
    except UsageError as error:
        said.append(str(error))
    assert time.process_time() - start < 10
    return said


FIRST = {Path(name).suffix: name for name in reversed(HOSTILE)}


@pytest.mark.parametrize("name", sampled(HOSTILE, set(FIRST.values()).__contains__))
def test_a_source_ends_in_time(name: str) -> None:
    assert all("\n" not in line and len(line) < 400 for line in lines(name, HOSTILE[name]))


PIECES = [
    ROWS, LOOP, "ROWS", "(3.4445, -4.775, 2.0315)", "[", "]", "(", ")", "{", "}", ",", ":", "=", "\n", "    ", "@",
    ".T", "X", "for a, b, c in ", "if x:\n", "def f(X):\n", "return ", "|", "```python\n", "# safe up to 1.5\n", "1.5",
    "-", "lambda x:", "a: &a ", "- ", "'", '"', "\\", "class C:\n", "yield ", "while True:\n", "/", "*",
    "ROWS = ROWS + ROWS\n",
]  # fmt: skip


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=12), st.integers(1, 400), st.lists(st.sampled_from(PIECES))
)
def test_pieces_of_programs_end_in_time(begin: list[str], times: int, end: list[str]) -> None:
    text = "".join(begin) * times + "".join(end)
    for suffix in (".py", ".md", ".yaml", ".toml", ".json", ".cu"):
        assert all("\n" not in line for line in lines("x" + suffix, text))
