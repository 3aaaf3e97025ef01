"""The figures of a report by kind: plain numbers in, one SVG element out.  A drawing shows; it proves nothing.

`data` is JSON: a *curve* is ``{"label": str, "x": [numbers], "y": [numbers]}``, where null leaves a gap; a *point* has
one number each for x and y; a *range* is a pair [lo, hi].  Labels may hold mathtext between dollars.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.ticker import NullFormatter

from muon_theory.document import Data, Figure
from muon_theory.errors import UsageError
from muon_theory.reports.atlas_figure import atlas
from muon_theory.reports.prose import VARIABLE, typographic
from muon_theory.reports.svg import Ink, canvas, sequence, to_svg

_PRIME = re.compile(r"(?<=[A-Za-zφ])'(?=\()")


def draw(figure: Figure, paper: bool = False) -> str:
    """The figure as one <svg> element that follows the page's colour scheme, or in fixed colours for `paper`.

    Deterministic: equal figures give equal bytes on one machine.

    Raises
    ------
    UsageError
        The kind is unknown, or its data lack a part or hold something that is no number.

    >>> line = {"label": "f", "x": [0, 1], "y": [0, 1]}
    >>> draw(Figure("one", "compare", "A line.", {"curves": [line]}))[:4]
    '<svg'
    """
    if figure.kind not in KINDS:
        raise UsageError(
            f"figure {figure.name!r} is of the unknown kind {figure.kind!r}: choose from {', '.join(KINDS)}"
        )
    if not re.fullmatch(r"[A-Za-z][\w-]*", figure.name):
        raise UsageError(f"figure name {figure.name!r} cannot be an id: use letters, digits and hyphens")
    height, function = KINDS[figure.kind]
    with canvas(height) as c:
        try:
            function(c, figure.data)
            for text in c.findobj(Text):
                text.set_text(_typeset(text.get_text()))
            return to_svg(c, figure.name, figure.caption, paper)
        except KeyError as error:
            raise UsageError(f"figure {figure.name!r} of kind {figure.kind!r} lacks {error}") from None
        except (TypeError, ValueError) as error:
            reason = str(error).strip().splitlines()[-1]
            raise UsageError(f"figure {figure.name!r} of kind {figure.kind!r} cannot be drawn: {reason}") from None


def iterates(c: Canvas, data: Data) -> None:
    """φ over (0, 1] for several values of a parameter, low to high, with a close-up near 0.

    `curves`; optional `near_zero` (range of x of the close-up; none without it), `ylim` (range), `ylabel` ("φ(x)").
    """
    colours = sequence(len(data["curves"]))
    main, near = _pair(c, "near_zero" in data, (1.6, 1))
    _graph(main, data, colours)
    if near is not None:
        _graph(near, data, colours)
        near.set_xlim(*data["near_zero"])
        near.set_title("close to 0")
        near.set_ylabel("")
    _legend(c, main)


def compare(c: Canvas, data: Data) -> None:
    """Two or more schedules over (0, 1], and the same over log x.

    `curves`; optional `log_from` (the least x of the second panel; none without it), `ylim`, `ylabel` ("φ(x)").
    """
    colours = Ink.CATEGORY
    main, near = _pair(c, "log_from" in data, (1, 1))
    _graph(main, data, colours)
    if near is not None:
        _graph(near, data, colours)
        near.set_xscale("log")
        near.set_xlim(data["log_from"], 1)
        near.set_title("the same over log $x$")
        near.set_ylabel("")
    _legend(c, main)


def image(c: Canvas, data: Data) -> None:
    """φ and |1 - φ| over log x: `x`, `y`, `error`; `lower` and `cap` are drawn as lines."""
    left, right = _pair(c, True, (1, 1))
    assert right is not None
    for axes, key, label in ((left, "y", r"$\varphi(x)$"), (right, "error", r"$|1-\varphi(x)|$")):
        _line(axes, {"label": "", "x": data["x"], "y": data[key]}, color=Ink.CATEGORY[0])
        axes.axvline(data["lower"], color=Ink.MUTED, linewidth=0.9, linestyle=":")
        axes.set(xscale="log", xlim=(min(data["x"]), max(data["x"])), xlabel="$x$", ylabel=label)
    left.axhline(1, color=Ink.MUTED, linewidth=0.9, zorder=1.5)
    left.axhline(data["cap"], color=Ink.CATEGORY[1], linewidth=0.9, linestyle=(0, (4, 3)), zorder=1.5)
    left.set_ylim(min(0, *(y for y in _finite(data["y"]))) - 0.03, max(data["cap"] * 1.08, 1.6))
    right.set_yscale("log")


def growth(c: Canvas, data: Data) -> None:
    """The same over log x for more and more steps: `curves`."""
    (axes,) = _row(c, 1)
    for curve, colour in zip(data["curves"], sequence(len(data["curves"])), strict=True):
        _line(axes, curve, color=colour)
    axes.axhline(1, color=Ink.MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1.5)
    axes.set(xscale="log", xlabel="$x$", ylabel=r"$\varphi(x)$")
    _legend(c, axes)


def _finite(values: Sequence[float | None]) -> list[float]:
    return [v for v in values if v is not None] or [0.0]


def region(c: Canvas, data: Data) -> None:
    """Parameter planes, side by side, with shaded regions, lines and points.

    `panels`: each with `xlabel`, `ylabel`, `xlim`, `ylim`; optional `title`, `fills` ({"label", "x", "lower",
    "upper"}), `lines` (curves; `"dashed": true` for a dashed one), `points` ({"label", "x", "y"}; `"at"`: left, right,
    above or below).
    """
    panels = data["panels"]
    for axes, panel in zip(_row(c, len(panels)), panels, strict=True):
        for fill in panel.get("fills", ()):
            x, lower, upper = (_numbers(fill[k]) for k in ("x", "lower", "upper"))
            axes.fill_between(x, lower, upper, color=Ink.FILL, linewidth=0, label=fill["label"], zorder=0.5)
        for line, colour in zip(panel.get("lines", ()), Ink.CATEGORY * 3, strict=False):
            _line(axes, line, color=colour, linestyle="--" if line.get("dashed") else "-")
        for point in panel.get("points", ()):
            _point(axes, point)
        axes.set(xlabel=panel["xlabel"], ylabel=panel["ylabel"], xlim=panel["xlim"], ylim=panel["ylim"])
        axes.set_title(panel.get("title", ""))
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=1 if len(panels) > 1 else 3)


def cobweb(c: Canvas, data: Data) -> None:
    """Cobweb diagrams of a map: the graph, the diagonal and orbits as stairs between them.

    `panels`: each with `curve` ({"x", "y"}: the map) and `orbits` ({"label", "points": [x₀, x₁, …]}); optional `title`,
    `limits` (range of both axes), `critical` (point: where the map has its largest value), `repelling` (fixed point x);
    with these two, a close-up shows on which side of the fixed point the critical value lies.
    """
    panels = data["panels"]
    rows = _row(c, len(panels))
    c.set_figheight(1.2 + 5.6 / max(2, len(panels)))
    for axes, panel in zip(rows, panels, strict=True):
        lo, hi = panel.get("limits", (0, 1.6))
        axes.plot([lo, hi], [lo, hi], color=Ink.MUTED, linewidth=0.8, zorder=1.5)
        _line(axes, panel["curve"] | {"label": "$f$"}, color=Ink.TEXT, linewidth=1.6)
        for orbit, colour in zip(panel["orbits"], Ink.CATEGORY * 3, strict=False):
            points = _numbers(orbit["points"])
            x = [p for p in points[:-1] for _ in (0, 1)]
            y = [lo, *(p for p in points[1:-1] for _ in (0, 1)), points[-1]] if len(points) > 1 else []
            axes.plot(x, y, color=colour, linewidth=1.0, label=orbit["label"], zorder=2.5)
            axes.plot(points[:1], [lo], "o", color=colour, markersize=4, clip_on=False, zorder=3)
        if "repelling" in panel:
            r = panel["repelling"]
            for ruled in (axes.axvline, axes.axhline):
                ruled(r, color=Ink.CATEGORY[3], linewidth=0.9, linestyle=":")
            axes.plot(
                r, r, "o", mfc=Ink.PAPER, mec=Ink.CATEGORY[3], markersize=6, zorder=4, label="repelling fixed point"
            )
        if "critical" in panel:
            x0, y0 = panel["critical"]["x"], panel["critical"]["y"]
            axes.plot([x0], [y0], "D", color=Ink.CATEGORY[4], markersize=5, zorder=4, label="critical value")
        if "repelling" in panel and "critical" in panel:
            _gate(axes, panel)
        axes.set(xlim=(lo, hi), ylim=(lo, hi), xlabel="$x_n$", aspect="equal")
        axes.set_title(panel.get("title", ""))
    rows[0].set_ylabel("$x_{n+1}$")
    _legend(c, *rows)


def _gate(axes: Axes, panel: Data) -> None:
    """The critical value and the repelling fixed point from near: which is the greater."""
    gate, top = float(panel["repelling"]), float(panel["critical"]["y"])
    lo, hi = min(gate, top) - 0.03, max(gate, top) + 0.03
    near = axes.inset_axes((0.5, 0.07, 0.46, 0.46), zorder=6)
    near.plot([lo, hi], [lo, hi], color=Ink.MUTED, linewidth=0.8)
    _line(near, panel["curve"] | {"label": None}, color=Ink.TEXT, linewidth=1.3)
    near.axhline(gate, color=Ink.CATEGORY[3], linewidth=0.9, linestyle=":")
    near.plot([gate], [gate], "o", mfc=Ink.PAPER, mec=Ink.CATEGORY[3], markersize=5)
    near.plot([lo, top], [top, top], color=Ink.CATEGORY[4], linewidth=1.2)
    near.plot([top], [top], "D", color=Ink.CATEGORY[4], markersize=4)
    near.set(xlim=(lo, hi), ylim=(lo, hi), xticks=[], yticks=[], aspect="equal")
    for side in near.spines.values():
        side.set(visible=True, color=Ink.MUTED, linewidth=0.7)


def neighbourhood(c: Canvas, data: Data) -> None:
    """The smallest x from which φ stays within δ of 1, over the parameter a; beside it the overshoot max φ - 1.

    `curves` (x: a, y: the smallest x); optional `overshoot` (curves), `marks` (points of the first panel), `xlabel`.
    """
    main, other = _pair(c, "overshoot" in data, (1.25, 1))
    c.set_layout_engine("constrained", wspace=0.07)
    for curve, colour in zip(data["curves"], sequence(len(data["curves"])), strict=True):
        _line(main, curve, color=colour)
    for point in data.get("marks", ()):
        _point(main, point)
    label = data.get("xlabel", "$a$")
    main.set(yscale="log", xlabel=label, ylabel="smallest $x$")
    _legend(c, main)
    if other is not None:
        for curve, colour in zip(data["overshoot"], Ink.CATEGORY * 3, strict=False):
            _line(other, curve, color=colour)
        other.set(xlabel=label, ylabel=r"overshoot $\max\,\varphi - 1$")
        if len(data["overshoot"]) > 1:
            other.legend(loc="best")


def pareto(c: Canvas, data: Data) -> None:
    """Slope φ'(0) against the band's error: fronts as lines with their points, single schedules as marked points.

    `fronts` (curves: x the slope, y the error); optional `points`, `xlabel`, `ylabel`, `log` (default true: log axes).
    """
    (axes,) = _row(c, 1)
    for front, colour in zip(data["fronts"], Ink.CATEGORY * 3, strict=False):
        _line(axes, front, color=colour, marker="o", markersize=3)
    if data.get("log", True):
        axes.set(xscale="log", yscale="log")
    for point in data.get("points", ()):
        _point(axes, point)
    axes.set(xlabel=data.get("xlabel", r"slope $\varphi'(0)$"), ylabel=data.get("ylabel", "largest $|\\varphi - 1|$"))
    if data["fronts"]:
        axes.legend(loc="best")


def bars(c: Canvas, data: Data) -> None:
    """Values in groups: `groups` (labels), `series` ({"label", "values"}), `ylabel`; optional `log`."""
    (axes,) = _row(c, 1)
    groups, series = data["groups"], data["series"]
    width = 0.8 / max(1, len(series))
    for i, (one, colour) in enumerate(zip(series, Ink.CATEGORY * 3, strict=False)):
        places = [g - 0.4 + (i + 0.5) * width for g in range(len(groups))]
        axes.bar(places, _numbers(one["values"]), width * 0.92, color=colour, label=one["label"])
    axes.set_xticks(range(len(groups)), [_typeset(group) for group in groups])
    axes.set_ylabel(data["ylabel"])
    axes.grid(visible=False, axis="x")
    if data.get("log"):
        axes.set_yscale("log")
    _legend(c, axes)


KINDS: dict[str, tuple[float, Callable[[Canvas, Data], None]]] = {
    "iterates": (3.3, iterates),
    "compare": (3.3, compare),
    "image": (2.9, image),
    "growth": (2.9, growth),
    "region": (4.2, region),
    "cobweb": (3.9, cobweb),
    "neighbourhood": (3.0, neighbourhood),
    "pareto": (3.6, pareto),
    "bars": (3.2, bars),
    "atlas": (5.6, atlas),
}
"""Height in inches and drawing function of each kind."""


def _row(c: Canvas, count: int) -> list[Axes]:
    return list(c.subplots(1, count, squeeze=False)[0])


def _pair(c: Canvas, two: bool, ratios: tuple[float, float]) -> tuple[Axes, Axes | None]:
    if not two:
        return _row(c, 1)[0], None
    left, right = c.subplots(1, 2, width_ratios=ratios)
    return left, right


def _graph(axes: Axes, data: Data, colours: Sequence[str]) -> None:
    """Curves of φ over (0, 1] with the target 1."""
    axes.axhline(1, color=Ink.MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1.5)
    last = len(data["curves"]) - 1
    for i, curve in enumerate(data["curves"]):
        dashed = (0, (5, 1.2)) if i == last > 3 else "-"  # the extreme of many is told from its neighbour
        _line(axes, curve, color=colours[i % len(colours)], linestyle=dashed)
    lo, hi = data.get("ylim", (0, 1.5))
    axes.set(xlim=(0, 1), ylim=(lo, hi), xlabel="$x$", ylabel=data.get("ylabel", r"$\varphi(x)$"))


def _line(axes: Axes, curve: Data, **style: Any) -> None:
    x, y = _numbers(curve["x"]), _numbers(curve["y"])
    if len(x) != len(y):
        raise ValueError(f"curve {curve['label']!r} has {len(x)} values of x and {len(y)} of y")
    axes.plot(x, y, label=curve["label"], **style)


def _point(axes: Axes, point: Data) -> None:
    """A dot with its label beside it, on whichever side `at` says."""
    x, y = float(point["x"]), float(point["y"])
    dx, dy, horizontal, vertical = _SIDES[point.get("at", "right")]
    axes.plot([x], [y], "o", color=Ink.TEXT, markersize=4.5, zorder=4)
    style: dict[str, Any] = {"ha": horizontal, "va": vertical, "fontsize": 9.5, "zorder": 5}
    style["path_effects"] = [withStroke(linewidth=3, foreground=Ink.PAPER)]
    axes.annotate(point["label"], (x, y), (dx, dy), textcoords="offset points", **style)


_SIDES = {
    "right": (7, 0, "left", "center"),
    "left": (-7, 0, "right", "center"),
    "above": (0, 6, "center", "bottom"),
    "below": (0, -7, "center", "top"),
}


def _legend(c: Canvas, *panels: Axes) -> None:
    """One legend below the panels, each label once, in rows."""
    entries: dict[str, Any] = {}
    for axes in panels:
        axes.yaxis.set_minor_formatter(NullFormatter())
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    if not entries:
        return
    rows = math.ceil(len(entries) / (6 if max(map(len, entries)) < 16 else 3))
    columns = math.ceil(len(entries) / rows)
    order = [i for column in range(columns) for i in range(column, len(entries), columns)]  # matplotlib fills columns
    labels, handles = list(entries), list(entries.values())
    c.legend([handles[i] for i in order], [labels[i] for i in order], loc="outside lower center", ncols=columns)


def _typeset(label: str) -> str:
    """Italic variables in a plain label, as in prose; in mathtext, primes that are not raised twice, and so seen."""
    return _PRIME.sub(r"{\\prime}", label) if "$" in label else VARIABLE.sub(r"$\g<0>$", typographic(label))


def _numbers(values: Sequence[float | None]) -> list[float]:
    """Floats; null becomes a gap."""
    return [math.nan if v is None else float(v) for v in values]
