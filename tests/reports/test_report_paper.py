"""The report as PDF: it says what the page says, its text is never markup, and it is the same every time."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import muon_theory.reports
from muon_theory.cli import main
from muon_theory.document import Badge, Report, Section
from muon_theory.errors import MissingDependencyError
from muon_theory.reports import write_report
from muon_theory.reports.paper import contents, pdf, text
from muon_theory.reports.prose import typographic
from tests.browser.sample_report import sample

ROOT = Path(__file__).parents[2]
typst = pytest.importorskip("typst", reason="typst is absent (pip install 'muon-theory[paper]')")


@pytest.fixture(scope="module")
def paper() -> bytes:
    return pdf(sample())


def read(data: bytes, folder: Path) -> str:
    """The words of a PDF, one space apart."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is absent: the words of the PDF are not read (Debian: apt install poppler-utils)")
    (folder / "paper.pdf").write_bytes(data)
    done = subprocess.run(["pdftotext", folder / "paper.pdf", "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def test_the_paper_says_every_verdict_and_where_the_certificates_are(paper, tmp_path):
    said = read(paper, tmp_path)
    for section in sample().sections:
        assert said.count(section.id) >= 2  # in the summary and in its heading
        assert said.count(section.badge.value) >= 3  # in the table, its legend, and the section
        assert section.command in said
        if section.proofs:
            assert f"{section.proofs[0].file} to {section.proofs[-1].file}" in said
    assert "report.json" in said
    assert "muon_theory.check" in said


def test_a_figure_stands_on_a_page_of_its_claim(paper, tmp_path):
    """Between the heading of its claim and that of the next."""
    said = read(paper, tmp_path)
    start = said.index("Reproduce this report")
    heads = [said.rindex(f"{s.id} {s.title.replace(chr(39), chr(8217))[:12]}", 0, start) for s in sample().sections]
    ends = [*heads[1:], start]
    number = 1  # the picture at the head is the first
    for section, head, end in zip(sample().sections, heads, ends, strict=True):
        for _ in section.figures:
            number += 1
            assert head < said.index(f"Figure {number}. ") < end, section.id


def test_the_paper_is_undated(paper):
    assert b"CreationDate" not in paper


@pytest.mark.long
def test_the_paper_is_the_same_every_time(paper):
    code = (
        "import hashlib\n"
        "from tests.browser.sample_report import sample\n"
        "from muon_theory.reports.paper import pdf\n"
        "print(hashlib.sha256(pdf(sample())).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "12345", "SOURCE_DATE_EPOCH": "86400"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(paper).hexdigest()


def test_text_is_never_markup(tmp_path):
    hostile = '#panic("1") *a* @b <c> \\ // "d" = e [f] {g} ~ --- `h` $"i'
    section = Section("A1", hostile, hostile, hostile, Badge.OPEN, hostile, remarks=(hostile,), command=hostile)
    said = read(pdf(Report(hostile, hostile, (hostile,), (section,), hostile)), tmp_path)
    assert '#panic("1")' in said
    assert "<c>" in said
    assert "[f] {g} ~ ---" in said


def words(pairs) -> str:
    return "".join(inside if isinstance(inside, str) else words(inside) for _, inside in pairs)


@given(
    st.text(
        st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="$`*^_⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ₀₁₂₃₄₅₆₇₈₉ₙₖ₊ \u00a0")
    )
)
def test_pairs_lose_no_character(source):
    assert words(text(source)).replace("\u2060", "") == typographic(source).replace("\u2060", "")


def test_no_line_breaks_between_a_name_and_its_argument():
    assert text("f'(1)") == [["variable", "f"], ["text", "\u2060"], ["text", "′(1)"]]


def test_what_the_paper_says_is_plain_json():
    data = contents(sample())
    assert json.loads(json.dumps(data)) == data
    assert data["picture"]["number"] == 1
    assert [f["number"] for s in data["sections"] for f in s["figures"]] == list(range(2, len(sample().figures) + 1))


def test_links_lead_where_they_say(tmp_path):
    linked = Report("t", "s", ("See [the paper](https://arxiv.org/abs/2505.16932).",), (), "c")
    assert b"https://arxiv.org/abs/2505.16932" in pdf(linked)


def test_the_folder_has_the_paper_only_when_it_is_asked_for(tmp_path):
    small = replace(sample(), sections=(replace(sample().sections[2], figures=()),))
    data = write_report(small, tmp_path / "out", paper=True)
    content = (tmp_path / "out" / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert data["files"]["report.pdf"] == hashlib.sha256(content).hexdigest()
    assert 'href="report.pdf"' in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    write_report(small, tmp_path / "out")
    assert not (tmp_path / "out" / "report.pdf").exists()
    assert "report.pdf" not in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_without_typst_one_line_says_what_to_install_before_any_work(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(muon_theory.reports, "find_spec", lambda name: None)
    assert main(["report", "--pdf", "--out", str(tmp_path / "out")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert 'pip install "muon-theory[paper]"' in line
    assert os.listdir(tmp_path) == []
    with pytest.raises(MissingDependencyError, match="needs typst"):
        pdf(sample())
