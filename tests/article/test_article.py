"""The article's sections settle A1-A17: its badges rest on the checker, its texts on the certificates."""

import json
import shlex
import sys
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from muon_theory import derivations
from muon_theory.article import SECTIONS, kit, names, proof
from muon_theory.article.a01_singular_values import measured
from muon_theory.article.a11_threshold import agrees
from muon_theory.article.a17_training import FORMAT
from muon_theory.article.a17_training import section as a17
from muon_theory.article.sets import ARTICLE, NAMES, ONE, SLOPE
from muon_theory.certificate import Certificate
from muon_theory.claims import MapsInto, NoWitness, Slope
from muon_theory.cli import main
from muon_theory.document import Badge, Report, Section
from muon_theory.errors import UsageError
from muon_theory.exports.coqc import library_files
from muon_theory.languages import Language, untranslated
from muon_theory.number import decimal, rational

CLAIMS = [f"A{n}" for n in range(1, 18)]
THEOREMS = [f"T{n}" for n in range(1, 9)]


SLOW = {"A11", "A14", "T2", "T3", "T8"}
"""Sections whose certificates and sweeps take seconds each; they are among the whole report's, a long test."""


@pytest.fixture(scope="module")
def report(whole_article: tuple[Report, list[tuple[str, float]]]) -> Report:
    return whole_article[0]


@pytest.fixture(scope="module", params=["quick", pytest.param("whole", marks=pytest.mark.long)])
def sections(request: pytest.FixtureRequest) -> tuple[Section, ...]:
    """The sections of the report, or those that are made in a moment."""
    if request.param == "whole":
        made: Report = request.getfixturevalue("report")
        return made.sections
    return tuple(build() for wanted, build in zip([*CLAIMS, *THEOREMS], SECTIONS, strict=True) if wanted not in SLOW)


def by_id(report: Report, wanted: str) -> Section:
    return next(s for s in report.sections if s.id == wanted)


# The whole -----------------------------------------------------------------------------------------------------------


def test_the_claims_come_in_order_and_then_the_theorems(sections: tuple[Section, ...]) -> None:
    assert len({s.id for s in sections}) >= 20
    assert [s.id for s in sections] == [i for i in [*CLAIMS, *THEOREMS] if i not in SLOW or len(sections) == 25]
    files = [build.__module__.rpartition(".")[2].partition("_")[0] for build in SECTIONS]
    assert files == [*(f"a{n:02}" for n in range(1, 18)), *map(str.lower, THEOREMS)]
    assert all(bool(s.said) == (s.id in CLAIMS) for s in sections)


@pytest.mark.long
def test_the_report_has_every_section(report: Report) -> None:
    assert [s.id for s in report.sections] == [*CLAIMS, *THEOREMS]


def test_every_certificate_is_proved_and_every_badge_of_proof_rests_on_one(sections: tuple[Section, ...]) -> None:
    for s in sections:
        assert all(p.verification.proved for p in s.proofs), s.id
        if s.badge in (Badge.PROVED, Badge.CORRECTED, Badge.REFUTED):
            assert s.proofs, s.id


@pytest.mark.long
def test_no_registered_certificate_is_left_out_of_the_sections(report: Report) -> None:
    assert {p.file for s in report.sections for p in s.proofs} == {f"{name}.json" for name in names()}


def test_each_section_says_what_is_claimed_what_is_true_and_how_to_reproduce_it(sections: tuple[Section, ...]) -> None:
    for s in sections:
        assert all(text.strip() for text in (s.title, s.precisely, s.answer, s.command)), s.id
        for text in (s.said, s.precisely, s.answer, *s.remarks):
            assert "{" not in text, f"{s.id}: an unfilled number in {text!r}"
            assert "nan" not in text.split(), s.id
        for table in s.tables:
            assert all(len(row) == len(table.header) for row in table.rows), s.id


@pytest.mark.long
def test_the_verdicts(report: Report) -> None:
    badges = {s.id: s.badge for s in report.sections}
    derived = {"A1", "A2", "T6"}
    corrected, in_part = {"A13", "A14", "A16"}, {"A4", "A11", "T1", "T2", "T3", "T4", "T5", "T8"}
    both = {"A3", "A5", "A10", "A12"}
    assert {i for i, b in badges.items() if b is Badge.DERIVED} == derived
    assert {i for i, b in badges.items() if b is Badge.CORRECTED} == corrected
    assert {i for i, b in badges.items() if b is Badge.PARTLY} == in_part
    assert {i for i, b in badges.items() if b is Badge.CORRECTED_PARTLY} == both
    assert {i for i, b in badges.items() if b is Badge.PROVED} == {"A6", "A7", "A8", "A9", "A15", "T7"}
    assert badges["A17"] in (Badge.OPEN, Badge.CONFIRMED, Badge.CONTRADICTED, Badge.UNRESOLVED)


def test_a_badge_says_in_part_where_a_clause_rests_on_no_certificate(sections: tuple[Section, ...]) -> None:
    for s in sections:
        clauses = [t for t in s.tables if t.caption == "What each clause rests on"]
        rests = {on for t in clauses for _, on in t.rows}
        in_part = bool(rests - {kit.CERTIFICATES} - {on for on in rests if on.startswith("Coq: ")})
        assert in_part == (s.badge in (Badge.PARTLY, Badge.CORRECTED_PARTLY)), s.id


@pytest.mark.long
def test_the_article_has_its_figures_and_they_are_plain_numbers(report: Report) -> None:
    for wanted in ("A5", "A7", "A8", "A9", "A10", "A11", "A12", "A14"):
        assert by_id(report, wanted).figures, wanted
    drawn = report.figures
    assert len({f.name for f in drawn}) == len(drawn)
    for figure in drawn:
        assert json.loads(json.dumps(figure.data, allow_nan=False)) == figure.data


