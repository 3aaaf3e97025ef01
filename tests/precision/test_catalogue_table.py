"""The table of docs/precision.md about every schedule in bf16 says what the code says."""

import json
from pathlib import Path

import pytest

from tests.benchmarks import catalogue_tiers

PAGE = Path(__file__).parents[2] / "docs" / "precision.md"


def table():
    lines = PAGE.read_text().split("### Every schedule of the catalogue in bf16")[1].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    assert rows[0] == ["schedule", "exact", "W", "S", "P", "A"]
    return {row[0]: row[1:] for row in rows[2:]}


def test_the_table_is_of_the_catalogue():
    """Every list in its order; tier A is silent of those without an exact image alone, and of one that overflows."""
    found = table()
    assert list(found) == list(catalogue_tiers.schedules())
    silent = {name for name, cells in found.items() if cells[4] == "–"}
    without = {name for name, cells in found.items() if cells[0] == "–" or json.loads(cells[0])[1] > 2}
    assert silent - without == {"degree17_polar_express"}
    assert (len(found), len(silent)) == (47, 10)


@pytest.mark.parametrize("name", ["article", "article_cubic", "deepseekv4", "aol_ga"])
def test_rows_of_the_table(name):
    schedule = catalogue_tiers.schedules()[name]
    exact = catalogue_tiers.exactly(schedule)
    bands = (exact, *(catalogue_tiers.a_priori(schedule, tier) for tier in "WSP"))
    assert [catalogue_tiers.said(band, exact) for band in bands] == table()[name][:4]


@pytest.mark.long
def test_a_statement_of_tier_a_is_made_again():
    pytest.importorskip("torch", reason="torch is absent (pip install 'muon-theory[torch]')")
    schedule = catalogue_tiers.schedules()["article_cubic"]
    lo, hi = json.loads(table()["article_cubic"][4])
    band = catalogue_tiers.a_posteriori_band(schedule)
    assert abs(float(band.lo) - lo) < 0.003  # the kernel's own order of sums moves the last digit
    assert abs(float(band.hi) - hi) < 0.003
