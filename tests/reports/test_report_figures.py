"""Figures: well formed, in the page's colours, the same every time, and wrong data are named."""

import hashlib
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from muon_theory.document import Figure
from muon_theory.errors import UsageError
from muon_theory.reports import figures
from muon_theory.reports.figures import draw
from tests.browser.sample_report import every_figure

ROOT = Path(__file__).parents[2]


@pytest.mark.long
@pytest.mark.parametrize("figure", every_figure(), ids=lambda f: f.kind)
def test_a_figure_is_one_well_formed_picture_with_words(figure):
    drawn = draw(figure)
    root = ET.fromstring(drawn)
    assert root.tag.endswith("svg")
    assert root.get("aria-label") == figure.caption
    ids = Counter(e.get("id") for e in root.iter() if e.get("id"))
    assert max(ids.values()) == 1
    assert all(i.startswith(f"{figure.name}-") for i in ids)
    assert set(re.findall(r"#[0-9a-f]{6}\b", drawn)) == set()  # every colour is the page's
    assert not re.search(r"\d{4}-\d\d-\d\d|[Mm]atplotlib v|matplotlib.org", drawn)
    paper = draw(figure, paper=True)
    assert "var(" not in paper
    assert not re.search(r"#010[1234]", paper)


def test_every_kind_is_drawn_here():
    assert {f.kind for f in every_figure()} == set(figures.KINDS)


@pytest.mark.long
def test_figures_are_the_same_in_another_process():
    code = (
        "import hashlib\n"
        "from tests.browser.sample_report import every_figure\n"
        "from muon_theory.reports.figures import draw\n"
        "print(hashlib.sha256(''.join(map(draw, every_figure())).encode()).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "12345"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256("".join(map(draw, every_figure())).encode()).hexdigest()


def test_a_matplotlibrc_changes_nothing():
    import matplotlib

    figure = every_figure()[-1]
    before = draw(figure)
    with matplotlib.rc_context({"font.size": 30, "lines.linewidth": 9, "svg.fonttype": "none"}):
        assert draw(figure) == before


LINE = {"label": "f", "x": [0, 1], "y": [0, 1]}


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        ("pie", {}, "unknown kind 'pie'"),
        ("compare", {}, "lacks 'curves'"),
        ("compare", {"curves": [LINE | {"y": [1]}]}, "2 values of x and 1 of y"),
        ("compare", {"curves": [LINE | {"y": ["one", "two"]}]}, "could not convert"),
        ("compare", {"curves": [LINE | {"label": "$\\nonsense$"}]}, "cannot be drawn"),
        ("region", {"panels": [{}]}, "lacks 'xlabel'"),
        ("cobweb", {"panels": [{"curve": LINE}]}, "lacks 'orbits'"),
        ("region", {"panels": []}, "cannot be drawn"),
    ],
)
def test_wrong_data_of_a_figure_are_named(kind, data, reason):
    with pytest.raises(UsageError, match=re.escape(reason)) as caught:
        draw(Figure("wrong", kind, "caption", data))
    assert "\n" not in str(caught.value)


def test_a_figure_needs_a_name_that_can_be_an_id():
    with pytest.raises(UsageError, match="cannot be an id"):
        draw(Figure('a"b', "compare", "caption", {"curves": [LINE]}))
