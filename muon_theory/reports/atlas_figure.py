"""The picture of an atlas: its layers as colours, the curves over them, the published maps as points."""

from __future__ import annotations

import io

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from muon_theory.atlases import Atlas
from muon_theory.atlases.picture import by_slope, marks, open_percent, own_place, picture
from muon_theory.document import Data
from muon_theory.errors import UsageError
from muon_theory.reports.svg import Ink, Printed, canvas, to_svg

__all__ = ["atlas", "draw_atlas", "marks", "plot_atlas"]

LAYERS = {
    "multiplier-above-1": "1 repels, $f$′$(1)>1$",
    "multiplier-below-minus-1": "1 repels, $f$′$(1)<-1$",
    "attracting-cycle": "an attracting cycle, or another fixed point that attracts",
    "escapes": "some orbit from $(0,1]$ escapes",
    "escapes-alternating": "some orbit escapes with alternating signs",
    "leaves-band": "some $x$ leaves the band",
    "flips": "some orbit changes sign",
    "converges": "every orbit from $(0,1]$ tends to 1",
    "band": "$\\varphi([l,1])$ lies in the band",
    "bounded-positive": "bounded and positive",
}
"""The words of each layer, from the lowest to the highest."""

COLOUR = {layer: i for i, layer in enumerate(
    ("multiplier-above-1", "multiplier-below-minus-1", "attracting-cycle", "escapes", "escapes-alternating", "flips",
     "converges")
)} | {"leaves-band": 3, "band": 6, "bounded-positive": 6}  # fmt: skip
"""Which of `Ink.LAYER` a layer has."""

HATCHED = "flips"
"""Drawn as hatching, because it may lie over another layer."""

ORDER = ("converges", "band", "bounded-positive", "escapes", "escapes-alternating", "leaves-band", "flips",
         "attracting-cycle", "multiplier-above-1", "multiplier-below-minus-1")  # fmt: skip
"""The order of the legend: what decides comes first."""


def atlas(c: Canvas, data: Data, ink: type[Ink] = Ink) -> None:
    """A phase diagram: proved boxes in the colours of their layers, curves, points; what stays blank is open.

    `xlabel`, `ylabel`, `xlim`, `ylim`; `layers` ({"layer": a key of `LAYERS`, "boxes": [corners]}); `curves` with a
    `role` (threshold, branch, line, cubics, edge); `points`.
    """
    axes = c.subplots()
    axes.grid(visible=False)
    found = {one["layer"]: one["boxes"] for one in data["layers"]}
    handles = {}
    for layer, words in LAYERS.items():
        if boxes := found.get(layer):
            style = _paint(layer, ink)
            axes.add_patch(PathPatch(_path(boxes), zorder=1.2 if layer == HATCHED else 1, **style))
            handles[layer] = Patch(label=words, **style | {"linewidth": 0})
    legend: list[Artist] = [handles[layer] for layer in ORDER if layer in handles]
    legend.append(Patch(facecolor=ink.PAPER, edgecolor=ink.MUTED, linewidth=0.6, label="open"))
    roles = _roles(ink)
    for curve in data["curves"]:
        style = roles[curve["role"]]
        axes.plot(*(_gaps(curve[k]) for k in ("x", "y")), **style)
        if curve["label"]:
            legend.append(Line2D([], [], label=curve["label"], **style))
    for point in data["points"]:
        _point(axes, point, ink)
    axes.set(xlabel=data["xlabel"], ylabel=data["ylabel"], xlim=data["xlim"], ylim=data["ylim"])
    axes.tick_params(length=3)
    columns = 2 if len(legend) > 3 else 1
    c.legend(handles=legend, loc="outside lower center", ncols=columns, handlelength=1.9, columnspacing=1.6)


def _paint(layer: str, ink: type[Ink]) -> Data:
    colour = ink.LAYER[COLOUR[layer]]
    if layer == HATCHED:
        return {"facecolor": "none", "edgecolor": colour, "hatch": "////", "linewidth": 0}
    return {"facecolor": colour, "edgecolor": ink.SEAM, "linewidth": 0.25}


def _roles(ink: type[Ink]) -> dict[str, Data]:
    return {
        "edge": {"color": ink.TEXT, "linewidth": 0.7, "zorder": 4},
        "branch": {"color": ink.TEXT, "linewidth": 1.1, "linestyle": (0, (4, 3)), "zorder": 4},
        "cubics": {"color": ink.LINE, "linewidth": 2.0, "linestyle": (0, (1, 1.4)), "zorder": 4.5},
        "line": {"color": ink.LINE, "linewidth": 1.9, "zorder": 4.5},
        "threshold": {"color": ink.TEXT, "linewidth": 2.3, "zorder": 5},
    }


def _path(boxes: list[list[tuple[float, float]]]) -> Path:
    """All boxes as one path of closed polygons."""
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    return Path([p for box in boxes for p in (*box, box[0])], codes * len(boxes))


def _gaps(values: list[float | None]) -> list[float]:
    return [float("nan") if v is None else v for v in values]


_SIDES = {
    "right": (9, 0, "left", "center"),
    "left": (-9, 0, "right", "center"),
    "above": (0, 10, "center", "bottom"),
    "below": (0, -10, "center", "top"),
    "left above": (-5, 9, "right", "bottom"),
    "far below": (12, -48, "center", "top"),
    "far above": (12, 42, "center", "bottom"),
}
"""Where a label stands: its distance in points, and which of its sides is there.  A far one is led to its point."""


def _point(axes: Axes, point: Data, ink: type[Ink]) -> None:
    dx, dy, horizontal, vertical = _SIDES[point["at"]]
    axes.plot([point["x"]], [point["y"]], "o", color=ink.TEXT, markersize=6, mec=ink.PAPER, mew=1.2, zorder=7)
    axes.annotate(
        point["label"], (point["x"], point["y"]), (dx, dy), textcoords="offset points", ha=horizontal, va=vertical,
        fontsize=9.5, zorder=8, bbox={"boxstyle": "round,pad=0.22", "fc": ink.PAPER, "ec": "none", "alpha": 0.88},
        arrowprops={"arrowstyle": "-", "color": ink.TEXT, "linewidth": 0.8} if "far" in point["at"] else None,
    )  # fmt: skip


def draw_atlas(found: Atlas, form: str = "svg") -> bytes:
    """The picture as the bytes of an SVG or PNG file; the same bytes every time on one machine.

    Raises UsageError for a plane of more than two parameters.
    """
    ink = Printed if form == "png" else Ink
    with canvas(6.6, 8.6, ink) as c:
        title, share = _draw(found, c, ink)
        if form == "png":
            buffer = io.BytesIO()
            c.set(dpi=200, facecolor=ink.PAPER)
            FigureCanvasAgg(c).print_png(buffer, metadata={"Software": None})
            return buffer.getvalue()
        if form != "svg":
            raise UsageError(f"a picture is an svg or a png file, not {form!r}")
        head = '<?xml version="1.0" encoding="utf-8"?>\n'
        return (head + to_svg(c, "atlas", f"{title}: {share}", paper=True) + "\n").encode()


def plot_atlas(found: Atlas) -> Canvas:
    """The picture as a figure.

    Raises UsageError for a plane of more than two parameters.
    """
    with canvas(6.6, 8.6, Printed) as c:
        _draw(found, c, Printed)
        return c


def _draw(found: Atlas, c: Canvas, ink: type[Ink]) -> tuple[str, str]:
    """Title and share, as they were drawn."""
    if len(found.plane.axes) != 2:
        raise UsageError(f"a picture has two axes, not {len(found.plane.axes)}: fix some parameters")
    x, y = found.plane.window
    data = picture([found], (found.plane.axes[0], found.plane.axes[1]), (x, y), by_slope, own_place(found))
    atlas(c, data, ink)
    title, share = _title(found)
    c.suptitle(title, fontsize=19, x=0.01, ha="left", color=ink.TEXT)
    c.axes[0].set_title(share, loc="left", fontsize=10, color=ink.MUTED, linespacing=1.4)
    return title, share


def _title(found: Atlas) -> tuple[str, str]:
    of = found.strip.name.replace("|f'(1)| <= 1", "$|f$′$(1)|\\leq 1$") if found.strip else "window"
    count = f"{len(found.found.leaves):,}".replace(",", "\u00a0")
    share = f"{count} boxes, each proved; {open_percent(found)} % of the {of} is open"
    if own_place(found):
        theorem = "and the strip is one theorem: every orbit tends to 1 if and only if $a<a^*\\!(s)$"
        return "The quintics that fix 1", f"{share}\n{theorem}"
    return found.prover.family.name, share
