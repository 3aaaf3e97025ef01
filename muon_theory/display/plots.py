"""Pictures of results: floating-point curves for the eye, which prove nothing.

matplotlib is loaded when one is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import log10
from typing import TYPE_CHECKING, Any

from muon_theory.interval import Interval
from muon_theory.polynomial import horner
from muon_theory.schedule import Schedule

if TYPE_CHECKING:
    from matplotlib.axes import Axes as Axes
    from matplotlib.figure import Figure as Figure
else:  # annotations of plot() name it, and matplotlib is not loaded for a name
    Figure = Any

POINTS = 1200
CEILING = 1e6
"""Values above are not drawn: an orbit on its way to infinity has no picture."""


def figure(draw: Callable[[Axes], object], title: str, x: str, y: str) -> Figure:
    """A figure with one pair of axes; it belongs to no window, and is closed when it is forgotten."""
    from matplotlib.figure import Figure

    made = Figure(figsize=(7, 4.2), layout="constrained")
    axes = made.add_subplot()
    axes.set(title=title, xlabel=x, ylabel=y)
    axes.grid(alpha=0.3)
    draw(axes)
    return made


def images(
    schedules: Mapping[str, Schedule], interval: Interval, levels: Mapping[str, Fraction] | None = None
) -> Figure:
    """φ of each schedule on [lower/10, upper], and horizontal lines."""

    def draw(axes: Axes) -> None:
        for name, schedule in schedules.items():
            points = list(_curve(schedule, interval))
            axes.plot([p[0] for p in points], [p[1] for p in points], label=name)
        axes.set_xscale("log")
        axes.axvline(float(interval.lo), color="grey", linestyle=":", linewidth=1)
        for name, level in (levels or {}).items():
            axes.axhline(float(level), linestyle="--", linewidth=1, color="grey", label=name)
        axes.legend()

    return figure(draw, ", ".join(schedules) if len(schedules) < 4 else "", "σ", "φ(σ)")


def _curve(schedule: Schedule, interval: Interval) -> Iterable[tuple[float, float]]:
    lo, hi = float(interval.lo) / 10, float(interval.hi)
    rows = [[float(c) for c in step.coefficients] for step in schedule.steps]
    for k in range(POINTS + 1):
        x = y = lo * (hi / lo) ** (k / POINTS)
        for row in rows:
            y *= horner(row, y * y)
            if abs(y) > CEILING:
                y = float("nan")
        yield x, y


def front(
    points: Sequence[tuple[float, float, float]],
    known: Mapping[str, tuple[float, float]],
    level: float | None,
    beside: str,
    title: str,
) -> Figure:
    """Errors against slopes, with a bound for all that is as steep (a staircase), named points, and a level."""

    def draw(axes: Axes) -> None:
        slopes, errors, bounds = map(list, zip(*points, strict=True))
        left = min(slopes[:1] + [slope for slope, _ in known.values()]) / 2
        edges, floors = [left, *slopes], [bounds[0], *bounds]  # the first bound is one of all maps
        axes.plot(
            slopes, errors, color="C0", marker="o", markersize=4, linestyle=":", label="best map as steep, certified"
        )
        axes.step(edges, floors, where="post", color="C3", linewidth=1, label="no map as steep errs less")
        axes.fill_between(
            edges, [min([*bounds, level or 1]) / 3] * len(floors), floors, step="post", color="C3", alpha=0.12
        )
        for name, (slope, error) in known.items():
            axes.plot([slope], [error], marker="D", color="black", linestyle="none", markersize=5)
            side = (7, "left") if slope < slopes[0] else (-7, "right")
            axes.annotate(name, (slope, error), (side[0], 3), textcoords="offset points", fontsize=8, ha=side[1])
        axes.set_xlim(left, 1.3 * slopes[-1])
        if level is not None:
            axes.axhline(level, color="grey", linestyle="--", linewidth=1, label=f"{beside}: {level:.1e} or more")
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.legend(loc="center left", fontsize=8)

    return figure(draw, title, "slope of f∘…∘f at 0", "largest error, |1 - f∘…∘f|")


def sequence(values: Sequence[float], title: str, y: str) -> Figure:
    """Values against their number."""
    return figure(lambda axes: axes.plot(range(len(values)), values, marker=".", linewidth=0.8), title, "n", y)


def ranges(rows: Sequence[tuple[str, tuple[float, float], tuple[float, float]]], title: str) -> Figure:
    """For each row what was seen, inside what was expected."""

    def draw(axes: Axes) -> None:
        for n, (_, seen, expected) in enumerate(rows):
            axes.plot(expected, (n, n), color="lightgrey", linewidth=6, solid_capstyle="butt")
            axes.plot(seen, (n, n), color="C0", linewidth=2)
        axes.set_yticks(range(len(rows)), [name for name, *_ in rows], fontsize=6)

    return figure(draw, title, "singular values", "")


def marks(values: Mapping[str, float], title: str, x: str) -> Figure:
    """Named places on a line."""

    def draw(axes: Axes) -> None:
        for n, (name, value) in enumerate(values.items()):
            axes.axvline(value, color=f"C{n % 10}")
            axes.annotate(name, (value, (n % 8 + 1) / 9), xycoords=("data", "axes fraction"), fontsize=8)
        axes.set_yticks([])

    return figure(draw, title, x, "")


def distribution(values: Sequence[float], map: Callable[[float], float], label: str, title: str) -> Figure:
    """The density of log₁₀ of positive values, and a map of them over it."""

    def draw(axes: Axes) -> None:
        logs = sorted(log10(v) for v in values)
        axes.hist(logs, bins=60, density=True, color="0.8")
        over = axes.twinx()
        grid = [logs[0] + (logs[-1] - logs[0]) * k / POINTS for k in range(POINTS + 1)]
        over.plot(grid, [map(10**x) for x in grid], color="C0")
        over.set_ylabel(label)

    return figure(draw, title, "log₁₀ σ, after normalisation", "density of the singular values")
