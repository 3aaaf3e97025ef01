"""Attracting cycles found from critical orbits: each attracting cycle of a polynomial attracts a critical point.

That is Fatou's theorem.  Where all critical points are real, f has negative Schwarzian derivative, and every attracting
cycle on the line attracts a real one (Singer); otherwise the complex ones are followed too.  A found cycle becomes a
`cycles` certificate.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq_poly

from muon_theory.certificate import AnyCertificate
from muon_theory.claims import Cycles
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.rationals import poly, precision
from muon_theory.exact.roots import escape_radius
from muon_theory.finders import limits
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

SETTLE, NEAR = 20_000, 1e-9
"""Steps before an orbit is looked at, and how close a return must be."""


@dataclass(frozen=True, slots=True)
class CriticalOrbit:
    """One critical point c (up to sign and conjugation), and what becomes of its orbit.

    `fate` is "cycle" (with its certificate), "escapes", "complex cycle" (not on the line) or "unresolved": it may
    settle too slowly, be chaotic, or have a period above the limit.
    """

    point: complex
    fate: str
    certificate: AnyCertificate | None = None

    @property
    def real(self) -> bool:
        return self.point.imag == 0


@dataclass(frozen=True, slots=True)
class AttractingCycles:
    """The certified attracting cycles that critical orbits reach, each once up to sign, and every critical orbit.

    `singer`: all critical points are real.  `resolved`: no critical orbit is left open, so that no other attracting
    cycle should exist on the line; that is an observation, each single cycle is a certificate.
    """

    certificates: tuple[AnyCertificate, ...]
    orbits: tuple[CriticalOrbit, ...]

    @property
    def singer(self) -> bool:
        return all(o.real for o in self.orbits)

    @property
    def resolved(self) -> bool:
        return all(o.fate != "unresolved" for o in self.orbits)

    @property
    def periods(self) -> tuple[int, ...]:
        return tuple(len(intervals_of(c)) for c in self.certificates)


def attracting_cycles(f: OddPolynomial, longest: int = 64, digits: int = 12) -> AttractingCycles:
    """Follow the orbit of each critical point of f, and certify the attracting cycle that it reaches.

    By oddness -C is a cycle with C; one of the two is listed.  Periods up to `longest`.

    Raises UsageError for a map without critical points (degree 1), which has no attracting cycle but perhaps 0.

    >>> found = attracting_cycles(OddPolynomial.of("3.4445", "-4.7750", "2.0315"))
    >>> found.periods, found.singer, found.resolved
    ((4,), True, True)
    """
    if f.degree < 3:
        raise UsageError(f"{f} has no critical point: give a polynomial of degree 3 or more")
    schedule = Schedule((f,), str(f))
    found: list[AnyCertificate] = []
    orbits = []
    for point in _critical_points(f):
        orbit = _follow(schedule, point, longest, digits)
        if orbit.certificate is not None:
            known = next((c for c in found if _same(c, orbit.certificate)), None)
            if known is None:
                found.append(orbit.certificate)
            orbit = CriticalOrbit(orbit.point, orbit.fate, known or orbit.certificate)
        orbits.append(orbit)
    return AttractingCycles(tuple(found), tuple(orbits))


def intervals_of(certificate: AnyCertificate) -> tuple[Interval, ...]:
    """The intervals of a `cycles` certificate."""
    claim = certificate.claim
    if not isinstance(claim, Cycles):
        raise UsageError(f"a certificate of {claim.type} has no cycle: give one of cycles")
    return claim.intervals


def _critical_points(f: OddPolynomial) -> list[complex]:
    """√y for the zeros y of d(y) = f'(x), one of each pair ±√y and of each conjugate pair."""
    precision(20)
    found = []
    for factor, _ in poly(f.derivative_in_y).numer().factor()[1]:
        for root, _ in fmpq_poly(factor).numer().complex_roots():
            square = complex(root)
            if square.imag >= 0:
                size = abs(square.real) ** 0.5
                on_an_axis = complex(size, 0) if square.real >= 0 else complex(0, size)
                found.append(on_an_axis if root.imag == 0 else square**0.5)
    return sorted(found, key=lambda c: (abs(c.imag), c.real))


def _follow(schedule: Schedule, point: complex, longest: int, digits: int) -> CriticalOrbit:
    coefficients = [float(c) for c in schedule.steps[0].coefficients]
    edge = escape_radius(schedule.steps[0])
    bound = 10 * max(1.0, float(edge) if edge is not None else 1.0) + 10

    def step(x: complex) -> complex:
        y, value = x * x, 0j
        for c in reversed(coefficients):
            value = value * y + c
        return x * value

    x = point
    for _ in range(SETTLE):
        x = step(x)
        if abs(x) > bound:
            return CriticalOrbit(point, "escapes")
    orbit = [x]
    for _ in range(longest):
        orbit.append(step(orbit[-1]))
    period = next((k for k in range(1, longest + 1) if abs(orbit[k] - x) < NEAR), None)
    if period is None:
        return CriticalOrbit(point, "unresolved")
    if any(abs(z.imag) > NEAR for z in orbit):
        return CriticalOrbit(point, "complex cycle")
    start = max((z.real for z in orbit[:period]), key=abs)
    try:
        certificate = limits.cycles(schedule, period, abs(Fraction(repr(start))), digits)
    except UndecidedError:
        return CriticalOrbit(point, "unresolved")
    return CriticalOrbit(point, "cycle", certificate)


def _same(one: AnyCertificate, other: AnyCertificate) -> bool:
    """Do the two certificates speak of one cycle, or of a cycle and its mirror image?"""
    first, others = intervals_of(one)[0], intervals_of(other)
    mirrored = [Interval(-i.hi, -i.lo) for i in others]
    return any(not first.disjoint(i) for i in (*others, *mirrored))
