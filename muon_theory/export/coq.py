"""Coq: a certificate as a readable theorem with its proof, and what coqc says of it.

The folder `coq_library` proves once that the obligations of each claim imply the claim, over the reals.  An instance
is data (rows, intervals, split points), the functions written out, one theorem, and a computation that closes it.
Nothing here takes the checker's word: of a false certificate comes a file that does not compile.
"""

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
from importlib.resources import files
from pathlib import Path

from muon_theory.errors import MissingDependencyError, UsageError
from muon_theory.export.coq_text import to_coq

__all__ = [
    "ALLOWED_AXIOMS", "LIBRARY", "CoqResult", "CoqVerdict", "compile_library", "library_files", "run_coq", "to_coq",
]  # fmt: skip

LIBRARY = (
    "Polynomial", "Bernstein", "Schedule", "Bands", "FixedPoints", "Convergence", "Converges", "Escapes", "Cycles",
    "Minimax", "Composition",
)  # fmt: skip
"""The library's files in the order in which they compile."""

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
    OTHER_AXIOMS = "coqc accepts the file, but a theorem rests on other axioms: read the file, it is not an export"
    UNFINISHED = "coqc did not finish in time: allow more seconds, or split the interval at simpler points"


@dataclass(frozen=True, slots=True)
class CoqResult:
    """coqc's verdict on a file, the axioms that `Print Assumptions` names, the seconds it took, its error message."""

    verdict: CoqVerdict
    axioms: frozenset[str]
    seconds: float
    message: str


def library_files() -> dict[str, str]:
    """The library's files, by name, in the order in which they compile.

    >>> next(iter(library_files()))
    'Polynomial.v'
    """
    folder = files("muon_theory.export") / "coq_library"
    return {f"{name}.v": (folder / f"{name}.v").read_text(encoding="utf-8") for name in LIBRARY}


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
    """The folder of the compiled library, compiled there if it was not yet (about 20 seconds).

    Parameters
    ----------
    directory
        Where the folder is kept; by default $XDG_CACHE_HOME/muon_theory, or ~/.cache/muon_theory.  Its name carries a
        hash of the library and of Coq's version, so that no folder is ever out of date.

    Raises
    ------
    MissingDependencyError
        coqc or Coquelicot is absent.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "muon_theory"
    directory = cache if directory is None else directory
    sources = library_files()
    version = subprocess.run([_coqc(), "--version"], capture_output=True, text=True, check=True).stdout
    digest = hashlib.sha256("\0".join([version, *sources, *sources.values()]).encode()).hexdigest()[:16]
    place = directory / f"coq-{digest}"
    if place.is_dir():
        return place
    directory.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix="coq-partial-", dir=directory))
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
    UsageError
        The text would tell Coq to leave something unproved: `to_coq` writes no such text.
    MissingDependencyError
        coqc or Coquelicot is absent.
    """
    if unproved := re.search(r"\b(Admitted|admit|Axiom|Parameter|Hypothesis|Conjecture|Variable|Declare)\b", text):
        raise UsageError(f"the file says {unproved.group()!r}: only files that leave nothing unproved are run")
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
    verdict = CoqVerdict.ACCEPTED if axioms <= ALLOWED_AXIOMS else CoqVerdict.OTHER_AXIOMS
    return CoqResult(verdict, axioms, elapsed, "")


def _axioms(output: str) -> frozenset[str]:
    """The names in what `Print Assumptions` prints: one at the start of a line, its type after a colon."""
    found = re.findall(r"^(?!Axioms:|Closed under)(\S+)(?=\s*:)", output, re.MULTILINE)
    return frozenset(found)


def _error(stderr: str) -> str:
    """Coq's message in one line, without the place; long terms are cut off."""
    text = " ".join(stderr.partition("Error:")[2].split()) or " ".join(stderr.split())
    return text[:400]
