"""The finished certificates, replayed in Coq: those of the studies, and of a sample of the catalogue.

What compiles: with `-m long` one of each kind, but for the longest, and those of the catalogue; with `-m exhaustive`
every committed file (`python -m tests.exports.replay` does the same).  By default the command alone; test_export_coq
compiles every kind of claim.
"""

import contextlib
import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from muon_theory.catalogue import get
from muon_theory.errors import UsageError
from muon_theory.exports.coq import to_coq
from muon_theory.exports.coqc import compile_library
from muon_theory.finders import certify
from muon_theory.verification import verify
from tests.checker import accepted, rejected
from tests.exports.coq_runs import none_compiles
from tests.exports.replay import committed, replay, table

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ["article", "bernstein_newhouse", "cesista8", "jordan", "polar_express_101", "stable_quintic_2_15_05"]
SLOPE = {
    "format": "muon-theory/certificate/1",
    "schedule": [["2", "-1"]],
    "claim": {"type": "slope", "value": "2"},
    "witness": {"type": "none"},
}
SMALL, LARGE = 3_000, 20_000  # bytes of a certificate that is falsified, and of one that is replayed


def studies():
    """The certificates of the studies, by file name; a bundle counts as its parts."""
    found = {}
    for file in sorted((ROOT / "analysis" / "certificates").rglob("*.json")):
        data = json.loads(file.read_bytes())
        parts = data.get("certificates", [data])
        found |= {file.stem + (f" ({i})" if len(parts) > 1 else ""): part for i, part in enumerate(parts, 1)}
    return found


def kind(certificate):
    """What the exporter and the library tell apart."""
    claim, family = certificate["claim"], certificate.get("family", {})
    rows = certificate.get("schedule") or family.get("rows", [])
    return (
        *(claim.get(key) for key in ("type", "property", "critical", "open")),
        len(family.get("parameters", [])),
        "box" in family,
        all(row == rows[0] for row in rows),
    )


def sample(certificates):
    """The shortest certificate of each kind."""
    shortest = {}
    for name in sorted(certificates, key=lambda n: (len(json.dumps(certificates[n])), n)):
        shortest.setdefault(kind(certificates[name]), name)
    return {name: certificates[name] for name in shortest.values()}


def short(certificates):
    """Those that compile in a second or two: with three parameters it may be ten."""
    return {name: c for name, c in certificates.items() if len(json.dumps(c)) <= SMALL and kind(c)[4] < 3}


@pytest.fixture(scope="module")
def library(coqc):
    return compile_library()


# What is true compiles -----------------------------------------------------------------------------------------------


def exported(certificates):
    types = {c["claim"]["type"] for c in certificates.values()}
    assert types >= {"maps-into", "attains", "converges", "region", "threshold"}
    for certificate in certificates.values():
        assert to_coq(certificate).count("Qed.") == 2


def test_a_certificate_of_every_kind_has_an_export():
    exported(sample(studies()))


@pytest.mark.long
def test_every_certificate_has_an_export():
    exported(studies())


def accepted_by_coq(files, library, say=print):
    """All of the files compile; each run says in a line what it did."""
    found = list(replay(files, library, say))
    assert [f"{one.file}: {one.error}" for one in found if one.error] == []
    assert len(found) == len(files)
    say(table(found))


def written(certificates, folder):
    """A file for each."""
    for name, certificate in certificates.items():
        (folder / f"{name}.json").write_text(json.dumps(certificate))
    return sorted(folder.glob("*.json"))


@pytest.mark.coq
@pytest.mark.long
def test_every_kind_in_the_studies_replays(library, tmp_path):
    accepted_by_coq(
        written({n: c for n, c in sample(studies()).items() if len(json.dumps(c)) <= LARGE}, tmp_path), library
    )


@pytest.mark.coq
@pytest.mark.exhaustive
@pytest.mark.long
def test_every_committed_file_replays(library, capsys):
    """Byte by byte, those of 430 000 bytes included; what each run did is printed as it ends."""

    def say(line):
        with capsys.disabled():
            print(f"\n{line}", end="", flush=True)

    files = committed()
    assert len(files) > 300
    accepted_by_coq(files, library, say)


@pytest.mark.coq
@pytest.mark.long
def test_the_checker_s_accepted_corpus_replays(library):
    accepted_by_coq(sorted(accepted.FOLDER.glob("*.json")), library)


@pytest.mark.coq
@pytest.mark.long
def test_the_catalogue_replays(library, tmp_path):
    for name in CATALOGUE:
        (tmp_path / f"{name}.json").write_bytes(certify(get(name)).certificate)
    accepted_by_coq(sorted(tmp_path.glob("*.json")), library)


@pytest.mark.coq
@pytest.mark.long
def test_a_file_that_coq_refuses_is_named_and_the_others_replay(library, tmp_path):
    three = written(
        {"first": SLOPE, "second": {**SLOPE, "claim": {"type": "slope", "value": "3"}}, "third": SLOPE}, tmp_path
    )
    said = []
    found = {one.file: one.error for one in replay(three, library, said.append)}
    assert (found["first"], found["third"], len(said)) == ("", "", 1)
    assert "Error" in found["second"]
    assert "second: " in said[0]


ENDLESS = """From Coq Require Import NArith.
Eval vm_compute in N.iter (2 ^ 60) negb true.
Print Assumptions negb.
"""


