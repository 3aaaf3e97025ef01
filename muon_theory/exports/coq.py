"""Coq: a certificate file as it is, the statement that it makes, and what coqc says of the two.

The folder `coq_library` reads a certificate's text, decides whether it proves its claim, and proves once that what is
accepted is true.  An instance holds the text; Coq proves that it says what the readable statement says, and then the
statement.  Nothing here takes the checker's word, and nothing here is believed: of a false certificate, or of a
statement that is not the certificate's, comes a file that does not compile.
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

from muon_theory.certificate import AnyCertificate, canonical, load
from muon_theory.claims import Json
from muon_theory.claims.base import About
from muon_theory.claims.gallina import Functions
from muon_theory.errors import MissingDependencyError, UsageError
from muon_theory.family import Family, Members
from muon_theory.verification import verify

LIBRARY = (
    "Polynomial", "Bernstein", "Schedule", "Chains", "Bands", "Exceptions", "FixedPoints", "Convergence", "Converges",
    "Escapes", "Cycles", "Minimax", "Composition", "Interpolation", "Enclosures", "Iterates", "Boxes", "Repeated",
    "MeanSquare", "Several", "Box", "Monomials", "Members", "Steps", "Families", "Region", "Contact", "Threshold",
    "Isolated", "InBox", "Models", "Integrals", "Logarithm", "Moments", "RoundedSums", "Vectors", "Matrices",
    "MatrixPolynomials", "Eigenbases", "Diagonal", "SpectralBounds", "RoundedProducts", "RoundedSteps", "Rounding",
    "RoundedCoefficients", "Json", "Certificate", "Fields", "ReadClaims", "ReadWitnesses", "Reader",
    "DecideShared", "DecideSchedule", "DecideFamily", "Accepted",
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

    def to_json(self) -> dict[str, object]:
        return {"verdict": self.word, "message": self.said, "axioms": sorted(self.axioms),
                "seconds": round(self.seconds, 2)}  # fmt: skip


# From a certificate to a file ----------------------------------------------------------------------------------------

PIECE = 1_000
"""Characters of the file in a string literal: a long literal overflows Coq's stack."""


def to_coq(certificates: bytes | Json) -> str:
    """The Coq file of a certificate file's bytes, which it holds as they are; of its JSON, in canonical form.

    Parameters
    ----------
    certificates
        A certificate or a bundle.

    Returns
    -------
    str
        The same text for the same bytes.  Whether the obligations hold is not looked at: if they do not, the file
        does not compile.

    Raises
    ------
    UsageError
        It is no certificate.

    >>> text = to_coq({"format": "muon-theory/certificate/1", "schedule": [["2", "-1"]],
    ...                "claim": {"type": "fixes", "point": ["1", "1"]},
    ...                "witness": {"type": "splits", "splits": [[]]}})
    >>> print(text[text.index("Definition the_text"):text.index("(** Coq")])
    Definition the_text : text := [
    "{""format"":""muon-theory/certificate/1"",""schedule"":[[""2"",""-1""]],""claim"":{""type"":""fixes"",""point"":[""1"",""1""]},""witness"":{""type"":""splits"",""splits"":[[]]}}
    "
    ].
    <BLANKLINE>
    Close Scope piece_scope.
    <BLANKLINE>
    (** What it says. *)
    <BLANKLINE>
    Definition f (x : R) : R := 2 * x - 1 * x^3.
    <BLANKLINE>
    Definition statement : Prop :=
      f 1 = 1.
    <BLANKLINE>
    """
    data = certificates if isinstance(certificates, bytes) else canonical(certificates)
    parts = _read(data)
    alone = len(parts) == 1
    places = [""] if alone else [f"Part{i}." for i in range(1, len(parts) + 1)]
    stated = [_stated(part) for part in parts]
    if not alone:
        stated = [
            f"Module {place[:-1]}.\n\n{text}\nEnd {place[:-1]}.\n" for place, text in zip(places, stated, strict=True)
        ]
    whole = " /\\\n  ".join(f"{place}statement" for place in places)
    readings = "\n".join(f"  {_reading(part, place)}" for part, place in zip(parts, places, strict=True))
    theorem = parts[0].claim.type.replace("-", "_") if alone else "everything"
    return f"""\
(** Written by muon_theory. Compile with: coqc -Q LIBRARY MuonTheory FILE *)

From Coq Require Import Reals QArith List.
From Coquelicot Require Import Coquelicot.
From MuonTheory Require Import Json Accepted.
Import ListNotations.
Open Scope R_scope.

(** The file, in pieces in which a quotation mark is written twice. *)

Open Scope piece_scope.

{literal("the_text", data.decode())}
Close Scope piece_scope.

(** What it says. *)

{chr(10).join(stated)}
(** Coq reads the file, and finds that it says that. *)

Lemma says : Says the_text <-> {whole}.
Proof.
  by_reading.
{readings}
Qed.

(** The library's checker accepts the file, so it is true. *)

Theorem {theorem} : {whole}.
Proof.
  by_accepting says.
Qed.

Print Assumptions {theorem}.
"""


def _read(data: bytes) -> tuple[AnyCertificate, ...]:
    """What the checker would read; whether it is proved is for Coq to say."""
    reason = verify(data).reason
    if reason.startswith(("unreadable", "malformed", "limit")):
        raise UsageError(f"not a certificate: {reason}")
    return load(data)


def literal(name: str, text: str) -> str:
    """The definition of a text as a list of pieces."""
    pieces = [text[i : i + PIECE].replace('"', '""') for i in range(0, len(text), PIECE)]
    return f"Definition {name} : text := [\n" + ";\n".join(f'"{piece}"' for piece in pieces) + "\n].\n"


def _stated(part: AnyCertificate) -> str:
    """The functions and the statement, as the claim proposes it."""
    f, claim = Functions(part.subject), part.claim
    if (claim.about is About.FAMILY) is not isinstance(part.subject, Family):
        raise UsageError(f"not a certificate: {claim.type} is a claim about {claim.about.value}")
    statement = claim.theorem(f)
    if isinstance(part.subject, Members):
        every, here = " ".join(f.parameters), f.within(part.subject.box)
        statement = f"forall {every} : R,\n  {here} ->\n  {statement}"
    functions = "" if claim.reference else f"{f.definitions()}\n\n"
    return f"{functions}Definition statement : Prop :=\n  {statement}.\n"


def _reading(part: AnyCertificate, place: str) -> str:
    """How Coq sees that the statement is the certificate's: step by step, if it speaks of a composition."""
    if part.claim.reference or isinstance(part.subject, Family):
        return "of_family."
    f = Functions(part.subject)
    steps = f"[{'; '.join(f'{place}{name}' for name in f.names)}]"
    if not isinstance(part.subject, Members):
        return f"of_schedule {steps}."
    return f"of_members (fun v => match v with [{'; '.join(f.parameters)}] => {steps} | _ => [] end)."


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
    """The folder of the compiled library, compiled there if it was not yet (about a minute).

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
