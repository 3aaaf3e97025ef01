"""Sweeps: nothing depends on the workers or on how the work is cut into tasks, and a journal loses no answer."""

import errno
import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.atlases import Properties, quintic_plane, sweep
from muon_theory.atlases.explore import explore
from muon_theory.atlases.journal import Journal
from muon_theory.atlases.sweep import TESTS, encode
from muon_theory.certificate import canonical
from muon_theory.errors import UsageError
from muon_theory.family import QUINTIC


def test_two_workers_find_the_same_bit_for_bit() -> None:
    of = quintic_plane().at_depth(10)
    alone, again = (sweep(of.prover, of.plane, of.depths, jobs=jobs) for jobs in (1, 2))
    assert canonical(encode(again)) == canonical(encode(alone))


def test_tasks_find_what_one_exploration_finds() -> None:
    of = quintic_plane().at_depth(11)
    prover = Properties(QUINTIC, ("converges", "escapes"))
    depths = {"converges": 11, "escapes": 11}
    whole = explore(prover, of.plane, "", depths)
    tasks = sweep(prover, of.plane, depths, jobs=1)
    assert {(x.layer, x.path) for x in whole.leaves} == {(x.layer, x.path) for x in tasks.leaves}
    assert {(x.layer, x.path) for x in whole.pending} == {(x.layer, x.path) for x in tasks.pending}


LINES = {f"0{i:b}": {"leaves": [], "pending": [], "tests": i, "rest": []} for i in range(5)}


@given(st.integers(0, 480))
def test_a_journal_cut_off_anywhere_gives_its_whole_lines(tmp_path_factory: pytest.TempPathFactory, size: int) -> None:
    path = tmp_path_factory.mktemp("journal") / "journal"
    with Journal.open(path, "plan") as log:
        for key, answer in LINES.items():
            log.add(key, answer)
    data = path.read_bytes()
    assert len(data) < 480
    path.write_bytes(data[:size])
    whole = dict(list(LINES.items())[: max(0, data[:size].count(b"\n") - 1)])
    with Journal.open(path, "plan") as log:
        assert log.answers == whole
        log.add("1", {"tests": 7})
    with Journal.open(path, "plan") as log:
        assert log.answers == {**whole, "1": {"tests": 7}}
    assert data.startswith(path.read_bytes()[: -len(b'["1",{"tests":7}]\n')])


@pytest.mark.parametrize("line", [b"5", b"[1, {}]", b'["0"]', b'["0", 3]', b"\xff", b"not JSON", b'["0", {}'])
def test_a_journal_is_read_up_to_the_first_line_that_is_none(tmp_path, line: bytes) -> None:
    path = tmp_path / "journal"
    with Journal.open(path, "plan") as log:
        log.add("0", {"tests": 1})
    path.write_bytes(path.read_bytes() + line + b"\n" + b'["1",{}]\n')
    with Journal.open(path, "plan") as log:
        assert log.answers == {"0": {"tests": 1}}


@pytest.mark.parametrize(
    "data", [b"my notes", b"my notes\n", b'{"format":"muon-theory/atlas-journal/1"}\n', b"\n", b"\0"]
)
def test_a_file_that_is_no_journal_is_left_as_it_is(tmp_path, data: bytes) -> None:
    path = tmp_path / "notes"
    path.write_bytes(data)
    with pytest.raises(UsageError, match="not the journal of this sweep"):
        Journal.open(path, "plan")
    assert path.read_bytes() == data


def test_a_full_disk_is_one_line(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, line: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with Journal.open(tmp_path / "journal", "plan") as log:
        monkeypatch.setattr("muon_theory.atlases.journal.os.write", full)
        with pytest.raises(UsageError, match="No space left on device: make room"):
            log.add("0", {})


def test_a_sweep_goes_on_from_its_journal(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    of = quintic_plane().at_depth(9)
    path, run = tmp_path / "journal", []
    first = sweep(of.prover, of.plane, of.depths, jobs=1, journal=path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) // 2]) + lines[-1][:7])
    module = sys.modules["muon_theory.atlases.sweep"]  # the package has a function of that name
    original = module.run_task
    monkeypatch.setattr(module, "run_task", lambda *a: run.append(a[2]) or original(*a))
    again = sweep(of.prover, of.plane, of.depths, jobs=1, journal=path)
    assert len(run) == len(lines) - len(lines) // 2
    assert encode(again) == encode(first)
    assert sorted(path.read_bytes().splitlines()) == sorted(line.rstrip() for line in lines)


@pytest.mark.parametrize("tests", [1, 7, 100])
def test_tasks_that_end_early_find_the_same(tests: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a task leaves is done in later rounds: the same boxes, whatever their number in a task."""
    prover, plane, depths = _small(9)
    whole = sweep(prover, plane, depths, jobs=1)
    monkeypatch.setattr(sys.modules["muon_theory.atlases.sweep"], "TESTS", tests)
    parts = sweep(prover, plane, depths, jobs=1)
    assert {(x.layer, x.path) for x in parts.leaves} == {(x.layer, x.path) for x in whole.leaves}
    assert {(x.layer, x.path) for x in parts.pending} == {(x.layer, x.path) for x in whole.pending}
    assert not parts.rest


def test_no_task_is_long(tmp_path) -> None:
    """However deep the sweep: a kill loses the tasks that were running, each of so many tests."""
    path = tmp_path / "journal"
    prover, plane, _ = _small(8)
    sweep(prover, plane, {"converges": 17}, jobs=1, journal=path)
    answers = [json.loads(line)[1] for line in path.read_bytes().splitlines()[1:]]
    assert max(answer["tests"] for answer in answers) <= TESTS
    assert sum(answer["tests"] for answer in answers) > 2 * TESTS


def test_the_journal_of_another_sweep_is_refused(tmp_path) -> None:
    path = tmp_path / "journal"
    sweep(*_small(8), jobs=1, journal=path)
    kept = path.read_bytes()
    with pytest.raises(UsageError, match="not the journal of this sweep"):
        sweep(*_small(9), jobs=1, journal=path)
    assert path.read_bytes() == kept
    with pytest.raises(UsageError, match="cannot write"):
        sweep(*_small(8), jobs=1, journal=tmp_path / "none" / "journal")
    with pytest.raises(UsageError, match="0 worker processes"):
        sweep(*_small(8), jobs=0)


def _small(depth: int):
    of = quintic_plane()
    return Properties(QUINTIC, ("converges",)), of.plane, {"converges": depth}
