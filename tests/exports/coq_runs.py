"""What the tests of the Coq export ask of coqc."""

import json
import re
import subprocess

from muon_theory.exports.coq import literal, to_coq
from muon_theory.exports.coqc import ALLOWED_AXIOMS, CoqVerdict, run_coq
from tests.exports.naive_certificates import bundle

HEAD = """From Coq Require Import List.
From MuonTheory Require Import Json Reader Accepted.
Import ListNotations.
Open Scope piece_scope.
"""


def all_compile(certificates, library, seconds=600):
    """All of them, in one file, on the axioms of the reals alone."""
    result = run_coq(to_coq(bundle(certificates)), library, seconds)
    assert (result.verdict, result.message) == (CoqVerdict.ACCEPTED, "")
    assert result.axioms <= ALLOWED_AXIOMS


def decisions(texts, library, folder, seconds=600):
    """What the library's `accepted` says of each text, computed in one run."""
    texts = list(texts)
    names = [f"text{i}" for i in range(len(texts))]
    computed = f"Eval vm_compute in [{'; '.join(f'accepted {name}' for name in names)}].\n"
    file = folder / "Decisions.v"
    file.write_bytes("\n".join([HEAD, *map(literal, names, texts), computed]).encode())
    done = subprocess.run(
        ["coqc", "-q", "-w", "none", "-Q", str(library), "MuonTheory", file.name],
        cwd=folder, capture_output=True, text=True, check=False, timeout=seconds,
    )  # fmt: skip
    found = re.findall(r"\b(true|false)\b", done.stdout)
    assert (done.stderr, len(found)) == ("", len(texts))
    return [word == "true" for word in found]


def none_compiles(certificates, library, folder):
    """The library's checker refuses each of them."""
    assert not any(decisions(map(json.dumps, certificates), library, folder))
