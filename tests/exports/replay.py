"""The certificate files of the repository, byte by byte, replayed in Coq: `python -m tests.exports.replay [FILE...]`.

A file alone takes three seconds more than its proof: one to load the libraries, two to ask for the axioms.  Therefore
short ones share a run of coqc, each a module of its own; `-time` tells what each of them took.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from muon_theory.exports.coq import to_coq
from muon_theory.exports.coqc import ALLOWED_AXIOMS, _axioms, compile_library

ROOT = Path(__file__).resolve().parents[2]
LONG, TOGETHER = 10_000, 40  # bytes of a file that has a run to itself; other files in a run
HEAD = "From Coquelicot Require Coquelicot.\nFrom MuonTheory Require Accepted.\n"  # loaded once, in nobody's time
INSTANCE = re.compile(r"(.*)^Print Assumptions (\w+)\.\s*", re.DOTALL | re.MULTILINE)
TIMED = re.compile(r"^Chars (\d+) - \d+ .* secs \(([\d.]+)u,([\d.]+)s\)$", re.MULTILINE)


def committed() -> list[Path]:
    """Every certificate file of the studies and of the article."""
    places = ROOT / "analysis" / "certificates", ROOT / "muon_theory" / "article" / "records"
    return sorted(file for place in places for file in place.rglob("*.json") if file.name != "training.json")


@dataclass(frozen=True, slots=True)
class Replay:
    """What became of a file: its own seconds of processor time, and those and the memory of the run it was in."""

    file: str
    bytes: int
    error: str
    seconds: float
    run_files: int
    run_seconds: float
    run_megabytes: int


def runs(files: Iterable[Path]) -> Iterator[list[Path]]:
    """The files of each run, short ones first; what is long, or has three parameters, is alone."""

    def alone(file: Path) -> bool:
        text = file.read_text(encoding="utf-8")
        family = json.loads(text).get("family", {})
        return len(text) > LONG or len(family.get("parameters", [])) > 2

    ordered = sorted(files, key=lambda file: (alone(file), file.stat().st_size))
    short = list(itertools.takewhile(lambda file: not alone(file), ordered))
    yield from (short[i : i + TOGETHER] for i in range(0, len(short), TOGETHER))
    yield from ([file] for file in ordered[len(short) :])


@dataclass(frozen=True, slots=True)
class Together:
    """One Coq file of several instances, each in a module that ends at a byte; it asks once for all axioms."""

    text: str
    ends: tuple[int, ...]

    @classmethod
    def of(cls, instances: Sequence[str]) -> Together:
        parts = [INSTANCE.fullmatch(text) for text in instances]
        assert all(parts), "an instance ends by asking for its axioms"
        bodies, theorems = zip(*(part.groups() for part in parts if part), strict=True)
        text, ends = HEAD, []
        for i, body in enumerate(bodies):
            text += f"Module File{i}.\n{body}End File{i}.\n"
            ends.append(len(text.encode()))
        every = ", ".join(f"File{i}.{theorem}" for i, theorem in enumerate(theorems))
        return cls(f"{text}Definition every := ({every}).\nPrint Assumptions every.\n", tuple(ends))

    def at(self, byte: int) -> int:
        """Whose module that is; the last one's, if it is past all of them."""
        return next((i for i, end in enumerate(self.ends) if byte < end), len(self.ends) - 1)

    def refused(self, complaint: str, said: str) -> int:
        """In whose module coqc stopped: by the line that it names, or by what it told last."""
        line = re.search(r"line (\d+), characters", complaint)
        if line:
            return self.at(len("".join(self.text.splitlines(keepends=True)[: int(line[1]) - 1]).encode()))
        return self.at(max((int(at) for at, _, _ in TIMED.findall(said)), default=0))

    def seconds(self, said: str) -> list[float]:
        """The processor time of each module, by `-time`."""
        spent = [0.0] * len(self.ends)
        for at, user, system in TIMED.findall(said):
            if len(HEAD) <= int(at) < self.ends[-1]:
                spent[self.at(int(at))] += float(user) + float(system)
        return spent


