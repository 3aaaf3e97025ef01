"""What docs/coq.md and docs/trust.md name exists: theorems of the Coq library, functions and words of the checker."""

import importlib.util
import re
from pathlib import Path

import pytest

from muon_theory import check
from muon_theory.claims import CLAIMS
from muon_theory.cli import VERBS
from muon_theory.exports import coqc
from muon_theory.exports.coqc import library_files
from tests.exports.test_coq_library import NAMED, without_comments

ROOT = Path(__file__).resolve().parents[2]
COQ, TRUST, FORMAT = (
    (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8") for page in ("coq", "trust", "certificate-format")
)
CHECKER = Path(check.__file__).read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`\w.*?) \| (.*) \|$", COQ.partition("## What the library proves")[2].partition("##")[0], re.M)
OF_COQ = {
    *("Rabs", "derivable_pt_lim", "is_lim_seq", "p_infty", "RInt", "ln", "sum_f_R0", "In", "length"),
    *(axiom.rpartition(".")[2] for axiom in coqc.ALLOWED_AXIOMS),
}  # fmt: skip
"""What coq.md names of Coq itself."""
SHELL = {
    "Nat.iter", "Print Assumptions", "x^n", "sed", "proof.v", "certificate.json", "-m long", "-m exhaustive",
    "apt install coq libcoq-coquelicot", "$XDG_CACHE_HOME/muon_theory", "muon-theory export FILE --to coq --run",
    "Says text", "UsageError", "python -m tests.exports.replay", "--log FILE", "python -m tests.exports.agreement",
    "--near 48",
}  # fmt: skip
"""And of the shell, in words of its own, and of Python."""


def ticked(text):
    """What stands in backticks in prose."""
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))


def defined(texts):
    return {name for text in texts for name in NAMED.findall(without_comments(text))}


def test_the_table_has_every_file_of_the_library_once():
    named = [f"{name}.v" for files, _ in ROWS for name in re.findall(r"`(\w+)`", files)]
    assert sorted(named) == sorted(library_files())


@pytest.mark.parametrize(("files", "said"), ROWS, ids=[files.replace("`", "") for files, _ in ROWS])
def test_what_a_row_names_is_proved_in_its_files(files, said):
    names = defined(library_files()[f"{name}.v"] for name in re.findall(r"`(\w+)`", files))
    for name in re.findall(r"`(\w+)`", said):
        ends = {n for n in names if name[0] == "_" and n.endswith(name)}  # as in: the same `_between`
        assert name in names or f"{name}.v" in library_files() or ends, name


def test_whatever_coq_md_names_exists():
    known = defined(library_files().values()) | OF_COQ | set(CLAIMS) | {n[:-2] for n in library_files()}
    prose = COQ.partition("## What the library proves")[0] + COQ.partition("## Axioms")[2]
    for name in ticked(prose) - SHELL:
        word = re.match(r"\w+", name.rpartition(".")[2])[0]
        exists = word in known or hasattr(coqc, word) or word in coqc.CoqVerdict.__members__
        assert exists or name in CHECKER or (ROOT / name).exists(), name


def test_whatever_trust_md_names_is_in_the_checker_or_the_library():
    for name in ticked(TRUST):
        if name.startswith("muon-theory "):
            assert name.split()[1] in VERBS, name
        elif name.startswith("muon_theory."):
            assert importlib.util.find_spec(name), name
        elif not (ROOT / name).exists():
            word = re.split(r"[ .]", name)[-1]
            assert word in CHECKER or name in CHECKER or word in defined(library_files().values()), name


def test_the_limits_on_the_pages_are_those_of_the_checkers():
    files, work = (f"{n:_}".replace("_", " ") for n in (check.MAX_BYTES, check.MAX_WORK))
    for page in (COQ, TRUST, FORMAT):
        assert f"{files} bytes" in page
    assert f"{work} units" in COQ
    assert f"{work} a file" in TRUST
    for page in (TRUST, FORMAT):
        assert f"at most {check.MAX_DIGITS} characters" in page
    assert check.ULP == 2**48
    assert "integers over 2^48" in TRUST
    library = library_files()
    for name, text in (
        ("Points.v", "Definition unit : Z := Eval compute in (2 ^ 48)%Z."),
        ("MeanSquare.v", "Definition unit : positive := (2 ^ 200)%positive."),
        ("Fields.v", f"Definition longest_rational : nat := {check.MAX_DIGITS}."),
        ("ReadClaims.v", "Definition most_exceptions : Z := 5000."),
    ):
        assert text in library[name], name
    assert "| up to 10⁹ | up to 5000:" in COQ
    assert check.count.keywords["most"] == 10**9
