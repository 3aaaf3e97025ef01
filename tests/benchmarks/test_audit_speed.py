"""How long an audit takes, cold, beside what any Python tool pays: an interpreter that parses the same files.

Recorded, not asserted: `pytest -m benchmark tests/benchmarks/test_audit_speed.py --benchmark-only`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.audits.test_paths import LOOP, YOU, table

pytestmark = [pytest.mark.benchmark, pytest.mark.long]
PARSE = "import ast, pathlib; [ast.parse(p.read_text()) for p in pathlib.Path('.').glob('*.py')]"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hundred files of an optimizer library, of which three hold an iteration."""
    folder = tmp_path_factory.mktemp("repository")
    body = "import torch\n\n\n" + "".join(
        f"def update_{k}(p, g, beta=0.9, lr=1e-3):\n    m = beta * p + (1 - beta) * g\n    return p - lr * m\n\n\n"
        for k in range(60)
    )
    for k in range(200):
        (folder / f"m{k:03}.py").write_text(body)
    for k, margin in enumerate(("", " * 1.01", " * 1.02")):
        (folder / f"muon{k}.py").write_text(table(YOU) + LOOP.format(steps=5, margin=margin, rows="ROWS") + body)
    return folder


@pytest.mark.parametrize("command", ["repository", "one file", "parse all", "start"])
def test_cold(benchmark, repository: Path, command: str) -> None:
    words = {
        "repository": ["-m", "muon_theory", "audit", "."],
        "one file": ["-m", "muon_theory", "audit", "muon0.py"],
        "parse all": ["-c", PARSE],
        "start": ["-m", "muon_theory", "--version"],
    }[command]
    environment = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin"}

    def run() -> None:
        subprocess.run([sys.executable, *words], cwd=repository, env=environment, check=True, stdout=subprocess.DEVNULL)

    benchmark.pedantic(run, rounds=3)
