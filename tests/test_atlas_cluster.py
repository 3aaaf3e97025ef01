"""A sweep on a real Dask cluster, one worker of which is killed, and a sweep that is killed itself: the same result."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from muon_theory.atlas import quintic_plane, sweep
from muon_theory.atlas.sweep import encode
from muon_theory.certificate import canonical
from muon_theory.errors import UsageError

pytestmark = pytest.mark.long
DEPTH = 13
SWEEP = """
from pathlib import Path
from muon_theory.atlas import quintic_plane, sweep
of = quintic_plane().at_depth({depth})
sweep(of.prover, of.plane, of.depths, jobs=1, journal=Path({journal!r}))
"""


def start(*command: str, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", *command],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=20)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its two worker processes."""
    import json

    file = tmp_path / "scheduler.json"
    common = ("--scheduler-file", str(file))
    scheduler = start(
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        *common,
        folder=tmp_path,
    )
    workers = [
        start(
            "distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", *common, folder=tmp_path
        )
        for _ in range(2)
    ]
    try:
        for _ in range(600):
            if file.exists() and file.stat().st_size:
                break
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"], workers
    finally:
        for process in (*workers, scheduler):
            stop(process)


def result() -> bytes:
    of = quintic_plane().at_depth(DEPTH)
    return canonical(encode(sweep(of.prover, of.plane, of.depths, jobs=1)))


@pytest.mark.filterwarnings("ignore")  # of the libraries, when a worker goes away
def test_a_cluster_that_loses_a_worker_finds_the_same(cluster, tmp_path: Path) -> None:
    address, workers = cluster
    killed = threading.Event()

    def kill(done: int, total: int, text: str) -> None:
        if 3 <= done < total and not killed.is_set():
            stop(workers[0])
            killed.set()

    of = quintic_plane().at_depth(DEPTH)
    found = sweep(of.prover, of.plane, of.depths, scheduler=address, progress=kill)
    assert killed.is_set()
    assert workers[1].poll() is None
    assert canonical(encode(found)) == result()


def test_a_killed_sweep_goes_on_and_finds_the_same(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    process = start_sweep(journal)
    while process.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < 6):
        time.sleep(0.05)
    stop(process)
    lines = journal.read_bytes().count(b"\n")
    assert lines >= 6
    assert process.returncode == -signal.SIGKILL
    of = quintic_plane().at_depth(DEPTH)
    found = sweep(of.prover, of.plane, of.depths, jobs=1, journal=journal)
    assert canonical(encode(found)) == result()


def start_sweep(journal: Path) -> subprocess.Popen[bytes]:
    code = SWEEP.format(depth=DEPTH, journal=str(journal))
    return subprocess.Popen([sys.executable, "-c", code], start_new_session=True)


@pytest.mark.filterwarnings("ignore")
def test_no_scheduler_is_a_usage_error() -> None:
    of = quintic_plane().at_depth(9)
    with pytest.raises(UsageError, match="no Dask scheduler answers"):
        sweep(of.prover, of.plane, of.depths, scheduler="tcp://127.0.0.1:9")
