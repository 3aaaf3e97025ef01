"""The report's form: a page that is well formed and the same every time, a folder written whole or not at all."""

import hashlib
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.derive.formula import a, formula, x
from muon_theory.errors import UsageError
from muon_theory.evidence import Derivation, Formula, Step
from muon_theory.report import figures, html, mathml, svg, write_report
from muon_theory.report.figures import draw
from muon_theory.report.html import render
from muon_theory.report.model import Badge, Figure, Report, Section
from muon_theory.report.prose import paragraphs, prose
from muon_theory.verify import Verification, verify
from tests.browser.sample_report import every_figure, sample

ROOT = Path(__file__).parents[1]
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


# The page -----------------------------------------------------------------------------------------------------------


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
    assert [v for v in addresses if not re.match(r"#|certificates/|data:,$", v or "")] == []
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
    obligations = sum(p.verification.obligations for p in html.distinct_proofs(sample()))
    assert f"14 certificates, all proved by the checker: {obligations:,} obligations" in said


def test_every_verdict_is_in_its_section_in_the_contents_and_in_the_table(page):
    for section in sample().sections:
        assert page.count(section.badge.value) >= 4


def test_every_character_is_in_the_embedded_fonts(page):
    lines = (ROOT / "muon_theory/report/fonts/unicodes.txt").read_text().split()
    ends = [[int(end, 16) for end in line.split("-")] for line in lines]
    covered = {code for span in ends for code in range(span[0], span[-1] + 1)}
    assert {c for c in "".join(Elements(page).text) if ord(c) not in covered and c != "\n"} == set()


def test_what_is_refused_is_shown_as_refused():
    section = sample().sections[2]
    refusal = Verification(False, "the chain ends outside", (), 3, 1, None)
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
    rules = (ROOT / "muon_theory/report/templates/style.css").read_text(encoding="utf-8")
    light_rule, dark_rule = rules.split("prefers-color-scheme: dark", 1)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", dark_rule.split("* {")[0] if dark else light_rule))
    for name in ("text", "muted", "link"):
        assert contrast(colours[name], colours["page"]) >= 4.5, name
        assert contrast(colours[name], colours["card"]) >= 4.5, name
    for name in ("proved", "corrected", "refuted", "derived", "confirmed", "open"):
        assert contrast(colours[name], colours[f"{name}-ground"]) >= 4.5, name
        assert contrast(colours["text"], colours[f"{name}-ground"]) >= 4.5, name
    drawn = dict(re.findall(r"--fig-([\w-]+): (#[0-9a-f]{6});", svg.css_variables(dark)))
    for name in drawn:
        least = {"text": 7, "muted": 4.5, "grid": 1, "paper": 1, "fill": 1, "sequence-1": 2}.get(name, 2.4)
        assert contrast(drawn[name], colours["page"]) >= least, name
    assert drawn["paper"] == colours["page"]


# Formulas and prose -------------------------------------------------------------------------------------------------

FORMULAS = [
    formula("|f'(1)|", "<", 1),
    formula("f(x) - x", "=", x * (1 - x**2) ** 2 * (a - 1), ">", 0),
    formula("∂f/∂a", "=", "x(1 - x²)²", ">", 0),
    formula("E", "=", sum((k + 7) * a**k * x for k in range(9)), "⇒", a, "=", -1),
]


@pytest.mark.parametrize("value", FORMULAS, ids=lambda f: f.text)
def test_cutting_a_formula_loses_nothing(value):
    cut = mathml.pieces(value.mathml)
    text = ["".join(ET.fromstring(markup).itertext()) for markup in (value.mathml, *cut)]
    assert "".join(text[1:]) == text[0].replace("-", "−")


def test_a_formula_is_cut_at_relations_and_a_long_one_at_signs():
    assert [len(mathml.pieces(f.mathml)) for f in FORMULAS] == [2, 3, 3, 12]
    assert len(mathml.pieces(formula("|x - p| < δ").mathml)) == 2  # not at the sign between bars


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<math><mi>a</math>", "not well formed"),
        ("<p>a</p>", "begins with <p>"),
        ("<math><mi>&sdot;</mi></math>", "not well formed"),
    ],
)
def test_a_broken_formula_is_refused(markup, reason):
    broken = Derivation("t", (Step("s", "r", Formula("a", "a", markup)),), "c")
    section = Section("A1", "t", "s", "p", Badge.DERIVED, "a", derivations=(broken,))
    with pytest.raises(UsageError, match=reason):
        render(Report("t", "s", (), (section,), "c"))


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("f'(1) = -1", "<i>f</i>′(1) =\u00a0−1"),
        ("b = -1", "<i>b</i>\u00a0=\u00a0−1"),
        ("the term -x³/2; --all", "the term −<i>x</i>³/2; --all"),
        ("2 - 2a < b", "2\u00a0−\u00a02<i>a</i> &lt;\u00a0<i>b</i>"),
        ("a short bound with a constant", "a short bound with a constant"),
        ("as a grows, e.g. for small x", "as <i>a</i> grows, e.g. for small <i>x</i>"),
        ("Jordan's and don't: I", "Jordan’s and don’t: I"),
        (
            "n^(-1/2), f^n, x_{n+1}",
            "<i>n</i><sup>−1/2</sup>, <i>f</i><sup><i>n</i></sup>, <i>x</i><sub><i>n</i>+1</sub>",
        ),
        ("a*(s) and `a - b` and *so*", "<i>a</i>*(<i>s</i>) and <code>a - b</code> and <em>so</em>"),
        ("see A11, muon-theory", "see A11, muon-theory"),
        ("$b$ > 0", "<math><mi>b</mi></math> &gt;\u00a00"),
    ],
)
def test_prose(text, markup):
    assert str(prose(text)) == markup


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="$")))
def test_any_text_becomes_well_formed_markup(text):
    ET.fromstring(f"<div>{paragraphs(text)}</div>")


