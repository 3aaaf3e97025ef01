"""What the user names: presets, coefficients, JSON, source code; and one clear line where it cannot be read."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import muon_theory as mt
from muon_theory import catalogue
from muon_theory.cli import main
from muon_theory.errors import ParseError, UsageError
from muon_theory.number import Reading
from muon_theory.subject import parse_subject

JORDAN = [["3.4445", "-4.7750", "2.0315"]]
decimals = st.decimals(-30, 30, allow_nan=False, allow_infinity=False, places=17).map(lambda d: f"{d:f}")
rows = st.lists(st.lists(decimals, min_size=1, max_size=4), min_size=2, max_size=5)

CODE = """\
import torch  # not imported by the reader
SINGLE = (3.4445, -4.7750, 2.0315)
LIST: list[tuple[float, ...]] = [(4.0848, -6.8946, 2.9270), (3.9505, -6.3029, 2.6377)]
SETS = {
    "simple": [SINGLE],
    'quotients': [(3955/1024, -8306 / 2**10, +5008/1024), (1_0.5e-1, -.5)],
    "tensor": torch.tensor([1.0]),
    3: [SINGLE] * 2 + [(1.5, -0.5)],
}
co = [[1.0, 2.0]]
for i in range(1):
    co[i][0] /= 1.01
twice = [1.5, -0.5]
twice = [2.0, -1.0]
circular = circle
circle = circular
huge = [9.0 ** 99999999999, 1]
words = ["a", "b"]
ragged = [(1.0, 2.0), 3.0]

def newton_schulz(G, steps=5):
    a, b, c = (3.4445, -4.7750, 2.0315)
    for p, q in [(1.5, -0.5), (2.0, -1.0)]:
        pass
    unknown = outside
    LIST = []
    LIST.append(1)

class Muon:
    NS = SINGLE
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    path = tmp_path / "muon.py"
    path.write_text(CODE)
    return path


def write(path: Path, data: object) -> str:
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return str(path)


def test_presets_and_coefficients() -> None:
    assert parse_subject("jordan").digest == parse_subject(None, "3.4445,-4.7750,2.0315").digest
    assert parse_subject("jordan", steps=7).digest == catalogue.get("jordan", 7).digest
    assert len(parse_subject(None, "3.4445,-4.7750,2.0315", steps=3).steps) == 3
    assert parse_subject("jordan", reading=Reading.BFLOAT16).steps[0].slope == Fraction(55, 16)


def test_exactly_one_subject() -> None:
    for arguments in ((None, None), ("jordan", "1,2")):
        with pytest.raises(UsageError, match="name one subject"):
            parse_subject(*arguments)


def test_a_wrong_character_is_pointed_at() -> None:
    with pytest.raises(ParseError) as raised:
        parse_subject(None, "3.4445,-4.77o50,2.0315")
    assert raised.value.pointer().splitlines()[1].index("^") == "3.4445,-4.77o50".index("o")


@pytest.mark.parametrize("wrap", [lambda r: r, lambda r: {"steps": r}, lambda r: {"schedule": r, "claim": {}}])
@given(rows=rows)
def test_json_rows_round_trip(tmp_path_factory: pytest.TempPathFactory, wrap: object, rows: list[list[str]]) -> None:
    file = write(tmp_path_factory.mktemp("json") / "rows.json", wrap(rows))  # type: ignore[operator]
    assert parse_subject(file).digest == parse_subject(None, ";".join(map(",".join, rows))).digest


