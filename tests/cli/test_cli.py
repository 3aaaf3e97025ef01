"""The real command line, as a user types it: data on stdout, one line on stderr, the exit status of DESIGN §9."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from muon_theory.cli import VERBS
from tests.line import run

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"verdict", "schedule", "interval", "image", "slope", "safe_sigma_max", "claims", "certificate"}


def answer(*arguments, status=0, **options):
    done = run(*arguments, "--format", "json", **options)
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout)


def test_certify_and_check_a_file(tmp_path):
    file = tmp_path / "jordan.json"
    data = answer("certify", "jordan", "--lower", "1/100", "--target", "17/25,57/50", "--out", file)
    assert set(data) >= KEYS
    assert data["verdict"] == "proved"
    assert data["certificate"] == str(file)
    assert data["image"][0].startswith("0.68183146217")
    checked = answer("check", file)["files"][0]
    assert checked["verdict"] == "proved"
    assert checked["digest"] == data["schedule"]["digest"]
    alone = subprocess.run(
        [sys.executable, "-I", ROOT / "muon_theory" / "check.py", file], capture_output=True, text=True, check=False
    )
    assert alone.returncode == 0
    assert "proved" in alone.stdout


def test_one_changed_digit_is_refused(tmp_path):
    file = tmp_path / "c.json"
    answer("certify", "article", "--out", file)
    bad = tmp_path / "bad.json"
    bad.write_text(file.read_text().replace('"63/50"', '"64/50"', 1))
    assert answer("check", bad, status=1)["files"][0]["reason"].startswith("malformed")
    bad.write_text(file.read_text().replace('"63/50"', '"62/51"'))
    assert answer("check", bad, status=1)["files"][0]["verdict"] == "refused"


def test_the_worst_file_decides(tmp_path):
    good, broken = tmp_path / "good.json", tmp_path / "broken.json"
    answer("certify", "article", "--out", good)
    broken.write_text("{")
    assert [f["verdict"] for f in answer("check", good, broken, status=2)["files"]] == ["proved", "refused"]
    assert answer("check", tmp_path / "absent.json", status=2)["files"][0]["reason"].startswith("unreadable")


def test_a_transposed_digit_is_refuted():
    data = answer("certify", "--coefficients", "3.4445,-4.7750,2.3015", status=1)
    assert data["verdict"] == "refuted"
    refuted = [c for c in data["claims"] if c["verdict"] == "refuted"]
    assert "critical point" in refuted[0]["note"]


def test_a_typo_gets_a_caret():
    done = run("certify", "--coefficients", "3.4445,-4.7750,2.3o15")
    assert done.returncode == 2
    assert done.stdout == ""
    first, text, caret = done.stderr.rstrip("\n").split("\n")
    assert "'o' does not belong in a number" in first
    assert text[caret.index("^")] == "o"


@pytest.mark.parametrize(
    "arguments",
    [
        ["certify"],
        ["certify", "no-such-preset"],
        ["certify", "jordan", "--lower", "0"],
        ["certify", "jordan", "--lower", "2"],
        ["certify", "jordan", "--target", "1"],
        ["certify", "jordan", "--target", "2,1"],
        ["certify", "jordan", "--steps", "0"],
        ["certify", "jordan", "--digits", "x"],
        ["certify", "jordan", "--out", "/no/such/folder/file.json"],
        ["certify", "jordan", "--unknown"],
        ["certify", "absent.json"],
        ["certify", "absent.py::NAME"],
        ["certify", "jordan", "--reading", "binary17"],
        ["check"],
        ["thresholds", "--family", "nonic"],
        ["thresholds", "--family", "quintic"],
        ["thresholds", "you5"],
        ["orbits", "jordan"],
        ["orbits", "jordan", "--x0", "one"],
        ["derive", "a99"],
        ["explain", "absent.json"],
        ["export", "absent.json"],
        ["presets", "no-such-preset"],
        ["audit"],
        ["nonsense"],
    ],
)
def test_bad_input_gets_one_line_and_status_2(arguments, tmp_path):
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("muon-theory: ")
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) in (1, 3)
    assert list(tmp_path.iterdir()) == []


def test_negative_numbers_are_not_options():
    assert answer("certify", "--coefficients", "-1,2", status=1)["verdict"] == "refuted"
    assert answer("orbits", "article", "--x0", "-1/2")["classification"]["limit"] == "-1"


def test_family_thresholds():
    data = {t["kind"]: t for t in answer("thresholds", "--family", "cubic", "--digits", "30")["thresholds"]}
    assert data["divergence"]["value"] == "3"
    assert data["sign-flip"]["value"].startswith("2.5980762113533159402911695122")
    assert data["sign-flip"]["minimal_polynomial"] == [-27, 0, 4]
    assert {t["verdict"] for t in data.values()} == {"proved"}
    data = {t["kind"]: t for t in answer("thresholds", "--family", "quintic", "--slope-at-one", "-49/50")["thresholds"]}
    assert data["divergence"]["value"] == "3.3424154208513963453649556388017248408744333513113"
    assert data["divergence"]["verdict"] == "proved"
    assert data["stability-lower"]["value"] is None
    assert data["stability-lower"]["reason"]


def test_a_family_of_expressions_and_a_finite_horizon(tmp_path):
    line = ["thresholds", "--family", "a; (5-s)/2 - 2a; a - (3-s)/2", "--set", "s=-49/50", "--digits", "20"]
    found = {t["kind"]: t for t in answer(*line)["thresholds"]}
    assert found["divergence"]["value"] == "3.3424154208513963454"
    assert found["divergence"]["verdict"] == "proved"
    file = tmp_path / "horizon.json"
    late = answer("thresholds", "--family", "quintic", "--slope-at-one", "-49/50", "--horizon", "5", "--out", file)
    assert late["thresholds"][0]["value"] == "3.344979290"[:10].rstrip("0")
    assert [f["claims"] for f in answer("check", file)["files"]] == [["maps-into", "maps-into"]]


def test_map_thresholds_and_orbits():
    found = answer("thresholds", "jordan")["thresholds"]
    assert {t["kind"] for t in found} == {"fixed-point", "critical-point", "two-cycle", "escape", "sign-flip"}
    orbit = answer("orbits", "jordan", "--x0", "1/2", "--digits", "20")
    assert orbit["classification"]["kind"] == "cycle"
    assert orbit["classification"]["period"] == 4


def test_a_schedule_from_source_and_from_our_own_answer(tmp_path):
    source = tmp_path / "optimizer.py"
    source.write_text("import nonexistent\nCOEFFS = {'muon': [(3.4445, -4.7750, 2.0315)]}\n")
    digest = answer("certify", "jordan")["schedule"]["digest"]
    assert answer("certify", f"{source}::COEFFS[muon]")["schedule"]["digest"] == digest
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps(answer("certify", "jordan")))
    assert answer("certify", saved)["schedule"]["digest"] == digest


def test_schedules_are_exported_as_source(tmp_path):
    assert answer("export", "jordan", "--steps", "1", "--to", "json")["text"] == '[["3.4445", "-4.775", "2.0315"]]'
    done = run("export", "--coefficients", "-1,2", "--to", "python", "--out", tmp_path / "rows.py")
    assert done.returncode == 0
    assert answer("certify", f"{tmp_path / 'rows.py'}::COEFFICIENTS", status=1)["schedule"]["steps"][0] == ["-1", "2"]


def test_a_process_of_its_own_says_the_same(tmp_path):
    line = ["certify", "jordan", "--lower", "1/100", "--no-such"]
    for words in (line, line[:-1]):
        alone = subprocess.run(
            [sys.executable, "-m", "muon_theory", *words], capture_output=True, text=True, cwd=tmp_path, check=False
        )
        here = run(*words)
        assert (alone.returncode, alone.stdout, alone.stderr) == (here.returncode, here.stdout, here.stderr)


def test_output_survives_a_closed_pipe():
    command = f"'{sys.executable}' -m muon_theory presets | head -1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr == ""


def test_a_defect_of_ours_is_status_101(tmp_path):
    lines = (
        "import sys",
        "from muon_theory import verification",
        "from muon_theory.cli import main",
        "verification.Verifications = None",
        "sys.exit(main(['check', 'x']))",
    )
    code = "\n".join(lines)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 101
    assert "internal error" in done.stderr
    assert "Traceback" not in done.stderr


def test_import_is_light():
    code = "import sys, muon_theory; print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
    assert not {"sympy", "mpmath", "flint", "numpy", "torch", "matplotlib", "jinja2", "rich", "cyclopts"} & set(
        out[0].split()
    )


def test_help_of_every_verb():
    for verb in VERBS:
        done = run(verb, "--help", NO_COLOR="1")
        assert done.returncode == 0
        assert verb in done.stdout


def test_one_family_has_one_answer_however_it_is_written():
    ways = ("cubic", "a; 1-a", "f'(0) = a; f(1) = 1")
    assert len({json.dumps(answer("thresholds", "--family", way, "--digits", "12")) for way in ways}) == 1


def test_a_family_that_does_not_fix_1_gets_a_next_step():
    done = run("thresholds", "--family", "a; -4.7750; 2.0315")
    assert done.returncode == 2
    assert "--horizon 5 --range 3,4" in done.stderr
    assert (
        answer("thresholds", "--family", "a; 2-2a; a-1", "--digits", "12")["thresholds"][3]["value"] == "2.61372479541"
    )


def test_a_verdict_about_exact_arithmetic_heads_no_answer_about_a_format():
    line = ["certify", "jordan", "--lower", "1/100", "--dtype", "bf16", "--shape", "64,64"]
    done = run(*line)
    assert done.returncode == 0
    assert done.stdout.startswith("PROVED (exact) · bf16 UNDECIDED\n")
    assert run(*line, "--require-dtype").returncode == 3
    data = answer(*line, "--require-dtype", status=3)
    assert (data["verdict"], data["rounding"]["verdict"]) == ("undecided", "undecided")


def test_one_upper_end_for_one_format():
    data = answer("certify", "jordan", "--lower", "1/100", "--dtype", "fp32", "--shape", "64,64", "--require-dtype")
    ends = {data["interval"][1], *(tier["interval"][1] for tier in data["rounding"]["tiers"])}
    assert ends == {"1.00001582601"}
