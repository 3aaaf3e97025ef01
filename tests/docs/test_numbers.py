"""Numbers in the prose of the README and the documentation: none stands there that nothing computes.

What stands in code blocks is run by test_docs, and tables belong to the tests that generate or compare them.  A decimal
in a sentence must stand in a test, a study or the data, too; those that no other test has are computed here.
"""

from __future__ import annotations

import json
import math
import re
from fractions import Fraction as Q
from functools import cache
from pathlib import Path

import pytest

from muon_theory import certify, thresholds
from muon_theory.catalogue import get
from muon_theory.number import decimal

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
DECIMAL = re.compile(r"(?<![\w./^])\d+\.\d{3,}(?![\w.])")


def prose(page):
    """Without code, tables, what others said in quotation marks, and the names of preprints."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = "\n".join(line for line in text.splitlines() if not line.startswith("|"))
    return re.sub(r'"[^"\n]*"|arXiv \d{4}\.\d{5}', "", text)


@cache
def elsewhere():
    """Tests, studies and data."""
    files = [f for room in ("tests", "analysis", "muon_theory") for f in (ROOT / room).rglob("*")]
    return "\n".join(f.read_text(encoding="utf-8", errors="replace") for f in files if f.suffix in (".py", ".json"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_decimal_in_a_sentence_stands_in_a_test_a_study_or_the_data(page):
    assert [n for n in DECIMAL.findall(prose(page)) if n not in elsewhere()] == []


def says(page, *texts):
    written = " ".join((ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8").split())
    for text in texts:
        assert text in written, text


def test_the_first_step_of_the_aol_set():
    row = get("aol_v1").steps[0].coefficients
    a, b, c = (decimal(abs(q), 6) for q in row)
    assert sum(row) == -Q("0.5852")
    says("conformance", f"{a} - {b} + {c} = -0.5852")


def test_the_slope_of_the_misprint():
    assert (Q(13, 4) ** 5) == Q("362.5908203125")
    says("constants", "(13/4)⁵", "362.590820…")


def test_the_escape_point_and_its_multiplier_on_the_article_s_line():
    s = Q(-49, 50)
    (a,) = (Q(t.value) for t in thresholds("quintic", slope_at_one=s, digits=20) if t.kind == "divergence")
    c = a - (3 - s) / 2
    x, mu = math.sqrt(1 + (1 - s) / 2 / c), float(1 + (a - 1) * (1 - s) / c)
    assert (round(x, 4), round(mu, 4)) == (1.3161, 4.4294)
    says("dynamics", "x* = 1.3161 and μ = 4.4294")


def test_a_point_escapes_where_1_attracts():
    a, s, x = Q("3.4"), Q("-0.98"), Q("0.6265")
    assert abs(s) < 1
    for _ in range(60):
        x = x * (a + x * x * ((5 - s) / 2 - 2 * a + x * x * (a - (3 - s) / 2)))
        x = Q(round(x * 10**30), 10**30)
        if abs(x) > 100:
            break
    assert abs(x) > 100
    says("dynamics", "at a = 3.4, s = −0.98 the point 1 attracts, and 0.6265 escapes")


def test_the_best_attracting_septic_that_a_certificate_has():
    for name in ("converges", "attracts"):
        found = json.loads((ROOT / "analysis" / "certificates" / f"d-price-7-{name}.json").read_bytes())
        (row,) = [[Q(c) for c in row] for row in found["schedule"]]
        slope = sum((2 * i + 1) * c for i, c in enumerate(row))
        assert (row[0], sum(row), slope, row[3]) == (Q("4.902"), 1, Q("-0.998"), Q("-0.953"))
    says("dynamics", "a certificate at a = 4.902, s = −0.998, d = −0.953")


def test_all_but_a_few_values_of_jordan_s_map_in_single_precision():
    def ends(lower, **more):
        found = certify("jordan", lower=lower, dtype="fp32", shape=(256, 256), **more)
        targets = [c.claim.target for c in found.certificates if c.claim.type in ("robust-band", "all-but")]
        return [f"[{decimal(i.lo, 3, -1)}, {decimal(i.hi, 4, +1)}]" for i in targets]

    few = ends("1/100", exceptions=13)
    assert {"[0.621, 1.288]", "[0.659, 1.181]"} <= set(few)
    assert "[0.203, 1.288]" in ends("1/1000")
    says("precision", "256² from 1/100, [0.621, 1.288], ends in [0.659, 1.181] for all but 13 values")
    says("precision", "fp32 at 256² from 1/1000 ends in [0.203, 1.288]")
