"""The door to a verdict passes on what the checker says, and joins verdicts so that the weakest counts."""

import json
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from muon_theory.certificate import load
from muon_theory.verification import Refusal, Verdict, Verification, Verifications, verdict_on, verify
from tests.checker import accepted, rejected

TRUE = accepted.FOLDER / "maps-into-five-steps.json"
FALSE = next(f for f in sorted(rejected.FOLDER.glob("*.json")) if f.name != "index.json")
P, U, R = Verdict.PROVED, Verdict.UNDECIDED, Verdict.REFUTED


@pytest.fixture(scope="module")
def proved() -> Verification:
    return verify(TRUE)


@pytest.fixture(scope="module")
def refused() -> Verification:
    return verify(FALSE)


def test_the_worst_verdict_counts() -> None:
    assert [v.value for v in Verdict] == ["refuted", "undecided", "proved"]
    for a, b, worst in ((P, P, P), (P, U, U), (U, P, U), (U, R, R), (R, P, R), (U, U, U)):
        assert Verdict.worst(a, b) is worst
    assert Verdict.worst() is P
    assert [v.exit_status for v in (P, R, U)] == [0, 1, 3]


def test_what_the_checker_says_is_passed_on(proved: Verification, refused: Verification) -> None:
    from muon_theory import check

    said = check.check_file(str(TRUE), None)
    assert proved.proved
    assert proved.verdict is P
    assert proved.to_json() == said == dict(proved.said)
    assert (proved.reason, proved.claims, proved.obligations, proved.leaves, proved.digest) == (
        said["reason"], tuple(said["claims"]), said["obligations"], said["leaves"], said["digest"],
    )  # fmt: skip
    assert proved.obligations > 0 < proved.leaves
    assert (proved.file, proved.exit_status) == (str(TRUE), 0)
    assert check.describe(said) in proved.text(10_000)
    assert not refused.proved
    assert refused.verdict is Refusal.REFUSED
    assert refused.verdict.value == refused.said["verdict"] == "refused"
    assert refused.reason
    assert refused.exit_status == 1


def test_a_file_its_bytes_and_its_certificate_have_one_verdict(proved: Verification) -> None:
    (certificate,) = load(TRUE.read_bytes())
    for same in (verify(str(TRUE)), verify(TRUE.read_bytes()), verify(certificate)):
        assert (same.proved, same.digest, same.leaves) == (True, proved.digest, proved.leaves)
    assert verify(TRUE.read_bytes()).file == "certificate"


def test_another_subject_than_expected_is_refused(proved: Verification) -> None:
    assert verify(TRUE, proved.digest).proved
    assert verify(TRUE.read_bytes(), proved.digest).proved
    for asked in (verify(TRUE, "0" * 64), verify(TRUE.read_bytes(), "0" * 64)):
        assert asked.verdict is Refusal.REFUSED
        assert "0" * 64 in asked.reason


def test_no_file_and_no_certificate(tmp_path: Path) -> None:
    nothing = verify(tmp_path / "none.json")
    assert (nothing.proved, nothing.exit_status) == (False, 2)
    assert verify(b"{").exit_status == 2


def test_a_verdict_on_several_asks_all_of_them(proved: Verification, refused: Verification) -> None:
    (certificate,) = load(TRUE.read_bytes())
    assert verdict_on([]) is U
    assert verdict_on([proved]) is verdict_on([certificate]) is verdict_on(iter([proved, certificate])) is P
    assert verdict_on([proved, refused]) is verdict_on([refused]) is U


def test_several_files_are_proved_when_each_is(proved: Verification, refused: Verification) -> None:
    all_of_them, one_not = Verifications((proved, proved)), Verifications((proved, refused))
    assert (all_of_them.proved, all_of_them.verdict, all_of_them.exit_status) == (True, P, 0)
    assert (one_not.proved, one_not.verdict, one_not.exit_status) == (False, Refusal.REFUSED, 1)
    assert json.loads(json.dumps(one_not.to_json())) == {"files": [proved.to_json(), refused.to_json()]}
    assert one_not.text(10_000).count("\n") >= 1
    assert str(FALSE) in one_not.text(10_000)


def test_a_verdict_cannot_be_changed_and_shows_its_page(proved: Verification) -> None:
    for one, field in ((proved, "proved"), (Verifications((proved,)), "files")):
        with pytest.raises(FrozenInstanceError):
            setattr(one, field, True)
        assert not hasattr(one, "__dict__")
        assert repr(one) == one.text(100)


def test_a_certificate_shows_its_statement() -> None:
    (certificate,) = load(TRUE.read_bytes())
    assert repr(certificate) == f"<Certificate maps-into of {certificate.subject.name}: {certificate.statement}>"
