"""Which generator makes a list: the published ones, with the parameters that people give them.

Most parameters are read off the list instead of tried: the safety factor from its first row, the δ of a relaxed last
step and the factor of a centred one from its last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import product

from muon_theory import catalogue
from muon_theory.designs.ends import published_cushion
from muon_theory.designs.families import pade
from muon_theory.designs.greedy import Recipe, SafetyOn, compose, reach
from muon_theory.errors import MuonTheoryError
from muon_theory.exact.ranges import as_range, extremes
from muon_theory.exact.rationals import dense, fraction
from muon_theory.interval import Interval
from muon_theory.number import Reading, decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

LOWER = tuple(map(Fraction, ("1/1000", "1/10000", "1/100", "1/100000", "1/1000000", "1/2000", "1/128", "7/1000")))
CUSHIONS: tuple[Fraction | str, ...] = ("published", Fraction(1, 50), Fraction(0), Fraction(1, 10), Fraction(1, 20))
DIGITS = 6
"""Significant digits in which a row must agree to be taken for the generator's, where it does not to all it has."""

SHORT = (Reading.BFLOAT16, Reading.BINARY16)

MOST_STEPS = 16

Steps = tuple[OddPolynomial, ...]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Of a minimax composition; the cushion as a number."""

    lower: Fraction
    cushion: Fraction
    safety: Fraction


@dataclass(frozen=True, slots=True)
class Provenance:
    """The generator with its parameters, how many rows it makes, and how closely; the published list, if it is one."""

    call: str = ""
    rows: int = 0
    of: int = 0
    how: str = ""
    entry: str = ""
    parameters: Parameters | None = None

    @property
    def whole(self) -> bool:
        return 0 < self.rows == self.of

    def __str__(self) -> str:
        made = self.call
        if self.rows < self.of:
            made += f": rows 1–{self.rows} of {self.of}" if self.rows > 1 else f": row 1 of {self.of}"
        made += f" ({self.how})" if self.how else ""
        return "; ".join(filter(None, [f"the published list {self.entry}" if self.entry else "", made]))


@cache
def provenance(steps: Steps) -> Provenance | None:
    """The generator and parameters that reproduce a list best, None where none that is known does.

    Tried are the catalogue, Padé's polynomials, and the greedy minimax composition with the lower ends and cushions of
    published lists, with and without recentring, a safety factor that is divided out while or after the list is made, a
    last step that is relaxed or centred elsewhere, and coefficients rounded to 16 bits.

    >>> str(provenance(pade(2).steps * 3))
    'the published list pade_quintic; pade(2) (exactly)'
    """
    entry = _published(steps)
    order = next((q for q in (1, 2, 3, 4) if all(f == pade(q).steps[0] for f in steps)), None)
    if order is not None:
        return Provenance(f"pade({order})", len(steps), len(steps), "exactly", entry)
    best: Provenance | None = None
    for parameters, call, rows in _candidates(steps):
        fit = _fit(rows, steps)
        if fit and (best is None or fit.rows > best.rows):
            best = Provenance(call, fit.rows, len(steps), fit.how, entry, parameters)
            if best.rows == len(steps):
                break
    if best and best.rows >= min(2, len(steps)):
        return best
    return Provenance(entry=entry) if entry else None


def _published(steps: Steps) -> str:
    """The entry with these rows; of several the one of about that length."""
    for e in sorted(catalogue.entries(), key=lambda e: abs(e.length - len(steps))):
        if not e.misprint_of and steps in (_first(e.schedule(e.length), len(steps)), e.published()):
            return e.id
    return ""


def _first(schedule: Schedule, count: int) -> Steps:
    return (schedule.steps * count if schedule.constant else schedule.steps)[:count]


# how well rows agree


@dataclass(frozen=True, slots=True)
class Fit:
    """How many of the first rows agree, and to how much."""

    rows: int
    digits: int
    format: str = ""

    @property
    def how(self) -> str:
        return f"rounded to {self.format}" if self.format else (
            "to all its digits" if self.digits == WHOLE else f"to {self.digits} significant digits"
        )  # fmt: skip


WHOLE = 99
"""Stands for all the digits that are written."""


def _fit(made: Sequence[OddPolynomial], given: Steps) -> Fit | None:
    """The first rows that agree: to all written digits, to `DIGITS` of them, or once they are rounded to 16 bits."""
    count, digits = 0, WHOLE
    for p, q in zip(made, given, strict=False):
        agreed = _agreed(p, q)
        if agreed < DIGITS:
            break
        count, digits = count + 1, min(digits, agreed)
    best = Fit(count, digits) if count else None
    if count < len(given):
        for to in SHORT:
            pairs = zip(made, given, strict=False)
            rounded = next((t for t, (p, q) in enumerate(pairs) if not _rounds(p, q, to)), min(len(made), len(given)))
            if rounded > count:
                best = Fit(rounded, DIGITS, to.value)
                break
    return best


def _rounds(p: OddPolynomial, q: OddPolynomial, to: Reading) -> bool:
    return tuple(map(to.round, p.coefficients)) == q.coefficients


def _agreed(p: OddPolynomial, q: OddPolynomial) -> int:
    """Significant digits in which all coefficients agree, up to a half in the last; `WHOLE` where q has no more."""
    if len(p.coefficients) != len(q.coefficients):
        return 0
    least = WHOLE
    for a, b in zip(p.coefficients, q.coefficients, strict=True):
        places = next((k for k in range(2, 20) if (b * 10**k).denominator == 1), 20)
        if abs(a - b) * 10**places < 1:
            continue  # rounded, or cut off
        if not b:
            return 0
        error = abs(a - b) / abs(b)
        least = min(least, next((k for k in range(40) if error * 10 ** (k + 1) >= 5), 40))
    return least


# what generators make


def _candidates(steps: Steps) -> Iterator[tuple[Parameters, str, Steps]]:
    """Calls and the rows that they make, each with the parameters that the list itself shows."""
    degree, count = steps[0].degree, len(steps)
    if degree not in (3, 5, 7, 9) or count > MOST_STEPS:
        return
    for lower, cushion, recentre in product(LOWER, CUSHIONS, (None, False)):
        if recentre is False and not cushion:
            continue  # without a cushion nothing is recentred
        words = f"the minimax composition of degree {degree} from l = {decimal(lower)}, T = {count}"
        words += f", cushion {cushion}" if isinstance(cushion, str) else f", cushion {decimal(cushion)}" * bool(cushion)
        words += ", not recentred" if recentre is False else ""
        first = _composed(degree, 1, lower, Recipe(cushion=cushion, recentre=recentre))
        safety = _safety(first, steps) if count > 1 else Fraction(1)
        if safety is None:
            continue
        share = published_cushion(degree) if isinstance(cushion, str) else cushion
        for call, rows in _with_safety(words, degree, steps, lower, cushion, recentre, safety):
            yield Parameters(lower, share, safety), call, rows


def _with_safety(
    words: str, degree: int, steps: Steps, lower: Fraction, cushion: Fraction | str, recentre: bool | None,
    safety: Fraction,
) -> Iterator[tuple[str, Steps]]:  # fmt: skip
    count = len(steps)
    plain = Recipe(cushion=cushion, recentre=recentre)
    raw = _composed(degree, count, lower, plain)
    if safety == 1:
        yield words, raw
        yield from _last(words, degree, steps, lower, plain)
        return
    words += f", safety {decimal(safety)}"
    for where, last in (("all rows but the last", count - 1), ("all rows", count)):
        divided = tuple(p.scaled(inner=1 / safety) if t < last else p for t, p in enumerate(raw))
        yield f"{words} divided out of {where} afterwards", divided
    for on in (SafetyOn.ALL_BUT_LAST, SafetyOn.ALL):
        recipe = Recipe(safety=safety, safety_on=on, cushion=cushion, recentre=recentre)
        yield f"{words} ({on.value}, while it is made)", _composed(degree, count, lower, recipe)
        yield from _last(f"{words} ({on.value}, while it is made)", degree, steps, lower, recipe)


def _safety(first: Steps, steps: Steps) -> Fraction | None:
    """s such that the first row is the generator's at x/s; None where there is none."""
    if not first:
        return None
    p, q = first[0], steps[0]
    if len(p.coefficients) != len(q.coefficients) or not q.slope:
        return None
    if any(_rounds(p, q, to) for to in SHORT):
        return Fraction(1)
    s = Fraction(round(p.slope / q.slope * 10**4), 10**4)
    return s if 1 <= s <= Fraction(6, 5) and _agreed(p.scaled(inner=1 / s), q) >= 4 else None


