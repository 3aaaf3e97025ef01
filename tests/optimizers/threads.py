"""The table of public threads in docs/optimizers: `python -m tests.optimizers.threads` writes it anew."""

from __future__ import annotations

import re
from pathlib import Path

from muon_theory.optimizers import conform_step
from tests.optimizers.transcriptions import THREADS, Thread

EXAMPLES = 12
HEADER = "| thread | defect | law | counterexample |\n|---|---|---|---|"
PAGE = Path(__file__).parents[2] / "docs" / "optimizers.md"
HERE = "tests/optimizers/transcriptions.py"


def examined(thread: Thread, optimizer: type | None = None):
    """The thread's optimizer, or another, against the law that the thread is about."""
    made = optimizer or thread.defect
    law = thread.law if thread.law in ALONE else "zero"
    where = f"{Path(__file__).parents[2] / HERE}:{made.__name__}" if thread.split else made
    options = {"sharded": (2,), "splits": (thread.split,)} if thread.split else {}
    return conform_step(
        where, arguments=thread.arguments, contract=thread.contract, laws=[law], examples=EXAMPLES, **options
    )


ALONE = {"scale rule", "independent", "overflow", "micro-batches", "scale", "range", "state", "zero", "saved"}
"""Laws that are asked for by name; the others are always tried."""


def row(thread: Thread) -> str:
    """The line of the table."""
    where, what = thread.told()
    found = examined(thread)[thread.law]
    law = re.sub(" rows ×2$", "", thread.law) + (" (a note with its size)" if thread.verdict == "note" else "")
    return f"| {where} | {what} | {law} | `{found.counterexample}` |"


def table() -> str:
    """All lines."""
    return "\n".join([HEADER, *map(row, THREADS)])


if __name__ == "__main__":
    before, rest = PAGE.read_text(encoding="utf-8").split(HEADER, 1)
    after = re.sub(r"\A(\n\|[^\n]*)*", "", rest)
    PAGE.write_text(before + table() + after, encoding="utf-8")
