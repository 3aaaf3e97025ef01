"""What each tier says of every schedule of the catalogue in bf16 at 1024²: the second table of docs/precision.md.

    python tests/benchmarks/catalogue_tiers.py

W, S and P are for all matrices with singular values from 1/100 that the schedule's own normalisation, stored, leaves; A
is for one log-uniform input of seed 0.  A dash: no statement, or an upper end beyond 3/2 and a tenth beyond the exact
one.
"""

from fractions import Fraction

from muon_theory import catalogue
from muon_theory.errors import MuonTheoryError
from muon_theory.interval import Interval
from muon_theory.precision import chain
from muon_theory.precision.upper import largest_input
from muon_theory.robust import in_format

LOWER, SIDE, DTYPE = Fraction(1, 100), 1024, "bf16"


def schedules():
    """By name, the first of each digest."""
    found = {}
    for name in catalogue.ids():
        schedule = catalogue.get(name)
        found.setdefault(schedule.digest, (name, schedule))
    return dict(found.values())


def top(schedule, dtype=DTYPE):
    """The largest stored singular value: 1 + 2u where the normalisation guarantees nothing."""
    try:
        return largest_input(schedule.normalisation, dtype)
    except MuonTheoryError:
        return largest_input(catalogue.get("jordan").normalisation, dtype)


def exactly(schedule):
    """The image in exact arithmetic; None where it leaves every bound."""
    try:
        return chain(schedule, Interval(LOWER, top(schedule)))[-1]
    except MuonTheoryError:
        return None


def said(band, exact):
    """The ends to three decimals, outward, or a dash."""
    if band is None or exact is None or band.lo <= 0 or band.hi > max(Fraction(3, 2), exact.hi * Fraction(11, 10)):
        return "–"
    return f"[{(band.lo * 1000).__floor__() / 1000:.3f}, {(band.hi * 1000).__ceil__() / 1000:.3f}]"


def a_priori(schedule, tier, side=SIDE, dtype=DTYPE):
    try:
        return in_format(schedule, dtype, (side, side), LOWER, tier=tier, largest=top(schedule, dtype)).image
    except MuonTheoryError:
        return None


def a_posteriori_band(schedule, side=SIDE, dtype=DTYPE):
    from muon_theory.confirmation import SPECTRA, build
    from muon_theory.confirmation.enclosure import singular_interval
    from muon_theory.confirmation.kernel import Emulated
    from muon_theory.confirmation.posteriori import a_posteriori

    kernel = Emulated(dtype)
    matrix = build(SPECTRA["log-uniform"], (side, side), schedule, Interval(LOWER, top(schedule, dtype)))
    stored = kernel.unload(kernel.load(matrix.X))
    try:
        return a_posteriori(kernel, stored, schedule, singular_interval(stored))[1][-1].after
    except MuonTheoryError:
        return None


def row(name, schedule):
    exact = exactly(schedule)
    bands = [*(a_priori(schedule, tier) for tier in "WSP"), a_posteriori_band(schedule)]
    return [name, *(said(band, exact) for band in (exact, *bands))]


if __name__ == "__main__":
    print("| schedule | exact | W | S | P | A |")
    print("|" + " --- |" * 6)
    for name, schedule in schedules().items():
        print(f"| {' | '.join(row(name, schedule))} |", flush=True)
