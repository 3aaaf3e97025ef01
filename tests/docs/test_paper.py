"""The draft for a journal says the numbers that the package finds, and cites what its bibliography has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import muon_theory as mt
from muon_theory.article import summary
from muon_theory.article.a11_threshold import DIGITS, agrees
from muon_theory.article.sets import SLOPE
from muon_theory.number import decimal

FOLDER = Path(__file__).parents[2] / "docs" / "paper"
TEXT = (FOLDER / "paper.md").read_text(encoding="utf-8")


def test_every_citation_is_in_the_bibliography_and_every_entry_is_cited():
    entries = set(re.findall(r"^@\w+\{(\w+),", (FOLDER / "paper.bib").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"@(\w+\d{4}\w+)", TEXT)) == entries


def test_the_numbers_of_the_draft_are_those_of_the_report():
    assert agrees(SLOPE).decimal(DIGITS) in TEXT
    assert decimal(mt.certify("jordan").safe_sigma_max.lo, 12, -1) in TEXT


@pytest.mark.parametrize("number", ["3.35014245602", "0.187", "0.318", "3.4445"])
def test_the_numbers_of_the_draft_are_those_of_the_findings(number):
    assert number in " ".join(summary.findings())
    assert number in TEXT


def test_the_findings_say_where_the_article_comes_from_and_cite_the_literature():
    assert "not known to us" in summary.INTRODUCTION[0]
    assert len(summary.REFERENCES) >= 5
    assert len(summary.findings()) == 6
