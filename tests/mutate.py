"""Mutation testing of one file by the tests that answer for it, for what stands between the checker and the reader:

    python -m tests.mutate muon_theory/verification.py tests/core/test_verification.py
    python -m tests.mutate muon_theory/claims/words.py tests/claims tests/statements/test_roles.py

Every comparison, sign, constant, connective and condition is changed, one at a time, in a copy of the package; a mutant
that passes the tests survives and is printed.  The checker has a command of its own, `tests.checker.mutate_check`.
"""

import ast
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest

from tests.checker.mutate_check import mutants

ROOT = Path(__file__).parents[1]
SECONDS = 120
"""Of the processor: a mutant whose tests take longer is dead."""


def passes(copy: Path, tests: list[str]) -> bool:
    """Do the tests pass with the package of that folder?  In a process that has the libraries already, and not ours."""
    if (child := os.fork()) == 0:
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)  # its signal ends the process
        os.chdir(copy)
        sys.path[:] = [str(copy), *(place for place in sys.path if place and Path(place) != ROOT)]
        for name in [name for name in sys.modules if name.partition(".")[0] in ("muon_theory", "tests", "conftest")]:
            del sys.modules[name]
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os._exit(pytest.main(["-q", "-x", "-p", "no:cacheprovider", *tests]))
    return os.waitpid(child, 0)[1] == 0


def main(file: str, tests: list[str], only: str = "") -> int:
    """The number of survivors; `only` names one function or class."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("muon_theory", "tests", "docs", "analysis"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "CHANGELOG.md"):
            shutil.copy(ROOT / name, copy / name)
        if not passes(copy, tests):
            sys.exit("the tests fail without a mutation: mend them first")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        count = alive = 0
        for name, place, statement in mutants(tree):
            if only and name.partition(":")[0] != only:
                continue
            changed = ast.Module([*tree.body[:place], statement, *tree.body[place + 1 :]], [])
            (copy / file).write_text(ast.unparse(changed), encoding="utf-8")
            count += 1
            if passes(copy, tests):
                alive += 1
                print(f"- {name}", flush=True)
        print(f"{file}: {count} mutants, {count - alive} killed, {alive} survive")
    return alive


if __name__ == "__main__":
    file, *tests = sys.argv[1:]
    sys.exit(bool(main(file, tests)))
