"""A journal that was forged draws nothing: answers are proved again, and tied to their layer, before they are used."""

import json
import os
import signal
import subprocess
import sys
import time
from fractions import Fraction as Q
from pathlib import Path
from typing import Any

import pytest

from muon_theory.atlases import Layers, Plane, Properties, Survey, atlas, quintic_plane
from muon_theory.atlases.explore import Leaf
from muon_theory.atlases.journal import Journal
from muon_theory.certificate import canonical
from muon_theory.cli import main
from muon_theory.errors import UsageError
from muon_theory.family import CUBIC, QUINTIC
from muon_theory.interval import Interval


def properties() -> Survey:
    return Survey(
        Properties(QUINTIC, ("converges", "escapes")), quintic_plane().plane, None, {"converges": 8, "escapes": 8}
    )


def bands() -> Survey:
    """Small planes of the cubics with their layers about members."""
    layers = ("band", "leaves-band", "bounded-positive", "flips", "escapes", "attracting-cycle")
    prover = Layers(CUBIC, layers, steps=2, lower=Q(1, 4), target=Interval.of("1/4", "5/4"))
    return Survey(prover, Plane(("a",), (Interval.of("1/2", 4),)), None, dict.fromkeys(layers, 7))


def journal_of(of: Survey, path: Path) -> list[Any]:
    """The lines of a true journal."""
    atlas(of, jobs=1, journal=path)
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def put(path: Path, lines: list[Any]) -> None:
    path.write_bytes(b"".join(map(canonical, lines)))


@pytest.mark.parametrize("of", [properties(), bands()], ids=["properties", "members"])
def test_a_true_journal_is_believed_after_it_was_checked(of: Survey, tmp_path: Path) -> None:
    path = tmp_path / "journal"
    lines = journal_of(of, path)
    assert sum(len(answer["leaves"]) for _, answer in lines[1:]) > 5
    assert atlas(of, jobs=1, journal=path) == atlas(of, jobs=1)


def forged_properties(lines: list[Any]) -> dict[str, list[Any]]:
    """Each forgery as the answer of the coarse exploration."""
    _, (key, answer) = lines[:2]
    leaf = next(leaf for leaf in answer["leaves"] if leaf[0] == "converges")
    cells = [["", cuts, point] for _, cuts, point in leaf[2]]

    def with_leaves(*leaves: Any) -> list[Any]:
        return [key, {"leaves": list(leaves), "pending": [], "tests": 1, "rest": []}]

    return {
        "the whole plane": with_leaves(["converges", "", leaf[2]]),
        "the whole plane, with cells of it": with_leaves(["converges", "", cells]),
        "another layer's evidence": with_leaves(["escapes", leaf[1], leaf[2]]),
        "no such layer": with_leaves(["sign-safe", "", leaf[2]]),
        "a layer of nothing": with_leaves(["", "", []]),
        "no cells": with_leaves(["converges", "", []]),
        "a path of other letters": with_leaves(["converges", "2", leaf[2]]),
        "beyond the depth": with_leaves(["converges", "0" * 9, leaf[2]]),
        "cuts that explode": with_leaves(["converges", leaf[1], [[leaf[1], ["1e999999999"], None]] * 4]),
        "not a list": [key, {"leaves": 5, "pending": [], "tests": 1, "rest": []}],
        "a leaf of four": with_leaves([*leaf, 1]),
        "other keys": [key, {"leaves": [], "tests": 1}],
        "tests that are none": [key, {**answer, "tests": "many"}],
        "a task that asks for itself": [key, {"leaves": [], "pending": [], "tests": 0, "rest": [["converges", ""]]}],
    }


@pytest.mark.parametrize("name", forged_properties([None, ["coarse", {"leaves": [["converges", "0", []]]}]]))
def test_a_forged_journal_of_properties(name: str, tmp_path: Path) -> None:
    of, path = properties(), tmp_path / "journal"
    lines = journal_of(of, path)
    put(path, [lines[0], forged_properties(lines)[name]])
    with pytest.raises(UsageError, match="delete it and sweep again"):
        atlas(of, jobs=1, journal=path)


