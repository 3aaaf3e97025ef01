"""`muon-theory check`: the checker's words, and only certificates about the subject that is expected."""

from __future__ import annotations

import json

import pytest

from muon_theory.cli import main

ROWS = [["3", "-3", "1"], ["2", "-1"]]
SLOPE = {
    "format": "muon-theory/certificate/1", "schedule": ROWS, "claim": {"type": "slope", "value": "6"},
    "witness": {"type": "none"},
}  # fmt: skip


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "slope.json"
    path.write_text(json.dumps(SLOPE))
    return path


def check(capsys, *arguments):
    status = main(["check", *map(str, arguments)])
    return status, capsys.readouterr()


def test_json_says_what_was_proved(capsys, file):
    status, said = check(capsys, file, "--format", "json")
    (found,) = json.loads(said.out)["files"][0]["certificates"]
    assert status == 0
    assert found["statement"] == "φ'(0) = 6"
    assert found["coefficients"] == ROWS


@pytest.mark.parametrize("expect", ["3,-3,1;2,-1", "3.0, -3, 1; 2, -1, 0", "{source}", "{file}", "{digest}"])
def test_the_subject_expected_in_all_the_ways_to_name_it(capsys, file, tmp_path, expect):
    source = tmp_path / "coefficients.py"
    source.write_text("STEPS = [(3, -3, 1), (2, -1)]\n")
    digest = json.loads(check(capsys, file, "--format", "json")[1].out)["files"][0]["digest"]
    status, said = check(capsys, file, "--expect", expect.format(source=f"{source}::STEPS", file=file, digest=digest))
    assert status == 0, said


@pytest.mark.parametrize("expect", ["jordan", "3,-3,1;2,-2", "0" * 64])
def test_anything_else_is_refused(capsys, file, expect):
    status, said = check(capsys, file, "--expect", expect)
    assert status == 1
    assert said.out.startswith("refused")
    assert "subject: slope is about the subject" in said.out


def test_what_is_no_subject_is_said_in_one_line(capsys, file):
    status, said = check(capsys, file, "--expect", "jodran")
    assert status == 2
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_a_missing_file_says_so(capsys, tmp_path):
    status, said = check(capsys, tmp_path / "absent.json")
    assert status == 2
    assert "there is no such file" in said.out
