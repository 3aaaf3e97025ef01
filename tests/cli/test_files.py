"""What a verb writes beside its answer: certificates and pictures, and what each --out means."""

from __future__ import annotations

from pathlib import Path

import pytest

from muon_theory.verification import verify
from tests.line import run

CERTIFIED = {
    "certify": ("certify", "jordan", "--lower", "1/100"),
    "constants": ("constants", "bernstein_newhouse"),
    "thresholds": ("thresholds", "--family", "cubic"),
    "orbits": ("orbits", "article", "--basin"),
    "design": ("design", "--steps", "2", "--lower", "1/10"),
    "atlas": ("atlas", "cubic", "--depth", "4", "--jobs", "1"),
}
DRAWN = {
    **{verb: CERTIFIED[verb] for verb in ("certify", "thresholds", "design")},
    "orbits": ("orbits", "jordan", "--x0", "1/2"),
    "confirm": ("confirm", "jordan", "--shape", "8,8", "--dtype", "fp32"),
}


@pytest.mark.parametrize("verb", CERTIFIED)
def test_certificates_go_to_the_file_named_and_the_answer_is_printed(verb: str, tmp_path: Path) -> None:
    file = tmp_path / "certificates.json"
    done = run(*CERTIFIED[verb], "--certificates", file)
    assert done.stdout
    assert f"wrote {file}: check it with" in done.stderr
    assert verify(file.read_bytes()).proved


@pytest.mark.parametrize("verb", ["certify", "constants", "thresholds", "design"])
def test_out_is_the_same_file_where_the_answer_is_its_certificates(verb: str, tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    both = run(*CERTIFIED[verb], "--certificates", one, "--out", other)
    assert both.returncode == 2
    assert "--out and --certificates both name the certificates' file" in both.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
@pytest.mark.parametrize("verb", DRAWN)
def test_a_picture_is_of_the_kind_its_name_says(verb: str, tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"
    assert f"wrote {file}" in run(*DRAWN[verb], "--plot", file).stderr
    assert b"<svg" in file.read_bytes()[:400]
    refused = run(*DRAWN[verb], "--plot", tmp_path / "picture.gif")
    assert refused.returncode == 2
    assert "name a file that ends in .svg, .png, .pdf" in refused.stderr
