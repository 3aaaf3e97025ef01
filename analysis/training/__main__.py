"""python -m analysis.training --small --out record.json"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from analysis.training.page import Record, page
from analysis.training.record import FORMAT, record
from analysis.training.sweep import SETTINGS, sweep
from muon_theory.errors import UsageError


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m analysis.training", description=__doc__)
    parser.add_argument("--size", choices=SETTINGS, default="small", help="what is trained (small)")
    parser.add_argument("--small", dest="size", action="store_const", const="small", help="the same as --size small")
    parser.add_argument("--seeds", type=int, metavar="N", help="more or fewer seeds than the size has")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1, … (cpu)")
    parser.add_argument("--workers", type=int, metavar="N", help="runs at a time, of one thread each (2; 1 on a GPU)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the record here (else only its tables)")
    parser.add_argument(
        "--log", type=Path, metavar="FILE", help="the runs so far, resumed if there (FILE of --out + l)"
    )
    parser.add_argument("--page", type=Path, metavar="FILE", help="run nothing: print the tables of this record")
    return parser.parse_args(words)


def study(asked: argparse.Namespace) -> str:
    """Run what is missing, write the record, and return its tables."""
    if asked.page:
        return page(shipped(asked.page))
    setting = SETTINGS[asked.size]
    setting = replace(setting, seeds=setting.seeds if asked.seeds is None else asked.seeds)
    if setting.seeds < 2:
        raise UsageError(f"--seeds {setting.seeds}: an interval needs 2 seeds or more")
    if asked.device.startswith("cuda") and not torch.cuda.is_available():
        raise UsageError(f"--device {asked.device}: torch finds no CUDA device here; leave it out to run on the CPU")
    out: Path = asked.out or Path(f"{asked.size}.json")
    log = asked.log or out.with_suffix(".jsonl")
    workers = asked.workers or (1 if asked.device.startswith("cuda") else 2)
    runs = sweep(setting, log, asked.device, workers, tell)
    more = "" if asked.seeds is None else f" --seeds {asked.seeds}"
    where = "" if asked.device == "cpu" else f" --device {asked.device}"
    made = record(runs, setting, asked.device, f"python -m analysis.training --size {asked.size}{more}{where}")
    if asked.out:
        asked.out.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return page(made)


def shipped(file: Path) -> Record:
    try:
        made: Record = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{file} cannot be read as a record: {error}") from error
    if not isinstance(made, dict) or made.get("format") != FORMAT:
        raise UsageError(f"{file} is no record of this study: give a file that --out wrote")
    return made


def tell(done: int, every: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {every} runs", end="" if done < every else "\n", file=sys.stderr, flush=True)


def main(words: Sequence[str] | None = None) -> int:
    try:
        print(study(arguments(words)))
    except UsageError as error:
        print(f"analysis.training: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
