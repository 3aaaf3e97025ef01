"""How wide the band is that each tier has for a format and a size: the table of docs/precision.md.

    python tests/benchmarks/widths.py

Singular values from 1/100; the norm's squares are added pairwise.  V is tier W where products are summed pairwise, too.
A dash: no statement, or an upper end beyond 3/2 and a tenth beyond the exact one.
"""

from fractions import Fraction

from muon_theory import catalogue
from muon_theory.designs import design
from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval
from muon_theory.precision import chain, normalised, step_errors

SIZES = (64, 256, 1024, 4096, 8192)
FORMATS = ("fp32", "fp16", "bf16")
TIERS = ("W", "V", "S", "P")
LOWER = Fraction(1, 100)


def schedules():
    """Jordan's, the article's set, Polar Express and the optimal five quintics with a safety factor of 1.01."""
    named = {name: catalogue.get(name) for name in ("jordan", "article", "polar_express_101")}
    return {**named, "designed": design(5, 5, LOWER, safety=Fraction(101, 100)).schedule}


def width(schedule, dtype, tier, n):
    """The band's width to three decimals, or a dash."""
    try:
        stored, frobenius = normalised(Interval(LOWER, Fraction(1)), dtype, (n, n), additions="pairwise")
        start, sums = Interval(LOWER, stored.hi), "pairwise" if tier == "V" else "any"
        name = "W" if tier == "V" else tier
        band = step_errors(schedule, dtype, (n, n), start, name, frobenius=frobenius, sums=sums)[-1].after
    except UndecidedError:
        return "–"
    limit = max(Fraction(3, 2), chain(schedule, start)[-1].hi * Fraction(11, 10))
    return f"{float(band.width):.3f}" if band.lo > 0 and band.hi <= limit else "–"


def rows():
    for name, schedule in schedules().items():
        for dtype in FORMATS:
            for tier in TIERS:
                yield [name, dtype, tier, *(width(schedule, dtype, tier, n) for n in SIZES)]


if __name__ == "__main__":
    print("| schedule | format | tier | " + " | ".join(f"n = {n}" for n in SIZES) + " |")
    print("|" + " --- |" * (3 + len(SIZES)))
    for row in rows():
        print(f"| {' | '.join(row)} |", flush=True)
