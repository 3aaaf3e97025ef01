"""How wide the band is that each tier has for a format and a size: the table of docs/precision.md.

    python -m tests.benchmarks.widths            print it
    python -m tests.benchmarks.widths --page     and write its rows into the page
    python -m tests.benchmarks.widths jordan S   only those rows, by schedule, format or tier

Singular values from 1/100; the norm's squares are added pairwise.  V is tier W where products are summed pairwise, too;
A is one log-uniform input of seed 0, up to 1024².  A dash: no statement, or an upper end beyond 3/2 and a tenth beyond
the exact one.  What stands before an arrow is what the page says an older version had: no code makes it any more.
"""

import re
import sys
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from muon_theory import catalogue
from muon_theory.designs import design
from muon_theory.errors import MuonTheoryError
from muon_theory.interval import Interval
from muon_theory.precision import chain, normalised, step_errors

SIZES = (64, 256, 1024, 4096, 8192)
FORMATS = ("fp32", "fp16", "bf16")
TIERS = ("W", "V", "S", "P", "A")
LOWER = Fraction(1, 100)
PAGE = Path(__file__).parents[2] / "docs" / "precision.md"
HEADER = f"| schedule | format | tier | n = {' | '.join(map(str, SIZES))} |\n|{' --- |' * (3 + len(SIZES))}"
LARGEST = 1024  # side of a matrix that tier A looks at


@lru_cache
def schedules():
    """Jordan's, the article's set, Polar Express and the optimal five quintics with a safety factor of 1.01."""
    named = {name: catalogue.get(name) for name in ("jordan", "article", "polar_express_101")}
    return {**named, "designed": design(5, 5, LOWER, safety=Fraction(101, 100)).schedule}


def width(schedule, dtype, tier, n):
    """The band's width to three decimals, or a dash; a point where nothing is measured."""
    if tier == "A" and n > LARGEST:
        return "·"
    try:
        stored, frobenius = normalised(Interval(LOWER, Fraction(1)), dtype, (n, n), additions="pairwise")
        start, sums = Interval(LOWER, stored.hi), "pairwise" if tier == "V" else "any"
        if tier == "A":
            band = of_one_input(schedule, dtype, n, start)
        else:
            name = "W" if tier == "V" else tier
            band = step_errors(schedule, dtype, (n, n), start, name, frobenius=frobenius, sums=sums)[-1].after
    except MuonTheoryError:
        return "–"
    limit = max(Fraction(3, 2), chain(schedule, start)[-1].hi * Fraction(11, 10))
    return f"{float(band.width):.3f}" if band.lo > 0 and band.hi <= limit else "–"


def of_one_input(schedule, dtype, n, start):
    from muon_theory.confirmation import SPECTRA, a_posteriori, build, kernel_for, singular_interval

    kernel = kernel_for(dtype, emulate=dtype != "fp32")
    X = kernel.unload(kernel.load(build(SPECTRA["log-uniform"], (n, n), schedule, start).X))
    return a_posteriori(kernel, X, schedule, singular_interval(X))[1][-1].after


def rows(words=()):
    """Of all schedules, formats and tiers, or of those named; tier A of 16-bit formats."""
    for name, schedule in schedules().items():
        for dtype in FORMATS:
            for tier in TIERS:
                groups = ((name, schedules()), (dtype, FORMATS), (tier, TIERS))
                asked = all(one in words or not set(words) & set(group) for one, group in groups)
                if asked and (tier, dtype) != ("A", "fp32"):
                    yield [name, dtype, tier, *(width(schedule, dtype, tier, n) for n in SIZES)]


def printed(page=None):
    """The rows of the page by schedule, format and tier: (before, after) of each size; before is "" where it is new."""
    text = (page or PAGE.read_text(encoding="utf-8")).split(HEADER, 1)[1]
    found = {}
    for line in re.match(r"(\n\|[^\n]*)*", text)[0].split("\n")[1:]:
        name, dtype, tier, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        new = tier in ("V", "S")
        pairs = (cell.partition(" → ") for cell in cells)
        found[name, dtype, tier] = [(b if a or not new else "", a or b) for b, _, a in pairs]
    return found


def line(row, before):
    """A row of the page, with what it had before."""
    name, dtype, tier, *cells = row
    old = before.get((name, dtype, tier), [("", "")] * len(cells))
    texts = [f"{b} → {c}" if b and b != c else c for (b, _), c in zip(old, cells, strict=True)]
    return f"| {' | '.join([name, dtype, tier, *texts])} |"


def main(words):
    before, asked = printed(), [w for w in words if w != "--page"]
    made = {}
    for row in rows(asked):
        made[tuple(row[:3])] = line(row, before)
        print(made[tuple(row[:3])], flush=True)
    if "--page" in words:
        text = PAGE.read_text(encoding="utf-8")
        for name, dtype, tier in made:
            text = re.sub(rf"^\| {name} \| {dtype} \| {tier} \|.*$", made[name, dtype, tier], text, flags=re.MULTILINE)
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
