"""The page in a browser: it asks for nothing, its fonts are its own, its formulas have a size, it fits a phone."""

import http.server
import json
import re
import subprocess
import threading
from pathlib import Path

import pytest
from PIL import Image

from muon_theory.reports.html import render
from tests.browser.sample_report import sample

pytestmark = pytest.mark.browser

MEASURE = """<script>
document.fonts.ready.then(() => {
  const size = e => e.getBoundingClientRect();
  const visible = [...document.querySelectorAll('math')].filter(m => m.checkVisibility({contentVisibilityAuto: true}));
  const shown = visible.map(m => size(m).height);
  const fraction = document.querySelector('details[open] mfrac');
  const own = size(fraction.closest('math')).width;
  fraction.closest('math').style.fontFamily = 'monospace';
  const other = size(fraction.closest('math')).width;
  const overflow = [...document.querySelectorAll('body *')].filter(e =>
    size(e).right > innerWidth + 1 && !e.closest('.scroll > *, .formula > *, pre > *'));
  const result = {
    formulas: shown.length, least: Math.min(...shown), own, other,
    fonts: [...document.fonts].map(f => f.family.replaceAll('"', '') + ' ' + f.style + ' ' + f.weight + ' ' + f.status),
    resources: performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith('data:')),
    page: document.documentElement.scrollWidth, window: innerWidth,
    overflow: overflow.map(e => e.tagName + '.' + e.getAttribute('class')),
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    ground: getComputedStyle(document.body).backgroundColor,
    ink: getComputedStyle(document.querySelector('figure svg [style*="fill: var(--fig-text)"]')).fill,
    empty: [...document.querySelectorAll('figure svg')].filter(s => size(s).height < 100).length,
  };
  (window.parent.document || document).documentElement.setAttribute('data-result', JSON.stringify(result));
});
</script>"""
FRAME = '<!doctype html><link rel="icon" href="data:,"><iframe src="/measured" width="400" height="900"></iframe>'


class Site:
    """The page served from memory; `asked` is every path that was asked for."""

    def __init__(self, page: str) -> None:
        self.pages = {"/": page, "/measured": page.replace("</body>", MEASURE + "</body>"), "/frame": FRAME}
        self.asked: list[str] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                body = site.pages.get(self.path, "").encode()
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{path}"


@pytest.fixture(scope="module")
def site():
    site = Site(render(sample()))
    yield site
    site.server.shutdown()
    site.server.server_close()


def browse(chromium: str, url: str, profile: Path, *options: str) -> tuple[str, str]:
    """What Chromium writes to stdout and stderr for a page, with every other host unreachable."""
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--enable-logging=stderr",
        "--virtual-time-budget=20000", f"--user-data-dir={profile}", *options, url,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, done.stderr


def measured(chromium: str, url: str, profile: Path, *options: str) -> dict:
    dom, log = browse(chromium, url, profile, "--dump-dom", *options)
    assert [line for line in log.splitlines() if "CONSOLE" in line] == []
    found = re.search(r'data-result="([^"]*)"', dom)
    assert found, f"the page was not measured: {log[-500:]}"
    return json.loads(found[1].replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def test_the_page_is_self_contained_and_its_formulas_stand(chromium, site, tmp_path):
    site.asked.clear()
    result = measured(chromium, site.url("/measured"), tmp_path, "--window-size=1300,1000")
    assert site.asked == ["/measured"]
    assert result["resources"] == []
    assert result["formulas"] > 15
    assert result["least"] > 5
    assert result["empty"] == 0
    assert result["overflow"] == []


def test_the_embedded_fonts_are_the_ones_used(chromium, site, tmp_path):
    result = measured(chromium, site.url("/measured"), tmp_path)
    assert sorted(result["fonts"]) == [
        "Report Math normal 400 loaded",
        "Report Text italic 400 loaded",
        "Report Text normal 400 loaded",
        "Report Text normal 600 loaded",
    ]
    assert abs(result["own"] - result["other"]) > 1  # another font sets the same formula in another width


def test_it_fits_a_phone(chromium, site, tmp_path):
    result = measured(chromium, site.url("/frame"), tmp_path)
    assert result["window"] <= 400
    assert result["page"] <= result["window"]
    assert result["overflow"] == []


@pytest.mark.parametrize("dark", [False, True])
def test_figures_follow_the_colour_scheme(chromium, site, tmp_path, dark):
    options = ["--blink-settings=preferredColorScheme=0", "--force-dark-mode"] if dark else []
    result = measured(chromium, site.url("/measured"), tmp_path, *options)
    assert result["dark"] is dark
    ground, ink = (sum(map(int, re.findall(r"\d+", result[key])[:3])) for key in ("ground", "ink"))
    assert (ink > ground + 300) if dark else (ground > ink + 300)


def test_a_picture_of_the_page_shows_something(chromium, site, tmp_path):
    picture = tmp_path / "page.png"
    browse(chromium, site.url("/"), tmp_path / "profile", f"--screenshot={picture}", "--window-size=1300,1600")
    with Image.open(picture) as image:
        assert image.size == (1300, 1600)
        assert len(image.convert("RGB").getcolors(1 << 24)) > 200
