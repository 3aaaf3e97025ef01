"""Sweeps: one exploration as many tasks, over the cores of this machine or a Dask cluster, with a journal.

The tasks are the same whatever runs them, and their answers are put in the order of the tasks, so the result is the
same bit for bit.  A task ends after so many tests, and what it leaves are tasks of the next round: none is long, and a
sweep that was killed loses little.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

from muon_theory.atlases.explore import Answer, Found, Leaf, Prover, Task, explore
from muon_theory.atlases.journal import Journal
from muon_theory.atlases.plane import Plane
from muon_theory.atlases.recheck import false_answer
from muon_theory.claims import to_json
from muon_theory.errors import MissingDependencyError, UsageError

COARSE = 8
"""Down to this depth the plane is explored first; each box that is then left is a task."""

TESTS = 1000
"""Of one task, at most: some seconds."""

CONNECT_SECONDS, WORKERS_SECONDS = 10, 30
"""How long a scheduler, and then its first worker, is waited for."""

Progress = Callable[[int, int, str], None]


def run_task(prover: Prover, plane: Plane, task: Task) -> Answer:
    """The answer to one task, as JSON data."""
    return encode(explore(prover, plane, task.path, dict(task.depths), TESTS))


def encode(found: Found) -> Answer:
    """What was found, as JSON data."""
    return {
        "leaves": [[leaf.layer, leaf.path, to_json(leaf.evidence)] for leaf in found.leaves],
        "pending": [[leaf.layer, leaf.path] for leaf in found.pending],
        "tests": found.tests,
        "rest": [[leaf.layer, leaf.path] for leaf in found.rest],
    }


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
        What is read is checked again before it is used (`atlases.recheck`).
    progress
        Called with (tasks done, tasks known so far, text).

    Raises
    ------
    UsageError
        The journal belongs to another sweep, or says what does not hold, or no scheduler with a worker answers.
    """
    if jobs == 0 or jobs < -1:
        raise UsageError(f"{jobs} worker processes: ask for 1 or more, or for -1, one on each core")
    tasks = [Task("", tuple((layer, min(depth, COARSE)) for layer, depth in depths.items()))]
    rounds: list[Answer] = []
    with Journal.open(journal, _plan(prover, plane, depths)) as log, ExitStack() as stack:
        workers = _Workers(jobs, scheduler, stack)
        while tasks:
            answers = {task.key: log.answers[task.key] for task in tasks if task.key in log.answers}
            if reason := false_answer(prover, plane, tasks, answers):
                raise UsageError(f"{journal} {reason}: it is not as a sweep wrote it; delete it and sweep again")
            for key, answer in workers.run(prover, plane, [task for task in tasks if task.key not in answers]):
                log.add(key, answer)
                answers[key] = answer
                if progress is not None:
                    progress(
                        len(rounds) + len(answers), len(rounds) + len(tasks), f"{len(answers)} of {len(tasks)} parts"
                    )
            now = [answers[task.key] for task in tasks]
            rounds += now
            tasks = _following(now, depths)
    return _merged(rounds, depths)


def _following(answers: Iterable[Answer], depths: Mapping[str, int]) -> list[Task]:
    """What is left to do after a round: the boxes that were not tried, or not to their layer's depth."""
    open_layers: dict[str, set[str]] = {}
    for answer in answers:
        for layer, path in answer["rest"]:
            open_layers.setdefault(path, set()).add(layer)
        for layer, path in answer["pending"]:
            if len(path) < depths[layer]:
                open_layers.setdefault(path, set()).add(layer)
    return [
        Task(path, tuple((layer, depth) for layer, depth in depths.items() if layer in layers))
        for path, layers in sorted(open_layers.items())
    ]


def _plan(prover: Prover, plane: Plane, depths: Mapping[str, int]) -> str:
    """A digest of everything the answers depend on."""
    return hashlib.sha256(repr((prover, plane, list(depths.items()), COARSE, TESTS)).encode()).hexdigest()


def _merged(answers: Sequence[Answer], depths: Mapping[str, int]) -> Found:
    return Found(
        tuple(Leaf(*leaf) for a in answers for leaf in a["leaves"]),
        tuple(Leaf(layer, path) for a in answers for layer, path in a["pending"] if len(path) >= depths[layer]),
        sum(a["tests"] for a in answers),
    )


def _answer(prover: Prover, plane: Plane, task: Task) -> tuple[str, Answer]:
    return task.key, run_task(prover, plane, task)


def _end_with(parent: int) -> None:
    """A worker process ends with the one that started it, however that ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class _Workers:
    """What runs tasks: this process, joblib's on this machine, or a Dask cluster.  A stack ends it."""

    def __init__(self, jobs: int, scheduler: str | None, stack: ExitStack) -> None:
        one = jobs == 1 or (jobs == -1 and find_spec("joblib") is None)  # every core, or this process alone
        self.jobs, self.alone = jobs, one and scheduler is None
        if self.alone:
            return
        try:
            from joblib import parallel_config
        except ImportError:
            raise MissingDependencyError.of("joblib", "a sweep", "ask for --jobs=1") from None
        if scheduler is not None:
            _connect(scheduler, stack)
            stack.enter_context(parallel_config(backend="dask"))
        else:
            watch = {"initializer": _end_with, "initargs": (os.getpid(),)}
            stack.enter_context(parallel_config(backend="loky", **watch))

    def run(self, prover: Prover, plane: Plane, tasks: Sequence[Task]) -> Iterator[tuple[str, Answer]]:
        """The answers, as they come."""
        if self.alone or len(tasks) < 2:
            yield from (_answer(prover, plane, task) for task in tasks)
            return
        from joblib import Parallel, delayed

        parallel = Parallel(n_jobs=self.jobs, return_as="generator_unordered")
        yield from parallel(delayed(_answer)(prover, plane, task) for task in tasks)


def _connect(scheduler: str, stack: ExitStack) -> None:
    """A client of the scheduler, which joblib then uses."""
    try:
        from distributed import Client
    except ImportError:
        raise MissingDependencyError.of("distributed", "a cluster") from None
    try:
        client = stack.enter_context(Client(scheduler, timeout=CONNECT_SECONDS))
    except (OSError, ValueError) as error:
        said = " ".join(str(error).split())
        raise UsageError(f"no Dask scheduler answers at {scheduler}: {said}: start one with `dask scheduler`") from None
    try:
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    except TimeoutError:
        hint = f"start some with `dask worker {scheduler}`"
        raise UsageError(f"the Dask scheduler at {scheduler} has no worker after {WORKERS_SECONDS} s: {hint}") from None
