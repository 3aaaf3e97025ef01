"""The accept corpus: proved by the checker, made again by the finders, and true in the eyes of the oracle."""

import json

import pytest

from muon_theory.claims import CLAIMS
from muon_theory.verification import verify
from tests.checker import accepted, naive

FILES = sorted(accepted.FOLDER.glob("*.json"))


@pytest.mark.parametrize("name", [f.name for f in FILES])
def test_proved(name: str) -> None:
    verdict = verify((accepted.FOLDER / name).read_bytes())
    assert verdict.proved, verdict.reason
    assert verdict.obligations > 0


def test_the_finders_make_the_same_bytes_again() -> None:
    made = accepted.make()
    assert {f.name: f.read_bytes() for f in FILES} == made


def test_every_kind_of_claim_is_there() -> None:
    assert {c["claim"]["type"] for c in accepted.stored().values()} == set(CLAIMS)


def test_the_corpus_is_small() -> None:
    assert max(f.stat().st_size for f in FILES) < 10_000


@pytest.mark.parametrize("name", accepted.stored())
def test_the_oracle_agrees(name: str) -> None:
    assert naive.true(json.loads((accepted.FOLDER / f"{name}.json").read_bytes())) is True
