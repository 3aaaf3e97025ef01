"""A certificate changed in one field is refused, or what it now states is true: so says an oracle of another kind."""

import hashlib
import json

import pytest

from muon_theory.verification import verify
from tests.checker import naive
from tests.checker.accepted import stored
from tests.checker.mutations import mutants

SAMPLE = 401  # one mutant in so many, by a digest of where it differs: the same ones on every machine
CERTIFICATES = stored()


def statement(certificate: dict) -> str:
    return json.dumps({k: v for k, v in certificate.items() if k in ("schedule", "family", "claim")}, sort_keys=True)


def in_sample(what: str, sample: int) -> bool:
    return int(hashlib.sha256(what.encode()).hexdigest(), 16) % sample == 0


def judge(name: str, every: bool, sample: int) -> dict[str, int]:
    """Counts, after every accepted mutant was confirmed."""
    counts, judged = {"mutants": 0, "accepted": 0, "confirmed": 0}, {}
    for where, mutant in mutants(CERTIFICATES[name]):
        if not (every or in_sample(f"{name}: {where}", sample)):
            continue
        data = json.dumps(mutant).encode()
        counts["mutants"] += 1
        verdict = verify(data)
        assert verdict.proved or verdict.reason.partition(":")[0] in ("malformed", "obligation", "limit"), where
        if verdict.proved:
            counts["accepted"] += 1
            key = statement(mutant)
            if key not in judged:
                judged[key] = naive.true(mutant)
            assert judged[key] is True, f"{name}: {where}: the checker accepts what the oracle calls {judged[key]}"
            counts["confirmed"] += 1
    return counts


def total(every: bool, capsys: pytest.CaptureFixture[str], sample: int = SAMPLE) -> dict[str, int]:
    found = [judge(name, every, sample) for name in CERTIFICATES]
    counts = {key: sum(c[key] for c in found) for key in found[0]}
    with capsys.disabled():
        print(f"\nmutants of {len(CERTIFICATES)} certificates: " + ", ".join(f"{n} {k}" for k, n in counts.items()))
    return counts


def test_a_sample_of_mutants_is_refused_or_true(capsys: pytest.CaptureFixture[str]) -> None:
    counts = total(False, capsys)
    assert counts["mutants"] > 50
    assert 0 < counts["accepted"] == counts["confirmed"] < counts["mutants"] / 2


@pytest.mark.long
def test_a_larger_sample_of_mutants_is_refused_or_true(capsys: pytest.CaptureFixture[str]) -> None:
    counts = total(every=False, capsys=capsys, sample=101)
    assert counts["mutants"] > 200
    assert 0 < counts["accepted"] == counts["confirmed"] < counts["mutants"] / 2


@pytest.mark.exhaustive
@pytest.mark.long
def test_every_mutant_is_refused_or_true(capsys: pytest.CaptureFixture[str]) -> None:
    counts = total(True, capsys)
    assert counts["mutants"] > 10_000
    assert 0 < counts["accepted"] == counts["confirmed"] < counts["mutants"] / 2
