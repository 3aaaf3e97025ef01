"""The catalogue's page: what stands in it is certified, and linked to certificates that the checker accepts."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

import muon_theory as mt
from muon_theory import catalogue, certificate
from muon_theory.api.catalogue_page import FRONT, HEAD, write_page
from muon_theory.cli import main
from muon_theory.verification import verify

pytestmark = pytest.mark.long  # the front that the page is held against
NAMES = ("jordan", "pade_quintic", "you5")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("page")
    write_page(made, NAMES)
    return made


def test_each_row_is_what_certify_says(folder: Path) -> None:
    lines = (folder / "catalogue.md").read_text().splitlines()[6:]
    assert len(lines) == len(NAMES)
    for name, line in zip(NAMES, lines, strict=True):
        cells = dict(zip(HEAD, (c.strip() for c in line.strip("|").split(" | ")), strict=True))
        image = mt.certify(name, lower="1/100").to_json()["image"]
        lo, hi = map(Fraction, cells["φ([1/100, 1])"].strip("[]").split(", "))
        assert lo <= Fraction(image[0]) <= lo + Fraction(1, 10**10)  # rounded outward, and not much
        assert hi - Fraction(1, 10**10) <= Fraction(image[1]) <= hi
        assert cells["schedule"] == name
        assert cells["bf16"] == "safe"
        assert float(cells["times the optimum"]) >= 1
        assert float(cells["φ(x)/x ≥"]) <= 1 <= float(cells["φ(x)/x ≤"])
        assert catalogue.get(name).slope <= Fraction(cells["φ(x)/x ≤"])
        assert cells["provenance"].startswith(f"the published list {name}")


def test_the_front_is_certified_and_no_schedule_is_below_it(folder: Path) -> None:
    bounds = certificate.load(folder / "certificates" / "front.json")
    assert [len(c.claim.degrees) for c in bounds] == list(FRONT)
    assert verify((folder / "certificates" / "front.json").read_bytes()).verdict.value == "proved"
    for name in NAMES:
        found = mt.certify(name, lower="1/1000").to_json()["image"]
        error = max(1 - Fraction(found[0]), Fraction(found[1]) - 1)
        bound = next(c.claim.error for c in bounds if len(c.claim.degrees) == len(catalogue.get(name).steps))
        assert error >= bound
    assert "T = 5" in (folder / "catalogue.html").read_text()


def test_the_links_lead_to_certificates_that_are_accepted(folder: Path) -> None:
    text = (folder / "catalogue.html").read_text()
    links = re.findall(r'href="(certificates/[^"]+)"', text)
    assert len(links) == len(NAMES)
    assert "certificates/front.json" in text
    for link in links:
        assert verify((folder / link).read_bytes()).verdict.value == "proved"
    assert "http" not in re.sub(r"<svg.*?</svg>", "", re.sub(r"<td.*?</td>", "", text, flags=re.S), flags=re.S)


@pytest.mark.browser
def test_the_table_sorts(folder: Path, chromium) -> None:
    import subprocess

    text = (folder / "catalogue.html").read_text()
    probe = text.replace("</body>", "<script>document.querySelectorAll('th')[3].click();</script></body>")
    (folder / "sorted.html").write_text(probe)
    done = subprocess.run(
        [str(chromium), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", f"file://{folder}/sorted.html"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    shown = re.findall(r'<tr><td data-key="([^"]+)"', done.stdout)
    assert shown == sorted(NAMES, key=lambda n: catalogue.get(n).slope)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets", "jordan", "--page", str(tmp_path / "new")]) == 0
    assert "1 schedules" in capsys.readouterr().err
    assert {p.name for p in (tmp_path / "new").iterdir()} == {"catalogue.md", "catalogue.html", "certificates"}
