"""Coq exports of claims about a schedule: every kind compiles, a false certificate of every kind does not."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from muon_theory import check
from muon_theory.claims import CLAIMS
from muon_theory.claims.properties import FAILURES, PROPERTIES
from muon_theory.errors import MissingDependencyError, UsageError
from muon_theory.exports.coq import to_coq
from muon_theory.exports.coqc import CoqVerdict, compile_library, library_files, run_coq
from muon_theory.verification import verify
from tests.exports.coq_runs import all_compile, none_compiles
from tests.exports.naive_certificates import EVERY, FALSE, changed, converges, maps_into, mutants, slope

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def library(coqc):
    compiled = compile_library()  # kept for all tests, in a folder named after its contents
    assert compile_library() == compiled  # the second time nothing is compiled
    return compiled


def test_whatever_the_checker_proves_has_an_export():
    assert {name for name, claim in CLAIMS.items() if "theorem" in vars(claim)} == set(check.CLAIMS)
    assert {name for name, claim in CLAIMS.items() if claim.members} == set(check.MEMBERS)
    reader = "".join(text for name, text in library_files().items() if name.startswith("Read"))
    for word in (*check.CLAIMS, *check.PROPERTIES, *check.CRITICAL):
        assert f'"{word}"' in reader, word
    assert all("{f}" in each.gallina for each in (*PROPERTIES.values(), *FAILURES.values()))


def stated(certificate):
    """What stands before the library and the file's text."""
    return to_coq(certificate).partition("(** The file, in")[0]


def test_text_is_deterministic_and_the_statement_reads_no_provenance():
    once = converges()
    assert to_coq(once) == to_coq(once)
    assert stated({**once, "provenance": {"subject": "*) Axiom wrong : False. (*"}}) == stated(once)
    assert "forall x0, 0 < x0 <= 13/10 -> is_lim_seq (fun n => Nat.iter n f x0) 1." in to_coq(once)
    assert "Definition f (x : R) : R := 13/4 * x - 351/100 * x^3 + 63/50 * x^5." in to_coq(once)


@pytest.mark.parametrize("make", EVERY, ids=lambda f: f.__name__)
def test_the_statement_stands_before_the_library_and_no_comment_claims_anything(make):
    """So nothing of the library can occur in the statement, or change how it is read."""
    before, library, after = to_coq(make()).partition("From MuonTheory Require Import Json Accepted.")
    assert "Definition statement : Prop :=" in before
    assert library
    assert re.findall(r"\(\*.*?\*\)", before + after, re.DOTALL) == [
        "(** Written by muon_theory. Compile with: coqc -Q LIBRARY MuonTheory FILE *)",
        "(** What is proved, before anything of the library is known. *)",
        "(** The file, in pieces in which a quotation mark is written twice. *)",
        "(** Coq reads the file, and finds that it says that. *)",
        "(** The library's checker accepts the file, so it is true. *)",
    ]


@pytest.mark.parametrize("make", EVERY, ids=lambda f: f.__name__)
def test_certificates_are_proved_by_the_checker_too(make):
    assert verify(json.dumps(make()).encode()).proved


@pytest.mark.parametrize(("why", "make", "path", "new"), FALSE, ids=lambda v: getattr(v, "__name__", None))
def test_false_certificates_are_refused_by_the_checker_too(why, make, path, new):
    assert not verify(json.dumps(changed(make(), path, new)).encode()).proved


@pytest.mark.coq
def test_every_claim_compiles(library):
    all_compile([make() for make in EVERY], library)


@pytest.mark.coq
def test_no_false_certificate_compiles(library, tmp_path):
    none_compiles([changed(make(), path, new) for _, make, path, new in FALSE], library, tmp_path)


@pytest.mark.coq
def test_a_rejected_file_says_why(library):
    result = run_coq(to_coq(changed(slope(), ["claim", "value"], "11")), library)
    assert result.verdict is CoqVerdict.REJECTED
    assert "true" in result.message


@pytest.mark.coq
@pytest.mark.parametrize(("old", "new"), [("6889/2000 * x ", "6888/2000 * x "), ("1/100 <= x", "1/101 <= x")])
def test_the_statement_is_tied_to_the_data(library, old, new):
    text = to_coq(maps_into())
    assert old in text
    assert run_coq(text.replace(old, new), library).verdict is CoqVerdict.REJECTED


@pytest.mark.coq
def test_other_axioms_are_noticed(library):
    result = run_coq("Axiom wrong : False. Print Assumptions wrong.", library)
    assert (result.verdict, result.axioms) == (CoqVerdict.OTHER_AXIOMS, {"wrong"})
    assert run_coq("Definition nothing := 0.", library).verdict is CoqVerdict.OTHER_AXIOMS


