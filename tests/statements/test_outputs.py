"""Every output with the word "proved": each sentence has a certificate that is proved, and is not refuted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from muon_theory.certificate import load
from muon_theory.cli import main
from tests.statements import outputs

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
