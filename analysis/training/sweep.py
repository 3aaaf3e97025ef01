"""The sweep: every orthogonaliser, learning rate and seed once; each run is a line of a file, and none is run twice."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch

from analysis.training import data, muon
from analysis.training.model import Transformer
from muon_theory.errors import UsageError


@dataclass(frozen=True)
class Setting:
    """All that is the same in every run of a study."""

    text: str
    width: int
    layers: int
    heads: int
    context: int
    batch: int
    steps: int
    validation: int
    """Windows of the validation text."""
    dtype: str
    """The format of the Newton-Schulz iteration; everything else is fp32."""
    rates: tuple[str, ...]
    """Muon's learning rates, a geometric grid."""
    seeds: int
    momentum: float = 0.95
    adam_rate: float = 3e-3


SETTINGS = {
    "tiny": Setting("topics", 16, 1, 2, 16, 4, 5, 8, "float32", ("0.02", "0.04", "0.08"), 2),
    "small": Setting("topics", 64, 2, 4, 64, 8, 120, 256, "float32", ("0.005", "0.01", "0.02", "0.04", "0.08"), 5),
    "large": Setting(
        "library", 384, 6, 6, 256, 64, 2000, 512, "bfloat16", ("0.0025", "0.005", "0.01", "0.02", "0.04", "0.08"), 5
    ),
}
ARMS = tuple((name, False) for name in muon.TITLES) + tuple(
    (name, True) for name in ("newton_schulz_cubic", "article", "jordan")
)
"""(orthogonaliser, rescaled to updates of size 1); the exact polar factor has that size already."""


@dataclass(frozen=True, order=True)
class Job:
    """One run.  The seed fixes the initial weights and the batches, whatever the arm."""

    seed: int
    set: str
    rescaled: bool
    learning_rate: str


def jobs(setting: Setting) -> list[Job]:
    """All runs, seed by seed, so that an interrupted study has complete seeds."""
    return [Job(s, name, r, rate) for s in range(setting.seeds) for name, r in ARMS for rate in setting.rates]


corpus_of = cache(data.corpus)


def train(job: Job, setting: Setting, device: str) -> dict[str, Any]:
    """One run: the mean validation loss at the end, and the spectra at a few steps."""
    corpus = corpus_of(setting.text)
    torch.manual_seed(job.seed)
    model = Transformer(len(corpus.characters), setting.width, setting.layers, setting.heads, setting.context)
    model = model.to(device)
    batches = torch.Generator().manual_seed(job.seed)
    hidden = model.hidden()
    rest = [p for name, p in model.named_parameters() if name not in hidden]
    map_ = muon.orthogonaliser(job.set, getattr(torch, setting.dtype))
    optimiser = muon.Muon(hidden.values(), map_, setting.momentum, job.rescaled)
    adam = torch.optim.AdamW(rest, lr=setting.adam_rate, betas=(0.9, 0.95), weight_decay=0.0)
    rate, watched = float(job.learning_rate), watch(setting.steps)
    for t in range(setting.steps):
        remaining = 1 - t / setting.steps
        text, following = (x.to(device) for x in corpus.batch(batches, setting.batch, setting.context))
        model.zero_grad()
        model.loss(text, following).backward()  # type: ignore[no-untyped-call]
        optimiser.step(rate * remaining, t + 1 if t + 1 in watched else None)
        adam.param_groups[0]["lr"] = setting.adam_rate * remaining
        adam.step()
    with torch.no_grad():
        loss = float(model.loss(*(x.to(device) for x in corpus.held_out(setting.validation, setting.context))))
    return {
        **asdict(job),
        "loss": f"{loss:.6f}" if math.isfinite(loss) else None,
        "spectra": [asdict(s) for s in optimiser.spectra],
    }


def watch(steps: int) -> tuple[int, ...]:
    """The steps at which spectra are taken: the first, a tenth, half, and the last."""
    return tuple(sorted({1, *(math.ceil(steps * part / 10) for part in (1, 5, 10))}))


def _start() -> None:
    torch.set_num_threads(1)  # the same sums in the same order, on any number of cores


def done(log: Path, setting: Setting, device: str) -> list[dict[str, Any]]:
    """The runs that the file already has; a last line cut short by an interruption is dropped.

    Raises UsageError if they belong to another study.
    """
    if not log.exists():
        return []
    whole, _, _ = log.read_text(encoding="utf-8").rpartition("\n")
    lines = [json.loads(line) for line in whole.splitlines()]
    if lines and lines[0] != header(setting, device):
        raise UsageError(f"{log} has runs of another study: give another --log, or delete it")
    log.write_text(f"{whole}\n" if whole else "", encoding="utf-8")
    return lines[1:]


def header(setting: Setting, device: str) -> dict[str, Any]:
    """The first line of the file of runs: all that a run depends on beside its job.  Rates and seeds can be added."""
    same = {k: v for k, v in asdict(setting).items() if k not in ("rates", "seeds")}
    return {"setting": same, "device": device, "torch": torch.__version__, "text": corpus_of(setting.text).digest}


def sweep(
    setting: Setting, log: Path, device: str = "cpu", workers: int = 2, tell: Callable[[int, int], None] | None = None
) -> list[dict[str, Any]]:
    """All runs of the study, in the order of `jobs`; those in the file `log` are not run again, and new ones join it.

    `tell(done, all)` is called as the work goes on.
    """
    found = {key(run): run for run in done(log, setting, device)}
    wanted = jobs(setting)
    missing = [job for job in wanted if key(asdict(job)) not in found]
    if not log.exists() or not log.stat().st_size:
        log.write_text(json.dumps(header(setting, device)) + "\n", encoding="utf-8")
    with log.open("a", encoding="utf-8") as file:
        for run in results(missing, setting, device, workers):
            line = json.dumps(run)
            file.write(line + "\n")
            file.flush()
            found[key(run)] = json.loads(line)  # as a later run of the study would read it
            if tell:
                tell(len(found), len(wanted))
    return [found[key(asdict(job))] for job in wanted]


def key(run: dict[str, Any]) -> tuple[Any, ...]:
    return run["seed"], run["set"], run["rescaled"], run["learning_rate"]


def results(missing: Sequence[Job], setting: Setting, device: str, workers: int) -> Iterator[dict[str, Any]]:
    """Train the missing runs, in this process or in several of one thread each; in the order in which they end."""
    if workers <= 1:
        threads = torch.get_num_threads()
        _start()
        try:
            for job in missing:
                yield train(job, setting, device)
        finally:
            torch.set_num_threads(threads)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), _start) as pool:
        waiting: set[Future[dict[str, Any]]] = {pool.submit(train, job, setting, device) for job in missing}
        while waiting:
            ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ended:
                yield future.result()
