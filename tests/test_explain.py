"""`explain` names a lemma that docs/trust.md has, lists every obligation the checker counts, and says the verdict."""

import json
import re
from pathlib import Path

import pytest

from muon_theory.claim import CLAIMS
from muon_theory.errors import UsageError
from muon_theory.explain import CONDITIONS, LEMMAS, claim_of, explain
from muon_theory.verify import verify
from tests.checker import accepted, rejected

TRUST = Path(__file__).parents[1] / "docs" / "trust.md"
STORED = accepted.stored()


@pytest.mark.parametrize("name", STORED)
def test_a_proof_has_all_its_parts(name: str) -> None:
    certificate = STORED[name]
    text = explain(certificate)
    statement = claim_of(certificate["claim"]).statement()
    assert statement == certificate["provenance"]["statement"]
    assert f"STATEMENT   {statement}" in text
    assert f"“{LEMMAS[certificate['claim']['type']]}”" in text
    assert "VERDICT     proved" in text
    assert "NOT CHECKED" in text
    assert verify((accepted.FOLDER / f"{name}.json").read_bytes()).digest in text


@pytest.mark.parametrize("name", STORED)
def test_every_use_of_the_rule_is_listed(name: str) -> None:
    """The cells that the text announces are the leaves that the checker counts."""
    certificate, text = STORED[name], explain(STORED[name])
    if certificate["claim"]["type"] == "mean-square":
        assert text.count("uses of the rule") == len(certificate["witness"]["chains"])
        return
    cells = 0
    for line in text.splitlines():
        if found := re.search(r"tensor Bernstein coefficients on (\d+) cell", line):
            cells += int(found[1])
        elif "on the pieces cut at" in line:
            cells += line.partition("cut at ")[2].count(",") + 2
        elif "on the whole" in line or line.lstrip("0123456789. ").startswith("A < 0 at y ="):
            cells += 1
    assert cells == verify(json.dumps(certificate).encode()).leaves


def test_every_number_of_a_small_certificate_is_shown() -> None:
    text = explain(STORED["converges-irrational"])
    for number in re.findall(r'"(-?\d+/\d+)"', json.dumps(STORED["converges-irrational"]["witness"])):
        assert number in text


@pytest.mark.parametrize("kind", CLAIMS)
def test_every_lemma_stands_in_the_page(kind: str) -> None:
    headings = re.findall(r"^### Lemma \((.*)\) — (.*)$", TRUST.read_text(), re.M)
    assert any(lemma == LEMMAS[kind] and f"`{kind}`" in claims for lemma, claims in headings)


def test_conditions_are_the_page_s() -> None:
    for name, conditions in CONDITIONS.items():
        (row,) = re.findall(rf"^\| `{name}` \|.*\| (.*) \|$", TRUST.read_text(), re.M)
        assert row == ", ".join(conditions)


def test_a_bundle_is_explained_part_by_part() -> None:
    text = explain(json.loads((accepted.FOLDER / "bundle.json").read_bytes()))
    assert text.count("VERDICT     proved") == text.count("STATEMENT") == 3


def test_a_refused_certificate_is_no_proof() -> None:
    text = explain(json.loads((rejected.FOLDER / "outer-interval-too-small.json").read_bytes()))
    assert "VERDICT     refused: obligation: step 1: f ≥ the lower end" in text
    assert "proved" not in text


@pytest.mark.parametrize("value", [{}, [], {"claim": {"type": "slope"}}, {"format": "muon-theory/bundle/1"}, None, 3])
def test_what_is_no_certificate_is_said_to_be_none(value: object) -> None:
    with pytest.raises(UsageError, match="explain"):
        explain(value)


@pytest.mark.parametrize("name", sorted(set(rejected.DEFECTS) - {"duplicate-key"}))  # json.loads hides that one
def test_a_defect_is_never_shown_as_proved(name: str) -> None:
    try:
        value = json.loads((rejected.FOLDER / f"{name}.json").read_bytes())
    except (ValueError, RecursionError):
        return
    try:
        text = explain(value)
    except UsageError as error:
        text = f"VERDICT     refused: {error}"
    assert "VERDICT     refused" in text
