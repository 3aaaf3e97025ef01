"""Types say what a value is: `Any`, which says nothing, is counted, and the count only falls."""

from __future__ import annotations

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