@pytest.mark.long
def test_every_figure_can_be_drawn(sections: tuple[Section, ...]) -> None:
    figures = pytest.importorskip("muon_theory.reports.figures")
    for s in sections:
        for figure in s.figures:
            assert figures.draw(figure).startswith("<svg"), figure.name


@pytest.mark.long
def test_progress_rises_from_0_to_1(whole_article: tuple[Report, list[tuple[str, float]]]) -> None:
    fractions = [fraction for _, fraction in whole_article[1]]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0
    assert fractions[-1] == 1
    assert len(fractions) > len(names())


@pytest.mark.long
def test_the_introduction_counts_what_is_there(report: Report) -> None:
    text = " ".join(report.introduction)
    assert f"Of {len(CLAIMS)} claims and {len(THEOREMS)} theorems" in text
    assert f"{len(names())} certificates" in text


def test_a_section_built_again_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    for build in SECTIONS[:4]:
        first = build()
        monkeypatch.setattr(kit, "proof", cache(kit.proof.__wrapped__))  # that of all other tests is kept
        assert build() == first


# The badge rests on the checker --------------------------------------------------------------------------------------


@pytest.mark.long
def test_every_sentence_has_a_chinese_translation(report: Report) -> None:
    """A sentence that changes is translated again: muon_theory/languages/zh."""
    assert untranslated(report, Language.of("zh")) == []


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "_MAKERS", dict(kit._MAKERS))


@pytest.mark.usefixtures("registry")
def test_a_refused_certificate_takes_the_badge_away_and_is_named() -> None:
    wrong = Certificate(ARTICLE, Slope(Fraction(1)), NoWitness())
    name = kit.add("a0-wrong", lambda: wrong)
    s = kit.settle("A0", "t", "s", "p", Badge.PROVED, "a", [name])
    assert s.badge is Badge.DERIVED
    assert "a0-wrong.json" in s.remarks[0]
    assert not s.proofs[0].verification.proved


@pytest.mark.usefixtures("registry")
def test_two_certificates_cannot_share_a_name() -> None:
    with pytest.raises(UsageError, match="two certificates"):
        kit.add(names()[0], lambda: proof(names()[0]).certificate)


def test_an_unknown_certificate_is_a_clear_error() -> None:
    with pytest.raises(UsageError, match="there is no certificate 'a99'"):
        proof("a99")


# Numbers in the texts ------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_texts_quote_the_certified_numbers(report: Report) -> None:
    assert agrees(SLOPE).decimal(50) in by_id(report, "A11").answer
    assert derivations.supremum_of_thresholds().decimal(20) in by_id(report, "A11").answer
    assert decimal(rational("3.25") ** 5, 8) in by_id(report, "A15").answer
    limit = kit.claim("a13-every-orbit-of-the-articles-set-tends-to-1")
    assert limit.point == ONE
    assert str(limit.upper) in by_id(report, "A13").precisely
    band = kit.claim("a14-band-article-from-0.1")
    assert isinstance(band, MapsInto)
    assert kit.span(band.target, 3) in by_id(report, "A14").answer


@pytest.mark.long
def test_orbits_alone_find_the_same_fifty_digits(report: Report) -> None:
    (evidence,) = by_id(report, "A11").evidence
    assert evidence.data["threshold"] == agrees(SLOPE).decimal(50)


# Training and matrices -----------------------------------------------------------------------------------------------


def test_without_a_record_the_experiment_has_not_been_run(tmp_path: Path) -> None:
    s = a17(tmp_path / "absent.json")
    assert s.badge is Badge.OPEN
    assert "not yet run" in s.answer
    assert "learning rate" in s.remarks[0]


def test_a_file_that_is_no_record_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "training.json"
    path.write_text(json.dumps({"format": "x"}))
    with pytest.raises(UsageError, match="the format is 'x'"):
        a17(path)
    path.write_text(json.dumps({"format": FORMAT}))
    with pytest.raises(UsageError, match="has no 'arms'"):
        a17(path)


def test_without_torch_the_report_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in sys.modules if n.startswith("muon_theory.confirmation")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    assert "torch" in measured()["matrices"]["absent"]


@pytest.mark.long
def test_real_matrices_confirm_a1_for_every_set() -> None:
    pytest.importorskip("torch")
    found = measured()["matrices"]
    assert set(found) == set(NAMES)
    assert all(run["verdict"] == "confirmed" for run in found.values())
    assert any("diverges, as predicted" in case["remark"] for case in found["printed"]["cases"])


@pytest.mark.long
def test_the_commands_that_reproduce_the_sections_run(report: Report, capsys: pytest.CaptureFixture[str]) -> None:
    """All but those that need torch or a report on disk."""
    ran = 0
    for s in report.sections:
        words = shlex.split(s.command)
        assert words[0] == "muon-theory", s.id
        if words[1] in ("certify", "derive", "orbits", "thresholds"):
            assert main(words[1:]) == 0, s.command
            assert capsys.readouterr().out.strip(), s.command
            ran += 1
    assert ran >= 12


@pytest.mark.long
@pytest.mark.usefixtures("report")  # its sections name them
def test_what_clauses_rest_on_in_coq_stands_in_the_library() -> None:
    text = "".join(library_files().values())
    assert {name for name in kit.IN_COQ if f"Theorem {name} :" not in text} == set()
    assert len(kit.IN_COQ) >= 8
