"""The explorer in a browser: what is set by hand is what is shown, in the address, and it asks for nothing."""

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from muon_theory.atlases import atlas, quintic_plane
from muon_theory.catalogue import entry
from muon_theory.document import Bundle
from muon_theory.polynomial import OddPolynomial
from muon_theory.reports import explorer
from muon_theory.schedule import Schedule
from muon_theory.verification import verify
from tests.browser.devtools import Browser

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The page with three schedules and a coarse plane."""
    place = tmp_path_factory.mktemp("explorer")
    found = atlas(quintic_plane().at_depth(8), jobs=1)
    bundles = [Bundle(f"phase-{f.name}", f.layer, f.boxes, f.data, f.verification) for f in found.files()]
    choices = [explorer.choice(entry(n).schedule(), n, n, n == "jordan") for n in ("jordan", "article", "aol_v1")]
    files = explorer.files(choices, explorer.plane(found, bundles, threshold=[(2.6, 1), (3.4, -1)]))
    files |= {f"certificates/{b.file}": b.data for b in bundles}
    for name, data in files.items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_bytes(data)
    return place


@pytest.fixture(scope="module")
def browser(chromium, tmp_path_factory):
    with Browser(chromium, tmp_path_factory.mktemp("profile")) as one:
        yield one


@pytest.fixture
def page(browser, folder):
    """The page, opened anew; afterwards nothing was complained of and nothing asked for."""
    browser.complaints.clear()
    address = (folder / "explorer.html").as_uri()
    browser.open(address)
    yield browser
    assert browser.complaints == []
    assert {url.partition("#")[0] for url in browser.requests} == {address}


def text(page: Browser, id: str) -> str:
    return page.ask(f"document.getElementById({id!r}).innerText")


def put(page: Browser, id: str, value: str, event: str = "input") -> None:
    """A value as a person would put it there."""
    page.ask(f"(() => {{ const e = document.getElementById({id!r}); e.value = {json.dumps(value)}; "
             f"e.dispatchEvent(new Event({event!r}, {{bubbles: true}})); }})()")  # fmt: skip


def table(page: Browser) -> list[list[str]]:
    return page.ask("[...document.querySelectorAll('#numbers tr')].map(r => [...r.cells].map(c => c.innerText))")


def test_the_page_is_small_and_its_certificates_lie_beside_it(page, folder):
    assert (folder / "explorer.html").stat().st_size < 100_000
    links = set()
    for name in ("jordan", "article", "aol_v1"):
        put(page, "preset", name, "change")
        links |= set(page.ask("[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))"))
    links -= {"index.html"}
    assert len(links) == 3
    for link in links:
        assert verify(folder / link).proved


def test_a_preset_shows_its_verdict_and_certified_numbers_beside_float64(page):
    assert text(page, "chip").startswith("PROVED: safe on (0, 1]")
    rows = table(page)
    assert rows[1][2] == "≥ 1.26374724747"
    seen, certified = (float(re.sub("[^0-9.]", "", rows[1][k])) for k in (1, 2))
    assert seen == pytest.approx(certified, rel=1e-8)
    assert rows[4][2] == "≥ 0.696436409469, ≤ 484.876287101"
    put(page, "preset", "aol_v1", "change")
    assert text(page, "chip").startswith("REFUTED")
    assert "float64, not a proof" in page.ask("document.querySelector('thead').innerText")


def test_coefficients_by_hand_leave_the_certificate_and_enter_the_command_and_the_address(page):
    put(page, "rows", "3.25, -3.51, 1.26\n(1.5, -0.5)")
    assert text(page, "chip") == "seems safe on (0, 1] · float64, not a proof"
    assert [row[2] for row in table(page)] == [""] * 6
    assert '--coefficients "3.25,-3.51,1.26;1.5,-0.5"' in text(page, "command")
    assert page.ask("location.hash") == "#rows=3.25,-3.51,1.26;1.5,-0.5"
    assert text(page, "which") == "step 1 of 2"
    page.ask("document.getElementById('after').click()")
    put(page, "number-b", "-2")
    assert page.ask("location.hash") == "#rows=3.25,-3.51,1.26;1.5,-2"
    assert "step 2 makes some input from (0, 1] negative" in text(page, "chip")
    put(page, "rows", "3.25, x")
    assert "is no number" in text(page, "error")
    assert page.ask("document.getElementById('rows').getAttribute('aria-invalid')") == "true"


def test_the_address_is_the_state(page, folder):
    page.ask("location.hash = '#rows=3,-16/5,6/5&steps=7&lower=0.01&x=0.2&axis=log&by=slopes'")
    page.ask("new Promise(done => setTimeout(done, 50))")
    assert page.ask("document.getElementById('steps').value") == "7"
    assert page.ask("Number(document.getElementById('lower').value)") == 0.01
    assert page.ask("document.getElementById('log').getAttribute('aria-pressed')") == "true"
    assert page.ask("Number(document.getElementById('number-s').value)") == pytest.approx(-0.6)
    before = table(page)
    page.open((folder / "explorer.html").as_uri() + page.ask("location.hash"))
    assert table(page) == before


def test_sliders_and_plane_answer_to_the_keyboard(page):
    put(page, "preset", "article", "change")
    page.ask("document.getElementById('slider-a').focus()")
    page.press("ArrowRight", 3)
    assert page.ask("Number(document.getElementById('number-a').value)") > 3.25
    assert page.ask("location.hash").startswith("#rows=3.2")
    page.ask("document.getElementById('plane').focus()")
    put(page, "preset", "article", "change")
    page.press("ArrowLeft", 25)
    page.press("ArrowUp", 10)
    assert page.ask("Number(document.getElementById('number-a').value)") == pytest.approx(3.0)
    assert page.ask("Number(document.getElementById('number-s').value)") == pytest.approx(-0.88)
    said = page.ask("document.getElementById('plane-said').innerHTML")
    assert "every orbit from (0,1] tends to 1" in said
    assert 'href="certificates/phase-converges.json"' in said


def test_a_box_under_the_pointer_is_named_and_a_drag_moves_the_map(page):
    page.ask("document.getElementById('plane').scrollIntoView({block: 'center'})")
    place = (
        "(() => { const r = plane0.getBoundingClientRect(), p = plane0.plot;"
        " return [r.left + p.X.at(%s), r.top + p.Y.at(%s)] })()"
    )
    page.ask("window.plane0 = document.getElementById('plane')")
    page.mouse("mouseMoved", *page.ask(place % (3.9, 0.1)))
    assert "some orbit from (0,1] escapes" in text(page, "plane-said")
    page.mouse("mousePressed", *page.ask(place % (3.9, 0.1)))
    page.mouse("mouseMoved", *page.ask(place % (2, 0.5)))
    page.mouse("mouseReleased", *page.ask(place % (2, 0.5)))
    assert page.ask("Number(document.getElementById('number-a').value)") == pytest.approx(2, abs=0.02)
    assert page.ask("Number(document.getElementById('number-s').value)") == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("rows", ["1.5,-0.5", "3.4445,-4.775,2.0315", "3.25,-3.51,1.26", "35/16,-35/16,21/16,-5/16"])
def test_its_float64_agrees_with_exact_arithmetic(page, rows):
    schedule, f = Schedule.parse(rows, 3), OddPolynomial.of(*rows.split(","))
    put(page, "rows", rows)
    put(page, "steps", "3")
    for x in (0.125, 0.5, 0.75):
        assert page.ask(f"run(schedule(rows), {x})") == pytest.approx(float(schedule(Fraction(x))), rel=1e-12)
    choice = explorer.choice(schedule, "one", "one")
    lo, hi = page.ask("images(schedule(rows), 0.001, 1).at(-1)")
    assert (lo, hi) == pytest.approx((float(choice.result.image.lo), float(choice.result.image.hi)), rel=1e-9)
    assert page.ask("safeMost(schedule(rows))") == pytest.approx(float(choice.result.safe_sigma_max.lo), rel=1e-9)
    assert page.ask("slope(schedule(rows))") == pytest.approx(float(f.slope) ** 3, rel=1e-12)


@pytest.mark.parametrize(("width", "dark"), [(390, False), (390, True), (1400, False), (1400, True)])
def test_it_fits_a_phone_and_a_desk_in_light_and_dark(page, folder, tmp_path, width, dark):
    page.open((folder / "explorer.html").as_uri(), width, 900, dark, phone=width < 600)
    assert page.ask("document.documentElement.scrollWidth") <= width
    assert page.ask("[...document.querySelectorAll('svg')].every(s => s.querySelectorAll('path').length > 0)")
    page.picture(tmp_path / "page.png")
    with Image.open(tmp_path / "page.png") as image:
        assert len(image.convert("RGB").getcolors(1 << 24)) > 100
        ground = image.convert("L").getpixel((2, 2))
    assert (ground < 60) if dark else (ground > 200)


def test_a_window_narrower_than_the_margins_draws_nothing_impossible(page):
    page.ask("document.querySelectorAll('figure').forEach(f => { f.style.width = '30px'; f.style.padding = 0; })")
    page.ask("dispatchEvent(new Event('resize'))")
    widths = page.ask("[...document.querySelectorAll('clipPath rect')].map(r => Number(r.getAttribute('width')))")
    assert widths
    assert min(widths) > 0