@given(rows=rows)
def test_json_numbers_never_pass_through_a_float(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    literal = "[" + ",".join("[" + ",".join(row) + "]" for row in rows) + "]"
    file = write(tmp_path_factory.mktemp("json") / "numbers.json", literal)
    assert parse_subject(file).digest == parse_subject(None, ";".join(map(",".join, rows))).digest


def test_json_of_our_commands(tmp_path: Path) -> None:
    jordan = catalogue.get("jordan")
    certified = {"verdict": "proved", "schedule": {"name": "jordan", "digest": jordan.digest, "steps": jordan.rows()}}
    assert parse_subject(write(tmp_path / "a.json", certified)).digest == jordan.digest


def test_one_row_is_repeated_unless_a_command_wrote_it(tmp_path: Path) -> None:
    assert len(parse_subject(write(tmp_path / "a.json", JORDAN)).steps) == 5
    assert len(parse_subject(write(tmp_path / "b.json", JORDAN[0])).steps) == 5
    assert len(parse_subject(write(tmp_path / "c.json", {"steps": JORDAN}), steps=2).steps) == 2
    designed = {"steps": JORDAN, "image": ["1/2", "3/2"]}
    assert len(parse_subject(write(tmp_path / "d.json", designed)).steps) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("[1,", "line 1, column 4: not JSON"),
        ({"rows": JORDAN}, "has 'rows' but neither 'schedule' nor 'steps'"),
        ([], "rows are expected"),
        ("3", "rows are expected"),
        ([["1"], []], "row 2 is not a list of coefficients"),
        ([["1", None]], "row 1, coefficient 2 is null: write a number"),
        ([["1", True]], "row 1, coefficient 2 is true: write a number"),
        ([["1", "2"], ["1", "x"]], "row 2, coefficient 2: 'x' is not a number"),
        ("[[NaN, 1]]", "row 1, coefficient 1: 'NaN' is not a number"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_json_errors(tmp_path: Path, data: object, words: str) -> None:
    file = write(tmp_path / "bad.json", data)
    with pytest.raises(UsageError) as raised:
        parse_subject(file)
    assert str(raised.value).startswith(file)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for name in ("nope.json", "nope.py::A"):
        with pytest.raises(UsageError, match="no such file"):
            parse_subject(str(tmp_path / name))
    with pytest.raises(UsageError, match=r"neither a \.json nor a \.py file"):
        parse_subject(write(tmp_path / "rows.txt", "1,2"))
    assert parse_subject("1,2").rows()[0] == ["1", "2"]


@pytest.mark.parametrize(
    ("selector", "expected", "line"),
    [
        ("SINGLE", "3.4445,-4.7750,2.0315", 2),
        ("LIST", "4.0848,-6.8946,2.9270;3.9505,-6.3029,2.6377", 3),
        ("LIST[1]", "3.9505,-6.3029,2.6377", 3),
        ("LIST[-1]", "3.9505,-6.3029,2.6377", 3),
        ("SETS[simple]", "3.4445,-4.7750,2.0315", 5),
        ("SETS['quotients']", "3955/1024,-8306/1024,5008/1024;1.05,-0.5", 6),
        ("SETS[3]", "3.4445,-4.7750,2.0315;3.4445,-4.7750,2.0315;1.5,-0.5", 8),
        ("newton_schulz.a,b,c", "3.4445,-4.7750,2.0315", 22),
        ("newton_schulz.p, q", "1.5,-0.5;2.0,-1.0", 23),
        ("Muon.NS", "3.4445,-4.7750,2.0315", 2),
        ("co", "100/101,2", 10),
        ("twice", "2,-1", 14),
        ("newton_schulz.LIST", "1", 26),
    ],
)
def test_source_code(code: Path, selector: str, expected: str, line: int) -> None:
    schedule = parse_subject(f"{code}::{selector}")
    assert schedule.digest == parse_subject(None, expected).digest
    assert schedule.sources == (f"{code}:{line}",)


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        ("SETS", "SETS has several tables: add [key], key one of simple, quotients, tensor, 3"),
        ("SETS[other]", "muon.py:4: there is no key 'other': the keys are simple, quotients, tensor, 3"),
        ("LIST[7]", "muon.py:3: there is no item 7: 2 are there"),
        ("SINGLE[x]", "[x] does not select from a list of 3"),
        ("SINGLE[0]", "is the number 6889/2000, not a row or a list of rows"),
        ("words", "is a list of 2, not a row or a list of rows"),
        ("ragged", "is a list of 2, not a row or a list of rows"),
        ("circular", "muon.py:15: circular: 'circle' is not assigned in the file"),
        ("huge", "muon.py:17: huge: 9 to the power 99999999999 is too large to be a coefficient"),
        ("newton_schulz.unknown", "muon.py:25: newton_schulz.unknown: 'outside' is not assigned in the file"),
        ("nowhere.x", "there is no function or class 'nowhere'; the file has SINGLE, LIST, SETS[simple]"),
        ("NOPE", "nothing is assigned to 'NOPE' there; the file has SINGLE, LIST"),
        ("a b", "write NAME, NAME[key] or function.NAME after '::'"),
    ],
)
def test_source_errors(code: Path, selector: str, words: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_subject(f"{code}::{selector}")
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_without_a_name_lists_its_tables(code: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"::NAME; the file has SINGLE, LIST, SETS\[simple\]"):
        parse_subject(str(code))
    with pytest.raises(UsageError, match=r"bad\.py:1: not Python"):
        parse_subject(write(tmp_path / "bad.py", "def f(:") + "::A")
    with pytest.raises(UsageError, match="no table of coefficients"):
        parse_subject(write(tmp_path / "empty.py", "x = 1"))


def test_nothing_is_executed(tmp_path: Path) -> None:
    witness = tmp_path / "executed"
    file = write(tmp_path / "evil.py", f"open({str(witness)!r}, 'w')\nA = [1.5, -0.5]\n")
    assert len(parse_subject(f"{file}::A").steps) == 5
    assert not witness.exists()


@given(rows=rows)
def test_literals_are_taken_by_their_text(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    """More digits than a float holds survive."""
    body = ", ".join("(" + ", ".join(row) + ",)" for row in rows)
    file = write(tmp_path_factory.mktemp("source") / "m.py", f"A = [{body}]\n")
    read = parse_subject(f"{file}::A")
    assert read.digest == parse_subject(None, ";".join(map(",".join, rows))).digest
    assert read.steps[0].coefficients[0] == Fraction(Decimal(rows[0][0]))


@pytest.mark.parametrize("verb", ["certify jordan", "audit jordan", "orbits jordan --x0 1/2", "constants jordan"])
def test_the_answer_of_any_verb_names_its_schedule(verb, tmp_path, capsys):
    out = tmp_path / "answer.json"
    assert main([*verb.split(), "--format", "json"]) == 0
    out.write_text(capsys.readouterr().out)
    assert parse_subject(str(out)).digest == parse_subject("jordan").digest


def test_a_file_of_certificates_names_its_schedule_if_it_has_one(tmp_path):
    mt.certify("jordan").save(tmp_path / "one.json")
    assert parse_subject(str(tmp_path / "one.json")).digest == parse_subject("jordan").digest
    (tmp_path / "two.json").write_text(
        json.dumps({"schedules": [{"name": "a", "steps": [["1"]]}, {"name": "b", "steps": [["2"]]}]})
    )
    with pytest.raises(UsageError, match=r"schedules has 2 schedules \(a, b\): name the one you mean"):
        parse_subject(str(tmp_path / "two.json"))
    (tmp_path / "none.json").write_text(json.dumps({"certificates": [{"family": {}}]}))
    with pytest.raises(UsageError, match="certificates has no schedules"):
        parse_subject(str(tmp_path / "none.json"))
