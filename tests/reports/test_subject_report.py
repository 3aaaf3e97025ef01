"""Reports on anything that can be named: verdict first, nothing that was not checked, the same bytes every time."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

import muon_theory as mt
from muon_theory.api.reports import _command, report
from muon_theory.cli import main
from muon_theory.document import Badge
from muon_theory.errors import UsageError
from muon_theory.number import Reading
from muon_theory.reports.markdown import markdown
from muon_theory.subject import schedule_of
from muon_theory.verification import verify
from tests.browser.sample_report import sample


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def jordan(tmp_path_factory):
    return report("jordan", tmp_path_factory.mktemp("jordan") / "out", lower="1/100")


def test_the_verdict_comes_first_and_every_number_is_what_certify_says(jordan):
    found = mt.certify("jordan", lower="1/100")
    assert jordan.report.title == "jordan: PROVED"
    assert jordan.verdict is Badge.PROVED
    said = " ".join(jordan.report.findings)
    assert "1.26374724747" in said
    assert str(found.image) in said
    titles = [s.title for s in jordan.report.sections]
    assert titles[0] == "Is it safe?"
    assert "If it were repeated without end" in titles
    assert jordan.report.command == "muon-theory report jordan --lower 1/100"


def test_every_certificate_of_the_folder_is_accepted_and_about_the_schedule(jordan):
    digest = mt.presets("jordan").schedule.digest
    files = contents(jordan.folder)
    proofs = {name: data for name, data in files.items() if name.startswith("certificates/")}
    assert len(proofs) > 15
    for name, data in proofs.items():
        seen = verify(data)
        assert seen.proved, name
        if not name.startswith(("certificates/optimum", "certificates/explorer")):
            assert seen.digest == digest, name
    assert {"index.html", "report.md", "report.json", "explorer.html"} <= set(files)


def test_the_distance_from_the_best_is_that_of_design(jordan):
    section = next(s for s in jordan.report.sections if s.title == "How far from the best")
    bound = mt.design(degree=5, steps=5, lower="1/100").lower_bound
    said = [Fraction(text) for text in re.findall(r"\d\.\d+(?:e-?\d+)?", section.answer)]
    assert any(bound * Fraction(999, 1000) < s <= bound for s in said)


@pytest.mark.long
def test_equal_subjects_give_equal_bytes(jordan, tmp_path):
    report("jordan", tmp_path / "again", lower="1/100")
    assert contents(tmp_path / "again") == contents(jordan.folder)


@pytest.mark.long
def test_what_is_refuted_says_so_with_its_witness(tmp_path):
    found = report("aol_v1", tmp_path / "out", dtype="bf16", shape="64,64")
    assert found.verdict is Badge.REFUTED
    assert "refuted, as " in found.report.findings[0]
    assert "audit" in (tmp_path / "out" / "report.md").read_text()
    assert next(s for s in found.report.sections if s.title == "What an audit says").badge is Badge.FINDINGS


LONGER = [pytest.param(rows, marks=pytest.mark.long) for rows in ("35/16,-35/16,21/16,-5/16", "4,0,0")]


@pytest.mark.long
@pytest.mark.parametrize("rows", ["3,-3,1;2,-1", "1/2", *LONGER])
def test_any_coefficients_have_a_report(rows, tmp_path):
    found = report(rows, tmp_path / "out", steps=None)
    assert found.report.sections
    assert (tmp_path / "out" / "index.html").stat().st_size > 10_000
    assert f'--coefficients "{rows}"' in found.report.command


def test_a_family_and_a_folder_of_source_have_theirs(tmp_path):
    family = report("cubic", tmp_path / "family")
    assert [s.title for s in family.report.sections] == [
        "Stability lower",
        "Stability upper",
        "Sign flip",
        "Divergence",
    ]
    assert family.report.proofs
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "muon.py").write_text("COEFFS = [(3.4445, -4.7750, 2.3015)] * 5\n")
    audit = report(str(tmp_path / "code"), tmp_path / "audit")
    assert audit.verdict is Badge.FINDINGS
    assert "two digits swapped" in audit.markdown
    with pytest.raises(UsageError, match="steps= belongs to a report on a schedule"):
        report(str(tmp_path / "code"), tmp_path / "audit", steps=3)


@pytest.mark.long
def test_the_command_line_prints_an_issue(tmp_path, capsys):
    assert main(["report", "jordan", "--out", str(tmp_path / "out"), "--format", "markdown"]) == 0
    said = capsys.readouterr().out
    assert said == (tmp_path / "out" / "report.md").read_text()
    assert said.startswith("# jordan: PROVED\n")
    assert main(["report", "jordan", "--out", str(tmp_path / "out"), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "jordan: PROVED"
    assert main(["report", "jordan", "--family", "cubic", "--out", str(tmp_path / "out")]) == 2


def test_markdown_says_all_that_the_page_says_and_nothing_becomes_markup():
    said = markdown(sample())
    for section in sample().sections:
        assert section.badge.value in said
        assert section.command in said
        assert all(p.file in said for p in section.proofs)
    assert "$" not in re.sub(r"`[^`]*`", "", said)
    for row in re.findall(r"^\|.*\|$", said, re.MULTILINE):
        assert len(re.findall(r"(?<!\\)\|", row)) > 2


@pytest.mark.parametrize(
    ("subject", "options", "line"),
    [
        ("jordan", {}, "jordan"),
        ("3,-3,1;2,-1", {"lower": "1/100"}, '--coefficients "3,-3,1;2,-1" --lower 1/100'),
        ([(1.5, -0.5)] * 3, {}, '--coefficients "1.5,-0.5" --steps 3'),
        ([(3, -3, 1), (2, -1)], {"steps": None}, '--coefficients "3,-3,1;2,-1" --steps 2'),
        ("jordan", {"reading": Reading.BINARY64, "target": (0.4, 1.3)}, "jordan --reading binary64 --target 0.4,1.3"),
        ("my rows.json", {"steps": 2}, "'my rows.json' --steps 2"),
    ],
)
def test_the_command_below_a_report_writes_it_again(subject, options, line, tmp_path, monkeypatch):
    """A schedule in Python has no name at a command line, and a path may have spaces."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my rows.json").write_text('[["3/2", "-1/2"], ["2", "-1"]]')
    assert _command(subject, schedule_of(subject), options) == f"muon-theory report {line}"
