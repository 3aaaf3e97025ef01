"""The schema agrees with the checker's grammar, with the accept corpus, and the format defects of the other."""

import json

import pytest
from jsonschema import Draft202012Validator

from muon_theory import check
from muon_theory.claims import CLAIMS, About
from muon_theory.claims import schema as own
from muon_theory.claims.properties import FAILURES
from tests.checker import accepted, rejected

VALIDATOR = Draft202012Validator(own.schema())
INDEX = json.loads((rejected.FOLDER / "index.json").read_bytes())


def valid(data: bytes) -> bool:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return VALIDATOR.is_valid(value)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(own.schema())


def test_limits_are_the_checker_s() -> None:
    names = ("MAX_ROWS", "MAX_COEFFICIENTS", "MAX_PARAMETERS", "MAX_EXPONENT", "MAX_DIGITS")
    assert [getattr(own, n) for n in names] == [getattr(check, n) for n in names]


@pytest.mark.parametrize("kind", check.CLAIMS)
def test_keys_are_the_checker_s(kind: str) -> None:
    _, about, statement, name, witness = check.CLAIMS[kind]
    claim = CLAIMS[kind]
    shape = own.record_schema(claim.witness)
    assert shape["properties"]["type"] == {"const": name}
    assert shape["required"] == ["type", *witness]
    assert own.record_schema(claim)["required"] == ["type", *statement]
    assert {About.SCHEDULE: "schedule", About.MAP: "map", About.FAMILY: "family"}[claim.about] == about
    assert claim.members == (kind in check.MEMBERS)


def test_the_words_are_the_checker_s() -> None:
    properties = own.record_schema(CLAIMS["threshold"])["properties"]
    assert set(properties["property"]["enum"]) == set(check.FAILURES)
    assert set(properties["critical"]["enum"]) == {c for cs in check.FAILURES.values() for c in cs}
    assert {p: {c for c, f in FAILURES.items() if p in f.ends} for p in check.FAILURES} == {
        p: set(critical) for p, critical in check.FAILURES.items()
    }


@pytest.mark.parametrize("path", sorted(accepted.FOLDER.glob("*.json")), ids=lambda p: p.stem)
def test_accepted_certificates_fit(path) -> None:
    assert valid(path.read_bytes())


@pytest.mark.parametrize("name", INDEX)
def test_format_defects_do_not(name: str) -> None:
    assert valid((rejected.FOLDER / f"{name}.json").read_bytes()) is not INDEX[name]["schema"]
