"""The explorer: one HTML page in which coefficients are turned by hand, next to what is certified of published ones.

Its numbers are the browser's, in float64, and marked as such.  What is certified of a schedule, or of a box of the
phase plane, links to the certificate, which is written beside the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from muon_theory import catalogue
from muon_theory.atlases import Atlas
from muon_theory.atlases.picture import curves
from muon_theory.certificate import dump
from muon_theory.document import Bundle, Proof
from muon_theory.errors import MuonTheoryError
from muon_theory.finders import Result, certify
from muon_theory.inexactness import Inexactness, inexactness
from muon_theory.interval import Interval
from muon_theory.number import decimal, simplest_between
from muon_theory.reports.atlas_figure import COLOUR, LAYERS, ORDER
from muon_theory.reports.html import HERE, colours
from muon_theory.schedule import Schedule
from muon_theory.verification import verify

LOWER = Fraction(1, 1000)
WITH_RATIOS = ("article", "jordan", "article_cubic", "cubic5")
"""Presets whose ratio constants are certified, too: they take seconds of a processor each."""

CERTIFICATES = "certificates"
SOURCES = ("maths.js", "plots.js", "explorer.js")


@dataclass(frozen=True, slots=True)
class Choice:
    """A schedule that can be chosen, with the file of what is certified of it."""

    id: str
    title: str
    schedule: Schedule
    result: Result
    ratios: Inexactness | None = None

    @property
    def file(self) -> str:
        return f"explorer-{self.id}.json"

    @property
    def data(self) -> bytes:
        """The certificates, as one file."""
        return dump([*self.result.certificates, *(self.ratios.certificates if self.ratios else ())])

    def to_json(self) -> dict[str, object]:
        """What the page is told: coefficients as texts, certified numbers as texts rounded outward."""
        rows = [[_text(c) for c in step.coefficients] for step in self.schedule.steps]
        return {
            "id": self.id,
            "title": _plain(self.title),
            "rows": [", ".join(row) for row in (rows[:1] if self.schedule.constant else rows)],
            "steps": len(rows),
            "certified": self._certified() if verify(self.data).proved else None,
        }

    def _certified(self) -> dict[str, object]:
        safe, image = self.result.safe_sigma_max, self.result.image
        angular = self.ratios and self.ratios.angular
        return {
            "file": f"{CERTIFICATES}/{self.file}",
            "verdict": self.result.verdict.value,
            "lower": float(self.result.interval.lo),
            "slope": decimal(self.result.slope, 12),
            "safe": f"≥ {decimal(safe.lo, 12, -1)}" if safe else "none",
            "image": f"⊆ {_interval(image)}" if image else "",
            "error": f"≤ {decimal(max(1 - image.lo, image.hi - 1), 12, +1)}" if image else "",
            "ratios": self.ratios and f"≥ {_down(self.ratios.ratio_lower)}, ≤ {_up(self.ratios.ratio_upper)}",
            "angular": angular and f"≤ {_up(angular)}",
        }


def _plain(text: str) -> str:
    """Words with the signs of mathematics, for where there is no markup."""
    return re.sub(r"(?<![\w)])-(?=[\d.])", "−", text.replace("$", "").replace("'(", "′(").replace("<-", "< −"))


def _down(i: Interval) -> str:
    return decimal(i.lo, 12, -1)


def _up(i: Interval) -> str:
    return decimal(i.hi, 12, +1)


def _interval(i: Interval) -> str:
    return f"[{_down(i)}, {_up(i)}]"


def _text(q: Fraction) -> str:
    """A coefficient: exact where that is short, else the simplest number that float64 does not tell apart."""
    exact = str(q)
    if len(exact) > 20:
        near = abs(q) * Fraction(1, 2**54)
        q = simplest_between(q - near, q + near)
    written = decimal(q, 40)
    return written if Fraction(written) == q and len(written) <= 22 else str(q)


def choice(schedule: Schedule, id: str, title: str, with_ratios: bool = False) -> Choice:
    """A schedule with what can be certified of it, on [1/1000, 1]."""
    ratios = None
    if with_ratios:
        try:
            ratios = inexactness(schedule, LOWER)
        except MuonTheoryError:
            ratios = None  # the page says then what it sees
    return Choice(id, title, schedule, certify(schedule, LOWER, Fraction(1)), ratios)


def presets(names: Sequence[str] | None = None) -> tuple[Choice, ...]:
    """The published schedules, those with ratio constants first."""
    every = [*WITH_RATIOS, *(i for i in catalogue.ids() if i not in WITH_RATIOS)] if names is None else names
    entries = [catalogue.entry(name) for name in every]
    return tuple(choice(e.schedule(), e.id, e.title, e.id in WITH_RATIOS) for e in entries)


def plane(
    found: Atlas,
    bundles: Sequence[Bundle],
    theorem: Proof | None = None,
    threshold: Sequence[tuple[float, float]] | None = None,
) -> dict[str, object]:
    """The phase plane (a, s) of the quintics with f(1) = 1: the boxes of an atlas, each as its path in base 36.

    `threshold` are points of the curve a*(s), derived unless they are given.
    """
    points = next(c for c in curves() if c.role == "threshold").points if threshold is None else threshold
    layers = [
        {
            "name": layer,
            "words": _plain(LAYERS[layer]),
            "colour": COLOUR[layer] + 1,
            "files": [f"{CERTIFICATES}/{b.file}" for b in files],
            "boxes": " ".join(_base36(int("1" + leaf.path, 2)) for leaf in found.boxes(layer)),
        }
        for layer in reversed(ORDER)
        if (files := [b for b in bundles if b.layer == layer and b.verification.proved])
    ]
    return {
        "window": [[float(side.lo), float(side.hi)] for side in found.plane.window],
        "layers": layers,
        "threshold": [[round(p[0], 5), p[1]] for p in points if p],
        "word": bundles[0].verification.verdict.value,
        "theorem": _THEOREM.format(f"{CERTIFICATES}/{theorem.file}") if theorem else "",
    }


_THEOREM = (
    "On every line |s| ≤ 1 there is one threshold a*(s), drawn as a curve: for a below it every orbit from (0, 1] "
    'tends to 1, for a above it some orbit escapes (<a href="{}">certificate</a>).'
)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, last = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[last] + digits
    return digits


def page(
    choices: Sequence[Choice],
    plane: dict[str, object] | None = None,
    home: tuple[str, str] = ("index.html", "The report"),
) -> bytes:
    """The page, of less than 100 kB; `home` is an address and its title, to go back to."""
    folder = HERE / "templates" / "explorer"
    data = {"presets": [c.to_json() for c in choices], "plane": plane}
    parts = {
        "home": home[0],
        "home_title": home[1],
        "style": f"{colours()}\n{(folder / 'explorer.css').read_text(encoding='utf-8')}",
        "data": json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        "script": "\n".join((folder / name).read_text(encoding="utf-8") for name in SOURCES),
    }
    text = (folder / "explorer.html").read_text(encoding="utf-8")
    for name, part in parts.items():
        before, _, after = text.partition("{{ " + name + " }}")
        text = before + part + after
    return text.encode()


def files(
    choices: Sequence[Choice],
    plane: dict[str, object] | None = None,
    home: tuple[str, str] = ("index.html", "The report"),
) -> dict[str, bytes]:
    """`explorer.html` and the certificates of its schedules, by where they stand."""
    proofs = {f"{CERTIFICATES}/{c.file}": c.data for c in choices}
    return {"explorer.html": page(choices, plane, home)} | proofs
