"""The page of the catalogue, in Markdown and HTML: each schedule with what is certified of it, and one plot of all.

The table sorts without a network.  The certificates of each row lie beside the page.
"""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from muon_theory import catalogue
from muon_theory.answer import established
from muon_theory.audits import audit, format_of, of_schedule
from muon_theory.audits.provenance import provenance
from muon_theory.audits.subjects import Overrides
from muon_theory.catalogue import Entry
from muon_theory.certificate import Certificate, dump, write
from muon_theory.claims import CompositionBound
from muon_theory.designs.greedy import compose, reach
from muon_theory.designs.products import cost
from muon_theory.display.plots import figure
from muon_theory.errors import MuonTheoryError
from muon_theory.finders import Result, certify
from muon_theory.finders.alternation import composition_bound
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.precision.upper import margin

if TYPE_CHECKING:
    from muon_theory.display.plots import Axes

LOWERS = (Fraction(1, 1000), Fraction(1, 100))
FORMATS = ("fp32", "bf16", "fp16")
HEAD = (
    "schedule", "steps", "products", "slope φ'(0)", "φ([1/1000, 1])", "φ([1/100, 1])", "error from 1/1000",
    "times the optimum", "φ(x)/x ≥", "φ(x)/x ≤", "ρ̄", "safe σ_max", *FORMATS, "findings", "provenance", "used by",
    "source", "certificates",
)  # fmt: skip
"""The columns.  Images, slopes, ratios, ρ̄ and safe ranges are certified."""

FRONT = range(3, 8)
"""Numbers of quintic steps for which the least possible error from 1/1000 is certified."""

