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
from typing import Any

from muon_theory.errors import MissingDependencyError, UsageError
from muon_theory.exports import coq_families
from muon_theory.exports.coq_claims import ABOUT_MEMBERS, CLAIMS, Theorem
from muon_theory.exports.coq_parameters import Family, read_family, read_members
from muon_theory.exports.coq_parts import Maps, Part, Steps

LIBRARY = (
    "Polynomial", "Bernstein", "Schedule", "Chains", "Bands", "FixedPoints", "Convergence", "Converges", "Escapes",
    "Cycles", "Minimax", "Composition", "MeanSquare",
    "Several", "Box", "Monomials", "Members", "Families", "Region", "Contact", "Threshold", "Isolated", "InBox",
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

    def to_json(self) -> dict[str, Any]:
        return {"verdict": self.word, "message": self.said, "axioms": sorted(self.axioms),
                "seconds": round(self.seconds, 2)}  # fmt: skip


# From a certificate to a file ----------------------------------------------------------------------------------------

FORMAT, BUNDLE = "muon-theory/certificate/1", "muon-theory/bundle/1"


def to_coq(certificate: dict[str, Any]) -> str:
    """The Coq file of a certificate; of a bundle, a file with a module for each of its certificates.

    Parameters
    ----------
    certificate
        The parsed JSON.  Its provenance is not read.

    Returns
    -------
    str
        The same text for the same certificate.  Whether the obligations hold is not looked at: if they do not, the
        file does not compile.

    Raises
    ------
    UsageError
        The object is no certificate, or one of the few that have no export (see docs/coq.md).

    >>> text = to_coq({"format": "muon-theory/certificate/1", "schedule": [["2", "-1"]],
    ...                "claim": {"type": "fixes", "point": ["1", "1"]},
    ...                "witness": {"type": "splits", "splits": [[]]}})
    >>> print(text[text.index("Definition f"):text.index("Proof")])
    Definition f (x : R) : R := 2 * x - 1 * x^3.
    <BLANKLINE>
    Theorem fixes :
      f 1 = 1.
    """
    whole = Part(certificate)
    several = whole.raw("format") == BUNDLE
    found = [_read(part) for part in (whole.parts("certificates") if several else [whole])]
    if not found:
        raise UsageError("a bundle without certificates holds nothing to prove")
    bodies = [_body(*one) for one in found]
    last = f"Print Assumptions {found[-1][0]}.\n"
    if several:
        bodies = [f"Module Part{i}.\n\n{body}\nEnd Part{i}.\n" for i, body in enumerate(bodies, 1)]
        last = f"Definition everything :=\n  {_all([f'Part{i}.{one[0]}' for i, one in enumerate(found, 1)])}.\n\n"
        last += "Print Assumptions everything.\n"
    theorems = [theorem for _, _, theorem in found]
    needed = dict.fromkeys(["Schedule", "Bands", *(name for theorem in theorems for name in _imports(theorem.file))])
    coquelicot = "From Coquelicot Require Import Coquelicot.\n" if any(t.limits for t in theorems) else ""
    return f"""\
(** Written by muon_theory from a certificate. Compile with: coqc -Q LIBRARY MuonTheory FILE *)

From Coq Require Import Reals QArith List.
{coquelicot}From MuonTheory Require Import {" ".join(needed)}.
Import ListNotations.

{chr(10).join([*bodies, last])}"""


def _all(proofs: list[str]) -> str:
    """The conjunction: asking once what all theorems rest on takes a second, asking for each takes one each."""
    *first, last = proofs
    return "".join(f"(conj {proof} " for proof in first) + last + ")" * len(first)


def _imports(file: str) -> tuple[str, ...]:
    """The files of the library whose names an instance uses, its theorem's file last."""
    match file:
        case "Region" | "Threshold" | "Isolated":
            return ("Box", "Monomials", "Families", "Threshold", file)
        case "InBox":
            return ("Cycles", "Box", "Monomials", file)
    return (file,)


def _read(part: Part) -> tuple[str, Steps | Family, Theorem]:
    if part.raw("format") != FORMAT:
        raise UsageError(f"not a certificate: its format must be {FORMAT!r}")
    claim, witness = part.part("claim"), part.part("witness")
    kind = claim.raw("type")
    if not isinstance(kind, str) or kind not in {**CLAIMS, **coq_families.CLAIMS}:
        every = ", ".join([*CLAIMS, *coq_families.CLAIMS])
        raise UsageError(f"not a certificate: its claim {str(kind)[:40]!r} is none of {every}")
    name = kind.replace("-", "_")
    if kind in coq_families.CLAIMS:
        family = read_family(part.part("family"))
        return name, family, coq_families.CLAIMS[kind](family, claim, witness)
    if "family" not in part.value:
        maps = Maps(part.rows("schedule"))
        return name, maps, CLAIMS[kind](maps, claim, witness)
    if kind not in ABOUT_MEMBERS:
        raise UsageError(f"{kind} is no claim about the members of a family; these are: {', '.join(ABOUT_MEMBERS)}")
    members = read_members(part.part("family"))
    return name, members, ABOUT_MEMBERS[kind](members, claim, witness)


def _body(name: str, maps: Steps | Family, theorem: Theorem) -> str:
    witness = "\n".join(f"Definition {of} : {text}." for of, text in theorem.witness.items())
    functions = f"{maps.definitions()}{theorem.more}\n\n" if theorem.about_functions else ""
    goals = "  - by_writing.\n  - by_computing." if theorem.about_functions else "  - by_computing."
    return f"""\
(** The data of the proof. *)

Open Scope Q_scope.

{witness}

(** {theorem.says} *)

Open Scope R_scope.

{functions}Theorem {name} :
  {theorem.statement}.
Proof.
  refine ({theorem.proof}).
{goals}
Qed.
"""


# The library and coqc ------------------------------------------------------------------------------------------------


def library_files() -> dict[str, str]:
    """The library's files, by name, in the order in which they compile.

    >>> next(iter(library_files()))
    'Polynomial.v'
    """
    folder = files("muon_theory.exports") / "coq_library"
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
    """The folder of the compiled library, compiled there if it was not yet (about half a minute).

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