@pytest.mark.coq
def test_time_is_bounded(library):
    assert run_coq(to_coq(slope()), library, seconds=0.01).verdict is CoqVerdict.UNFINISHED


def test_without_coqc_the_message_names_the_packages(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingDependencyError, match="Debian packages coq and libcoq-coquelicot"):
        compile_library(tmp_path)


def test_a_cache_that_cannot_be_written_is_named(coqc, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"cannot write to .*XDG_CACHE_HOME"):
        compile_library(tmp_path / "file" / "cache")


@pytest.mark.parametrize(
    ("path", "new", "message"),
    [
        (["format"], "other", "format"),
        (["claim", "type"], "other", "expected a claim whose type is one of maps-into, "),
        (["claim", "type"], "region", "the key 'property' is missing"),
        (["family"], {"parameters": ["a"]}, "unknown key 'schedule'"),
        (["claim", "value"], "1.5", "a rational as a string"),
        (["claim", "value"], "1/0", "a rational as a string"),
        (["claim", "value"], 2, "a rational as a string"),
        (["claim"], {"type": "slope"}, "the key 'value'"),
        (["schedule"], [[]], "from 1 to 64 rows"),
        (["schedule"], "1", "a list"),
    ],
)
def test_what_is_no_certificate_is_refused(path, new, message):
    with pytest.raises(UsageError, match=message):
        to_coq(changed(slope(), path, new))


@pytest.mark.coq
@pytest.mark.exhaustive
@pytest.mark.long
def test_whatever_mutation_the_checker_accepts_compiles(library):
    """One number of a certificate is changed: the checker refuses, or Coq proves what it now states."""
    every = (mutant for make in EVERY for mutant in mutants(make()))
    accepted = [mutant for mutant in every if verify(json.dumps(mutant).encode()).proved]
    assert len(accepted) > 100
    all_compile(accepted, library)


# The file's own bytes -------------------------------------------------------------------------------------------------

LONG = {**slope(), "provenance": {"note": 'quotes "" and \\ and é and ";\n" in it, ' + "long " * 700}}


@pytest.mark.parametrize("make", [slope, converges, lambda: LONG], ids=["slope", "converges", "long"])
def test_the_documented_sed_takes_the_certificate_out_again(make, tmp_path):
    """The two lines of docs/coq.md, run as they stand: what is in the literals is the certificate, byte for byte."""
    page = (ROOT / "docs" / "coq.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"```sh\n(sed .*?)```", page, re.DOTALL)
    data = json.dumps(make(), indent=1, ensure_ascii=False).encode() + b"\n"
    if subprocess.run(["sed", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("sed is not GNU's: it has no -z")
    (tmp_path / "certificate.json").write_bytes(data)
    (tmp_path / "proof.v").write_text(to_coq(data), encoding="utf-8")
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    (tmp_path / "certificate.json").write_bytes(data.replace(b"certificate/1", b"certificate/2"))
    assert subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False).returncode == 1


ALTERED = [
    ("one byte of the text", '""upper"":""13/10""', '""upper"":""13/11""'),
    ("a bound of the text", '""upper"":""13/10""', '""upper"":""14/10""'),
    ("a stronger statement", "0 < x0 <= 13/10", "0 < x0 <= 7/5"),
    ("a weaker statement", "0 < x0 <= 13/10", "0 < x0 <= 6/5"),
    ("an end that is open", "0 < x0 <= 13/10", "0 < x0 < 13/10"),
    ("another limit", "(fun n => Nat.iter n f x0) 1.", "(fun n => Nat.iter n f x0) 2."),
    ("another map", "351/100 * x^3", "352/100 * x^3"),
    ("the same number, otherwise written", "351/100 * x^3", "702/200 * x^3"),
    ("nothing to prove", "Theorem converges : statement.", "Theorem converges : True."),
    (
        "a proof by an axiom",
        "Theorem converges : statement.\nProof.\n  by_accepting says.",
        "Axiom easy : statement.\nTheorem converges : statement.\nProof.\n  exact easy.",
    ),
]


@pytest.mark.coq
@pytest.mark.long
def test_no_altered_file_is_accepted(library):
    text = to_coq(converges())
    for why, old, new in ALTERED:
        assert text.count(old) >= 1, why
        assert run_coq(text.replace(old, new, 1), library).verdict is not CoqVerdict.ACCEPTED, why
