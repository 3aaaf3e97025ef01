"""What this machine has and has not: fixtures that skip by name, and a closing list of everything that was not run."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import threading
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from muon_theory.document import Report

# The matrices here are small and the processes many: threads would only wait for each other, which costs a third more.
for threads in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

collect_ignore = ["fuzz"]  # harnesses for atheris, which are run by hand (tests/checker/README.md)

# Properties ----------------------------------------------------------------------------------------------------------
# Every run tries other examples, 15 of each property that does not say how many; `thorough` is for changes of what a
# property is about.  No deadline: exact rational arithmetic takes its time, and a slow example is no wrong one.

settings.register_profile("default", deadline=None, max_examples=15)
settings.register_profile("ci", deadline=None, max_examples=15, derandomize=True, print_blob=True)
settings.register_profile("thorough", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("MUON_THEORY_HYPOTHESIS_PROFILE", "default"))

# Things a machine may lack -------------------------------------------------------------------------------------------


def absent(name: str, reason: str) -> None:
    """Skip for want of `name`; fail where MUON_THEORY_REQUIRE, a list such as "coq browser", says it must be there."""
    if name in os.environ.get("MUON_THEORY_REQUIRE", "").split():
        pytest.fail(f"MUON_THEORY_REQUIRE names {name}, but {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def coqc() -> str:
    """The path of a Coq compiler that has Coquelicot."""
    path = shutil.which("coqc")
    if path is None:
        absent("coq", "Coq is absent: there is no coqc on PATH (Debian: apt install coq libcoq-coquelicot)")
    where = subprocess.run([path, "-where"], capture_output=True, text=True, check=True).stdout.strip()
    if not os.path.isdir(os.path.join(where, "user-contrib", "Coquelicot")):
        absent("coq", "Coquelicot is absent: Coq is here without it (Debian: apt install libcoq-coquelicot)")
    return path


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; as root it needs --no-sandbox."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        absent("browser", "the browser is absent: there is no chromium on PATH (Debian: apt install chromium)")
    return path


@pytest.fixture(scope="session")
def cuda_device() -> str:
    """The name of a CUDA device, for torch."""
    if importlib.util.find_spec("torch") is None:
        absent("gpu", "torch is absent (pip install 'muon-theory[torch]')")
    import torch

    if not torch.cuda.is_available():
        absent("gpu", "the GPU is absent: torch sees no CUDA device")
    return "cuda"


# What is made once ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def whole_article() -> tuple[Report, list[tuple[str, float]]]:
    """The report on the article, without the runs on matrices, and the progress that was told: a minute of work."""
    from muon_theory.article import article_report

    told: list[tuple[str, float]] = []
    return article_report(lambda what, fraction: told.append((what, fraction)), with_measured=False), told


# What was not run ----------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Without torch its homes cannot be imported, so their docstrings are not collected; the closing list says so.

    A shell has what it starts in the background ignore SIGINT, and so does all that this starts: tests interrupt some.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if importlib.util.find_spec("torch") is None:
        homes = [
            config.rootpath / "muon_theory" / name for name in ("confirmation", "conformance", "optimizers", "spectra")
        ]
        config.option.ignore = [*(config.option.ignore or []), *map(str, homes)]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `--dist loadgroup`, tests that share something slow run in one process, so that it is made once.

    By their files, as xdist 3.8 finds no group of pytest 9.2's tests: it writes the group to an attribute that is gone.
    """
    if config.getoption("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Shared(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return shared(config.rootpath / nodeid.partition("::")[0]) or nodeid

    return Shared(config, log)


@cache
def shared(file: Path) -> str | None:
    """What the tests of a file share: the article's certificates and sweeps, or the fixtures of their own."""
    text = file.read_text(encoding="utf-8")
    if file.parent.name == "article" or "whole_article" in text or 'xdist_group("article")' in text:
        return "article"
    return str(file) if 'scope="module"' in text else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every reason for which something was skipped, and how often."""
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", [])
    )
    if importlib.util.find_spec("torch") is None:
        reasons["torch is absent: the examples in muon_theory.confirmation and muon_theory.conformance"] += 1
    if reasons:
        terminalreporter.section("NOT RUN ON THIS MACHINE", sep="!", yellow=True, bold=True)
        for reason, count in reasons.most_common():
            terminalreporter.line(f"{count:5} × {reason}")