def first(lines: list[Any], layer: str) -> list[Any]:
    return next(leaf for _, answer in lines[1:] for leaf in answer["leaves"] if leaf[0] == layer)


def test_true_claims_of_another_kind_are_no_layer(tmp_path: Path) -> None:
    """Whatever the checker proves of a box: it must be the layer's claim."""
    of, path = bands(), tmp_path / "journal"
    lines = journal_of(of, path)
    layers = {leaf[0] for _, answer in lines[1:] for leaf in answer["leaves"]}
    assert layers == set(of.prover.layers)
    for layer in layers:
        for other in layers - {layer}:
            leaf = first(lines, other)
            forged = {"leaves": [[layer, leaf[1], leaf[2]]], "pending": [], "tests": 1, "rest": []}
            put(path, [lines[0], ["coarse", forged]])
            with pytest.raises(UsageError, match=f"claims '{layer}'"):
                atlas(of, jobs=1, journal=path)


def weaker(layer: str, evidence: Any) -> Any:
    """The claim made weaker, so that the checker still proves it, and it says less than the layer."""
    evidence = json.loads(json.dumps(evidence))
    claim, witness = evidence[0]
    match layer:
        case "band":
            claim["target"] = ["1/5", "9"]
        case "leaves-band":
            claim["target"] = ["-99", "99"]
        case "bounded-positive":
            claim["target"] = ["-9", "99"]
        case "flips" | "escapes":
            return evidence * 2
        case "attracting-cycle":
            return []
    return [[claim, witness], *evidence[1:]]


@pytest.mark.long
@pytest.mark.parametrize("layer", ["band", "leaves-band", "bounded-positive", "flips", "escapes", "attracting-cycle"])
def test_a_weaker_claim_is_no_layer(layer: str, tmp_path: Path) -> None:
    of = bands()
    lines = journal_of(of, tmp_path / "journal")
    _, path, evidence = first(lines, layer)
    assert of.prover.tied(of.plane, Leaf(layer, path, evidence))
    assert not of.prover.tied(of.plane, Leaf(layer, path, weaker(layer, evidence)))


@pytest.mark.long
def test_the_command_draws_nothing_from_a_forged_journal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal, out = tmp_path / "journal", tmp_path / "out"
    command = ["atlas", "quintic", "--depth", "8", "--jobs", "1", "--resume", str(journal), "--out", str(out)]
    assert main(command) == 0
    lines = [json.loads(line) for line in journal.read_bytes().splitlines()]
    leaf = first(lines, "converges")
    forged = {"leaves": [["converges", "", leaf[2]]], "pending": [], "tests": 1, "rest": []}
    put(journal, [lines[0], ["coarse", forged]])
    for file in out.iterdir():
        file.unlink()
    capsys.readouterr()
    assert main(command) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("place", ["/dev/null", "/dev/full", "{folder}", "{pipe}"])
def test_a_place_that_is_no_file(place: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    path = Path(place.format(folder=tmp_path, pipe=tmp_path / "pipe"))
    with pytest.raises(UsageError, match="no ordinary file"):
        Journal.open(path, "plan")


def processes(mark: str) -> list[int]:
    """Those whose environment has the mark."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if mark.encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="there is no /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_sweep_leaves_no_workers(how: signal.Signals, tmp_path: Path) -> None:
    mark = f"MUON_THEORY_TEST_MARK={tmp_path}"
    name, _, value = mark.partition("=")
    command = [sys.executable, "-m", "muon_theory", "atlas", "quintic", "--jobs", "2", "--out", str(tmp_path / "out")]
    sweep = subprocess.Popen(command, env={**os.environ, name: value}, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while len(processes(mark)) < 3 and time.monotonic() < until:
        time.sleep(0.2)
    assert len(processes(mark)) >= 3, "no workers were started"
    time.sleep(3)
    sweep.send_signal(how)
    sweep.wait(30)
    until = time.monotonic() + 30
    while processes(mark) and time.monotonic() < until:
        time.sleep(0.5)
    left = processes(mark)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == []
