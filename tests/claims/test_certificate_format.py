"""The examples in docs/certificate-format.md are proved, every claim has a section and an example, the words agree."""

import json
import re
from pathlib import Path

import pytest

from muon_theory import check
from muon_theory.claims import CLAIMS
from muon_theory.claims.properties import PROPERTIES
from muon_theory.verification import verify

PAGE = (Path(__file__).parents[2] / "docs" / "certificate-format.md").read_text()
SECTIONS = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##)", PAGE, re.M | re.S))


def test_every_claim_has_a_section_and_no_other() -> None:
    assert set(SECTIONS) == set(CLAIMS)


@pytest.mark.parametrize("kind", CLAIMS)
def test_the_example_is_proved_and_of_its_kind(kind: str) -> None:
    (example,) = re.findall(r"^```json\n(.*?)^```", SECTIONS[kind], re.M | re.S)
    verdict = verify(example.encode())
    assert verdict.proved, verdict.reason
    assert verdict.claims == (kind,)


@pytest.mark.parametrize("kind", CLAIMS)
def test_the_section_names_every_key_and_the_lemma(kind: str) -> None:
    _, _, statement, name, witness = check.CLAIMS[kind]
    prose = SECTIONS[kind].partition("```json")[0]
    assert f"itness `{name}`" in prose
    assert f"Lemma {CLAIMS[kind].lemma}." in prose
    for key in (*statement, *witness):
        assert f"`{key}`" in prose


def test_limits_are_the_checker_s() -> None:
    assert f"at most {check.MAX_BYTES:,} bytes".replace(",", " ") in PAGE
    assert f"at most {check.MAX_DIGITS} characters" in PAGE
    assert f"1 to {check.MAX_ROWS} rows of 1 to {check.MAX_COEFFICIENTS} rationals" in PAGE
    assert f"1 to {check.MAX_PARAMETERS} different names" in PAGE
    assert f"from 1 to {check.MAX_EXPONENT}" in PAGE


def test_conditions_are_those_that_explain_prints() -> None:
    for name, shown in PROPERTIES.items():
        conditions = ", ".join(c.name for c in shown.conditions)
        assert re.search(rf"^\| `{name}`.*\| {re.escape(conditions)} \|$", PAGE, re.M)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [("17/25", True), ("-3", True), ("0", True), ("6/4", False), ("1/1", False), ("-0", False), ("1.5", False)],
)
def test_numbers_are_as_said(text: str, allowed: bool) -> None:
    assert f'`"{text}"`' in PAGE
    certificate = {
        "format": "muon-theory/certificate/1",
        "schedule": [["2"]],
        "claim": {"type": "slope", "value": text},
        "witness": {"type": "none"},
    }
    reason = verify(json.dumps(certificate).encode()).reason
    assert reason.startswith("obligation:" if allowed else "malformed:")


def test_classes_of_refusal_are_listed() -> None:
    for name in ("unreadable", "malformed", "limit", "obligation"):
        assert f"| `{name}:` |" in PAGE
