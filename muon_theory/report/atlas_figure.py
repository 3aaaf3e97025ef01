"""The picture of an atlas: its layers as colours, the symbolic curves over them, the article's points and lines.

Every coloured box is part of a certificate; what is white is open.  The curves are derived, the points are published.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from muon_theory.atlas import Atlas
from muon_theory.atlas.plane import maximal
from muon_theory.derive import divergence_threshold, dynamics
from muon_theory.derive.plane import escape_factor, roots_in_a
from muon_theory.errors import UsageError
from muon_theory.family import QUINTIC, QUINTIC_AB, Family
from muon_theory.polynomial import OddPolynomial

INK, MUTED, PAPER, ARTICLE = "#20242b", "#626b78", "#ffffff", "#14329b"
LAYERS: dict[str, tuple[str, str, str | None]] = {
    "multiplier-above-1": ("#ece9e2", "1 repels, $f'(1)>1$", None),
    "multiplier-below-minus-1": ("#e3e8ee", "1 repels, $f'(1)<-1$", None),
    "attracting-cycle": ("#f2c14e", "an attracting cycle", None),
    "flips": ("#b58bc9", "some orbit changes sign", None),
    "escapes": ("#d9694f", "some orbit escapes", None),
    "escapes-alternating": ("#a03c4e", "… with alternating signs", None),
    "converges": ("#3f8f83", "every orbit from $(0,1]$ tends to 1", None),
    "leaves-band": ("#d9694f", "some $x$ leaves the band", None),
    "band": ("#3f8f83", "$\\varphi([l,1])$ lies in the band", None),
    "bounded-positive": ("#3f8f83", "bounded and positive", None),
}
"""Colour and words of each layer, from the lowest to the highest."""

HATCHED = ("flips",)
"""Drawn as hatching where it lies over another layer."""

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "path", "svg.hashsalt": "muon_theory", "font.family": "STIXGeneral", "mathtext.fontset": "stix",
    "font.size": 11, "axes.linewidth": 0.8, "axes.edgecolor": MUTED, "hatch.linewidth": 0.55,
    "xtick.color": MUTED, "ytick.color": MUTED, "xtick.labelcolor": INK, "ytick.labelcolor": INK,
}  # fmt: skip

Place = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Mark:
    """A published map as a point (a, s), with its label and where the label stands, in points."""

    label: str
    a: float
    s: float
    offset: tuple[float, float]


def draw_atlas(atlas: Atlas, form: str = "svg") -> bytes:
    """The picture as the bytes of an SVG or PNG file; the same bytes every time on one machine.

    Raises UsageError for a plane of more than two parameters.
    """
    if len(atlas.plane.axes) != 2:
        raise UsageError(f"a picture has two axes, not {len(atlas.plane.axes)}: fix some parameters")
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        figure = Figure(figsize=(11.5, 8.2), layout="constrained", facecolor=PAPER, dpi=150)
        axes = figure.subplots()
        handles = _layers(axes, atlas)
        family = _family(atlas)
        place = _place(family)
        if place is not None:
            handles += _curves(axes, atlas, place)
            _marks(axes, place)
        _frame(axes, atlas)
        _title(axes, atlas, family)
        figure.legend(
            handles=handles, loc="outside lower center", ncols=4, frameon=False, fontsize=10, handlelength=1.8,
            columnspacing=1.6,
        )  # fmt: skip
        return _bytes(figure, form)


def _bytes(figure: Figure, form: str) -> bytes:
    if form == "png":
        buffer = io.BytesIO()
        FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None})
        return buffer.getvalue()
    if form != "svg":
        raise UsageError(f"a picture is an svg or a png file, not {form!r}")
    text = io.StringIO()
    FigureCanvasSVG(figure).print_svg(text, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    return text.getvalue().encode()


def _layers(axes: Axes, atlas: Atlas) -> list[Any]:
    handles: list[Any] = []
    for layer, (colour, words, _) in LAYERS.items():
        paths = maximal(leaf.path for leaf in atlas.boxes(layer)) if layer in atlas.prover.layers else []
        if not paths:
            continue
        polygons = [_polygon(atlas, path) for path in paths]
        if layer in HATCHED:
            style: dict[str, Any] = {"facecolors": "none", "edgecolors": colour, "hatch": "////", "linewidths": 0}
            handles.append(Patch(facecolor="none", edgecolor=colour, hatch="////", linewidth=0.4, label=words))
        else:
            style = {"facecolors": colour, "edgecolors": PAPER, "linewidths": 0.12, "alpha": 0.95}
            handles.append(Patch(color=colour, label=words))
        axes.add_collection(PolyCollection(polygons, zorder=1, **style))
    handles.append(Patch(facecolor=PAPER, edgecolor=MUTED, linewidth=0.6, label="open"))
    return handles


def _polygon(atlas: Atlas, path: str) -> list[tuple[float, float]]:
    (x0, x1), (y0, y1) = ((float(i.lo), float(i.hi)) for i in atlas.plane.box(path))
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def _family(atlas: Atlas) -> Family | None:
    parts: Sequence[Any] = getattr(atlas.prover, "parts", (atlas.prover,))
    return getattr(parts[0], "family", None)


def _place(family: Family | None) -> Place | None:
    """From (a, s) to the plane's coordinates, for the two planes of the quintics with f(1) = 1."""
    if family == QUINTIC:
        return lambda a, s: (a, s)
    if family == QUINTIC_AB:
        return lambda a, s: (a, (5 - s) / 2 - 2 * a)
    return None


