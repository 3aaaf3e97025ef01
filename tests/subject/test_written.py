"""Coefficients as people paste them, and hostile ones: the same rows, or one line within a second."""

from __future__ import annotations

import json
import time

import pytest

from muon_theory.errors import MuonTheoryError, ParseError
from muon_theory.subject import Written, schedule_of
from muon_theory.subject.arguments import number, pair, shape_of
from muon_theory.subject.written import rows_in

ROWS = [["3.4445", "-4.7750", "2.0315"], ["1.5", "-0.5"]]
WAYS = [
    "3.4445,-4.7750,2.0315;1.5,-0.5",
    "3.4445, -4.7750, 2.0315; 1.5, -0.5",
    "3.4445 -4.7750 2.0315\n1.5 -0.5\n",
    "3.4445,-4.7750,2.0315\n\n1.5,-0.5",
    "[[3.4445, -4.7750, 2.0315], [1.5, -0.5]]",
    "[(3.4445, -4.7750, 2.0315),\n (1.5, -0.5),\n]",
    "((3.4445, -4.7750, 2.0315), (1.5, -0.5))",
    "(3.4445, -4.7750, 2.0315), (1.5, -0.5)",
    "(3.4445, -4.7750, 2.0315); (1.5, -0.5)",
    "[3.4445 -4.7750 2.0315; 1.5 -0.5]",
    "{3.4445, -4.7750, 2.0315}, {1.5, -0.5}",
    '[["3.4445", "-4.7750", "2.0315"], ["1.5", "-0.5"]]',
    "[['3.4445', '-4.7750', '2.0315'], ['1.5', '-0.5']]",
]


@pytest.mark.parametrize("text", WAYS)
def test_ways_of_writing_the_same_rows(text):
    assert rows_in(text) == ROWS
    assert schedule_of(Written(text)).rows() == [["6889/2000", "-191/40", "4063/2000"], ["3/2", "-1/2"]]
    assert schedule_of(text).digest == schedule_of(Written(text)).digest


@pytest.mark.parametrize("text", ["3.4445,-4.7750,2.0315", "(3.4445, -4.7750, 2.0315)", "[[3.4445 -4.7750 2.0315]]"])
def test_one_row_is_repeated(text):
    assert schedule_of(text).digest == schedule_of("jordan").digest


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1,,2", 2),
        ("1;;2", 2),
        ("1,2,", 4),
        (",1", 0),
        ("[1,2", 0),
        ("[1,2)", 4),
        ("1,2]", 3),
        ("[[[1]]]", 1),
        ("[[1],2]", 5),
        ("[]", 1),
        ("2,[1]", 0),
        ("1,2.3o15", 5),
        ("[(1, 2x)]", 6),
    ],
)
def test_a_fault_is_pointed_at(text, at):
    with pytest.raises(ParseError) as raised:
        rows_in(text)
    assert raised.value.position == at, raised.value.pointer()


def hostile(folder):
    (folder / "big.json").write_text("[" + "1," * 1_500_000 + "1]")
    (folder / "deep.json").write_text("[" * 50_000 + "]" * 50_000)
    (folder / "wide.json").write_text(json.dumps([["1"] * 3002]))
    (folder / "many.json").write_text(json.dumps([["1"]] * 3002))
    (folder / "long.json").write_text(json.dumps([["1" * 5000]]))
    (folder / "huge.json").write_text('[["1e9999"]]')
    (folder / "nan.json").write_text("[[NaN]]")
    (folder / "big.py").write_text("A = [" + "1.0, " * 2_000_000 + "]\n")
    (folder / "wide.py").write_text("A = [" + "1.0, " * 3002 + "]\n")
    return [
        *(str(folder / f) for f in ("big.json", "deep.json", "wide.json", "many.json", "long.json", "huge.json")),
        str(folder / "nan.json"),
        *(f"{folder / f}::A" for f in ("big.py", "wide.py")),
        "1," * 3002 + "1",
        "1;" * 3002 + "1",
        "1" * 5000,
        "1," * 200_000,
        "x" * 300_000,
        "[" * 5000,
        "jordan\n",
        "\x00",
        "é",
        "::",
        "::a",
        "a.py::",
    ]


def test_hostile_subjects_end_in_one_line_and_soon(tmp_path):
    for subject in hostile(tmp_path):
        began = time.process_time()  # of this process alone: others may be busy
        with pytest.raises(MuonTheoryError) as raised:
            schedule_of(subject)
        assert time.process_time() - began < 10, subject[:40]
        assert "\n" not in str(raised.value), subject[:40]
        assert len(str(raised.value)) < 600, subject[:40]


def test_a_colon_does_for_two(tmp_path):
    (tmp_path / "optimizer.py").write_text("COEFFS = (3.4445, -4.7750, 2.0315)\n")
    assert schedule_of(f"{tmp_path}/optimizer.py:COEFFS").digest == schedule_of("jordan").digest


@pytest.mark.parametrize(
    "text", ["²,3", "3", "0,3", "3,-1", "99999999999999999999999,3", "é,é", "", ",", "3x", "1,2,x"]
)
def test_hostile_shapes(text):
    with pytest.raises(MuonTheoryError, match="write rows,columns"):
        shape_of("--shape", text)


@pytest.mark.parametrize("text", ["", "²", "1/0", "1e99999", "nan", "inf", "1" * 2000, "é", "1_000"])
def test_hostile_numbers(text):
    for read in (number, lambda name, value: pair(name, f"1,{value}")):
        with pytest.raises(MuonTheoryError) as raised:
            read("--lower", text)
        assert "lower=" in str(raised.value)
