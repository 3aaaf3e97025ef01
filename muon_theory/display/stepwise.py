"""A schedule step by step: φ, its error, and the error of each step on the interval that it starts from.

In decimals of enough digits that an error of 10^-60 is a curve and no noise; for the eye, and no proof.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from muon_theory.display.plots import CEILING
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS, DENSE, FINE = 400, 2000, 40
"""Of the curve of a step, and of several; and bisections of the place of an extremum."""

DIGITS = 90
MOST, IN_A_ROW = 12, 6
"""Panels: the first steps and the last one where there are more."""

NEAR = Decimal("0.999")
"""An extremum whose error is so much of the largest is marked as a point of alternation."""

Map = Callable[[Decimal], Decimal]


@dataclass(frozen=True, slots=True)
class _Curve:
    """1 - f on [lo, hi]: a grid, and the local extrema with the ends."""

    x: list[Decimal]
    error: list[Decimal]
    extrema: list[tuple[Decimal, Decimal]]

    @property
    def level(self) -> Decimal:
        return max(abs(e) for _, e in self.extrema)

    @property
    def image(self) -> tuple[Decimal, Decimal]:
        values = [1 - e for _, e in self.extrema]
        return min(values), max(values)


def stepwise(schedule: Schedule, interval: Interval, levels: Mapping[str, Fraction]) -> Figure:
    """φ on [lower/10, upper] after each step, the error 1 - φ on [lower, upper], and 1 - f_t for each step.

    Filled marks are where an error alternates: the extrema within a thousandth of the largest; hollow ones the others.
    `levels` are horizontal lines over φ.
    """
    from matplotlib.figure import Figure

    with localcontext(Context(prec=DIGITS, traps=[])):  # what has run away is NaN, and compares as false
        steps = [_map([_decimal(c) for c in step.coefficients]) for step in schedule.steps]
        here, curves = (_decimal(interval.lo), _decimal(interval.hi)), []
        for f in steps:
            curves.append(_curve(f, *here))
            here = curves[-1].image
            if max(map(abs, here)) > CEILING:
                break
        shown = [*range(len(curves))] if len(curves) <= MOST else [*range(MOST - 1), len(curves) - 1]
        rows = ceil(len(shown) / IN_A_ROW)
        made = Figure(figsize=(10, 4 + 2 * rows), layout="constrained")
        grid = made.add_gridspec(1 + rows, 1, height_ratios=[2.2, *[1] * rows])
        above = grid[0].subgridspec(1, 2)
        _draw_map(made.add_subplot(above[0]), steps, interval, levels)
        whole = made.add_subplot(above[1])
        _draw_error(whole, _curve(_composed(steps), _decimal(interval.lo), _decimal(interval.hi), DENSE))
        whole.set_title("1 − φ(σ)", fontsize=10)
        if interval.lo * 10 < interval.hi:
            whole.set_xscale("log")
        whole.set_xlabel("σ")
        for row in range(rows):
            part = shown[row * IN_A_ROW : (row + 1) * IN_A_ROW]
            below = grid[1 + row].subgridspec(1, min(len(shown), IN_A_ROW))
            for column, t in enumerate(part):
                axes = made.add_subplot(below[column])
                _draw_error(axes, curves[t])
                axes.set_title(f"step {t + 1}: 1 − f(x)", fontsize=8)
        made.suptitle(schedule.name, fontsize=11)
    return made


def _decimal(q: Fraction) -> Decimal:
    return Decimal(q.numerator) / Decimal(q.denominator)


def _map(row: Sequence[Decimal]) -> Map:
    def f(x: Decimal) -> Decimal:
        y, total = x * x, Decimal(0)
        for c in reversed(row):
            total = total * y + c
        return x * total

    return f


def _composed(steps: Sequence[Map]) -> Map:
    def f(x: Decimal) -> Decimal:
        for step in steps:
            x = step(x) if abs(x) < CEILING else Decimal("NaN")
        return x

    return f


def _points(lo: Decimal, hi: Decimal, count: int) -> list[Decimal]:
    """Evenly in x, and in its logarithm as well where that shows more."""
    shares = [Decimal(k) / count for k in range(count + 1)]
    evenly = [lo + (hi - lo) * share for share in shares]
    if lo <= 0 or hi <= 10 * lo:
        return evenly
    factor, logarithmic = (hi / lo) ** (Decimal(1) / count), [lo]
    for _ in range(count - 1):
        logarithmic.append(logarithmic[-1] * factor)
    return sorted({*evenly, *logarithmic})


def _curve(f: Map, lo: Decimal, hi: Decimal, count: int = POINTS) -> _Curve:
    x = _points(lo, hi, count) if lo < hi else [lo]
    error = [1 - f(p) for p in x]
    extrema = [(x[0], error[0])]
    for i in range(1, len(x) - 1):
        before, at, after = error[i - 1 : i + 2]
        if not at.is_nan() and (at - before) * (after - at) < 0:
            extrema.append(_extremum(lambda p: 1 - f(p), x[i - 1], x[i + 1], at > before))
    return _Curve(x, error, [(p, e) for p, e in [*extrema, (x[-1], error[-1])] if not e.is_nan()])


def _extremum(error: Map, a: Decimal, b: Decimal, highest: bool) -> tuple[Decimal, Decimal]:
    """By thirds."""
    for _ in range(FINE):
        third = (b - a) / 3
        if (error(a + third) < error(b - third)) is highest:
            a += third
        else:
            b -= third
    return a, error(a)


def _draw_map(axes: Axes, steps: Sequence[Map], interval: Interval, levels: Mapping[str, Fraction]) -> None:
    lo, hi = _decimal(interval.lo) / 10, _decimal(interval.hi)
    y = _points(lo, hi, DENSE)
    x = [float(p) for p in y]
    for t, step in enumerate(steps, 1):
        y = [step(p) if abs(p) < CEILING else Decimal("NaN") for p in y]
        last = t == len(steps)
        axes.plot(
            x, [float(p) for p in y],
            color="C0" if last else "C7", alpha=1 if last else 0.25 + 0.5 * t / len(steps),
            linewidth=1.6 if last else 0.8, label="φ" if last else "after each step" if t == 1 else None,
        )  # fmt: skip
    for name, level in levels.items():
        axes.axhline(float(level), linestyle="--", linewidth=1, color="C3" if name == "cap" else "grey", label=name)
    axes.axvline(float(interval.lo), color="grey", linestyle=":", linewidth=1)
    axes.set(xscale="log", xlabel="σ")
    axes.set_title("φ(σ)", fontsize=10)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)


def _draw_error(axes: Axes, curve: _Curve) -> None:
    """The curve in units of a power of ten, its level, and its extrema."""
    level, away = curve.level, max(abs(1 - p) for p in curve.x)
    unit = _unit(level)
    centre, scale = (1, Decimal(10) ** away.adjusted()) if 0 < away < Decimal("0.01") else (0, Decimal(1))

    def place(p: Decimal) -> float:
        return float((p - centre) / scale)

    many = len(curve.extrema) > IN_A_ROW
    width, size = (0.5, 2) if many else (1, 4)
    axes.plot([place(p) for p in curve.x], [float(e / unit) for e in curve.error], color="C0", linewidth=width)
    for end in (level, -level):
        axes.axhline(float(end / unit), color="grey", linestyle="--", linewidth=0.8)
    for p, e in curve.extrema:
        filled = abs(e) >= NEAR * level
        axes.plot(place(p), float(e / unit), "o", markersize=size, color="C1", fillstyle="full" if filled else "none")
    if unit != 1:
        axes.set_ylabel(f"units of 1e{unit.adjusted()}", fontsize=7)
    if centre:
        axes.set_xlabel(f"x − 1, units of 1e{scale.adjusted()}", fontsize=7)
    axes.grid(alpha=0.3)
    axes.tick_params(labelsize=7)


def _unit(most: Decimal) -> Decimal:
    """A power of ten for what is small, else 1."""
    return Decimal(1) if most == 0 or most > Decimal("0.001") else Decimal(10) ** most.adjusted()
