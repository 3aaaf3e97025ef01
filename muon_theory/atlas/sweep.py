"""Sweeps: one exploration as many tasks, over the cores of this machine or a Dask cluster, with a journal.

The tasks are the same whatever runs them, and their answers are put in the order of the tasks, so the result is the
same bit for bit.  Each answer is a line of the journal: a sweep that was killed goes on from there.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from muon_theory.atlas.explore import Found, Leaf, Prover, explore
from muon_theory.atlas.plane import Plane
from muon_theory.certificate import canonical
from muon_theory.claim import to_json
from muon_theory.errors import UsageError

COARSE = 8
"""Down to this depth the plane is explored first; each box that is then left is a task."""

FORMAT = "muon-theory/atlas-journal/1"
SYNC_SECONDS = 5.0
"""What a power failure may lose; a kill loses the tasks that were running."""

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """A box and the layers that are open there, each with its depth."""

    path: str
    depths: tuple[tuple[str, int], ...]


def run_task(prover: Prover, plane: Plane, task: Task) -> dict[str, Any]:
    """The answer to one task, as JSON data."""
    return encode(explore(prover, plane, task.path, dict(task.depths)))


def encode(found: Found) -> dict[str, Any]:
    """What was found, as JSON data."""
    data: dict[str, Any] = to_json(
        {
            "leaves": [[leaf.layer, leaf.path, leaf.evidence] for leaf in found.leaves],
            "pending": [[leaf.layer, leaf.path] for leaf in found.pending],
            "tests": found.tests,
        }
    )
    return data


def sweep(
    prover: Prover,
    plane: Plane,
    depths: Mapping[str, int],
    jobs: int = -1,
    scheduler: str | None = None,
    journal: Path | None = None,
    progress: Progress | None = None,
) -> Found:
    """Every layer of a plane down to its depth.

    Parameters
    ----------
    jobs
        Worker processes; -1 for one on each core.
    scheduler
        The address of a Dask scheduler, such as `tcp://host:8786`, to run there instead.
    journal
        A file to write answers to, and to read those of an earlier run from, which must have been the same sweep.
    progress
        Called with (tasks done, tasks, text).

    Raises
    ------
    UsageError
        The journal belongs to another sweep, or there is no scheduler at the address.
    """
    coarse = explore(prover, plane, "", {layer: min(depth, COARSE) for layer, depth in depths.items()})
    tasks = _tasks(coarse.pending, depths)
    answers: dict[int, dict[str, Any]] = {}
    with Journal.open(journal, _plan(prover, plane, tasks)) as log:
        answers.update(log.answers)
        left = [i for i in range(len(tasks)) if i not in answers]
        for i, answer in _run(prover, plane, [(i, tasks[i]) for i in left], jobs, scheduler):
            log.add(i, answer)
            answers[i] = answer
            if progress is not None:
                progress(len(answers), len(tasks), f"{prover.layers[0]} … to depth {max(depths.values())}")
    final = {(leaf.layer, leaf.path) for leaf in coarse.pending if depths[leaf.layer] <= COARSE}
    data = [encode(Found(coarse.leaves, tuple(p for p in coarse.pending if (p.layer, p.path) in final), coarse.tests))]
    return _merged([*data, *(answers[i] for i in range(len(tasks)))])


def _tasks(pending: Sequence[Leaf], depths: Mapping[str, int]) -> list[Task]:
    open_layers: dict[str, list[str]] = {}
    for leaf in pending:
        if depths[leaf.layer] > len(leaf.path):
            open_layers.setdefault(leaf.path, []).append(leaf.layer)
    return [
        Task(path, tuple((layer, depths[layer]) for layer in depths if layer in layers))
        for path, layers in sorted(open_layers.items())
    ]


def _plan(prover: Prover, plane: Plane, tasks: Sequence[Task]) -> str:
    """A digest of everything the answers depend on."""
    return hashlib.sha256(repr((prover, plane, tasks)).encode()).hexdigest()


def _merged(answers: Sequence[dict[str, Any]]) -> Found:
    return Found(
        tuple(Leaf(*leaf) for a in answers for leaf in a["leaves"]),
        tuple(Leaf(layer, path, None) for a in answers for layer, path in a["pending"]),
        sum(a["tests"] for a in answers),
    )


def _answer(prover: Prover, plane: Plane, i: int, task: Task) -> tuple[int, dict[str, Any]]:
    return i, run_task(prover, plane, task)


def _run(
    prover: Prover, plane: Plane, tasks: Sequence[tuple[int, Task]], jobs: int, scheduler: str | None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The answers, as they come."""
    if not tasks:
        return
    if jobs == 1 and scheduler is None:
        yield from (_answer(prover, plane, i, task) for i, task in tasks)
        return
    from joblib import Parallel, delayed

    with _backend(scheduler):
        parallel = Parallel(n_jobs=jobs, return_as="generator_unordered")
        yield from parallel(delayed(_answer)(prover, plane, i, task) for i, task in tasks)


@contextmanager
def _backend(scheduler: str | None) -> Iterator[None]:
    """Joblib on the cores of this machine, or on a Dask cluster."""
    from joblib import parallel_config

    if scheduler is None:
        with parallel_config(backend="loky"):
            yield
        return
    from distributed import Client

    try:
        client = Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        hint = "start one with `dask scheduler`"
        raise UsageError(f"no Dask scheduler answers at {scheduler}: {error}: {hint}") from None
    with client, parallel_config(backend="dask"):
        yield


class Journal(AbstractContextManager["Journal"]):
    """Answers by task, each a line that is written in one piece and on the disk within seconds.

    Law: opening a journal that was cut off anywhere gives exactly the answers whose lines are whole.
    """

    def __init__(self, descriptor: int | None, answers: dict[int, dict[str, Any]]) -> None:
        self.descriptor, self.answers, self._synced = descriptor, answers, time.monotonic()

    @classmethod
    def open(cls, path: Path | None, plan: str) -> Journal:
        """The journal of a plan: a new one, or what is left of an earlier one."""
        if path is None:
            return cls(None, {})
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}: name a file in a folder that exists") from None
        with os.fdopen(os.dup(descriptor), "rb") as file:
            lines = file.read().split(b"\n")[:-1]
        header = canonical({"format": FORMAT, "plan": plan})
        if lines and lines[0] + b"\n" != header:
            os.close(descriptor)
            raise UsageError(f"{path} is the journal of another sweep: name another file, or repeat that sweep")
        answers, size = {}, len(header) if lines else 0
        for line in lines[1:]:
            try:
                i, answer = json.loads(line)
            except ValueError:
                break
            answers[i] = answer
            size += len(line) + 1
        os.ftruncate(descriptor, size)
        if not lines:
            os.write(descriptor, header)
        return cls(descriptor, answers)

    def add(self, i: int, answer: dict[str, Any]) -> None:
        """One more answer."""
        if self.descriptor is None:
            return
        os.write(self.descriptor, canonical([i, answer]))
        if time.monotonic() - self._synced > SYNC_SECONDS:
            os.fsync(self.descriptor)
            self._synced = time.monotonic()

    def __exit__(self, *_: object) -> None:
        if self.descriptor is not None:
            os.fsync(self.descriptor)
            os.close(self.descriptor)
            self.descriptor = None