@pytest.mark.coq
@pytest.mark.long
def test_a_file_that_takes_too_much_processor_time_is_stopped(library, tmp_path, monkeypatch):
    monkeypatch.setattr("tests.exports.replay.to_coq", lambda _: ENDLESS)
    (one,) = replay(written({"endless": SLOPE}, tmp_path), library, limit=1)
    assert re.fullmatch(r"stopped by SIGXCPU after [1-3] s of processor time", one.error)


# What is false does not ----------------------------------------------------------------------------------------------

FALSE = {
    "maps-into": lambda claim, _: claim["target"].__setitem__(1, claim["target"][0]),
    "attains": lambda claim, _: claim["contains"].__setitem__(1, "1000"),
    "slope": lambda claim, _: claim.update(value="1/1000"),
    "converges": lambda claim, _: claim.update(upper="1000"),
    "attracts": lambda claim, _: claim.update(point=["1/1000", "1/1000"]),
    "repels": lambda claim, _: claim.update(point=["1/1000", "1/1000"]),
    "escapes": lambda claim, _: claim.update(start=["0", "0"]),
    "cycles": lambda claim, _: claim["intervals"].__setitem__(0, ["1000", "1001"]),
    "mean-square": lambda claim, _: claim.update(bounds=["1000", "1001"]),
    "ratio": lambda claim, _: claim.update(bounds=["1000", "1001"]),
    "moments": lambda claim, _: claim.update(mean=["1000", "1001"]),
    "all-but": lambda claim, _: claim.update(target=["1000", "1001"]),
    "robust-band": lambda claim, _: claim.update(target=["1000", "1001"]),
    "fixes": lambda claim, _: claim.update(point=["1/1000", "1/1000"]),
    "minimax": lambda claim, _: claim.update(error="1000"),
    "composition-bound": lambda claim, _: claim.update(error="1000"),
    "constant-bound": lambda claim, _: claim.update(error=str(Fraction(claim["error"]) * 2)),
    "noisy-composition-bound": lambda claim, _: claim.update(error="1000"),
    "threshold": lambda claim, _: claim["polynomial"][0].__setitem__(0, "1000"),
    "flips": lambda claim, _: claim["start"].__setitem__(0, "1/1000"),
    "sign-safe": lambda claim, _: claim.update(upper="1000"),
}
OPPOSITE = {"multiplier-above-1": "multiplier-below-minus-1", "multiplier-below-minus-1": "multiplier-above-1"}


def falsified(certificate):
    """The certificate with a claim that is false and not what its witness shows."""
    copy = json.loads(json.dumps(certificate))
    claim, witness = copy["claim"], copy["witness"]
    if claim["type"] != "region":
        FALSE[claim["type"]](claim, witness)
    elif claim["property"] in OPPOSITE:
        claim["property"] = OPPOSITE[claim["property"]]
    else:
        for box in [*claim["boxes"], *(cell[0] for cells in witness["covers"] for cell in cells)]:
            box[:] = [["-1000", "1000"] for _ in box]
    return copy


@pytest.mark.coq
@pytest.mark.long
def test_no_falsified_certificate_of_the_studies_compiles(library, tmp_path):
    wrong = [falsified(certificate) for certificate in short(sample(studies())).values()]
    assert not any(verify(json.dumps(certificate).encode()).proved for certificate in wrong)
    none_compiles(wrong, library, tmp_path)


def unproved():
    """The certificates of the checker's corpus that fail an obligation, and have an export."""
    found = {}
    for name in rejected.DEFECTS:
        data = (rejected.FOLDER / f"{name}.json").read_bytes()
        if verify(data).reason.startswith("obligation"):
            value = json.loads(data)
            for certificate in value.get("certificates", [value]):
                with contextlib.suppress(UsageError):
                    to_coq(certificate)
                    if not verify(json.dumps(certificate).encode()).proved:
                        found[name] = certificate
    return found


@pytest.mark.coq
@pytest.mark.long
def test_the_checker_s_rejected_corpus_does_not_compile(library, tmp_path):
    wrong = unproved()
    assert len(wrong) > 40
    none_compiles(wrong.values(), library, tmp_path)


# The command line ----------------------------------------------------------------------------------------------------

NONE = {**SLOPE, "claim": {"type": "slope"}}


def export(tmp_path, certificate, *arguments, **environment):
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(certificate))
    command = [sys.executable, "-m", "muon_theory", "export", str(file), "--to", "coq", "--run", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment or None)


@pytest.mark.long
@pytest.mark.coq
@pytest.mark.parametrize(
    ("value", "seconds", "status", "word"),
    [("2", "600", 0, "accepted"), ("3", "600", 1, "rejected"), ("2", "0.01", 3, "unfinished")],
)
def test_the_command_line_says_what_came_of_it(library, tmp_path, value, seconds, status, word):
    certificate = {**SLOPE, "claim": {"type": "slope", "value": value}}
    done = export(tmp_path, certificate, "--seconds", seconds, "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (status, word), done.stderr


def test_what_is_no_certificate_is_a_usage_error(tmp_path):
    done = export(tmp_path, NONE)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"muon-theory: .*the key 'value' is missing.*\n", done.stderr)


def test_without_coqc_the_command_line_says_what_to_install(tmp_path):
    done = export(tmp_path, SLOPE, PATH=str(tmp_path))
    assert done.returncode == 2
    assert "Debian packages coq and libcoq-coquelicot" in done.stderr
