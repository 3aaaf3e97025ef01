"""Reports in another language say the same sentences with the same numbers."""

import re
import tomllib
from fractions import Fraction
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

import muon_theory as mt
from muon_theory.document import Badge, Figure, Report, Section, Table
from muon_theory.errors import UsageError
from muon_theory.evidence import Derivation, Standing, Step
from muon_theory.languages import LANGUAGES, Language, skeleton, translated, untranslated
from muon_theory.reports.html import BADGES, render
from muon_theory.reports.markdown import markdown

ZH = Language.of("zh")
BOOKS = resources.files("muon_theory.languages").joinpath("zh")
TEMPLATES = resources.files("muon_theory.reports").joinpath("templates")
OF_OTHER_SUBJECTS = {Badge.MODELLED, Badge.FINDINGS, Badge.CLEAN}
"""Badges that the article's report never has: it alone is translated."""


def entries() -> list[tuple[str, str]]:
    return [
        (e["en"], e["zh"]) for book in BOOKS.iterdir() for e in tomllib.loads(book.read_text(encoding="utf-8"))["text"]
    ]


def test_every_translation_is_found_and_has_its_own_numbers_only():
    assert len(entries()) > 500
    for english, chinese in entries():
        assert ZH.translation(english) == chinese, english


def test_every_translation_is_in_chinese_or_a_name():
    bare = " ".join(zh for _, zh in entries() if not re.search("[\u3000-\u9fff\uff00-\uffef]", zh))
    assert set(re.findall("[A-Za-z]{4,}", bare)) <= {"Jordan", "Polar", "Express"}


@given(a=st.fractions(), b=st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=0), n=st.integers(0))
def test_numbers_go_where_they_belong(a, b, n):
    book = {"on [#, #] after # steps": ("on [1/100, 0.5] after 7 steps", "7 步之后，在 [1/100, 0.5] 上")}
    said = Language("zh", book)(f"on [{abs(a)}, {b}] after {n} steps")
    assert said == f"{n} 步之后，在 [{abs(a)}, {b}] 上"


def test_one_number_that_becomes_two_is_not_guessed():
    same = Language("zh", {"from # to #": ("from 2 to 2", "到 2 为止")})
    assert same("from 3 to 3") == "到 3 为止"
    assert same.translation("from 3 to 4") is None
    both = Language("zh", {"from # to #": ("from 2 to 2", "自 2 至 2")})
    assert both.translation("from 3 to 4") is None  # nor is their order


def test_what_the_page_says_by_itself_is_translated():
    said = [
        text
        for name in ("page.html.j2", "section.html.j2")
        for text in re.findall(r'"((?:[^"\\]|\\.)+)" \| say', TEMPLATES.joinpath(name).read_text(encoding="utf-8"))
    ]
    assert len(said) > 20
    for text in (*said, *(s.value for s in Standing if s is not Standing.VACUOUS)):
        assert ZH.translation(text.replace("\\'", "'")), text
    for badge, (_, _, meaning) in BADGES.items():
        assert badge in OF_OTHER_SUBJECTS or (ZH.translation(badge.value) and ZH.translation(meaning)), badge


def example() -> Report:
    steps = (Step("Fixed point.", "the definition"),)
    section = Section(
        "A2",
        "Fixed points and attracting fixed points",
        "",
        "Let f(1) = 1. Then f'(1) = 3 − 2a, and |f'(1)| < 1 if and only if 1 < a < 2.",
        Badge.DERIVED,
        "A sentence that nobody has translated.",
        derivations=(Derivation("A2: fixed points and attracting fixed points", steps, "the definition", 30),),
        tables=(Table("Every case of the multiplier", ("case", "f'(1)"), (("attracts", "−1"),)),),
        figures=(Figure("one", "compare", "Fixed point.", {"curves": [{"label": "f", "x": [0, 1], "y": [0, 1]}]}),),
        command="muon-theory report",
    )
    return Report("The feasible cubics", "The family.", ("Solve each for a.",), (section,), "muon-theory report")


def test_a_report_is_said_in_chinese_with_its_markup_and_what_is_unknown_is_named():
    report = example()
    assert untranslated(report, ZH) == ["A sentence that nobody has translated."]
    chinese = translated(report, ZH)
    page = render(chinese)
    assert '<html lang="zh">' in page
    for text in (
        "可行的三次多项式",
        "为什么：不动点与吸引不动点",
        "推导",
        "目录",
        "在 30 个随机有理点上复核。",
        "重现本报告",
    ):
        assert text in page
    assert "<i>a</i> 分别求解" in page  # an a among Chinese words is a variable
    assert not re.search(r">\s*(Why|Hence|Contents|derived|Reproduce)", page)
    said = markdown(chinese)
    assert said.startswith("# 可行的三次多项式")
    assert "为什么：" in said
    assert "Why" not in said
    assert chinese.sections[0].command == report.sections[0].command


def test_english_is_the_report_itself():
    report = example()
    assert translated(report, Language.of("en")) == report
    assert untranslated(report, Language.of("en")) == []


def test_what_no_language_can_do_is_said_in_one_line(tmp_path):
    assert LANGUAGES == ("en", "zh")
    with pytest.raises(UsageError, match="no report in the language 'fr': choose from en, zh"):
        mt.report(out=tmp_path / "x", language="fr")
    with pytest.raises(UsageError, match="the article's report only"):
        mt.report("jordan", out=tmp_path / "x", language="zh")
    with pytest.raises(UsageError, match="no font for a PDF"):
        mt.report(out=tmp_path / "x", language="zh", pdf=True)
    assert not (tmp_path / "x").exists()


def test_a_skeleton_has_no_numbers_left():
    assert skeleton(f"{Fraction(1, 3)} and 1.5e-9 and 12\u00a0345") == "# and # and #"
