"""The finished certificates, replayed in Coq: those of the studies, and of a sample of the catalogue.

What has no export is printed by name, whether or not the test passes.  A default run takes of each study one
certificate of each kind; `-m long` takes them all.
"""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from muon_theory.catalogue import get
from muon_theory.certify import certify
from muon_theory.errors import UsageError
from muon_theory.export.coq import ALLOWED_AXIOMS, CoqVerdict, compile_library, run_coq, to_coq
from muon_theory.verify import verify

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ["article", "bernstein_newhouse", "cesista8", "jordan", "polar_express_101", "stable_quintic_2_15_05"]
SMALL = 3_000  # bytes of a certificate that goes into the default run


def studies():
    """The certificates of the studies, by file name; a bundle counts as its parts."""
    found = {}
    for file in sorted((ROOT / "analysis" / "certificates").rglob("*.json")):
        data = json.loads(file.read_bytes())
        parts = data.get("certificates", [data])
        found |= {file.stem + (f" ({i})" if len(parts) > 1 else ""): part for i, part in enumerate(parts, 1)}
    return found


def sample(certificates):
    """The smallest certificate of each kind in each study, unless even that is long."""
    smallest = {}
    for name, certificate in certificates.items():
        claim = certificate["claim"]
        key = name.partition("-")[0], claim["type"], claim.get("property")
        smallest[key] = min(smallest.get(key, name), name, key=lambda n: (len(json.dumps(certificates[n])), n))
    return {name: certificates[name] for name in smallest.values() if len(json.dumps(certificates[name])) <= SMALL}


@pytest.fixture(scope="module")
def library(coqc):
    return compile_library()


@pytest.fixture
def exportable(capsys):
    """Leave out what has no export, and say so by name."""

    def leave_out(certificates):
        texts, refused = {}, {}
        for name, certificate in certificates.items():
            try:
                texts[name] = to_coq(certificate)
            except UsageError as error:
                refused[name] = str(error)
        with capsys.disabled():
            for name, reason in refused.items():
                print(f"\nNOT REPLAYED IN COQ: {name}: {reason}", end="")
        assert all("has no Coq export" in reason for reason in refused.values())
        return {name: certificates[name] for name in texts}

    return leave_out


def bundle(certificates):
    return {"format": "muon-theory/bundle/1", "certificates": list(certificates)}


def batches(certificates, size):
    """About as many in each, long ones spread evenly."""
    names = sorted(certificates, key=lambda n: -len(json.dumps(certificates[n])))
    count = -(-len(names) // size)
    return [{name: certificates[name] for name in names[i::count]} for i in range(count)]


def replay(certificates, library, size):
    """Compile them in batches, two at a time; where a batch fails, one by one, to name what fails."""

    def accepted(certificate):
        result = run_coq(to_coq(certificate), library, seconds=1200)
        return result.verdict is CoqVerdict.ACCEPTED and result.axioms <= ALLOWED_AXIOMS

    def failing(batch):
        return [] if accepted(bundle(batch.values())) else [n for n, c in batch.items() if not accepted(c)] or batch

    with ThreadPoolExecutor(2) as pool:
        assert [name for names in pool.map(failing, batches(certificates, size)) for name in names] == []


# What is true compiles -----------------------------------------------------------------------------------------------


@pytest.mark.coq
def test_the_studies_replay(library, exportable):
    chosen = exportable(sample(studies()))
    assert {c["claim"]["type"] for c in chosen.values()} >= {"maps-into", "attains", "converges", "region", "threshold"}
    replay(chosen, library, 15)


@pytest.mark.coq
@pytest.mark.long
def test_every_certificate_of_the_studies_replays(library, exportable):
    chosen = exportable(studies())
    assert len(chosen) > 100
    replay(chosen, library, 20)


@pytest.mark.coq
@pytest.mark.long
@pytest.mark.parametrize("name", CATALOGUE)
def test_the_catalogue_replays(library, exportable, name):
    data = json.loads(certify(get(name)).certificate)
    parts = {f"{name}, certificate {i}": part for i, part in enumerate(data.get("certificates", [data]), 1)}
    replay(exportable(parts), library, len(parts))


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
    "threshold": lambda claim, _: claim["polynomial"][0].__setitem__(0, "1000"),
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
            box[-1][1] = "1000"
    return copy


@pytest.mark.coq
def test_no_falsified_certificate_of_the_studies_compiles(library, exportable):
    chosen = {n: c for n, c in exportable(sample(studies())).items() if c["claim"]["type"] in {*FALSE, "region"}}
    kinds = {(c["claim"]["type"], c["claim"].get("property")): falsified(c) for c in chosen.values()}
    assert not any(verify(json.dumps(c).encode()).proved for c in kinds.values())
    text = to_coq(bundle(kinds.values()))
    # `Fail` turns the error that is expected of each Qed into success
    text, count = re.subn(r"Qed\.", "Fail Qed.\nAbort.", text[: text.index("Definition everything")])
    result = run_coq(text + "Print Assumptions I.\n", library)
    assert (count, result.verdict, result.message) == (len(kinds), CoqVerdict.ACCEPTED, "")


# The command line ----------------------------------------------------------------------------------------------------

SLOPE = {
    "format": "muon-theory/certificate/1",
    "schedule": [["2", "-1"]],
    "claim": {"type": "slope", "value": "2"},
    "witness": {"type": "none"},
}
MEMBERS = {**SLOPE, "family": {"parameters": ["a"], "coefficients": []}}


def export(tmp_path, certificate, *arguments, **environment):
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(certificate))
    command = [sys.executable, "-m", "muon_theory", "export", str(file), "--to", "coq", "--run", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment or None)


@pytest.mark.coq
@pytest.mark.parametrize(
    ("value", "seconds", "status", "word"),
    [("2", "600", 0, "accepted"), ("3", "600", 1, "rejected"), ("2", "0.01", 3, "unfinished")],
)
def test_the_command_line_says_what_came_of_it(library, tmp_path, value, seconds, status, word):
    certificate = {**SLOPE, "claim": {"type": "slope", "value": value}}
    done = export(tmp_path, certificate, "--seconds", seconds, "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (status, word), done.stderr


def test_what_has_no_export_is_a_usage_error(tmp_path):
    done = export(tmp_path, MEMBERS)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"muon-theory: .*no Coq export.*\n", done.stderr)


def test_without_coqc_the_command_line_says_what_to_install(tmp_path):
    done = export(tmp_path, SLOPE, PATH=str(tmp_path))
    assert done.returncode == 2
    assert "Debian packages coq and libcoq-coquelicot" in done.stderr