# --------------------------------------------------------------------------------------------------- curves and points


def _curves(axes: Axes, atlas: Atlas, place: Place) -> list[Line2D]:
    """The threshold a*(s), the other branches of E(a, s) = 0, and the article's two lines."""
    slopes = _slopes(atlas)
    threshold = [(float(_decimal(divergence_threshold(s))), float(s)) for s in slopes]
    branches: dict[int, list[tuple[float, float]]] = {}
    for s, (a_star, _) in zip(slopes, threshold, strict=True):
        roots = [float(_decimal(root)) for root, _ in roots_in_a(escape_factor(), s)]
        for i, root in enumerate(r for r in roots if abs(r - a_star) > 1e-6):
            branches.setdefault(i, []).append((root, float(s)))
    _plot(axes, place, threshold, color=INK, linewidth=1.9, zorder=5)
    for branch in branches.values():
        _plot(axes, place, _continuous(branch), color=INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=4)
    article = {"color": ARTICLE, "linewidth": 1.8, "zorder": 4.5}
    _plot(axes, place, [(a / 10, 3 - 2 * a / 10) for a in range(0, 60)], **article, linestyle=(0, (1, 1.3)))
    _plot(axes, place, [(a / 10, -0.98) for a in range(0, 60)], **article)
    for side in (-1.0, 1.0):
        _plot(axes, place, [(a / 10, side) for a in range(0, 60)], color=INK, linewidth=0.7, zorder=4)
    return [
        Line2D([], [], color=INK, linewidth=1.9, label="the threshold $a^*(s)$"),
        Line2D(
            [], [], color=INK, linewidth=1.0, linestyle=(0, (4, 3)), label="roots of the discriminant, no threshold"
        ),
        Line2D([], [], color=ARTICLE, linewidth=1.8, label="the article's line $b=2.99-2a$"),
        Line2D([], [], color=ARTICLE, linewidth=1.8, linestyle=(0, (1, 1.3)), label="the cubics, $b=1-a$"),
    ]