# Figures ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("figure", every_figure(), ids=lambda f: f.kind)
def test_a_figure_is_one_well_formed_picture_with_words(figure):
    drawn = draw(figure)
    root = ET.fromstring(drawn)
    assert root.tag.endswith("svg")
    assert root.get("aria-label") == figure.caption
    ids = Counter(e.get("id") for e in root.iter() if e.get("id"))
    assert max(ids.values()) == 1
    assert all(i.startswith(f"{figure.name}-") for i in ids)
    assert set(re.findall(r"#[0-9a-f]{6}\b", drawn)) == set()  # every colour is the page's
    assert not re.search(r"\d{4}-\d\d-\d\d|[Mm]atplotlib v|matplotlib.org", drawn)
    paper = draw(figure, paper=True)
    assert "var(" not in paper
    assert not re.search(r"#010[123]", paper)


def test_every_kind_is_drawn_here():
    assert {f.kind for f in every_figure()} == set(figures.KINDS)


def test_figures_are_the_same_in_another_process():
    code = (
        "import hashlib\n"
        "from tests.browser.sample_report import every_figure\n"
        "from muon_theory.report.figures import draw\n"
        "print(hashlib.sha256(''.join(map(draw, every_figure())).encode()).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "12345"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256("".join(map(draw, every_figure())).encode()).hexdigest()


def test_a_matplotlibrc_changes_nothing():
    import matplotlib

    figure = every_figure()[-1]
    before = draw(figure)
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "svg.fonttype": "none"}):
        assert draw(figure) == before


LINE = {"label": "f", "x": [0, 1], "y": [0, 1]}


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        ("pie", {}, "unknown kind 'pie'"),
        ("compare", {}, "lacks 'curves'"),
        ("compare", {"curves": [LINE | {"y": [1]}]}, "2 values of x and 1 of y"),
        ("compare", {"curves": [LINE | {"y": ["one", "two"]}]}, "could not convert"),
        ("compare", {"curves": [LINE | {"label": "$\\nonsense$"}]}, "cannot be drawn"),
        ("region", {"panels": [{}]}, "lacks 'xlabel'"),
        ("cobweb", {"panels": [{"curve": LINE}]}, "lacks 'orbits'"),
        ("region", {"panels": []}, "cannot be drawn"),
    ],
)
def test_wrong_data_of_a_figure_are_named(kind, data, reason):
    with pytest.raises(UsageError, match=re.escape(reason)) as caught:
        draw(Figure("wrong", kind, "caption", data))
    assert "\n" not in str(caught.value)


def test_a_figure_needs_a_name_that_can_be_an_id():
    with pytest.raises(UsageError, match="cannot be an id"):
        draw(Figure('a"b', "compare", "caption", {"curves": [LINE]}))


# The folder ---------------------------------------------------------------------------------------------------------


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

    real = Path.write_bytes if moment == "write_bytes" else os.rename
    monkeypatch.setattr(Path if moment == "write_bytes" else os, moment, fail)
    with pytest.raises(UsageError, match="No space left on device"):
        write_report(replace(small, title="Another"), tmp_path / "out")
    assert contents(tmp_path / "out") == before
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
    ):
        with pytest.raises(UsageError, match=re.escape(reason)):
            write_report(replace(small, sections=(changed,)), tmp_path / "out")
    assert os.listdir(tmp_path) == []


def test_importing_the_report_loads_neither_templates_nor_plots():
    code = "import sys, muon_theory.report; print({'jinja2', 'matplotlib', 'sympy', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_only_what_it_exports_can_be_asked_for():
    import muon_theory.report

    with pytest.raises(AttributeError, match="nothing"):
        _ = muon_theory.report.nothing
