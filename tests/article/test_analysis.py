"""Every study in analysis/ holds, its certificates are committed as they are made today, and none is forgotten."""

import importlib.util
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from muon_theory.article import kit, names
from muon_theory.certificate import Certificate

ROOT = Path(__file__).parents[2]
ANALYSIS = ROOT / "analysis"
COMMITTED = ANALYSIS / "certificates"
STUDIES = sorted(path for path in ANALYSIS.glob("*.py") if not path.name.startswith("_"))


def load(path: Path) -> ModuleType:
    """A study as a module; its folder is on the path, as when it is run as a script."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(ANALYSIS))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(ANALYSIS))
    return module


@cache
def certificates(path: Path) -> dict[str, Certificate]:
    """What the study uses; AssertionError if it does not hold.  A slow one reads what it would make."""
    return used(path, not slow(path))


def used(path: Path, anew: bool) -> dict[str, Certificate]:
    found: dict[str, Certificate] = load(ANALYSIS / "_study.py").run(load(path).study, anew)
    return found


def slow(path: Path) -> bool:
    return getattr(load(path), "SLOW", False)


def committed(file: str) -> bytes:
    place: Path = load(ANALYSIS / "_study.py").place(file)
    return place.read_bytes()


SLOW = [path for path in STUDIES if "\nSLOW = True\n" in path.read_text()]


SMALL = 8_000
"""Bytes of a certificate that the checker reads in a moment: of all but twenty."""

LONG = {
    "the_articles_set_has_less_variance_than_jordans",
    "septics_have_one_threshold_for_every_slope_at_one",
    "orbits_stay_bounded_and_positive_all_around_jordans_map",
    "attraction_of_one_costs_a_third_of_the_slope",
    "the_articles_set_is_closer_to_one_than_jordans",
    "five_steps_reach_the_band_all_around_jordans_map",
    "every_box_of_the_atlas_lies_on_its_side_of_the_threshold",
}
"""Studies of two seconds and more; what they committed is checked by default, where it is small."""


@pytest.mark.parametrize(
    "path", [pytest.param(p, id=p.stem, marks=[pytest.mark.long] if p.stem in LONG else []) for p in STUDIES]
)
def test_the_study_holds_and_its_committed_certificates_are_the_ones_it_makes(path: Path) -> None:
    made = certificates(path)
    assert made, "a study without a certificate asserts nothing that was checked"
    for file, certificate in made.items():
        assert committed(file) == certificate.data, f"run: python {path.relative_to(ROOT)} --write"


@pytest.mark.long
@pytest.mark.parametrize("path", SLOW, ids=lambda path: path.stem)
def test_a_slow_study_makes_the_certificates_that_are_committed(path: Path) -> None:
    for file, certificate in used(path, anew=True).items():
        assert committed(file) == certificate.data, f"run: python {path.relative_to(ROOT)} --write"


@pytest.mark.long
def test_no_certificate_is_left_over_and_the_article_has_no_other() -> None:
    made = {file for path in STUDIES for file in certificates(path)}
    stored = {f"{name}.json" for name in kit.STORED}
    assert made == {path.name for path in COMMITTED.iterdir()} | stored
    records = COMMITTED.parents[1] / "muon_theory" / "article" / "records"
    assert stored == {path.name for path in records.iterdir()} - {"training.json"}
    assert {f"{name}.json" for name in names()} <= made
    assert all(file.startswith("d-") for file in made - {f"{name}.json" for name in names()})


def test_the_readme_lists_every_study_and_no_other() -> None:
    listed = {
        line.split("`")[1] for line in (ANALYSIS / "README.md").read_text().splitlines() if line.startswith("| `")
    }
    assert listed == {path.name for path in STUDIES}


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_the_first_line_names_the_claim_that_it_settles(path: Path) -> None:
    first = path.read_text().splitlines()[0].removeprefix('"""')
    assert first[0] in "AT"
    assert first[1].isdigit()
    assert ("refuted" in first) == path.stem.startswith("refuted_")


def test_every_file_in_analysis_is_collected() -> None:
    extra = {path.name for path in ANALYSIS.iterdir() if path.is_file()} - {path.name for path in STUDIES}
    assert extra == {"README.md", "_study.py"}


@pytest.mark.parametrize("most", [SMALL, pytest.param(10**9, marks=pytest.mark.long)], ids=["small", "all"])
def test_the_checker_alone_proves_all_committed_certificates(most: int) -> None:
    files = [str(file) for file in sorted(COMMITTED.glob("*.json")) if file.stat().st_size <= most]
    assert len(files) > 200
    checker = [sys.executable, "-I", "-S", str(ROOT / "muon_theory" / "check.py"), *files]
    done = subprocess.run(checker, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert sum(line.startswith("proved ") for line in done.stdout.splitlines()) == len(files)


def test_a_study_runs_as_a_script() -> None:
    study = ANALYSIS / "the_printed_sign_of_b_makes_everything_escape.py"
    done = subprocess.run([sys.executable, str(study)], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.startswith("proved  a13-as-printed-everything-escapes.json")