def _slopes(atlas: Atlas) -> list[Fraction]:
    """Values of s over the window, as far as the threshold is derived: -3 ≤ s < 9."""
    x, y = atlas.plane.window
    corners = [5 - 4 * a - 2 * b for a in (x.lo, x.hi) for b in (y.lo, y.hi)]
    reach = [y.lo, y.hi] if atlas.plane.axes[1] == "s" else corners
    lo, hi = max(Fraction(-3), min(reach)), min(Fraction(35, 4), max(reach))
    return [Fraction(i, 16) for i in range(math.ceil(16 * lo), math.floor(16 * hi) + 1)]


def _decimal(number: Any) -> str:
    return str(number.decimal(12))


def _continuous(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """With a gap where a branch jumps."""
    out: list[tuple[float, float]] = []
    for p in points:
        if out and abs(p[0] - out[-1][0]) > 0.4:
            out.append((math.nan, math.nan))
        out.append(p)
    return out


def _plot(axes: Axes, place: Place, points: Sequence[tuple[float, float]], **style: Any) -> None:
    places = [place(a, s) for a, s in points]
    axes.plot([x for x, _ in places], [y for _, y in places], **style)


def _marks(axes: Axes, place: Place) -> None:
    for mark in marks():
        x, y = place(mark.a, mark.s)
        axes.plot([x], [y], "o", markersize=6.5, color=INK, markeredgecolor=PAPER, markeredgewidth=1.2, zorder=7)
        axes.annotate(
            mark.label, (x, y), mark.offset, textcoords="offset points", fontsize=10.5, zorder=8, color=INK,
            ha="left" if mark.offset[0] > 0 else "right", va="center",
            path_effects=[withStroke(linewidth=2.6, foreground=PAPER)],
        )  # fmt: skip


def marks() -> list[Mark]:
    """The article's three sets and Jordan's, the latter scaled so that each of its fixed points becomes 1.

    x → f(p·x)/p has the fixed point 1 with the multiplier f'(p), and the same slope a at 0.
    """
    jordan = OddPolynomial.of("3.4445", "-4.7750", "2.0315")
    found = [
        Mark("Bernstein & Newhouse", 1.5, 0.0, (10, 0)),
        Mark("the article's cubic", 1.99, -0.98, (-10, 14)),
        Mark("the article's quintic", 3.25, -0.98, (-10, 14)),
    ]
    for fixed in dynamics.fixed_points(jordan):
        p = float(_decimal(fixed.point))
        if p > 0:
            found.append(Mark(f"Jordan, $p={p:.3f}$", 3.4445, float(_decimal(fixed.multiplier)), (10, 0)))
    return found


def _frame(axes: Axes, atlas: Atlas) -> None:
    (x, y) = atlas.plane.window
    axes.set(xlim=(float(x.lo), float(x.hi)), ylim=(float(y.lo), float(y.hi)))
    names = {"a": "$a = f'(0)$", "s": "$s = f'(1)$", "b": "$b$", "l": "$l$"}
    axes.set_xlabel(names.get(atlas.plane.axes[0], atlas.plane.axes[0]), fontsize=13, color=INK)
    axes.set_ylabel(names.get(atlas.plane.axes[1], atlas.plane.axes[1]), fontsize=13, color=INK)
    axes.tick_params(length=3)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _title(axes: Axes, atlas: Atlas, family: Family | None) -> None:
    share = math.ceil(float(atlas.open_share()) * 1e4) / 1e2
    of = atlas.strip.name.replace("|f'(1)| <= 1", "$|f'(1)|\\leq 1$") if atlas.strip else "window"
    lines = [f"{len(atlas.found.leaves):,} boxes".replace(",", " ") + f", each proved; {share:g}% of the {of} is open"]
    if _place(family):
        lines.append("and the strip is one theorem: every orbit tends to 1 if and only if $a<a^*(s)$")
    what = "The quintics that fix 1" if _place(family) else family.name if family else "A family"
    axes.set_title(what, loc="left", fontsize=21, color=INK, pad=14)
    axes.set_title("\n".join(lines), loc="right", fontsize=10.5, color=MUTED, pad=10, linespacing=1.4)
