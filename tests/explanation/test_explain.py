"""`explain` names a lemma that docs/trust.md has, lists every obligation the checker counts, and says the verdict."""

import json
import re
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import pytest

from muon_theory.certificate import Certificate
from muon_theory.claims import CLAIMS
from muon_theory.claims.base import roles
from muon_theory.claims.properties import PROPERTIES
from muon_theory.cli.explain import explain as show
from muon_theory.errors import UsageError
from muon_theory.explanation import explain
from muon_theory.verification import verify
from tests.checker import accepted, rejected

TRUST = Path(__file__).parents[2] / "docs" / "trust.md"
STORED = accepted.stored()


@pytest.mark.parametrize("name", STORED)
def test_a_proof_has_all_its_parts(name: str) -> None:
    certificate = STORED[name]
    text = explain(certificate)
    claim = CLAIMS[certificate["claim"]["type"]]
    assert f"STATEMENT   {Certificate.from_json(certificate).statement}\n" in text
    assert f"            that is: {claim.formula}\n" in text
    letters = Certificate.from_json(certificate).claim.here(Certificate.from_json(certificate).subject)
    assert f"            with {letters}\n" in text or not letters
    assert f"“{claim.lemma}”" in text
    assert "VERDICT     proved" in text
    assert "NOT CHECKED" in text
    assert verify((accepted.FOLDER / f"{name}.json").read_bytes()).digest in text


CONDITIONS = {"range", "slope", "multiplier"}
"""Of which maps a claim speaks, where it speaks not of all: said by its statement alone."""


def test_the_letters_of_a_formula_are_the_numbers_of_the_claim() -> None:
    """Each letter stands in the formula, each number of a claim behind a letter; u of (0, u] is the statement's."""
    for kind in CLAIMS.values():
        for letter, field in kind.letters:
            ends = letter.strip("[]").split(", ") if letter.startswith("[") else [letter.split(", ")[0].rstrip("1")]
            assert all(end in kind.formula for end in ends), (kind.type, letter)
            assert field in {f.name for f in fields(kind)}, (kind.type, field)
        assert set(roles(kind)) <= {field for _, field in kind.letters} | {"boxes", "others", "isolating", *CONDITIONS}
    certificate = json.loads((accepted.FOLDER / "sign-safe-two-steps.json").read_bytes())
    text = explain(certificate)
    assert "every step is > 0 on the orbits of (0, 1]" in text
    assert "for every x ∈ (0, u]\n            with u = 1\n" in text


@pytest.mark.parametrize("name", STORED)
def test_every_use_of_the_rule_is_listed(name: str) -> None:
    """The cells that the text announces are the leaves that the checker counts."""
    certificate, text = STORED[name], explain(STORED[name])
    leaves = verify(json.dumps(certificate).encode()).leaves
    if certificate["claim"]["type"] == "mean-square":
        uses = sum(int(found) for found in re.findall(r"by (\d+) uses of the rule", text))
        assert uses == 2 * sum(map(len, certificate["witness"]["chains"])) <= leaves
        return
    if certificate["witness"]["type"] == "models":
        assert sum(int(found) for found in re.findall(r"by (\d+) uses of the rule", text)) == leaves
        return
    if certificate["witness"]["type"] == "boxes":
        assert sum(int(found) for found in re.findall(r"is cut into (\d+) box", text)) == leaves
        return
    lines = re.findall(r"^ +\d+\. .*, by the rule(?: on (\d+) cells: .* cut at .*)?$", text, re.M)
    assert sum(int(count or 1) for count in lines) == leaves