_SORT = """
document.querySelectorAll('th').forEach((head, i) => head.onclick = () => {
  const body = document.querySelector('tbody'), up = head.dataset.up = head.dataset.up === '1' ? '0' : '1';
  const key = row => { const t = row.cells[i].dataset.key; const n = parseFloat(t); return isNaN(n) ? t : n; };
  [...body.rows].sort((a, b) => { const p = key(a), q = key(b);
    const order = typeof p === 'number' && typeof q === 'number' ? p - q : String(p).localeCompare(q);
    return (up === '1' ? 1 : -1) * order;
  }).forEach(row => body.append(row));
});
"""
_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem; }
table { border-collapse: collapse; font-size: 13px; } .wide { overflow-x: auto; }
svg { width: min(100%, 75rem); height: auto; }
th, td { border-bottom: 1px solid #ccc; padding: .25rem .5rem; text-align: left; vertical-align: top; }
th { cursor: pointer; position: sticky; top: 0; background: #fff; }
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One schedule: the texts of its cells; `error` and `slope` for the plot; its certificates as one file."""

    entry: Entry
    cells: tuple[str, ...]
    error: Fraction | None
    slope: Fraction
    certificates: bytes


def row(entry: Entry) -> Row:
    """Certify one entry on [1/1000, 1] and [1/100, 1], and gather what is known of it.

    >>> dict(zip(HEAD, row(catalogue.entry("jordan")).cells))["safe σ_max"]
    '1.2637472'
    """
    schedule = entry.schedule()
    results = [certify(schedule, lower=lower, upper=Fraction(1)) for lower in LOWERS]
    first = results[0]
    error = reach(first.image) if first.image else None
    found = audit(entry, certify=None).findings
    bound = of_schedule(schedule, Overrides()).bound
    cells = (
        entry.id,
        str(len(schedule.steps)),
        str(cost(schedule)),
        decimal(schedule.slope, 8),
        *(_interval(r.image) for r in results),
        decimal(error, 6, +1) if error is not None else "—",
        _distance(entry, error),
        *_ratios(entry),
        decimal(first.safe_sigma_max.lo, 8, -1) if first.safe_sigma_max else "none",
        *(_safe(first, bound, name) for name in FORMATS),
        ", ".join(f"{f.severity.value} {f.rule}" for f in found) or "none",
        str(provenance(entry.schedule(entry.length).steps) or "unknown"),
        "; ".join(u.where for u in entry.users) or "—",
        entry.sources[0],
        f"certificates/{entry.id}.json",
    )
    return Row(entry, cells, error, schedule.slope, dump([c for r in results for c in r.certificates]))


def _interval(image: Interval | None) -> str:
    return str(image) if image else "—"


def _safe(result: Result, bound: Fraction | None, name: str) -> str:
    """Is what the norm and the format admit inside the certified safe range?"""
    safe = result.safe_sigma_max
    if bound is None:
        return "no bound"
    upper = bound * (1 + margin(format_of(name)))
    if safe is None:
        return "not safe"
    return "safe" if upper <= safe.lo else "not safe" if upper >= safe.hi else "open"


def _distance(entry: Entry, error: Fraction | None) -> str:
    """The error over that of the greedy composition of the same degrees, which is optimal without rounding."""
    degrees = [f.degree for f in entry.schedule().steps]
    if error is None or max(degrees) > 9:
        return "—"
    try:
        best = compose(degrees, LOWERS[0]).levels[-1]
    except MuonTheoryError:
        return "—"
    return decimal(error / best, 4) if best > Fraction(1, 10**12) else "—"


def _ratios(entry: Entry) -> tuple[str, str, str]:
    """ℓ ≤ φ(x)/x ≤ u, and ρ̄, outward; dashes where they are not certified."""
    from muon_theory.api.constants import constants

    try:
        found = constants(entry.schedule()).exact
    except MuonTheoryError:
        return "—", "—", "—"
    return (
        found.ratio_lower.outward()[0],
        found.ratio_upper.outward()[1],
        found.angular.outward()[1] if found.angular else "—",
    )


def markdown(rows: Sequence[Row]) -> str:
    """The table, with a link to each row's certificates."""
    lines = ["# Catalogue", "", _INTRODUCTION, "", "| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    for r in rows:
        cells = [c.replace("|", "\\|") for c in r.cells]
        lines.append("| " + " | ".join([*cells[:-1], f"[certificates]({cells[-1]})"]) + " |")
    return "\n".join(lines) + "\n"


_INTRODUCTION = (
    "Each schedule as its implementation runs it, on inputs from (0, 1]. Images, slopes, safe ranges and ρ̄ are "
    "certified: ρ̄ and every upper end is rounded up, lower ends down, slopes to 8 digits. 'Times the optimum' is the "
    "error over that of the greedy composition of the same degrees, which is derived. A format is safe where the bound "
    "of the norm, with the rounding of norm and quotient, lies in the certified safe range. The provenance is the "
    "generator that reproduces the rows."
)
_FRONT = (
    "The line is the front: no composition of T quintic steps has a smaller error on [1/1000, 1], which is certified "
    "(certificates/front.json); it is drawn at the slopes of the greedy compositions. Where points crowd, some have "
    "no name: the table has all."
)


def front() -> list[Certificate[CompositionBound]]:
    """What no composition of T quintic steps can beat on [1/1000, 1], for each T of `FRONT`; checked."""
    found = [composition_bound((5,) * steps, Interval(LOWERS[0], Fraction(1))) for steps in FRONT]
    return [c for c in found if established(c).proved]


def page(rows: Sequence[Row], bounds: Sequence[Certificate[CompositionBound]]) -> str:
    """The same as one HTML file, with the plot; it asks nothing of a network."""
    head = "".join(f"<th>{html.escape(h)}</th>" for h in HEAD)
    body = "".join(
        "<tr>" + "".join(_cell(c, link=i == len(HEAD) - 1) for i, c in enumerate(r.cells)) + "</tr>\n" for r in rows
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Catalogue</title>'
        f"<style>{_STYLE}</style></head>"
        f"<body><h1>Catalogue</h1><p>{html.escape(_INTRODUCTION)}</p>{_plot(rows, bounds)}<p>{html.escape(_FRONT)}</p>"
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>'
        f"<script>{_SORT}</script></body></html>\n"
    )


def _cell(text: str, link: bool) -> str:
    safe = html.escape(text)
    shown = f'<a href="{safe}">certificates</a>' if link else safe
    return f'<td data-key="{safe.lstrip("[")}">{shown}</td>'


def _plot(rows: Sequence[Row], bounds: Sequence[Certificate[CompositionBound]]) -> str:
    """Error on [1/1000, 1] against the slope at 0, both logarithmic, with the certified front."""
    slopes = [float(compose(c.claim.degrees, LOWERS[0]).schedule.slope) for c in bounds]
    least = [float(c.claim.error) for c in bounds]
    points = [(float(r.slope), float(r.error), r.entry.id) for r in rows if r.error and r.error < 10**6]

    def draw(axes: Axes) -> None:
        axes.scatter([p[0] for p in points], [p[1] for p in points], s=8)
        axes.plot(slopes, least, marker="_", linewidth=1, color="0.4")
        for x, y, c in zip(slopes, least, bounds, strict=True):
            axes.annotate(
                f"T = {len(c.claim.degrees)}", (x, y), fontsize=6, xytext=(-3, -9), textcoords="offset points"
            )
        axes.set_xscale("log")
        axes.set_yscale("log")
        _named(axes, points)

    drawn = io.StringIO()
    figure(draw, "Error against slope", "φ'(0)", "max |1 − φ| on [1/1000, 1]").savefig(drawn, format="svg")
    text = drawn.getvalue()
    return text[text.index("<svg") :]


def _named(axes: Axes, points: Sequence[tuple[float, float, str]]) -> None:
    """A name beside each point, in the first of six places that no point and no name has; none where all are taken."""
    if (drawn := axes.get_figure(root=True)) is not None:
        drawn.draw_without_rendering()  # names have their size once this is done
    spots = [axes.transData.transform(p[:2]) for p in points]
    taken = [(x - 2, y - 2, x + 2, y + 2) for x, y in spots]
    left, _, right, _ = axes.get_window_extent().extents
    for i, (x, y, name) in enumerate(points):
        others = taken[:i] + taken[i + 1 :]
        for across, up in ((4, -2), (-4, -2), (4, 6), (4, -10), (-4, 6), (-4, -10)):
            label = axes.annotate(name, (x, y), fontsize=5, xytext=(across, up), textcoords="offset points",
                                  ha="left" if across > 0 else "right")  # fmt: skip
            a, b, c, d = label.get_window_extent().extents
            if left < a and c < right and all(c < p or r < a or d < q or s < b for p, q, r, s in others):
                taken.append((a, b, c, d))
                break
            label.remove()


def write_page(
    folder: Path, names: Sequence[str] | None = None, step: Callable[[str], None] | None = None
) -> list[Row]:
    """Write catalogue.md, catalogue.html and certificates/ID.json of the named entries, all of them unless said."""
    rows = []
    for name in names or catalogue.ids():
        if step:
            step(name)
        rows.append(row(catalogue.entry(name)))
    (folder / "certificates").mkdir(parents=True, exist_ok=True)
    for r in rows:
        write(folder / r.cells[-1], r.certificates)
    write(folder / "catalogue.md", markdown(rows).encode())
    bounds = front()
    write(folder / "certificates" / "front.json", dump(bounds))
    write(folder / "catalogue.html", page(rows, bounds).encode())
    return rows
