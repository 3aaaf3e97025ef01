"""Every output with the word "proved": each sentence has a certificate that is proved, and is not refuted."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from muon_theory import catalogue
from muon_theory.certificate import load
from muon_theory.cli import main
from tests.checker import accepted
from tests.statements import outputs
from tests.statements.oracle import refutation

ROOT = Path(__file__).resolve().parents[2]

COMMANDS = {
    "certify": ["certify", "article", "--lower", "1/100", "--target", "9/10,6/5"],
    "certify-refuted": ["certify", "jordan", "--lower", "1/3", "--cap", "1.2023686051632126"],
    "certify-misprint": ["certify", "--coefficients", "3.4445,-4.7750,2.3015"],
    "certify-cap": ["certify", "--coefficients", "3.25,-3.51,1.26", "--upper", "1.3363801222"],
    "design": ["design", "--degree", "3", "--steps", "2", "--lower", "1/100"],
}
LONG = {
    "certify-dtype": ["certify", "article", "--lower", "1/100", "--dtype", "fp32", "--shape", "64,64"],
    "design-quintic": ["design", "--degree", "5", "--steps", "3", "--lower", "1/1000"],
}


def run(command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, wide: int) -> str:
    monkeypatch.setenv("COLUMNS", str(wide))
    assert main(command) in (0, 1, 3)
    return capsys.readouterr().out


def all_stand(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "certificates.json"
    json_text = run([*command, "--out", str(file), "--format", "json"], capsys, monkeypatch, 80)
    certificates = load(file)
    in_json = set(outputs.stated(json.loads(json_text)))
    in_text = [set(outputs.sentences(run(command, capsys, monkeypatch, wide))) for wide in (60, 80, 4000)]
    assert in_text[0] == in_text[1] == in_text[2], "the same sentences, however they are wrapped"
    assert in_text[0]
    assert in_text[0] <= in_json | set(), "the text says nothing that the data do not"
    for sentence in in_json:
        outputs.stands(sentence, certificates)
    text = run(command, capsys, monkeypatch, 4000)
    assert outputs.stray(text, []) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_printed_as_proved(name, tmp_path, capsys, monkeypatch) -> None:
    all_stand(COMMANDS[name], tmp_path, capsys, monkeypatch)


@pytest.mark.long
@pytest.mark.parametrize("name", LONG)
def test_what_is_printed_as_proved_after_longer_work(name, tmp_path, capsys, monkeypatch) -> None:
    all_stand(LONG[name], tmp_path, capsys, monkeypatch)


def one_line(text: str) -> str:
    return " ".join(text.split())


def proves_stand(command: list[str], file: Path, option: str, capsys, monkeypatch) -> None:
    """Commands that list what was proved behind another answer."""
    data = json.loads(run([*command, option, str(file), "--format", "json"], capsys, monkeypatch, 80))
    sentences = set(outputs.stated(data))
    assert sentences
    for sentence in sentences:
        outputs.stands(sentence, load(file))
    text = one_line(run(command, capsys, monkeypatch, 80))
    for sentence in sentences:
        assert one_line(sentence) in text, "what is proved is in the text, too"


@pytest.mark.long
@pytest.mark.parametrize("subject", ["article", "polar_express_limit"])
def test_basins(subject, tmp_path, capsys, monkeypatch) -> None:
    if subject not in catalogue.ids():
        subject = "article"
    proves_stand(["orbits", subject, "--basin"], tmp_path / "c.json", "--certificates", capsys, monkeypatch)


@pytest.mark.long
@pytest.mark.parametrize("family", [["cubic"], ["quintic", "--slope-at-one", "-49/50"]])
def test_thresholds(family, tmp_path, capsys, monkeypatch) -> None:
    proves_stand(["thresholds", "--family", *family], tmp_path / "c.json", "--out", capsys, monkeypatch)


EXPLAINED = [
    "maps-into-five-steps",
    "converges-irrational",
    "robust-band-two-steps",
    "ratio-from-zero",
    "slope-two-steps",
]


@pytest.mark.parametrize("name", EXPLAINED)
def test_explanations(name, capsys, monkeypatch) -> None:
    file = accepted.FOLDER / f"{name}.json"
    text = run(["explain", str(file)], capsys, monkeypatch, 4000)
    (statement,) = re.findall(r"^STATEMENT +(.*?)(?:^ +that is|^BY)", text, re.MULTILINE | re.DOTALL)
    first, *others = re.split(r"\s+exactly: ", one_line(statement))
    for sentence in (first, *others):
        outputs.stands(sentence, load(file))
    allowed = [r"VERDICT +proved: the checker verified all of this.*", r"FILE +proved:.*"]
    assert outputs.stray(text, allowed) == []


def test_the_checker_s_own_output(capsys, monkeypatch) -> None:
    """Its sentences are in other words; they are read and tried all the same."""
    file = accepted.FOLDER / "maps-into-five-steps.json"
    text = run(["check", str(file)], capsys, monkeypatch, 4000)
    head, _, rest = one_line(text).partition(" subject ")
    assert head == f"proved {file}: maps-into"
    sentence = re.search(r" maps-into: (.*?) [0-9]+ obligations", rest)[1]
    assert refutation(sentence, json.loads(file.read_bytes())) is None
    assert "proved" not in rest


def statements_of(page: str) -> list[str]:
    """The paragraphs of class statement among a page's proofs, as text."""
    found = re.findall(r'<p class="statement">(.*?)</p>', page, re.DOTALL)
    return [one_line(typed(html.unescape(re.sub(r"<[^>]+>", "", paragraph)))) for paragraph in found]


def typed(text: str) -> str:
    """As a keyboard has it: a page sets primes, apostrophes and minus signs."""
    return text.replace("′", "'").replace("’", "'").replace("−", "-").replace("\u2060", "")


@pytest.mark.long
def test_the_report_says_what_its_certificates_say(whole_article) -> None:
    """The page and `report.json`: for each proof the sentence of its certificate; every one of them is tried."""
    from muon_theory.reports.html import render
    from muon_theory.reports.write import describe

    made, _ = whole_article
    page = {one_line(s) for s in statements_of(render(made))}
    data = {proof["statement"] for section in describe(made)["sections"] for proof in section["proofs"]}
    for proof in made.proofs:
        sentence = proof.certificate.statement
        assert one_line(sentence) in page
        assert sentence in data
        outputs.stands(sentence, [proof.certificate])
