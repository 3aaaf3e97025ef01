"""The command: every plane by name, what it writes, and what it says to what cannot be."""

import json

import pytest

from muon_theory.atlases import PRESETS
from muon_theory.cli import main
from muon_theory.family import CUBIC, QUINTIC_AB
from muon_theory.verification import verify


@pytest.mark.long
def test_the_command_writes_certificates_and_a_picture(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "atlas"
    asked = ["atlas", "--plane", "a,s", "--family", "quintic", "--depth", "9", "--jobs", "1", "--format", "json"]
    assert main([*asked, "--resume", str(tmp_path / "journal"), "--out", str(out)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {x["property"] for x in answer["layers"] if x["boxes"]} >= {"converges", "escapes"}
    assert all(verify((out / name).read_bytes()).proved for name in answer["verified"])
    assert verify((out / answer["theorem"]["file"]).read_bytes()).claims == ("threshold",)
    svg, png = (out / "atlas.svg").read_bytes(), (out / "atlas.png").read_bytes()
    assert svg.lstrip().startswith(b"<?xml")
    assert png.startswith(b"\x89PNG")
    assert main([*asked, "--out", str(out)]) == 0
    assert (out / "atlas.svg").read_bytes() == svg


BAD = [
    (["nothing"], "there is no atlas 'nothing': the names are quintic,"),
    (["quintic", "--plane", "a,s"], "quintic is a whole plane: leave out --plane"),
    (["quintic", "--window", "b=0,1"], "a window for 'b', which is no axis: the axes are a, s"),
    (["quintic", "--window", "a=4,1"], "the first number is above the second"),
    (["quintic", "--window", "a=2,2"], "the window of a is a point"),
    (["quintic", "--window", "a=x,2"], "--window"),
    (["quintic", "--window", "a"], "or name=lo,hi"),
    (["quintic", "--depth", "99"], "the depth 99 is not from 1 to 40"),
    (["quintic", "--depth", "0"], "the depth 0 is not from 1 to 40"),
    (["quintic", "--jobs", "0"], "0 worker processes: ask for 1 or more"),
    (["--plane", "a,b,c"], "write a,s, or fix some"),
    (["--plane", "a,s", "--set", "s"], "write name=value"),
    (["--plane", "a,s", "--set", "z=1"], "has no parameter 'z'"),
    (["--family", "a; b; c; d", "--plane", "a,b,c,d", "--window", "d=0,1"], "more than the checker's 3: fix some"),
    (["--family", "a; b; c", "--plane", "a,b,c"], "no default window for c: give one, such as c=0,1"),
    (["--plane", "a,s", "--band", "1,2", "--steps", "0"], "0 steps: ask for 1 to 64"),
    (["--plane", "a,s", "--band", "1,2", "--steps", "65"], "65 steps: ask for 1 to 64"),
    (["--plane", "a,s", "--band", "2,1"], "the first number is above the second"),
    (["--plane", "a,s", "--band", "1,2", "--lower", "2"], "the lower end 2 is not between 0 and 1"),
    (["lower-end", "--window", "l=0,1/2"], "the window [0, 0.5] of l does not lie between 0 and 1"),
    (["--schedule", "jordan", "--step", "9"], "has no step 9: its steps are 1 to 5"),
    (["--schedule", "jordan", "--plane", "a,d"], "has no coefficient 'd': it has a, b, c"),
    (["--schedule", "jordan", "--set", "c=1"], "--schedule takes no --family and no --set"),
    (["--schedule", "no-such"], "no-such"),
]


@pytest.mark.parametrize(("arguments", "reason"), BAD)
def test_a_command_that_asks_for_nothing(arguments: list[str], reason: str, tmp_path, capsys) -> None:
    assert main(["atlas", *arguments, "--out", str(tmp_path / "out")]) == 2
    message = capsys.readouterr().err.strip()
    assert reason in message
    assert "\n" not in message or "^" in message


def test_a_folder_that_cannot_be_is_refused_before_the_work(tmp_path, capsys) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        assert main(["atlas", "quintic", "--out", str(out)]) == 2
        assert "name another one" in capsys.readouterr().err
    assert main(["atlas", "quintic"]) == 2
    assert "--out is missing" in capsys.readouterr().err


@pytest.mark.long
def test_a_journal_of_another_sweep_or_in_no_folder_is_refused(tmp_path, capsys) -> None:
    common = ["--jobs", "1", "--out", str(tmp_path / "out")]
    journal = str(tmp_path / "journal")
    assert main(["atlas", "cubic", "--depth", "6", "--resume", journal, *common]) == 0
    assert main(["atlas", "cubic", "--depth", "7", "--resume", journal, *common]) == 2
    assert "is not the journal of this sweep" in capsys.readouterr().err
    for place in (tmp_path, tmp_path / "none" / "journal"):
        assert main(["atlas", "cubic", "--depth", "6", "--resume", str(place), *common]) == 2
        assert f"cannot write {place}" in capsys.readouterr().err


def test_the_list_of_planes(capsys) -> None:
    assert main(["atlas", "list", "--format", "json"]) == 0
    assert [x["name"] for x in json.loads(capsys.readouterr().out)["atlases"]] == list(PRESETS)


@pytest.mark.long
@pytest.mark.parametrize("name", PRESETS)
def test_every_plane_gives_certificates_and_a_picture(name: str, tmp_path, capsys) -> None:
    depth = {"jordan-band": "4", "quintic-ab": "8"}.get(name, "6")
    assert main(["atlas", name, "--depth", depth, "--jobs", "1", "--format", "json", "--out", str(tmp_path)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["preset"] == name
    assert answer["verdict"] == "proved"
    assert any(x["boxes"] for x in answer["layers"])
    assert all(verify((tmp_path / file).read_bytes()).proved for file in answer["verified"])
    assert (tmp_path / "atlas.svg").exists() == (len(answer["axes"]) == 2)


def test_a_schedule_s_step(tmp_path, capsys) -> None:
    asked = ["atlas", "--schedule", "jordan", "--step", "2", "--plane", "a,c", "--window", "a=2,7", "--jobs", "1"]
    assert main([*asked, "--depth", "8", "--format", "json", "--out", str(tmp_path)]) == 0
    answer = json.loads(capsys.readouterr().out)
    boxes = {x["property"]: x["boxes"] for x in answer["layers"]}
    assert boxes["bounded-positive"] > 0
    assert boxes["flips"] > 0
    assert set(verify((tmp_path / "bounded-positive.json").read_bytes()).claims) == {"sign-safe"}


def test_marks_are_the_published_maps() -> None:
    from muon_theory.reports.atlas_figure import marks

    found = {mark.label: (mark.a, mark.s) for mark in marks()}
    assert found["the article's quintic"] == (3.25, float(QUINTIC_AB.at(a="3.25", b="-3.51").derivative(1)))
    assert found["the article's cubic"] == (1.99, float(CUBIC.at(a="1.99").derivative(1)))
    assert found["Bernstein & Newhouse"] == (1.5, float(CUBIC.at(a="1.5").derivative(1)))
    assert sum(label.startswith("Jordan") for label in found) == 2
