"""The page: well formed, complete, readable, the same every time, and loading nothing."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from muon_theory.document import Badge, Report, Section
from muon_theory.reports import svg
from muon_theory.reports.html import render
from muon_theory.verification import Verification
from tests.browser.sample_report import sample

ROOT = Path(__file__).parents[2]
MATHML_CORE = {
    "math",
    "mi",
    "mn",
    "mo",
    "mrow",
    "msup",
    "msub",
    "msubsup",
    "mfrac",
    "msqrt",
    "mroot",
    "mtext",
    "mspace",
}


@pytest.fixture(scope="module")
def page() -> str:
    return render(sample())


class Elements(HTMLParser):
    """Every element with its attributes, all text, and the tags that were never closed."""

    VOID = frozenset({"meta", "link", "wbr", "br"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


def test_every_section_stands_once_and_every_id_is_its_own(page):
    ids = Counter(attributes["id"] for _, attributes in Elements(page).found if "id" in attributes)
    assert [i for i, count in ids.items() if count > 1] == []
    assert {section.id for section in sample().sections} <= set(ids)


def test_every_element_is_closed(page):
    assert Elements(page).open == []


def test_nothing_is_loaded_from_elsewhere(page):
    elements = Elements(page).found
    assert {tag for tag, _ in elements} & {"script", "iframe", "object", "embed", "img", "video", "audio"} == set()
    addresses = [v for _, attributes in elements for k, v in attributes.items() if k in ("src", "href", "xlink:href")]
    assert [
        v
        for v in addresses
        if not re.match(r"#|certificates/|report\.(md|json)$|data:,$|https://arxiv.org/abs/", v or "")
    ] == []
    assert set(re.findall(r"url\((?!#)([a-z/0-9]+)", page)) == {"data"}
    assert "@import" not in page


def test_links_lead_somewhere(page):
    elements = Elements(page).found
    ids = {attributes["id"] for _, attributes in elements if "id" in attributes}
    targets = {v[1:] for _, attributes in elements for k, v in attributes.items() if "href" in k and v.startswith("#")}
    references = set(re.findall(r"url\(#([^)]+)\)", page))
    assert (targets | references) - ids == set()


def test_every_formula_is_well_formed_mathml_that_browsers_know(page):
    formulas = re.findall(r"<math.*?</math>", page, re.DOTALL)
    assert len(formulas) > 30
    assert {element.tag for f in formulas for element in ET.fromstring(f).iter()} <= MATHML_CORE


def test_the_page_says_all_that_the_report_holds(page):
    said = " ".join("".join(Elements(page).text).split())
    for section in sample().sections:
        for proof in section.proofs:
            assert proof.file in said
        for derivation in section.derivations:
            assert f"{len(derivation.steps)} steps" in said
            assert f"Re-checked at {derivation.checks} random rational points" in said
        assert section.command in said
    assert sample().command in said
    obligations = sum(p.verification.obligations for p in sample().proofs)
    assert f"{len(sample().proofs)} certificates, all proved by the checker: {obligations} obligations" in said
    for bundle in sample().bundles:
        assert f"{bundle.file} ({bundle.boxes} boxes)" in said


def test_every_verdict_is_in_its_section_in_the_contents_and_in_the_table(page):
    for section in sample().sections:
        assert page.count(section.badge.value) >= 4


def test_every_character_is_in_the_embedded_fonts(page):
    lines = (ROOT / "muon_theory/reports/fonts/unicodes.txt").read_text().split()
    ends = [[int(end, 16) for end in line.split("-")] for line in lines]
    covered = {code for span in ends for code in range(span[0], span[-1] + 1)}
    assert {c for c in "".join(Elements(page).text) if ord(c) not in covered and c != "\n"} == set()


def test_what_is_refused_is_shown_as_refused():
    section = sample().sections[2]
    refusal = Verification(False, "the chain ends outside", (), 3, 1, None, {})
    refused = replace(section, proofs=(replace(section.proofs[0], verification=refusal),))
    shown = render(replace(sample(), sections=(refused,)))
    assert "the checker refused: the chain ends outside" in shown
    assert "0 proved, 1 refused" in shown


def test_text_is_never_markup():
    hostile = '<script>alert("1")</script> & "quotes"'
    section = Section("A1", hostile, hostile, hostile, Badge.OPEN, hostile, remarks=(hostile,), command=hostile)
    shown = render(Report(hostile, hostile, (hostile,), (section,), hostile))
    assert "<script" not in shown
    assert Elements(shown).open == []


@pytest.mark.long
def test_a_page_is_the_same_every_time(page):
    assert render(sample()) == page


def contrast(one: str, other: str) -> float:
    """WCAG 2: (L₁ + 0.05)/(L₂ + 0.05), L the relative luminance."""

    def luminance(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_every_colour_can_be_read(dark):
    rules = (ROOT / "muon_theory/reports/templates/colours.css").read_text(encoding="utf-8")
    light_rule, dark_rule = rules.split("prefers-color-scheme: dark", 1)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", dark_rule if dark else light_rule))
    for name in ("text", "muted", "link"):
        assert contrast(colours[name], colours["page"]) >= 4.5, name
        assert contrast(colours[name], colours["card"]) >= 4.5, name
    for name in ("proved", "corrected", "refuted", "derived", "confirmed", "open"):
        assert contrast(colours[name], colours[f"{name}-ground"]) >= 4.5, name
        assert contrast(colours["text"], colours[f"{name}-ground"]) >= 4.5, name
    drawn = dict(re.findall(r"--fig-([\w-]+): (#[0-9a-f]{6});", svg.css_variables(dark)))
    areas = {name for name in drawn if name.startswith("layer")}
    for name in areas - {"layer-6"}:  # that one is drawn as hatching
        assert contrast(drawn["text"], drawn[name]) >= 4.4, name
        assert contrast(drawn["line"], drawn[name]) >= 3, name
        assert contrast(drawn["paper"], drawn[name]) >= 1.15, name
    for name in drawn.keys() - areas:
        least = {"text": 7, "muted": 4.5, "grid": 1, "paper": 1, "fill": 1, "seam": 1, "sequence-1": 2}.get(name, 2.4)
        assert contrast(drawn[name], colours["page"]) >= least, name
    assert drawn["paper"] == colours["page"]