def _last(words: str, degree: int, steps: Steps, lower: Fraction, recipe: Recipe) -> Iterator[tuple[str, Steps]]:
    """With another last step: relaxed to a δ, or multiplied by a centre."""
    try:
        made = compose((degree,) * len(steps), lower, recipe=recipe)
    except MuonTheoryError:
        return
    rows = made.schedule.steps
    fit = _fit(rows[:-1], steps[:-1])
    if len(rows) != len(steps) or (len(steps) > 1 and (fit is None or fit.rows < len(steps) - 1)):
        return
    mine, given = rows[-1], steps[-1]
    if mine == given or not mine.slope:
        return
    centre = given.slope / mine.slope
    tried = (Fraction(round(centre * 10**k), 10**k) for k in range(2, 9))
    short = next((c for c in tried if abs(c - centre) < Fraction(1, 10**7)), None)
    if short and short > 0:
        yield f"{words}, the last step centred on {decimal(short)}", (*rows[:-1], mine.scaled(outer=short))
    here = made.intervals[len(steps) - 1]
    e = extremes(dense(given), as_range(Interval(here.lo, here.hi)))
    delta = reach(Interval(fraction(e.low), fraction(e.high)))
    for places in (2, 3, 4, 6):
        d = Fraction(round(delta * 10**places), 10**places)
        if 0 < d < 1:
            relaxed = _composed(degree, len(steps), lower, replace(recipe, relaxed_last=d))
            yield f"{words}, the last step relaxed to δ = {decimal(d)}", relaxed


@cache
def _composed(degree: int, count: int, lower: Fraction, recipe: Recipe) -> Steps:
    try:
        return compose((degree,) * count, lower, recipe=recipe).schedule.steps
    except MuonTheoryError:
        return ()
