"""Steps of an optimizer in several processes of this machine, which talk over loopback (gloo).

They are started and ended here: each ends itself when its time is over, whatever became of the one that started it.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import torch

from muon_theory.conformance.arrays import quiet
from muon_theory.conformance.case import sides
from muon_theory.optimizers.specimen import Specimen, StepError, step, stepped

Tensor = torch.Tensor
SECONDS = 120.0
SHAPES = ((2, 2), (4, 4), (8, 2), (2, 8), (6, 5))
BY_TORCH = ("rows", "columns", "fsdp2")
"""DTensor with Shard(0) or Shard(1), and `fully_shard`, whose gradients come from backward()."""
SPLITS = (*BY_TORCH, "rows by hand", "columns by hand")
"""Or each process holds its rows or columns as a parameter of its own."""
Runs = dict[str, Tensor | str]


class Unanswered(Exception):
    """The processes left no answer, for the reason that the text says."""


@dataclass(frozen=True, slots=True)
class Job:
    """What each of `size` processes does, in which folder they meet, and after how many seconds they end."""

    optimizer: str
    arguments: Mapping[str, object]
    splits: tuple[str, ...]
    size: int
    folder: str
    seconds: float = SECONDS

    @property
    def answers(self) -> Path:
        return Path(self.folder, "answers.pt")


def gradients(shape: Sequence[int]) -> list[Tensor]:
    """Two of small integers."""
    generator = torch.Generator().manual_seed(sum(shape))
    return [torch.randint(-9, 10, tuple(shape), generator=generator).float() for _ in range(2)]


def axis_of(split: str) -> int:
    """Which dimension is spread."""
    return 1 if split.startswith("columns") else 0


def place(split: str, shape: Sequence[int]) -> str:
    """The name of an answer."""
    return f"{split}, {sides(shape)}"


def run_sharded(job: Job) -> Runs:
    """The whole parameters after the steps, by split and shape; a text where there is none, in a process's own words.

    Raises Unanswered where the processes end, or are ended, without an answer.
    """
    Path(job.folder, "job").write_bytes(pickle.dumps(job))
    around = os.environ | {"PYTHONPATH": os.pathsep.join(p or os.getcwd() for p in sys.path)}
    errors = Path(job.folder, "errors")
    deadline = time.monotonic() + job.seconds
    processes: list[subprocess.Popen[bytes]] = []
    try:
        with errors.open("wb") as said:
            for rank in range(job.size):
                code = f"from {__name__} import work; work({job.folder!r}, {rank})"
                words = [sys.executable, "-c", code]
                processes.append(subprocess.Popen(words, env=around, stdout=subprocess.DEVNULL, stderr=said))
        while any(p.poll() is None for p in processes) and time.monotonic() < deadline:
            if any(p.poll() not in (None, 0) for p in processes):
                break  # the others would wait for it
            time.sleep(0.05)
        late = all(p.poll() in (None, 0) for p in processes)
    finally:
        for process in processes:
            process.kill()
            process.wait()
    if not job.answers.is_file():
        if late:
            raise Unanswered(f"the processes did not finish in {job.seconds:g} s")
        raise Unanswered("a process ended: " + errors.read_text(errors="replace").strip().rpartition("\n")[2][:160])
    found: Runs = torch.load(job.answers, weights_only=True)
    return found


def work(folder: str, rank: int) -> None:
    """One process: every shape in turn; the first process writes the answers."""
    import torch.distributed as dist

    job: Job = pickle.loads(Path(folder, "job").read_bytes())  # which `run_sharded` wrote

    end = threading.Timer(job.seconds, os._exit, (1,))  # should nobody be left to end this process
    end.daemon = True
    end.start()
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    torch.set_num_threads(1)
    dist.init_process_group(
        "gloo", init_method=f"file://{job.folder}/store", rank=rank, world_size=job.size,
        timeout=timedelta(seconds=job.seconds),
    )  # fmt: skip
    specimen = Specimen.named(job.optimizer, job.arguments)
    found: Runs = {}
    for split, shape in product(job.splits, SHAPES):
        try:
            with quiet():
                found[place(split, shape)] = _steps(specimen, shape, split, rank, job.size)
        except (StepError, RuntimeError, NotImplementedError, ValueError) as error:
            found[place(split, shape)] = " ".join(str(error).split())[:160]
        dist.barrier()
    if rank == 0:
        partial = f"{job.answers}.partial"
        torch.save(found, partial)
        os.replace(partial, job.answers)
    dist.barrier()
    dist.destroy_process_group()


@dataclass(frozen=True, slots=True)
class Spread:
    """A parameter of zeros over all processes: this one's part, one step with a whole gradient, and the whole."""

    part: Tensor
    step: Callable[[Any, Tensor], None]
    whole: Callable[[], Tensor]


def _steps(specimen: Specimen, shape: Sequence[int], split: str, rank: int, size: int) -> Tensor:
    """The whole parameter after the steps, from zero."""
    if split.endswith("by hand"):
        spread = _by_hand(shape, axis_of(split), rank, size)
    else:
        spread = _fully_sharded(shape, size) if split == "fsdp2" else _distributed(shape, axis_of(split), size)
    optimizer = specimen.build([spread.part])
    for G in gradients(shape):
        spread.step(optimizer, G)
    return spread.whole()


def _by_hand(shape: Sequence[int], axis: int, rank: int, size: int) -> Spread:
    import torch.distributed as dist

    pieces = torch.zeros(*shape).tensor_split(size, axis)
    P = torch.nn.Parameter(pieces[rank].contiguous())

    def whole() -> Tensor:
        every: list[Any] = [None] * size
        dist.all_gather_object(every, P.detach())
        return torch.cat([p.reshape(q.shape) for p, q in zip(every, pieces, strict=True)], axis)

    return Spread(P, lambda o, G: step(o, {"P": P}, {"P": G.tensor_split(size, axis)[rank].contiguous()}), whole)


def _distributed(shape: Sequence[int], axis: int, size: int) -> Spread:
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import DTensor, Shard, distribute_tensor

    mesh = init_device_mesh("cpu", (size,))

    def part(X: Tensor) -> DTensor:
        return distribute_tensor(X, mesh, [Shard(axis)])

    P: Any = torch.nn.Parameter(part(torch.zeros(*shape)))
    return Spread(P, lambda o, G: step(o, {"P": P}, {"P": part(G)}), lambda: P.full_tensor().detach())


class _Layer(torch.nn.Module):
    """Its loss is ⟨P, G⟩, so that the gradient of its parameter is G."""

    def __init__(self, shape: Sequence[int]) -> None:
        super().__init__()
        self.P = torch.nn.Parameter(torch.zeros(*shape))

    def forward(self, G: Tensor) -> Tensor:
        return (self.P * G).sum()


def _fully_sharded(shape: Sequence[int], size: int) -> Spread:
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    layer: Any = fully_shard(_Layer(shape), mesh=init_device_mesh("cpu", (size,)))

    def one(optimizer: Any, G: Tensor) -> None:
        layer.P.grad = None
        layer(G).backward()  # each process has the same loss; their gradients are averaged
        stepped(optimizer)

    return Spread(layer.P, one, lambda: layer.P.full_tensor().detach())
