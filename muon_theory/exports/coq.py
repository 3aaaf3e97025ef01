"""A certificate file, and the statement that it makes, as a Coq file.

The folder `coq_library` reads a certificate's text, decides whether it proves its claim, and proves once that what is
accepted is true.  An instance holds the text; Coq proves that it says what the readable statement says, and then the
statement.  Nothing here takes the checker's word, and nothing here is believed: of a false certificate, or of a
statement that is not the certificate's, comes a file that does not compile.
"""

from __future__ import annotations

from muon_theory.certificate import AnyCertificate, canonical, load
from muon_theory.claims import Json
from muon_theory.claims.base import About
from muon_theory.claims.gallina import Functions
from muon_theory.errors import UsageError
from muon_theory.family import Family, Members
from muon_theory.verification import verify

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
    >>> print(text[text.index("(** What"):text.index("Close")])
    (** What is proved, before anything of the library is known. *)
    <BLANKLINE>
    Definition f (x : R) : R := 2 * x - 1 * x^3.
    <BLANKLINE>
    Definition statement : Prop :=
      f 1 = 1.
    <BLANKLINE>
    (** The file, in pieces in which a quotation mark is written twice. *)
    <BLANKLINE>
    From MuonTheory Require Import Json Accepted.
    Import ListNotations.
    Open Scope piece_scope.
    <BLANKLINE>
    Definition the_text : text := [
    "{""format"":""muon-theory/certificate/1"",""schedule"":[[""2"",""-1""]],""claim"":{""type"":""fixes"",""point"":[""1"",""1""]},""witness"":{""type"":""splits"",""splits"":[[]]}}
    "
    ].
    <BLANKLINE>
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

From Coq Require Import Reals List.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

(** What is proved, before anything of the library is known. *)

{chr(10).join(stated)}
(** The file, in pieces in which a quotation mark is written twice. *)

From MuonTheory Require Import Json Accepted.
Import ListNotations.
Open Scope piece_scope.

{literal("the_text", data.decode())}
Close Scope piece_scope.

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