@pytest.mark.parametrize("name", STORED)
def test_the_exact_statement_has_the_exact_numbers(name: str) -> None:
    """Every rational of the claim is written out, as a fraction or as a decimal, but for factors 1."""
    claim = dict(STORED[name]["claim"])
    del claim["type"]
    said = Certificate.from_json(STORED[name]).claim.statement(Certificate.from_json(STORED[name]).subject, True)
    numbers = {Fraction(n) for n in re.findall(r"\d+(?:\.\d+|/\d+)?", said)}
    for text in re.findall(r'"(-?\d+(?:/\d+)?)"', json.dumps(claim)):
        assert text in ("1", "-1") or abs(Fraction(text)) in numbers


def test_every_number_of_a_small_certificate_is_shown() -> None:
    text = explain(STORED["converges-irrational"])
    for number in re.findall(r'"(-?\d+/\d+)"', json.dumps(STORED["converges-irrational"]["witness"])):
        assert number in text


EXACTLY = {
    "attains-two-steps": "f²([0.01, 1]) ⊇ [106/895, 1016/845]",
    "converges-irrational": (
        "f(p) = p for exactly one p in [19/18, 56/53], and every orbit of f from (0, 4/3] tends to it"
    ),
}


@pytest.mark.parametrize("name", EXACTLY)
def test_exact_statements(name: str) -> None:
    assert f"            exactly: {EXACTLY[name]}\n" in explain(STORED[name])


def test_obligations_of_a_threshold_in_words() -> None:
    text = explain(STORED["threshold-converges"])
    for line in (
        "there is α in [3.15897097625, 3.15897136178] with m(α) = 0, m = -11233 + 6833·a + 580·a² - 512·a³, such that",
        "for every a in (2.5, α): every orbit of f from (0, 1] tends to 1; and for every a in (α, 4]: the orbit of ",
        "A = R > 0 for a in (5/2, 14/5], y in [0, 1], by the rule\n",
        "N > 0 for a in (5/2, 7/2], y in (0, 1), by the rule on 2 cells: y cut at 1/6\n",
        "A < 0 for a in [7/2, 4], y = 1/3, by the rule\n",
    ):
        assert line in text


def test_names_of_parameters_are_plain_words() -> None:
    certificate = json.loads(json.dumps(STORED["region-attracting-open"]))
    certificate["family"]["parameters"] = ["\x1b[2J"]
    text = explain(certificate)
    assert "f(x) = t1·x + (1 - t1)·x³" in text
    assert "\x1b" not in text


def test_properties_are_said_as_in_the_page() -> None:
    for name, says in ((name, shown.says) for name, shown in PROPERTIES.items()):
        if name != "escapes-alternating":  # there the page says "the same"
            assert f"| `{name}` | {says} | ".replace(" in (0, 1", " ∈ (0, 1") in TRUST.read_text().replace("\\|", "|")


@pytest.mark.parametrize("kind", CLAIMS)
def test_every_lemma_stands_in_the_page(kind: str) -> None:
    headings = re.findall(r"^### Lemma \((.*)\) — (.*)$", TRUST.read_text(), re.M)
    assert any(lemma == CLAIMS[kind].lemma and f"`{kind}`" in claims for lemma, claims in headings)


def test_conditions_are_the_page_s() -> None:
    for name, conditions in ((name, [c.name for c in shown.conditions]) for name, shown in PROPERTIES.items()):
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


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00", "is not text"),
        (b"[" * 100_000, "is not JSON"),
        (b" " * 10_000_000, "more than 4000000 bytes"),
        (b"[1]", "an object is expected"),
        (b'{"format": 1, "format": 1}', "the same key twice"),
        (None, "Is a directory"),
    ],
)
def test_files_that_are_no_certificates(tmp_path: Path, content: bytes | None, message: str) -> None:
    file = tmp_path / "file"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(UsageError, match=message):
        show(file)


def test_the_command_shows_the_file_s_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert show(accepted.FOLDER / "slope-two-steps.json") == 0
    assert "FILE        proved:" in capsys.readouterr().out
    assert show(rejected.FOLDER / "outer-interval-too-small.json") == 1
    assert "FILE        refused:" in capsys.readouterr().out
