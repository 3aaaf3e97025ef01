"""The library itself: nothing is left unproved, nothing in it is unused, and it stands on the reals alone."""

import re
from collections import Counter
from pathlib import Path

import pytest

from muon_theory.exports.coqc import ALLOWED_AXIOMS, CoqVerdict, compile_library, library_files, required, run_coq

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(
    r"^\s*(?:Local |Program )?(?:Definition|Fixpoint|Lemma|Theorem|Corollary|Inductive|Record|Ltac) ([A-Za-z]\w*)", re.M
)
"""What a file defines or proves."""


def without_comments(text):
    """Coq's comments nest."""
    kept, depth = [], 0
    for part in re.split(r"(\(\*|\*\))", text):
        depth += {"(*": 1, "*)": -1}.get(part, 0)
        if depth == 0 and part != "*)":
            kept.append(part)
    return "".join(kept)


def behind(name, texts):
    """A file and what it rests on."""
    found, new = set(), {name}
    while new:
        found |= new
        new = set().union(*(required(texts[each]) for each in new)) - found
    return found


def theorems(names, texts):
    return [found for name in names for found in re.findall(r"^Theorem (\w+)", texts[name], re.M)]


def beside(texts):
    """The files that no certificate rests on: what they prove holds for all schedules, or all programs."""
    rested = behind("Accepted.v", texts)
    return [name for name in texts if name not in rested]


def test_nothing_is_left_unproved():
    for name, text in library_files().items():
        assert not re.search(r"\b(Admitted|admit|Axiom|Parameter|Conjecture)\b", text), name
        assert text.startswith("(** * "), name


def test_every_file_compiles_behind_those_it_names():
    before = set()
    for name, text in library_files().items():
        assert required(text) <= before, name
        before.add(name)


def test_whatever_certificates_may_rest_on_is_used():
    """In the library, in an instance, or as a theorem that docs/coq.md names."""
    texts = library_files()
    used = Counter(re.findall(r"[A-Za-z]\w*", "".join(map(without_comments, texts.values()))))
    page = (ROOT / "docs" / "coq.md").read_text(encoding="utf-8")
    given = {*re.findall(r"`(\w+)", page), "of_members", "of_family"}
    files = behind("Accepted.v", texts)
    unused = {name for file in files for name in NAMED.findall(texts[file]) if used[name] == 1}
    assert unused - given == set()


@pytest.mark.coq
@pytest.mark.long
def test_theorems_that_no_certificate_rests_on_stand_on_the_reals_alone(coqc):
    texts = library_files()
    files = beside(texts)
    names = theorems(files, texts)
    assert len(names) >= 16
    lines = [f"From MuonTheory Require Import {name.removesuffix('.v')}." for name in files]
    lines += [
        f"Definition all_of_them := ({', '.join(f'@{name}' for name in names)}).",
        "Print Assumptions all_of_them.",
    ]
    result = run_coq("\n".join(lines), compile_library())
    assert (result.verdict, result.message) == (CoqVerdict.ACCEPTED, "")
    assert result.axioms <= ALLOWED_AXIOMS