def _coqc(text: str, library: Path, limit: int) -> tuple[int, str, str, float, int]:
    """coqc's status, what it prints on both streams, its seconds of processor time, its megabytes.

    The limit counts processor time, so that a busy machine refuses no file.
    """
    with tempfile.TemporaryDirectory(prefix="muon-theory-coq-") as folder:
        Path(folder, "Replay.v").write_text(text, encoding="utf-8")
        with open(f"{folder}/stdout", "wb") as out, open(f"{folder}/stderr", "wb") as err:
            process = subprocess.Popen(
                ["coqc", "-q", "-w", "none", "-time", "-Q", str(library), "MuonTheory", "Replay.v"],
                cwd=folder, stdout=out, stderr=err,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1)),
            )  # fmt: skip
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        said, complaint = (Path(folder, name).read_text(encoding="utf-8") for name in ("stdout", "stderr"))
    return process.returncode, said, complaint, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def run(files: Sequence[Path], library: Path, limit: int) -> list[Replay]:
    """What coqc says of the files, in one run; one that it refuses is named, and the others run again."""
    together = Together.of([to_coq(file.read_bytes()) for file in files])
    status, said, complaint, seconds, megabytes = _coqc(together.text, library, limit)
    axioms, error = _axioms(said), ""
    if status:
        error = " ".join(complaint.split())[:300]
        if status < 0:
            error = f"stopped by {signal.Signals(-status).name} after {seconds:.0f} s of processor time {error}".strip()
        wrong = together.refused(complaint, said)
        alone, others = [files[wrong]], [*files[:wrong], *files[wrong + 1 :]]
        if others:
            return [*run(alone, library, limit), *run(others, library, limit)]
    elif axioms is None or not axioms <= ALLOWED_AXIOMS:
        error = f"rests on {axioms and sorted(axioms)}"
    return [
        Replay(file.stem, file.stat().st_size, error, round(spent, 3), len(files), round(seconds, 2), megabytes)
        for file, spent in zip(files, together.seconds(said), strict=True)
    ]


def replay(
    files: Iterable[Path], library: Path, say: Callable[[str], None] = print, limit: int = 1800
) -> Iterator[Replay]:
    """Replay the files run by run, with one line for each run."""
    ready, every = 0, list(files)
    for part in runs(every):
        found = run(part, library, limit)
        ready += len(part)
        longest, wrong = max(found, key=lambda r: r.seconds), [f"{r.file}: {r.error}" for r in found if r.error]
        say(
            f"{ready} of {len(every)}: {len(part)} of {sum(r.bytes for r in found)} bytes in"
            f" {max(r.run_seconds for r in found):.1f} s and {max(r.run_megabytes for r in found)} MB,"
            f" {longest.file} the longest with {longest.seconds:.1f} s; {'; '.join(wrong) or 'all accepted'}"
        )
        yield from found


def table(found: Sequence[Replay]) -> str:
    """How many, and what they took; the longest ones."""
    seconds = sorted(r.seconds for r in found)
    total = sum(r.run_seconds / r.run_files for r in found)
    lines = [
        f"{len(found)} files of {sum(r.bytes for r in found)} bytes, {sum(not r.error for r in found)} accepted,"
        f" {total:.0f} s of processor time; a file takes {statistics.median(seconds):.2f} s (median),"
        f" {sum(s < 1 for s in seconds)} of them less than 1 s",
        *(
            f"{r.file}: {r.bytes} bytes, {r.seconds:.1f} s, {r.run_megabytes} MB"
            for r in sorted(found, key=lambda r: -r.seconds)[:20]
        ),
        *(f"NOT ACCEPTED {r.file}: {r.error}" for r in found if r.error),
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="certificate files; by default all that are committed")
    parser.add_argument("--log", type=Path, help="a file of JSON lines, which is continued where it ends")
    parser.add_argument("--library", type=Path, help="the compiled library; by default it is compiled")
    options = parser.parse_args()
    log = options.log.read_text().splitlines() if options.log and options.log.exists() else []
    found = [Replay(**json.loads(line)) for line in log]
    left = [file for file in options.files or committed() if file.stem not in {r.file for r in found}]
    for one in replay(left, options.library or compile_library(), lambda line: print(line, flush=True)):
        found.append(one)
        if options.log:
            with options.log.open("a") as log_file:
                log_file.write(json.dumps(asdict(one)) + "\n")
    print(table(found))
    return int(any(r.error for r in found))


if __name__ == "__main__":
    sys.exit(main())
