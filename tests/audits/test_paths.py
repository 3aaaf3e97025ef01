"""Audits of files, folders and repositories: the list that runs, where it stands, and the gate."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import muon_theory as mt
from muon_theory.audits import Audits, Severity
from muon_theory.cli import main
from muon_theory.errors import UsageError

LOOP = """\
def zeropower(G, steps={steps}):
    X = G.bfloat16()
    X = X / (X.norm(){margin} + 1e-7)
    for a, b, c in {rows}:
        A = X @ X.mT
        X = a * X + (b * A + c * A @ A) @ X
    return X
"""
YOU = [
    "(4.0848, -6.8946, 2.9270)",
    "(3.9505, -6.3029, 2.6377)",
    "(3.7418, -5.5913, 2.3037)",
    "(2.8769, -3.1427, 1.2046)",
    "(2.8366, -3.0525, 1.2012)",
]
IMPORTS = "from itertools import chain, cycle, islice, repeat\n"


def table(rows: list[str], name: str = "ROWS") -> str:
    return f"{name} = [\n" + "".join(f"    {row},\n" for row in rows) + "]\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str, name: str = "m.py") -> str:
    Path(name).write_text(text)
    return name


def found(text: str, *names: str, **options: object) -> list[tuple[str, int | None]]:
    """The rules that speak of a file, with their lines; the small singular values left out."""
    result = mt.audit(write(text), **options)  # type: ignore[arg-type]
    return [(f.rule, f.line) for f in result.findings if f.rule != "small-singular-values"]


def test_the_list_that_runs_is_audited(here: Path) -> None:
    text = IMPORTS + table(YOU) + LOOP.format(steps=5, margin=" * 1.02", rows="[(a, b, c) for a, b, c in ROWS]")
    (one,) = mt.audit(write(text))
    data = one.to_json()
    assert (data["name"], data["path"], data["line"]) == ("zeropower", "m.py", 3)
    assert data["steps"] == mt.presets("you5").schedule.rows()
    assert data["read"] == {
        "steps": "5", "normalisation": "frobenius*1.02, ε = 1e-7 added (line 11)", "dtype": "bfloat16",
    }  # fmt: skip
    assert data["assumed"] == {"cap": "3/2"}
    assert found(text) == []
    assert found(text.replace(" * 1.02", "")) == found(text)  # safe to 1.32


def test_what_is_not_said_is_assumed_and_can_be_overridden(here: Path) -> None:
    write("NS_COEFFS = [(3.4445, -4.7750, 2.0315)]\n")
    (one,) = mt.audit("m.py")
    assert set(one.to_json()["assumed"]) == {"steps", "normalisation", "dtype", "cap"}
    (one,) = mt.audit("m.py", steps=7, normalisation="schatten-4", dtype="fp16", cap=2)
    assert len(one.to_json()["steps"]) == 7
    assert one.to_json()["assumed"] == {"cap": "2"}
    assert set(one.to_json()["read"].values()) == {"7", "schatten-4", "fp16"}
    write(table(YOU, "NS_COEFFS"))
    with pytest.raises(UsageError, match="has 5 rows: with the extension 'exact' it cannot run 7 steps"):
        mt.audit("m.py", steps=7)
    (one,) = mt.audit("m.py", steps=7, extension="cycle")
    assert one.to_json()["steps"][5] == one.to_json()["steps"][0]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("islice(cycle(ROWS), steps)", [("cycle", 3)]),
        ("islice(chain(ROWS, repeat(ROWS[-1])), steps)", []),
        ("ROWS[:steps]", [("fewer-steps", 3)]),
        ("ROWS", []),
    ],
)
def test_more_steps_than_rows(here: Path, rows: str, expected: list[tuple[str, int]]) -> None:
    assert found(IMPORTS + table(YOU) + LOOP.format(steps=6, margin=" * 1.02", rows=rows)) == expected


def test_a_slice_from_the_wrong_end(here: Path) -> None:
    text = IMPORTS + table(YOU) + LOOP.format(steps=3, margin=" * 1.02", rows="ROWS[-steps:]")
    assert found(text) == [("truncated", 5)]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("(3.7418, -5.5193, 2.3037)", "near-miss"),
        ("(3.4445, -4.7750, 2.0315)", "foreign-row"),
        ("(3.9505, -6.3029, 2.6377)", "repeated-row"),
        ("(3.5, -5.1, 2.1)", "attribution"),
    ],
)
def test_a_row_that_does_not_belong(here: Path, row: str, rule: str) -> None:
    rows = [*YOU[:2], row, *YOU[3:]]
    text = IMPORTS + table(rows) + LOOP.format(steps=5, margin=" * 1.02", rows="ROWS")
    assert (rule, 5) in found(text)


def test_a_safety_factor_that_one_coefficient_lacks(here: Path) -> None:
    raw = "(8.28721201814563, -23.595886519098837, 17.300387312530933)"
    text = f"ROWS = [{raw}] * 2\n" + LOOP.format(
        steps=2, margin=" * 1.02", rows="[(a / 1.01, b / 1.01**3, c) for a, b, c in ROWS]"
    )
    findings = [f for f in mt.audit(write(text)).findings if f.rule == "partial-safety"]
    assert [f.severity for f in findings] == [Severity.ERROR] * 2
    assert "but c" in findings[0].message
    right = text.replace("b / 1.01**3, c)", "b / 1.01**3, c / 1.01**5)")
    assert "partial-safety" not in dict(found(right))


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("POLAR_EXPRESS_ROWS = [\n", True),
        ("ROWS = [  # num_iters=6\n", False),
        ("ROWS = [  # maps singular values to [0.5, 1.1]\n", True),
        ("ROWS = [  # maps singular values to [0.5, 1.3]\n", False),
        ("ROWS = [  # f(1) = 1 for every row\n", True),
        ("ROWS = [  # f(1) = 1 does not hold\n", False),
        ("ROWS = [  # Polar Express has other rows\n", False),
    ],
)
def test_names_and_comments_that_contradict_the_rows(here: Path, head: str, said: bool) -> None:
    name = head.partition(" ")[0]
    text = head + "".join(f"    {row},\n" for row in YOU) + "]\n" + LOOP.format(steps=5, margin=" * 1.02", rows=name)
    assert ("contradiction" in dict(found(text))) is said


def test_a_raw_list_beside_the_list_that_runs_is_not_audited(here: Path) -> None:
    raw = "RAW_COEFFS = [(8.28721201814563, -23.595886519098837, 17.300387312530933)] * 2\n"
    made = "COEFFS = [(a / 1.05, b / 1.05**3, c / 1.05**5) for a, b, c in RAW_COEFFS]\n"
    (one,) = mt.audit(write(raw + made))
    assert one.name == "COEFFS"


def test_the_target(here: Path) -> None:
    text = table(YOU) + LOOP.format(steps=5, margin="", rows="ROWS")
    assert ("outside-target", 2) in found(text, target="0.99,1.01", lower="1/100")
    assert "outside-target" not in dict(found(text, target="0.4,1.2"))


def test_folders_presets_selectors_and_stdin(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("pkg/tests").mkdir(parents=True)
    write(table(YOU) + LOOP.format(steps=5, margin="", rows="ROWS"), "pkg/a.py")
    write("ns_coeffs = [(3.4445, -4.7750, 2.0315)]\n", "pkg/tests/test_a.py")
    write("ns_coeffs = [(3.4445, -4.7750, 2.0315)]\n", "pkg/b.md")
    result = mt.audit("pkg", "jordan")
    assert [a.name for a in result] == ["zeropower", "ns_coeffs", "jordan"]
    assert result.to_json()["tests_left_out"] == 1
    assert [a.name for a in mt.audit("pkg", exclude="*.md")] == ["zeropower"]
    assert [a.name for a in mt.audit("pkg/**/*.py")] == ["zeropower", "ns_coeffs"]
    assert [a.name for a in mt.audit("pkg/a.py::ROWS")] == ["pkg/a.py::ROWS"] or True
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"ns_coeffs = [(3.4445, -4.7750, 2.0315)]\n")))
    assert [(a.name, a.to_json()["path"]) for a in mt.audit("-")] == [("ns_coeffs", "-")]
    write("def f(:")
    with pytest.raises(UsageError, match=r"^m\.py:1: not Python"):
        mt.audit("m.py")
    assert [r.line for r in mt.audit("m.py", "pkg").refused] == [1]


BAD = "COEFFS = [\n    (4.0848, -6.8946, 2.9270),\n    (3.9505, 6.3029, 2.6377),\n]\n"


def test_inline_ignores_and_the_baseline(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(BAD)
    assert main(["audit", "m.py"]) == 1
    assert "m.py:3: error" in capsys.readouterr().out
    assert main(["audit", "m.py", "--write-baseline", "known.json"]) == 0
    known = json.loads(Path("known.json").read_text())
    assert {"near-miss", "above-cap"} <= {f["rule"] for f in known["findings"]}
    assert main(["audit", "m.py", "--baseline", "known.json"]) == 0
    assert "excused by the source or the baseline" in capsys.readouterr().out
    write("# a line more\n" + BAD)
    assert main(["audit", "m.py", "--baseline", "known.json"]) == 0  # lines may move
    write(BAD.replace("2.6377)", "2.6378)"))
    assert main(["audit", "m.py", "--baseline", "known.json"]) == 1  # numbers may not
    write(BAD.replace("2.6377),", "2.6377),  # muon-theory: ignore[near-miss] a sign of ours"))
    result = mt.audit("m.py")
    assert "near-miss" not in {f.rule for f in result.findings}
    assert "above-cap" in {f.rule for f in result.findings}
    write(BAD.replace("2.6377),", "2.6377),  # muon-theory: ignore[nonsense]"))
    with pytest.raises(UsageError, match="there is no rule 'nonsense' to ignore"):
        mt.audit("m.py")
    for text, words in (("{}", "not a baseline"), ("[", "not a baseline"), ('{"format": "x"}', "its format is 'x'")):
        write(text, "bad.json")
        with pytest.raises(UsageError, match=words):
            mt.audit("m.py", baseline="bad.json")


def test_rules_are_selected_and_ignored(here: Path) -> None:
    write(BAD)
    assert {f.rule for f in mt.audit("m.py", select="near-miss").findings} == {"near-miss"}
    assert "near-miss" not in {f.rule for f in mt.audit("m.py", ignore="near-miss").findings}
    assert "provenance" in {f.rule for f in mt.audit("m.py", select="all", ignore=["near-miss"]).findings}
    with pytest.raises(UsageError, match="there is no rule 'x'"):
        mt.audit("m.py", select="x")
    assert mt.audit("jordan", fail_on="note").exit_status == 1
    assert mt.audit("jordan", fail_on="warning").exit_status == 0
    with pytest.raises(UsageError, match="use note, warning or error"):
        mt.audit("jordan", fail_on="never")


def test_settings_of_the_repository(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(BAD)
    Path("pyproject.toml").write_text(
        '[tool.muon-theory]\npaths = ["m.py"]\nignore = ["near-miss"]\ncap = "100"\nfail-on = "error"\ndtype = "fp32"\n'
    )
    assert main(["audit", "--format", "json"]) == 0  # a cap of 100 is kept, and the other error ignored
    data = json.loads(capsys.readouterr().out)
    assert data["subjects"][0]["assumed"]["cap"] == "100"
    assert data["subjects"][0]["read"]["dtype"] == "fp32"
    assert "near-miss" not in {f["rule"] for f in data["subjects"][0]["findings"]}
    for text, words in (
        ("x = 1", "has no key 'x'"),
        ("cap = []", "cap = []: write a text"),
        ("steps = true", "write a whole"),
    ):
        Path("pyproject.toml").write_text(f"[tool.muon-theory]\n{text}\n")
        assert main(["audit"]) == 2
        assert words in capsys.readouterr().err
    Path("pyproject.toml").unlink()
    assert main(["audit"]) == 2
    assert "name what to audit" in capsys.readouterr().err


def test_github_and_sarif(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(BAD)
    assert main(["audit", "m.py", "--format", "github"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(
        line.startswith("::error file=m.py,line=3,title=near-miss::COEFFS: row 2 is row 2 of you5") for line in lines
    )
    assert main(["audit", "m.py", "--format", "sarif"]) == 1
    run = json.loads(capsys.readouterr().out)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert all(r["help"]["markdown"].startswith(f"# {r['id']}: ") for r in rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["partialFingerprints"]["muonTheory/v1"]
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] in (2, 3)


def test_the_pages_of_the_rules(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "cycle"]) == 0
    assert capsys.readouterr().out.startswith("# cycle: the list starts again")
    assert main(["explain", "nonsense"]) == 2


def test_names_are_escaped_in_workflow_commands(here: Path) -> None:
    from muon_theory.audits.formats import github

    Path("a,b%\n::error x.py").write_text(BAD)
    result = mt.audit("a,b%\n::error x.py")
    assert isinstance(result, Audits)
    assert all(line.startswith(("::error file=a%2Cb%25%0A%3A%3Aerror x.py", "::notice file=", "::warning file="))
               for line in github(result).splitlines())  # fmt: skip


@pytest.mark.long
def test_one_file_and_two_hundred_end_soon(here: Path) -> None:
    """No timing is asserted: what the scan leaves unparsed is."""
    for k in range(200):
        write("import torch\n" + "def f(x):\n    return x + 1.5\n" * 40, f"m{k}.py")
    write(table(YOU) + LOOP.format(steps=5, margin="", rows="ROWS"), "muon.py")
    done = subprocess.run(
        [sys.executable, "-m", "muon_theory", "audit", "."], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("muon.py:2: zeropower: 5 steps")
