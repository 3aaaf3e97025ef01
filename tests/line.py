"""The command line in the tests' own process: `main` is all that `python -m muon_theory` runs."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
from unittest import mock

from muon_theory.cli import main


def run(*arguments: object, cwd: object = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command: what it prints, and its exit status.  `tests/cli/test_cli.py` compares with a process of its own."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        contextlib.chdir(str(cwd or ".")),
        mock.patch.dict(os.environ, environment),
    ):
        try:
            status = main(list(map(str, arguments)))
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 1
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())
