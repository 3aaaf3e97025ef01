"""Matplotlib figures as inline SVG: the same bytes every time, in the colours of the page they stand on.

A drawing uses the names of `Ink`.  Each is a placeholder colour that the finished SVG replaces by a CSS variable, so
that a figure follows the page's light or dark scheme; with `paper=True` it gets fixed colours for print instead.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas

WIDTH = 6.3
"""Inches; the page scales the drawing to its column."""


class Ink:
    """The colours of a drawing, by what they are for."""

    TEXT = "#010101"
    MUTED = "#010102"
    GRID = "#010103"
    PAPER = "#010104"
    FILL = "#010105"
    CATEGORY = tuple(f"#0102{i:02x}" for i in range(1, 7))
    """For things of different kinds: blue, vermilion, green, purple, amber, grey."""
    SEQUENCE = tuple(f"#0103{i:02x}" for i in range(1, 9))
    """For the values of one parameter, from low to high."""
    LAYER = tuple(f"#0104{i:02x}" for i in range(1, 8))
    """For the layers of a phase diagram: two ways to repel, cycles, escape, alternating escape, flips, convergence."""
    SEAM = "#010106"
    """Between the boxes of a layer."""
    LINE = "#010107"
    """For the article's own lines over a phase diagram."""


@dataclass(frozen=True)
class _Palette:
    """A colour for each name of `Ink`; the names in small letters are those of the CSS variables."""

    text: str
    muted: str
    grid: str
    paper: str
    fill: str
    category: tuple[str, ...]
    sequence: tuple[str, ...]
    layer: tuple[str, ...]
    seam: str
    line: str

    def flat(self) -> dict[str, str]:
        """CSS names and colours: text, muted, …, and category-1 to category-6, and so on."""
        out: dict[str, str] = {}
        for name, value in vars(self).items():
            out |= {name: value} if isinstance(value, str) else {f"{name}-{i}": v for i, v in enumerate(value, 1)}
        return out


_LIGHT = _Palette(
    "#1d2026", "#5a616c", "#d9dce1", "#fbfaf8", "#dfe9f6",
    ("#1f5fa8", "#c2410c", "#1a7f5a", "#7c3aa8", "#946200", "#5a616c"),
    ("#d79a1e", "#cf7a2a", "#c25a3c", "#ae4154", "#8c3078", "#5a3596", "#22509c", "#087486"),
    ("#ebe6da", "#dfe6ee", "#f2c65c", "#e07a5a", "#cb8aa2", "#8a5fa8", "#5aa898"), "#fbfaf8", "#14329b",
)  # fmt: skip
_DARK = _Palette(
    "#e7e8ea", "#a3a9b3", "#373c45", "#121418", "#1f3450",
    ("#74b0f4", "#ff9566", "#5ccba0", "#c79af0", "#e3b341", "#a3a9b3"),
    ("#f6dd7a", "#f9bd6b", "#f79b6c", "#ee7f7e", "#d76bb0", "#a879e0", "#7f9bf2", "#5cc8dc"),
    ("#332f28", "#27303c", "#7d5c12", "#a04a32", "#6b2739", "#a98bd0", "#2a7566"), "#121418", "#a9c4ff",
)  # fmt: skip
_NAMES = _Palette(
    Ink.TEXT, Ink.MUTED, Ink.GRID, Ink.PAPER, Ink.FILL, Ink.CATEGORY, Ink.SEQUENCE, Ink.LAYER, Ink.SEAM, Ink.LINE
)


class Printed(Ink):
    """The same in the colours of print, for a drawing whose form knows no style sheet."""

    TEXT, MUTED, GRID, PAPER, FILL = _LIGHT.text, _LIGHT.muted, _LIGHT.grid, _LIGHT.paper, _LIGHT.fill
    CATEGORY, SEQUENCE, LAYER, SEAM, LINE = _LIGHT.category, _LIGHT.sequence, _LIGHT.layer, _LIGHT.seam, _LIGHT.line


_STYLE: dict[Any, Any] = {
    "svg.fonttype": "path",
    "svg.hashsalt": "muon_theory",
    "path.simplify_threshold": 0.1,
    "font.family": "STIXGeneral",
    "font.size": 10.5,
    "mathtext.fontset": "stix",
    "axes.titlesize": 11,
    "axes.labelsize": 11,
    "axes.unicode_minus": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.7,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.7,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "legend.handlelength": 1.5,
    "lines.linewidth": 1.5,
    "lines.solid_capstyle": "round",
    "figure.facecolor": "none",
    "figure.constrained_layout.use": True,
    "savefig.facecolor": "none",
    "savefig.transparent": False,
}


def _colours(ink: type[Ink]) -> dict[Any, Any]:
    """The settings that are colours."""
    of = {
        ink.TEXT: ("text.color", "axes.labelcolor", "axes.titlecolor", "xtick.labelcolor", "ytick.labelcolor"),
        ink.MUTED: ("axes.edgecolor", "xtick.color", "ytick.color"),
        ink.GRID: ("grid.color",),
    }
    return {name: colour for colour, names in of.items() for name in names}


def css_variables(dark: bool) -> str:
    """The declarations of the figures' colours for one colour scheme."""
    return " ".join(f"--fig-{name}: {value};" for name, value in (_DARK if dark else _LIGHT).flat().items())


def sequence(count: int) -> list[str]:
    """`count` colours spread over `Ink.SEQUENCE`, lowest to highest; the last alone for one."""
    last = len(Ink.SEQUENCE) - 1
    return [Ink.SEQUENCE[last if count == 1 else round(i * last / (count - 1))] for i in range(count)]


@contextmanager
def canvas(height: float, width: float = WIDTH, ink: type[Ink] = Ink) -> Iterator[Canvas]:
    """An empty figure (inches), in the page's style and nobody's matplotlibrc."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        for name, value in (_STYLE | _colours(ink)).items():
            matplotlib.rcParams[name] = value
        yield Canvas(figsize=(width, height))


def to_svg(figure: Canvas, name: str, label: str, paper: bool = False) -> str:
    """The figure as one <svg> element: ids prefixed by `name`, no metadata, colours as CSS variables or for print.

    Call it inside `canvas`.  `label` is the text for those who do not see the picture.
    """
    buffer = io.StringIO()
    FigureCanvasSVG(figure).print_svg(buffer, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r"\n\s*", "\n", svg).strip()
    head, _, body = svg.partition(">")
    view = re.search(r'viewBox="[^"]*"', head)
    if view is None:  # matplotlib always writes one
        raise ValueError(f"the SVG of figure {name!r} has no viewBox")
    namespaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {namespaces} {view[0]} role="img" aria-label="{_attribute(label)}">' + _coloured(body, paper)


def _coloured(svg: str, paper: bool) -> str:
    values, placeholders = _LIGHT.flat(), _NAMES.flat()
    names = {placeholder: name for name, placeholder in placeholders.items()}

    def ink(match: re.Match[str]) -> str:
        name = names[match[0]]
        return values[name] if paper else f"var(--fig-{name})"

    return re.sub(r"#010[1234][0-9a-f]{2}\b", ink, svg)


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
