"""Any bytes get a verdict: no traceback, and no more work than the limit, which is a count and not a clock."""

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory import check  # the tests of the checker itself go behind the door
from tests.checker import accepted, hostile

CLASSES = ("unreadable", "malformed", "limit", "obligation")
FILES = sorted(accepted.FOLDER.glob("*.json"))


def verdict(data: bytes) -> dict[str, Any]:
    result = check.check_bytes(data)
    if result["verdict"] == "proved":
        assert result["reason"] == ""
        assert result["claims"]
    else:
        assert result["verdict"] == "refused"
        assert result["reason"].partition(":")[0] in CLASSES
        assert len(result["reason"]) < 700
    json.dumps(result)
    return result


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[check.Work]:
    """The account of each file checked."""
    accounts = []

    class Counted(check.Work):
        def __init__(self) -> None:
            super().__init__()
            accounts.append(self)

    monkeypatch.setattr(check, "Work", Counted)
    return accounts


def within_the_limit(name: str, work: list[check.Work]) -> None:
    result = verdict(hostile.HOSTILE[name]())
    (account,) = work
    assert account.spent <= check.MAX_WORK or result["reason"].startswith("limit: checking this")


@pytest.mark.parametrize("name", sorted(set(hostile.HOSTILE) - {"million-empty-lists"}))
def test_hostile_files_get_a_verdict(name: str, work: list[check.Work], monkeypatch: pytest.MonkeyPatch) -> None:
    """With a tenth of the limit, so that the suite stays fast; the long test takes all of it."""
    monkeypatch.setattr(check, "MAX_WORK", check.MAX_WORK // 10)
    within_the_limit(name, work)


@pytest.mark.long
@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_hostile_files_get_a_verdict_within_the_whole_limit(name: str, work: list[check.Work]) -> None:
    within_the_limit(name, work)


def test_ten_megabytes_are_not_even_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(check.json, "loads")
    assert verdict(b"[" * 10_000_000)["reason"].startswith("limit: 10000000 bytes")


def test_a_file_is_read_no_further_than_the_limit(tmp_path: Path) -> None:
    assert check.check_file("/dev/zero")["reason"].startswith(f"limit: {check.MAX_BYTES + 1} bytes")


@pytest.mark.long
def test_the_limit_is_reached_by_work_alone(work: list[check.Work]) -> None:
    """Each of these is small, well formed and would take minutes."""
    for name in ("converges-of-degree-65", "region-of-degree-65", "alternation-of-degree-63"):
        assert verdict(hostile.HOSTILE[name]())["reason"].startswith("limit: checking this would take more")


def test_work_is_paid_before_it_is_done() -> None:
    account = check.Work()
    long = check.Poly({(i,): 3**20_000 for i in range(2000)}, 1, 1, account)
    with pytest.raises(check.Refused, match="limit"):
        long * long


# Any bytes ------------------------------------------------------------------------------------------------------------


@pytest.mark.long
@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    assert verdict(data)["verdict"] == "refused"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.from_regex(r"\A-?[0-9]{1,3}(/[0-9]{1,3})?\Z"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.long
@given(JSON)
def test_any_json(value: Any) -> None:
    assert verdict(json.dumps(value).encode())["verdict"] == "refused"


@given(st.sampled_from(FILES), st.data())
def test_any_json_in_the_place_of_a_field(path: Path, data: st.DataObject) -> None:
    certificate = json.loads(path.read_bytes())
    place: Any = certificate
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], (dict, list)) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(JSON)
    verdict(json.dumps(certificate).encode())


@pytest.mark.parametrize("seed", range(4))
def test_bytes_of_good_files_changed(seed: int) -> None:
    """Bytes changed, dropped, doubled, and pieces of two files joined."""
    draw = random.Random(seed)
    contents = [f.read_bytes() for f in FILES]
    for _ in range(150):
        data = bytearray(draw.choice(contents))
        for _ in range(draw.randint(1, 3)):
            i = draw.randrange(len(data))
            match draw.randrange(4):
                case 0:
                    data[i] = draw.randrange(256)
                case 1:
                    del data[i : i + draw.randint(1, 20)]
                case 2:
                    data[i:i] = data[i : i + draw.randint(1, 200)]
                case _:
                    data[i:] = draw.choice(contents)[i:]
            data = data or bytearray(b" ")
        verdict(bytes(data))


@pytest.mark.long
def test_many_bytes_of_good_files_changed() -> None:
    for seed in range(100, 130):
        test_bytes_of_good_files_changed(seed)


# The command ----------------------------------------------------------------------------------------------------------


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", check.__file__, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_s_exit_status_and_words(tmp_path: Path) -> None:
    good, bad = FILES[0], accepted.FOLDER.parent / "reject" / "split-outside.json"
    unreadable = accepted.FOLDER.parent / "reject" / "not-json.json"
    assert run(good).returncode == 0
    assert run(good, bad).returncode == 1
    assert run(bad, unreadable, good).returncode == 2
    assert run(good, tmp_path / "absent.json").returncode == 2
    assert run(tmp_path).returncode == 2
    assert run().returncode == 2
    assert run("--frobnicate", good).returncode == 2
    done = run(good, bad)
    assert done.stderr == ""
    assert done.stdout.count("not checked: provenance") == 1
    assert "obligations" in done.stdout
    assert "refused" in done.stdout


def test_the_command_prints_any_name(tmp_path: Path) -> None:
    odd = tmp_path / "odd\udcff\n.json"
    odd.write_bytes(b'{"\\ud800":1}')
    done = run(FILES[0], odd)
    assert done.stdout.count("proved") == 1
    assert "refused" in done.stdout
    assert done.returncode == 1


def test_the_checker_needs_the_standard_library_alone() -> None:
    """-I -S: no site packages; and what it imports is in the standard library's list."""
    loads = (
        "import runpy, sys; runpy.run_path(sys.argv[1]); print('\\n'.join(m.partition('.')[0] for m in sys.modules))"
    )
    command = [sys.executable, "-I", "-S", "-c", loads, check.__file__]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) - {"__main__"} <= set(sys.stdlib_module_names)
