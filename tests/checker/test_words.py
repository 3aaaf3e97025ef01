"""What the checker prints: what it proved, with every number of the claim, and nothing that a name could forge."""

import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from muon_theory import check  # the tests of the checker itself go behind the door
from muon_theory.schedule import Schedule
from tests.checker import accepted

NUMBER = re.compile(r"-?[0-9]+(?:/[0-9]+)?")
GOOD = accepted.FOLDER / "slope-two-steps.json"
PRODUCT = Schedule.parse("3,-3,1;2,-1").digest


def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", check.__file__, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def numbers(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*map(numbers, value.values()))
    if isinstance(value, list):
        return set().union(*map(numbers, value))
    return {str(value)} if type(value) is int or (isinstance(value, str) and NUMBER.fullmatch(value)) else set()


@pytest.mark.parametrize("name", accepted.stored())
def test_the_sentence_has_every_number_of_the_claim_exactly(name: str) -> None:
    certificate = accepted.stored()[name]
    (proved,) = check.check_bytes(json.dumps(certificate).encode())["certificates"]
    claim = dict(certificate["claim"])
    polynomial = claim.pop("polynomial", [])
    said = set(NUMBER.findall(proved["statement"].replace("- ", "-")))
    assert numbers(claim) <= said
    assert {c for c, _ in polynomial} <= said
    assert numbers(certificate.get("family", {}).get("box", [])) <= said
    assert proved["claim"] == claim["type"]


@pytest.mark.parametrize("name", accepted.stored())
def test_the_coefficients_are_there_exactly(name: str) -> None:
    certificate = accepted.stored()[name]
    (proved,) = check.check_bytes(json.dumps(certificate).encode())["certificates"]
    if "schedule" in certificate:
        assert proved["coefficients"] == certificate["schedule"]
    said = set(NUMBER.findall(proved["subject"].replace("- ", "-").replace("(-", "(").replace("^", "^ ")))
    bare = {c.removeprefix("-") for c in map(str, numbers(proved["coefficients"]))}
    assert bare <= {c.removeprefix("-") for c in said} | {"0"}


def test_the_map_that_is_written_is_the_map_that_was_checked() -> None:
    certificate = accepted.stored()["maps-into-degree-17"]
    (proved,) = check.check_bytes(json.dumps(certificate).encode())["certificates"]
    text = proved["subject"].partition("f(x) = ")[2].replace("^", "**").replace("·", "*")
    for x in (Fraction(1, 3), Fraction(2)):
        (row,) = certificate["schedule"]
        exact = sum(Fraction(c) * x ** (2 * i + 1) for i, c in enumerate(row))
        assert eval(re.sub(r"(?<![x*])\b([0-9]+(?:/[0-9]+)?)\*", r"F('\1')*", text), {"F": Fraction, "x": x}) == exact


def test_long_lists_lose_their_middle_alone() -> None:
    claim = {"type": "slope", "value": "1"}
    certificate = {
        "format": check.FORMAT, "schedule": [["1"]] * 30 + [["1", "1"]], "claim": claim, "witness": {"type": "none"}
    }  # fmt: skip
    (proved,) = check.check_bytes(json.dumps(certificate).encode())["certificates"]
    assert len(proved["coefficients"]) == 31
    assert "f_10(x) = 1·x; … 11 more …; f_22(x) = 1·x" in proved["subject"]
    assert proved["subject"].endswith("f_31(x) = 1·x + 1·x^3")


@pytest.mark.parametrize(
    "name",
    ["proved   other.json: maps-into", "f] for every a", "x", "", "θ", "a\nproved   b.json", "a\u202eb", "\x1b[2J"],
)
def test_a_parameter_s_name_cannot_be_taken_for_words(name: str) -> None:
    certificate = accepted.stored()["region-attracting-open"]
    certificate["family"]["parameters"] = [name]
    result = {"file": "f", **check.check_bytes(json.dumps(certificate).encode())}
    assert result["verdict"] == "proved"
    text = check.describe(result)
    assert json.dumps(name) in text
    (proved,) = result["certificates"]
    assert proved["statement"] == f"for every {json.dumps(name)} in (1, 2): |f'(1)| < 1"
    assert [line for line in text.splitlines() if line.startswith("proved")] == ["proved   f: region"]
    assert all(c.isprintable() or c == "\n" for c in text)


# The command ----------------------------------------------------------------------------------------------------------

NAMES = [
    "a\nproved   b.json: maps-into", "a\rproved   b.json", "\x1b[2K\x1b[1Gproved", "a\x85proved   b", "a\u2028 proved",
    "a\u202egnihton", "a\x00b", "odd\udcff", "a\x0b\x0cproved   b",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_file_s_name_forges_no_line(name: str) -> None:
    result = check.check_file(name)
    text = check.describe(result)
    assert result["verdict"] == "refused"
    assert not any(line.startswith("proved") for line in text.splitlines())
    assert all(c.isprintable() or c == "\n" for c in text)


def test_a_name_with_a_newline_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "a\nproved   b.json").write_text("{}")
    done = run("a\nproved   b.json", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("refused  a\\nproved   b.json: -\n")


def test_only_the_subject_expected() -> None:
    assert run("--expect", PRODUCT, GOOD).returncode == 0
    other = run("--expect", "0" * 64, GOOD)
    assert other.returncode == 1
    assert other.stdout.startswith("refused")
    assert f"subject: slope is about the subject {PRODUCT}, not {'0' * 64}" in other.stdout
    assert "φ'(0)" not in other.stdout
    mixed = run("--expect", PRODUCT, accepted.FOLDER / "bundle.json")
    assert mixed.returncode == 1, "a bundle with anything else is refused whole"


@pytest.mark.parametrize("digest", [PRODUCT[:12], PRODUCT.upper(), PRODUCT + "0", PRODUCT + "\n", ""])
def test_half_a_digest_is_none(digest: str) -> None:
    assert run("--expect", digest, GOOD).returncode == 2


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    done = run(tmp_path / "absent.json")
    assert "unreadable: there is no such file" in done.stdout
    assert done.returncode == 2


@pytest.mark.parametrize("closed", ["|head -c 0", ">&-", "| true"])
def test_nobody_reads(closed: str) -> None:
    many = " ".join(f"'{f}'" for f in sorted(accepted.FOLDER.glob("*.json")))
    command = f"set -o pipefail; '{sys.executable}' -I '{check.__file__}' {many} {closed}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device")
def test_a_full_device_is_one_line() -> None:
    command = f"'{sys.executable}' -I '{check.__file__}' '{GOOD}' > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("check.py: cannot print: ")
    assert done.stderr.count("\n") == 1
