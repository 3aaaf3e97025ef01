"""The library of Coq, compiled once, and what coqc says of a file."""

from __future__ import annotations

import enum
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from graphlib import TopologicalSorter
from importlib.resources import files
from pathlib import Path

from muon_theory.errors import MissingDependencyError, UsageError

ALLOWED_AXIOMS = frozenset({
    "ClassicalDedekindReals.sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec",
    "FunctionalExtensionality.functional_extensionality_dep",
    "Classical_Prop.classic",
})  # fmt: skip
"""What the real numbers of Coq's standard library rest on, and `classic`, which Coquelicot's limits use."""

INSTALL = "install the Debian packages coq and libcoq-coquelicot, or Coq 8.16 with Coquelicot 3.3 by opam"


class CoqVerdict(enum.Enum):
    """What came of a file; the text says what to do next."""

    ACCEPTED = "coqc accepts the file, and its theorems rest on the axioms of the real numbers alone"
    REJECTED = "coqc rejects the file: the data do not prove the statement; check the certificate"
    OTHER_AXIOMS = "coqc accepts the file, but a theorem rests on other axioms, or none is printed: read the file"
    UNFINISHED = "coqc did not finish in time: allow more seconds, or split the interval at simpler points"


@dataclass(frozen=True, slots=True)
class CoqResult:
    """coqc's verdict on a file, the axioms that `Print Assumptions` names, the seconds it took, its error message."""

    verdict: CoqVerdict
    axioms: frozenset[str]
    seconds: float
    message: str

    @property
    def word(self) -> str:
        """accepted, rejected or unfinished: the machine interface's verdict."""
        words = {CoqVerdict.ACCEPTED: "accepted", CoqVerdict.UNFINISHED: "unfinished"}
        return words.get(self.verdict, "rejected")

    @property
    def said(self) -> str:
        """coqc's message, or what its verdict means."""
        return self.message or self.verdict.value

    @property
    def exit_status(self) -> int:
        return {"accepted": 0, "unfinished": 3}.get(self.word, 1)

    def to_json(self) -> dict[str, object]:
        return {"verdict": self.word, "message": self.said, "axioms": sorted(self.axioms),
                "seconds": round(self.seconds, 2)}  # fmt: skip


def library_files() -> dict[str, str]:
    """The library's files, by name, in an order in which they compile.

    >>> [name for name in library_files() if name in ("Accepted.v", "Bernstein.v", "Polynomial.v")]
    ['Polynomial.v', 'Bernstein.v', 'Accepted.v']
    """
    folder = files("muon_theory.exports") / "coq_library"
    texts = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".v")}
    order = TopologicalSorter({name: sorted(required(texts[name])) for name in sorted(texts)})
    return {name: texts[name] for name in order.static_order()}


def required(text: str) -> set[str]:
    r"""The files of the library that a Coq file names.

    >>> sorted(required("From MuonTheory Require Import Schedule\n  Several.\nFrom MuonTheory Require Moments."))
    ['Moments.v', 'Schedule.v', 'Several.v']
    """
    lists = re.findall(r"^From MuonTheory Require (?:Import |Export )?([\w\s]+)\.", text, re.MULTILINE)
    return {f"{name}.v" for names in lists for name in names.split()}


def _coqc() -> str:
    path = shutil.which("coqc")
    if path is None:
        raise MissingDependencyError(f"there is no coqc on PATH: {INSTALL}")
    return path


def _call(arguments: list[str], folder: Path, seconds: float | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [_coqc(), "-q", "-w", "none", *arguments],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=seconds, check=False,
    )  # fmt: skip


def compile_library(directory: Path | None = None) -> Path:
    """The folder of the compiled library, compiled there if it was not yet (a minute or two).

    Parameters
    ----------
    directory
        Where the folder is kept; by default $XDG_CACHE_HOME/muon_theory, or ~/.cache/muon_theory.  Its name carries a
        hash of the library and of Coq's version, so that no folder is ever out of date.

    Raises
    ------
    MissingDependencyError
        coqc or Coquelicot is absent.
    UsageError
        The directory cannot be written to.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "muon_theory"
    directory = cache if directory is None else directory
    sources = library_files()
    version = subprocess.run([_coqc(), "--version"], capture_output=True, text=True, check=True).stdout
    digest = hashlib.sha256("\0".join([version, *sources, *sources.values()]).encode()).hexdigest()[:16]
    place = directory / f"coq-{digest}"
    if place.is_dir():
        return place
    try:
        directory.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix="coq-partial-", dir=directory))
    except OSError as error:
        raise UsageError(
            f"cannot write to {directory}: {error.strerror}: set XDG_CACHE_HOME to a folder of yours"
        ) from None
    try:
        for name, text in sources.items():
            (partial / name).write_text(text, encoding="utf-8")
            done = _call(["-Q", ".", "MuonTheory", name], partial, None)
            if done.returncode:
                _refuse(name, done.stderr)
        partial.rename(place)
    except OSError:
        if not place.is_dir():  # else someone else was faster, with the same result
            raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return place


def _refuse(name: str, stderr: str) -> None:
    if "Coquelicot" in stderr and "physical path" in stderr:
        raise MissingDependencyError(f"Coq is here without Coquelicot: {INSTALL}")
    raise MissingDependencyError(f"{name} does not compile with this version of Coq: {INSTALL}. {_error(stderr)}")


def run_coq(text: str, library: Path | None = None, seconds: float = 600) -> CoqResult:
    """Compile an instance and say what came of it.

    Parameters
    ----------
    text
        What `to_coq` returned.
    library
        The compiled library; by default that of `compile_library()`.
    seconds
        How long coqc may take.

    Raises
    ------
    MissingDependencyError
        coqc or Coquelicot is absent.
    """
    library = compile_library() if library is None else library
    with tempfile.TemporaryDirectory(prefix="muon-theory-coq-") as folder:
        Path(folder, "Instance.v").write_text(text, encoding="utf-8")
        start = time.monotonic()
        try:
            done = _call(["-Q", str(library), "MuonTheory", "Instance.v"], Path(folder), seconds)
        except subprocess.TimeoutExpired:
            return CoqResult(CoqVerdict.UNFINISHED, frozenset(), seconds, f"stopped after {seconds:g} s")
        elapsed = time.monotonic() - start
    if done.returncode:
        return CoqResult(CoqVerdict.REJECTED, frozenset(), elapsed, _error(done.stderr))
    axioms = _axioms(done.stdout)
    fine = axioms is not None and axioms <= ALLOWED_AXIOMS
    return CoqResult(CoqVerdict.ACCEPTED if fine else CoqVerdict.OTHER_AXIOMS, axioms or frozenset(), elapsed, "")


def _axioms(output: str) -> frozenset[str] | None:
    r"""The names that `Print Assumptions` prints, each at the start of a line; None if it printed nothing.

    >>> sorted(_axioms("Axioms:\nA.b : forall x,\n  x = x\nC.d\n  : nat\n"))
    ['A.b', 'C.d']
    """
    if not re.search(r"^(Axioms:|Closed under the global context)", output, re.MULTILINE):
        return None
    return frozenset(re.findall(r"^(?!Axioms:)(\S+)(?=\s*:)", output, re.MULTILINE))


def _error(stderr: str) -> str:
    """Coq's message in one line, without the place; long terms are cut off."""
    text = " ".join(stderr.partition("Error:")[2].split()) or " ".join(stderr.split())
    return text[:400]
