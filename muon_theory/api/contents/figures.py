"""The figures of a report on a schedule, as plain numbers in floating point: they show, and prove nothing."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from muon_theory.document import Figure
from muon_theory.interval import Interval
from muon_theory.polynomial import horner
from muon_theory.schedule import Schedule

COUNT = 700
FAR = 4.0


def _points(low: float, high: float, count: int = COUNT) -> list[float]:
    """Evenly spread over log x."""
    return [low * (high / low) ** (i / count) for i in range(count + 1)]


def _run(rows: Sequence[Sequence[float]], x: float) -> float | None:
    for row in rows:
        x *= horner(row, x * x)
        if abs(x) > 1e6:
            return None
    return x if abs(x) < FAR else None


def _rows(schedule: Schedule) -> list[list[float]]:
    return [[float(c) for c in step.coefficients] for step in schedule.steps]


def image(schedule: Schedule, interval: Interval, cap: Fraction) -> Figure:
    """φ and its distance from 1, over log x."""
    low, high = float(interval.lo) / 10, float(interval.hi)
    xs, rows = _points(low, high), _rows(schedule)
    ys = [_run(rows, x) for x in xs]
    data: dict[str, object] = {
        "x": xs,
        "y": ys,
        "error": [None if y is None else max(abs(1 - y), 1e-9) for y in ys],
        "lower": float(interval.lo),
        "cap": float(cap),
    }
    return Figure("image", "image", f"φ over log x, and its distance from 1; the dotted line is l = {interval.lo}, the "
                  "dashed one the cap.", data)  # fmt: skip


def partial(schedule: Schedule, interval: Interval) -> Figure:
    """φ after each step."""
    xs, rows = _points(float(interval.lo), float(interval.hi)), _rows(schedule)
    shown = sorted({*range(0, len(rows), max(1, len(rows) // 5)), len(rows) - 1})
    curves = [
        {"label": f"{t + 1} step{'s' * (t > 0)}", "x": xs, "y": [_run(rows[: t + 1], x) for x in xs]} for t in shown
    ]
    return Figure("steps", "growth", "What so many steps make of a singular value x.", {"curves": curves})


def cobweb(schedule: Schedule, interval: Interval) -> Figure:
    """The map, and two of its orbits."""
    (row, *_), high = _rows(schedule), 1.6
    xs = [high * i / 300 for i in range(301)]
    ys = [_run([row], x) for x in xs]
    starts = (float(interval.lo) * 20 if interval.lo < Fraction(1, 100) else 0.03, 0.95)
    orbits = []
    for start in starts:
        points = [start]
        while len(points) < 40 and abs(points[-1]) < FAR:
            points.append(points[-1] * horner(row, points[-1] ** 2))
        orbits.append({"label": f"$x_0 = {start:g}$", "points": points})
    data: dict[str, object] = {"panels": [{"curve": {"x": xs, "y": ys}, "orbits": orbits, "limits": (0, high)}]}
    return Figure("cobweb", "cobweb", "The map and two orbits, up to the curve and across to the diagonal.", data)
