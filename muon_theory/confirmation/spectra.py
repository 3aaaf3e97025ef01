"""Spectra by name, the dangerous ones first: what the singular values of a test matrix are set to.

A Gaussian matrix normalised by its Frobenius norm has σ₁ ≈ 2/√m and never comes near the right edge, where steep
schedules escape; so it is here only for contrast.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from itertools import pairwise
from random import Random

from muon_theory.confirmation.reference import orbit, phi
from muon_theory.errors import UsageError
from muon_theory.exact.roots import critical_points
from muon_theory.finders import CAP
from muon_theory.interval import Interval
from muon_theory.number import rational
from muon_theory.schedule import Schedule

GRID = 1 << 12
ESCAPED = Fraction(2**20)


def _dyadic(x: float) -> Fraction:
    """A rational near x: singular values are chosen in floating point and exact from then on."""
    return Fraction(round(x * 2**40), 2**40)


def _sign_change(f: Callable[[Fraction], bool], inside: Fraction, outside: Fraction) -> Fraction:
    """The last point found true between a true and a false one, after 40 halvings."""
    for _ in range(40):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if f(middle) else (inside, middle)
    return _shorten(inside)


def _shorten(x: Fraction) -> Fraction:
    return Fraction((x * 2**48).__floor__(), 2**48)


def safe(schedule: Schedule, x: Fraction) -> bool:
    """Does every step stay > 0 from x, and the last ≤ 3/2?"""
    values = orbit(schedule, x)
    return all(v > 0 for v in values) and values[-1] <= CAP


@lru_cache(maxsize=256)
def safe_edge(schedule: Schedule) -> Fraction:
    """Where the first x > 0 that is not `safe` was found on a grid of (0, 4]; 4 where none was.

    A finder's number: a narrow unsafe interval between grid points would be missed.  For the certified value use
    `certify`.

    >>> abs(safe_edge(Schedule.parse("3/2,-1/2", 5)) - Fraction("1.7320508")) < Fraction(1, 10**6)
    True
    """
    step = Fraction(4, GRID)
    for k in range(1, GRID + 1):
        if not safe(schedule, k * step):
            return _sign_change(lambda x: safe(schedule, x), (k - 1) * step, k * step)
    return Fraction(4)


@lru_cache(maxsize=256)
def escape_edge(schedule: Schedule) -> Fraction:
    """The first x found (on a grid of (0, 64]) where the orbit passes 2²⁰ within the schedule."""

    def small(x: Fraction) -> bool:
        return max(map(abs, orbit(schedule, x))) < ESCAPED

    x = Fraction(1, 256)
    while x < 64:
        following = x * Fraction(257, 256)
        if not small(following):
            return _sign_change(small, x, following)
        x = following
    return Fraction(64)


def _same_side(f: Callable[[Fraction], Fraction], negative: bool, x: Fraction) -> bool:
    return (f(x) < 0) == negative


def before_step(schedule: Schedule, t: int, value: Fraction, start: Interval) -> Fraction | None:
    """The least x of `start` found with f_t(… f_1(x)) = value (t steps done), or None."""
    head = Schedule(schedule.steps[:t]) if t else None

    def reached(x: Fraction) -> Fraction:
        return (phi(head, [x])[0] if head else x) - value

    grid = [start.lo + start.width * k * k / 256**2 for k in range(257)]  # denser near the lower end
    for a, b in pairwise(grid):
        if (reached(a) < 0) != (reached(b) < 0):
            return _sign_change(partial(_same_side, reached, reached(a) < 0), a, b)
    return None


@dataclass(frozen=True, slots=True)
class Spectrum:
    """A named rule for k singular values in [l, u]; `inside` says whether all of them lie there."""

    name: str
    what: str
    make: Callable[[Schedule, Interval, int, Random], tuple[Fraction, ...]]
    inside: bool = True
    matrix: str = "householder"  # how the matrix is built: see `inputs`


def _rank_one(_: Schedule, i: Interval, k: int, rng: Random) -> tuple[Fraction, ...]:
    return (i.hi, *[Fraction(0)] * (k - 1))


def _near_rank_one(_: Schedule, i: Interval, k: int, rng: Random) -> tuple[Fraction, ...]:
    return (i.hi, *[i.lo] * (k - 1))


def _constant(_: Schedule, i: Interval, k: int, rng: Random) -> tuple[Fraction, ...]:
    return (i.hi,) * k


@lru_cache(maxsize=256)
def _critical_inputs(s: Schedule, i: Interval) -> tuple[Fraction, ...]:
    points = [i.hi, i.lo]
    upper = i.hi
    for t, f in enumerate(s.steps):
        upper = max(upper, CAP)
        inside = (_shorten(c.midpoint) for c in critical_points(f, 15) if c.lo < upper)
        points += [x for c in inside if (x := before_step(s, t, c, i)) is not None]
    return tuple(points)


def _critical(s: Schedule, i: Interval, k: int, rng: Random) -> tuple[Fraction, ...]:
    points = _critical_inputs(s, i)
    return tuple(points[j % len(points)] for j in range(k))


def _log_uniform(_: Schedule, i: Interval, k: int, rng: Random) -> tuple[Fraction, ...]:
    if i.lo == 0:
        raise UsageError("log-uniform singular values need a start above 0: give such as [1/1000, 1]")
    ratio = float(i.hi / i.lo)
    inner = (min(max(i.lo * _dyadic(ratio ** rng.random()), i.lo), i.hi) for _ in range(max(k - 2, 0)))
    return tuple(sorted([i.hi, i.lo, *inner], reverse=True)[:k])


def _repeated(_: Schedule, i: Interval, k: int, rng: Random) -> tuple[Fraction, ...]:
    levels = [i.hi, (i.lo + i.hi) / 2, i.lo + i.width / 16, i.lo]
    return tuple(levels[4 * j // k] for j in range(k))


def _at(edge: Callable[[Schedule], Fraction], factor: str) -> Callable[..., tuple[Fraction, ...]]:
    def make(s: Schedule, i: Interval, k: int, rng: Random) -> tuple[Fraction, ...]:
        return (_shorten(edge(s) * rational(factor)), *_log_uniform(s, i, k, rng)[1:])

    return make


def _flat(_: Schedule, i: Interval, k: int, rng: Random) -> tuple[Fraction, ...]:
    return (_shorten(i.hi * _dyadic(k**-0.5)),) * k


SPECTRA: dict[str, Spectrum] = {
    s.name: s
    for s in (
        Spectrum("rank-one", "σ₁ = u, all others 0", _rank_one, inside=False),
        Spectrum("near-rank-one", "σ₁ = u, all others l", _near_rank_one),
        Spectrum("constant", "every σ = u", _constant),
        Spectrum("signs", "the entries ±1/√(mn): Frobenius norm u", _rank_one, inside=False, matrix="signs"),
        Spectrum("critical", "σ that reach a critical point of some step, with l and u", _critical),
        Spectrum(
            "below-escape", "σ₁ = 0.999 × the safe edge, the rest log-uniform", _at(safe_edge, "0.999"), inside=False
        ),
        Spectrum("past-escape", "σ₁ = 1.01 × the escape edge", _at(escape_edge, "1.01"), inside=False),
        Spectrum("log-uniform", "log-uniform on [l, u], both ends included", _log_uniform),
        Spectrum("repeated", "four levels, many times each", _repeated),
        Spectrum("orthogonal", "a multiple of an orthogonal matrix, Frobenius norm u", _flat, inside=False),
        Spectrum("diagonal", "log-uniform on the diagonal, no rotation", _log_uniform, matrix="diagonal"),
        Spectrum(
            "hadamard", "a Hadamard matrix (where the size is a power of 2), every σ = u", _constant, matrix="hadamard"
        ),
        Spectrum(
            "gaussian", "Gaussian entries, Frobenius norm u: for contrast", _flat, inside=False, matrix="gaussian"
        ),
    )
}
"""By name.  `inside=False`: some values leave [l, u], and the certified interval is that of their own hull."""

DEFAULT = tuple(SPECTRA)


def spectrum_named(name: str) -> Spectrum:
    """The spectrum of that name."""
    if name not in SPECTRA:
        raise UsageError(f"there is no spectrum {name!r}: use {', '.join(SPECTRA)}")
    return SPECTRA[name]
