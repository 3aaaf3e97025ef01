"""What a statement says is what its certificate says: change one number, relation or quantifier, and Coq refuses it.

And a person reads the same numbers in the statement as in the sentence that `explain` prints.
"""

import json
import re
import subprocess
from fractions import Fraction

import pytest

from muon_theory.certificate import load
from muon_theory.exports.coq import to_coq
from muon_theory.exports.coqc import compile_library
from tests.checker import accepted

OTHERS = {
    "<=": ("<",), "<": ("<=",), "=": ("<>",), "<>": ("=",), "/\\": ("\\/",), "\\/": ("/\\",), "+": ("-",),
    "-": ("+",), "forall": ("exists",), "exists": ("forall",), "exists!": ("exists",),
}  # fmt: skip
TOKEN = re.compile(r"(?<![\w.])\d+(?!\w)|<=|<>|(?<![-<:])[<=](?![->])|/\\|\\/|\+|(?<= )-(?= )|\bforall\b|\bexists\b!?")


def kinds():
    """The shortest accepted certificate of each kind, property and critical condition, of a schedule or of members."""
    shortest = {}
    for certificate in accepted.stored().values():
        for part in certificate.get("certificates", [certificate]):
            words = [part["claim"].get(key) for key in ("type", "property", "critical", "measure")]
            kind = "-".join(filter(None, [*words, "box" in part.get("family", {}) and "members"]))
            shortest[kind] = min(shortest.get(kind, part), part, key=lambda p: len(json.dumps(p)))
    return shortest


def parts(certificate):
    """The functions and the statement, the text, and the tactic that compares the two."""
    text = to_coq(certificate)
    stated = text.partition("is known. *)")[2].partition("(** The file")[0]
    literal = text[text.index("Definition the_text") : text.index("Close Scope")]
    return stated, literal, text.partition("by_reading.\n")[2].partition("\n")[0].strip()


def altered(stated):
    """The same with one token changed: another number, relation, sign or quantifier."""
    for found in TOKEN.finditer(stated):
        old = found[0]
        for new in (str(int(old) + 1),) if old.isdigit() else OTHERS[old]:
            yield stated[: found.start()] + new + stated[found.end() :]


def compared(stated, tactic, name):
    goal = f"Goal Says the_text <-> statement.\nProof.\n  by_reading.\n  {tactic}"
    return f"Module {name}.\n{stated}\n{goal}\nEnd {name}.\n"


def numbers(text):
    return {Fraction(found) for found in re.findall(r"\d+(?:[./]\d+)?", text)}


@pytest.mark.parametrize("certificate", [pytest.param(part, id=kind) for kind, part in kinds().items()])
def test_the_statement_has_the_numbers_of_the_sentence(certificate):
    (loaded,) = load(json.dumps(certificate).encode())
    stated, _, _ = parts(certificate)
    counted = {Fraction(certificate["claim"].get("step", 0))}  # flips: so many steps are written out
    assert numbers(loaded.claim.statement(loaded.subject, exactly=True)) <= numbers(stated) | counted


@pytest.mark.coq
@pytest.mark.long
@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.exhaustive), 9])
def test_no_statement_with_one_token_changed_is_the_certificate_s(coqc, tmp_path, every):
    head = (
        "From Coq Require Import Reals List.\nFrom Coquelicot Require Import Coquelicot.\nOpen Scope R_scope.\n"
        "From MuonTheory Require Import Json Accepted.\nImport ListNotations.\n"
    )
    lines, count = [head], 0
    for k, certificate in enumerate(kinds().values()):
        stated, literal, tactic = parts(certificate)
        versions = list(altered(stated))[k % every :: every]
        count += len(versions)
        lines += [f"Module Kind{k}.\nOpen Scope piece_scope.\n{literal}Close Scope piece_scope.\n"]
        lines.append(compared(stated, f"{tactic}\nQed.", "Same"))
        lines += [compared(text, f"Fail {tactic}\nAbort.", f"Other{i}") for i, text in enumerate(versions)]
        lines.append(f"End Kind{k}.\n")
    assert count * every > 1000
    (tmp_path / "Statements.v").write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(
        ["coqc", "-q", "-w", "none", "-Q", str(compile_library()), "MuonTheory", "Statements.v"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode == 0
