"""A5 and A10: from which x on φ stays within δ of 1, as a function of a along a family, with its certificates.

For a member f with f(1) = 1, let x_δ be the least x such that |φ - 1| ≤ δ on [x, 1].  A float scan finds it; two
certificates bracket it: φ([x⁺, 1]) ⊆ [1 - δ, 1 + δ], and a point x⁻ just below with |φ(x⁻) - 1| > δ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from muon_theory.article.curves import Floats, floats, iterate
from muon_theory.article.kit import add, add_band, both, claim, down, inside, outside, up
from muon_theory.article.sets import STEPS, repeated
from muon_theory.certificate import AnyCertificate
from muon_theory.derivations import Notebook
from muon_theory.document import Table
from muon_theory.evidence import Derivation
from muon_theory.family import Family
from muon_theory.finders import band
from muon_theory.interval import Interval
from muon_theory.number import decimal, rational
from muon_theory.polynomial import OddPolynomial

LEAST = 1e-5
SCAN = 3000
MARGIN = Fraction(1, 10**4)
"""How far from the scanned x_δ, relatively, the certified points lie."""


def smallest(coefficients: Floats, delta: float, steps: int = STEPS, scan: int = SCAN) -> float:
    """About the least x with |φ - 1| ≤ δ on [x, 1], from a scan of [LEAST, 1] downwards."""
    last = 1.0
    for i in range(scan + 1):
        x = LEAST ** (i / scan)
        if abs(iterate(coefficients, x, steps) - 1) > delta:
            low, high = x, last
            while high - low > 1e-12 * high:
                middle = (low + high) / 2
                if abs(iterate(coefficients, middle, steps) - 1) > delta:
                    low = middle
                else:
                    high = middle
            return high
        last = x
    return LEAST


@dataclass(frozen=True, slots=True)
class Sample:
    """One member of a family: the file names of the certificates that bracket x_δ, and of its band over (0, 1]."""

    a: str
    inside: str
    outside: str
    whole: str


def sample(prefix: str, family: Family, a: str, delta: Fraction) -> Sample:
    """Register the certificates of one member."""
    f = family.at(a=a)
    schedule = repeated(f, f"{family.name}, a = {a}")
    stem = f"{prefix}-a-{a.replace('/', '_')}"

    def end(outward: int) -> Fraction:
        found = rational(repr(smallest(floats(f), float(delta))))
        return rational(decimal(found * (1 + outward * MARGIN), 5, outward))

    def within() -> AnyCertificate:
        return band.maps_into(schedule, Interval(end(+1), Fraction(1)), Interval(1 - delta, 1 + delta))

    whole = add_band(f"{stem}-whole", schedule, Interval.of(0, 1))
    return Sample(
        a, add(f"{stem}-within", within), add(f"{stem}-not-below", lambda: band.reaches(schedule, end(-1))), whole
    )


def certificates(samples: Sequence[Sample]) -> tuple[str, ...]:
    """All file names of the samples."""
    return tuple(name for s in samples for name in (s.inside, s.outside, *both([s.whole])))


def bracket(s: Sample) -> Interval:
    """x_δ between the point where φ is out and the one from which it stays in."""
    return Interval(claim(s.outside).start.hi, claim(s.inside).start.lo)


def overshoot(s: Sample) -> Interval:
    """max φ - 1 over (0, 1]."""
    return Interval(inside(s.whole).hi - 1, outside(s.whole).hi - 1)


def table(samples: Sequence[Sample], delta: Fraction, caption: str) -> Table:
    """The brackets and overshoots of the samples."""
    header = ("a", f"least x with |φ − 1| ≤ {delta} on [x, 1]", "overshoot max φ − 1")
    rows = ((s.a, f"{down(bracket(s).lo, 5)} … {up(bracket(s).hi, 5)}", up(overshoot(s).hi, 5)) for s in samples)
    return Table(caption, header, tuple(rows))


def figure_data(
    member: Callable[[float], Floats],
    values: Sequence[float],
    deltas: Sequence[Fraction],
    top: Callable[[float], float],
) -> dict[str, object]:
    """x_δ over a for each δ, and the largest critical value less 1."""
    reach = partial(smallest, scan=800)
    return {
        "xlabel": "$a$",
        "curves": [
            {"label": f"δ = {d}", "x": list(values), "y": [reach(member(a), float(d)) for a in values]} for d in deltas
        ],
        "overshoot": [{"label": "$\\max\\,\\varphi - 1$", "x": list(values), "y": [top(a) for a in values]}],
    }


def widening(title: str, family: Family, low: Fraction, high: Fraction, growth: str, factor: str) -> Derivation:
    """The first x at which φ reaches 1 - δ falls strictly in a."""
    book = Notebook(title)
    book.step("f grows with a at every x in (0, 1).", "differentiate in a, with f(1) = 1 and f'(1) as they are", growth)
    book.check(growth, lambda a, x, h: family.at(a=a + h)(x) > family.at(a=a)(x),
               a=(low, high), x=(0, 1), h=(0, Fraction(1, 2)))  # fmt: skip
    book.step(
        "On [0, c], c the first critical point (or 1), f increases from 0 past 1 - δ.",
        "f'(0) = a > 0, and f takes the value 1 at or right of c: f(c) ≥ f(1) = 1",
        "0 ≤ x < y ≤ c ⇒ f(x) < f(y)",
    )
    book.step(
        "Going back from 1 - δ along that branch gives u_0 = 1 - δ, f(u_{k+1}) = u_k; each u_k falls strictly in a.",
        "induction: as a grows f(u_{k+1}) grows and u_k falls, so u_{k+1} must fall",
        "x_{first} = u_5",
    )
    book.check("the first passage "
    "falls", lambda a, h: first_passage(family.at(a=a + h)) < first_passage(family.at(a=a)),
               12, a=(low, high), h=(Fraction(1, 100), Fraction(1, 2)))  # fmt: skip
    return book.conclude(
        f"the x at which φ first reaches 1 − δ falls strictly as a grows ({factor}); whether φ then stays within δ is "
        "a second question, which the overshoot decides"
    )


def first_passage(f: OddPolynomial) -> float:
    """u_5 for δ = 1/10, about where φ first reaches 0.9: by bisection on the first branch, in floats."""
    coefficients, target = floats(f), 0.9
    for _ in range(STEPS):
        low, high = 0.0, target
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if iterate(coefficients, middle, 1) < target else (low, middle)
        target = high
    return target
