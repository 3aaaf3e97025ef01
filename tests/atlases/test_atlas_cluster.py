"""Sweeps on a real Dask cluster that loses a worker, and sweeps that are killed themselves: the same result."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from muon_theory.atlases import quintic_plane, sweep
from muon_theory.atlases.sweep import encode
from muon_theory.certificate import canonical
from muon_theory.errors import UsageError
from muon_theory.verification import verify

pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("ignore")]  # of the libraries, when a worker goes away
DEPTH = 13
HOST = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")


def start(*command: str, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", *command],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def stop(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the process and its children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=20)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler without workers."""
    file = tmp_path / "scheduler.json"
    process = start("distributed.cli.dask_scheduler", *HOST, "--scheduler-file", str(file), folder=tmp_path)
    try:
        for _ in range(600):
            if file.exists() and file.stat().st_size:
                break
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"]
    finally:
        stop(process)


@pytest.fixture
def workers(scheduler: str, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two worker processes of the scheduler."""
    common = ("distributed.cli.dask_worker", scheduler, "--nthreads", "1", "--no-nanny", "--no-dashboard")
    both = [start(*common, folder=tmp_path) for _ in range(2)]
    try:
        yield both
    finally:
        for process in both:
            stop(process)


@cache
def result() -> bytes:
    """What one process finds that nothing interrupts."""
    of = quintic_plane().at_depth(DEPTH)
    return canonical(encode(sweep(of.prover, of.plane, of.depths, jobs=1)))


@pytest.mark.parametrize("after", [0, 5])
def test_a_cluster_that_loses_a_worker_finds_the_same(
    scheduler: str, workers: list[subprocess.Popen[bytes]], after: int
) -> None:
    killed = threading.Event()

    def kill(done: int, total: int, text: str) -> None:
        if after < done < total and not killed.is_set():
            stop(workers[0])
            killed.set()

    of = quintic_plane().at_depth(DEPTH)
    found = sweep(of.prover, of.plane, of.depths, scheduler=scheduler, progress=kill)
    assert killed.is_set()
    assert workers[0].returncode == -signal.SIGKILL
    assert workers[1].poll() is None
    assert canonical(encode(found)) == result()


def test_a_command_that_is_killed_again_and_again_goes_on_and_writes_the_same(tmp_path: Path) -> None:
    """Two worker processes; killed at random moments; then every file is the one of a run that nothing interrupted."""
    draw, journal, out = random.Random(4), tmp_path / "journal", tmp_path / "out"
    command = ("muon_theory", "atlas", "quintic", "--depth", str(DEPTH))
    lines, kills = 0, 0
    while True:
        process = start(*command, "--jobs", "2", "--resume", str(journal), "--out", str(out), folder=tmp_path)
        wanted = lines + draw.randint(1, 12)
        while kills < 6 and process.poll() is None and count(journal) < wanted:
            time.sleep(0.02)
        if kills == 6:
            assert process.wait(timeout=600) == 0
            break
        time.sleep(draw.uniform(0, 0.2))
        stop(process)
        kills += process.returncode == -signal.SIGKILL
        assert count(journal) >= lines, "an answer was lost"
        lines = count(journal)
    one = start(*command, "--jobs", "1", "--out", str(tmp_path / "one"), folder=tmp_path)
    assert one.wait(timeout=600) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()
    }
    assert all(verify(path.read_bytes()).proved for path in out.glob("*.json"))


def test_a_command_killed_while_it_writes_leaves_no_torn_file(tmp_path: Path) -> None:
    """The journal is whole, so that each run goes straight to writing; whatever bears a final name is whole."""
    journal, out = tmp_path / "journal", tmp_path / "out"
    command = ("muon_theory", "atlas", "quintic", "--depth", "11", "--jobs", "1", "--resume", str(journal))
    assert start(*command, "--out", str(tmp_path / "one"), folder=tmp_path).wait(timeout=600) == 0
    whole = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    draw = random.Random(5)
    for _ in range(5):
        process = start(*command, "--out", str(out), folder=tmp_path)
        while process.poll() is None and not (out.exists() and any(out.iterdir())):
            time.sleep(0.005)
        time.sleep(draw.uniform(0, 0.05))
        stop(process)
        for path in out.iterdir():
            assert path.suffix == ".partial" or path.read_bytes() == whole[path.name]
            path.unlink()


def count(journal: Path) -> int:
    """The whole lines of a journal."""
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense", "foo://x", "tcp://no.such.host.invalid:8786"])
def test_no_scheduler_is_one_line(address: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from muon_theory.cli import main

    began = time.monotonic()
    assert main(["atlas", "quintic", "--depth", "9", "--scheduler", address, "--out", str(tmp_path)]) == 2
    assert time.monotonic() - began < 60
    message = capfd.readouterr().err.strip()
    assert "no Dask scheduler answers" in message
    assert "\n" not in message


def test_a_scheduler_without_workers_is_one_line(scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["muon_theory.atlases.sweep"], "WORKERS_SECONDS", 2)
    of = quintic_plane().at_depth(9)
    with pytest.raises(UsageError, match="has no worker after 2 s: start some"):
        sweep(of.prover, of.plane, of.depths, scheduler=scheduler)
