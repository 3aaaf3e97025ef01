"""The folder of a report: written whole or not at all, complete, and nothing in it that nobody proved."""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from muon_theory.document import Badge, Bundle, Figure, Report
from muon_theory.errors import UsageError
from muon_theory.reports import write_report
from muon_theory.verification import verify
from tests.browser.sample_report import sample

ROOT = Path(__file__).parents[2]


@pytest.fixture
def small() -> Report:
    """One section with certificates and no figure: quick to write."""
    return replace(sample(), sections=(replace(sample().sections[2], figures=()),))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_report_is_written_with_its_certificates_and_digests(small, tmp_path):
    data = write_report(small, tmp_path / "deep" / "out")
    files = contents(tmp_path / "deep" / "out")
    assert json.loads(files.pop("report.json")) == json.loads(json.dumps(data))
    assert data["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    certificates = [content for name, content in files.items() if name.startswith("certificates/")]
    assert len(certificates) == 3
    assert all(verify(content).proved for content in certificates)
    assert [v["verdict"] for v in data["verdicts"]] == ["refuted"]
    assert os.listdir(tmp_path) == ["deep"]
    assert os.listdir(tmp_path / "deep") == ["out"]


def test_a_second_run_writes_the_same_bytes_except_what_was_measured(small, tmp_path):
    write_report(small, tmp_path / "out")
    before = contents(tmp_path / "out")
    write_report(replace(small, measured={"seconds": 99}), tmp_path / "out")
    after = contents(tmp_path / "out")
    first, second = (json.loads(files.pop("report.json")) for files in (before, after))
    assert before == after
    assert first.pop("measured")["seconds"] == 1.5
    assert second.pop("measured")["seconds"] == 99
    assert first == second


def test_float_evidence_is_kept_with_what_was_measured(small, tmp_path):
    data = write_report(small, tmp_path / "out")
    assert data["measured"]["evidence"]["A14"][0]["deviation"] == 1e-14
    assert [set(e) for e in data["sections"][0]["evidence"]] == [
        {"statement", "standing", "command", "data"},
        {"statement", "standing", "command"},
    ]


@pytest.mark.long
def test_a_certificate_that_is_gone_does_not_stay_behind(small, tmp_path):
    write_report(small, tmp_path / "out")
    fewer = replace(small, sections=(replace(small.sections[0], proofs=small.sections[0].proofs[:1]),))
    write_report(fewer, tmp_path / "out")
    assert len(os.listdir(tmp_path / "out" / "certificates")) == 1


@pytest.mark.parametrize("moment", ["write_bytes", "rename"])
def test_a_failure_leaves_the_earlier_report(small, tmp_path, monkeypatch, moment):
    write_report(small, tmp_path / "out")
    before = contents(tmp_path / "out")
    calls = []

    def fail(*args):
        calls.append(args)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return real(*args)

    monkeypatch.setattr("muon_theory.reports.write._exchanged", lambda one, other: False)  # a system that cannot
    real = Path.write_bytes if moment == "write_bytes" else os.rename
    monkeypatch.setattr(Path if moment == "write_bytes" else os, moment, fail)
    with pytest.raises(UsageError, match="No space left on device"):
        write_report(replace(small, title="Another"), tmp_path / "out")
    assert contents(tmp_path / "out") == before
    assert os.listdir(tmp_path) == ["out"]


@pytest.mark.skipif(sys.platform != "linux", reason="two names are exchanged by the system on Linux and macOS")
def test_no_moment_is_without_a_report(small, tmp_path, monkeypatch):
    """The old folder and the new one change places at one stroke: a kill leaves one of them in place."""
    write_report(small, tmp_path / "out")
    monkeypatch.setattr(os, "rename", lambda *names: pytest.fail("there is a moment without a report"))
    write_report(replace(small, title="Another"), tmp_path / "out")
    assert "Another" in (tmp_path / "out" / "index.html").read_text()
    assert os.listdir(tmp_path) == ["out"]


def test_a_report_that_cannot_be_drawn_leaves_nothing(small, tmp_path):
    wrong = replace(small.sections[0], figures=(Figure("f", "compare", "c", {}),))
    with pytest.raises(UsageError, match="lacks 'curves'"):
        write_report(replace(small, sections=(wrong,)), tmp_path / "out")
    assert os.listdir(tmp_path) == []


def test_a_wrong_place_is_named(small, tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "thesis.tex").write_text("mine")
    for out, reason in (
        ("file", "is a file: name a folder"),
        ("file/below", "cannot write the report"),
        ("used", "'thesis.tex', which is no part of a report"),
    ):
        with pytest.raises(UsageError, match=reason) as caught:
            write_report(small, tmp_path / out)
        assert "\n" not in str(caught.value)
    assert (tmp_path / "used" / "thesis.tex").read_text() == "mine"


def pictured(proof, verification, file="boxes.json") -> Figure:
    return Figure("f", "bars", "c", {}, (Bundle(file, "converges", 1, proof.data, verification),))


def test_a_report_that_contradicts_itself_is_refused(small, tmp_path):
    section = small.sections[0]
    first, second = section.proofs[:2]
    refusal = replace(first.verification, proved=False)
    for changed, reason in (
        (replace(section, proofs=()), "says 'refuted' without certificates"),
        (replace(section, badge=Badge.PROVED, proofs=(replace(first, verification=refusal),)), "says 'proved' without"),
        (replace(section, proofs=(first, replace(second, file=first.file))), "share the file name"),
        (replace(section, proofs=(replace(first, file="../up.json"),)), "no file name for a certificate"),
        (replace(section, figures=(Figure("A14", "bars", "c"),)), "called 'A14'"),
        (replace(section, figures=(pictured(first, replace(second.verification, proved=False)),)), "does not prove"),
        (replace(section, figures=(pictured(second, first.verification, first.file),)), "share the file name"),
    ):
        with pytest.raises(UsageError, match=re.escape(reason)):
            write_report(replace(small, sections=(changed,)), tmp_path / "out")
    assert os.listdir(tmp_path) == []


def test_importing_the_report_loads_neither_templates_nor_plots():
    heavy = "{'jinja2', 'matplotlib', 'sympy', 'numpy', 'typst'}"
    code = f"import sys, muon_theory.reports; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_only_what_it_exports_can_be_asked_for():
    import muon_theory.reports

    with pytest.raises(AttributeError, match="nothing"):
        _ = muon_theory.reports.nothing
