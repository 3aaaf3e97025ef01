"""Where a one-parameter family begins to diverge: brackets with a decision, and a reason, at both ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import arb, ctx

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Standing
from muon_theory.exact.orbit import Map, on_balls, walk
from muon_theory.exact.rationals import exact, poly
from muon_theory.exact.roots import escape_radius, positive_roots
from muon_theory.family import Family
from muon_theory.number import decimal, lowest_terms
from muon_theory.polynomial import OddPolynomial
from muon_theory.trajectories.digits import bits_of, digits_of, exact_number, middle


@dataclass(frozen=True, slots=True)
class Finding:
    """The decision at one parameter: `holds`, and why, in words and numbers."""

    holds: bool
    reason: str
    bits: int
    start: Fraction | None = None  # a rational point whose orbit escapes


QUESTION = "no orbit of (0, 1] escapes"


@dataclass(frozen=True, slots=True)
class Bracket:
    """`question` holds at the parameter `safe` and fails at `unsafe`; `value` is within one unit of its last digit.

    Both ends are decided by enclosures; that there is but one change between them is not.
    """

    family: str
    parameter: str
    question: str
    safe: Fraction
    unsafe: Fraction
    value: str
    digits: int
    working_digits: int
    at_safe: Finding
    at_unsafe: Finding
    standing: Standing = Standing.OBSERVED

    def to_json(self) -> dict[str, object]:
        start = self.at_unsafe.start
        return {
            "parameter": self.parameter,
            "question": self.question,
            "value": self.value,
            "safe": lowest_terms(self.safe),
            "unsafe": lowest_terms(self.unsafe),
            "witness_safe": self.at_safe.reason,
            "witness_unsafe": self.at_unsafe.reason,
            "escaping_start": None if start is None else lowest_terms(start),
            "working_digits": self.working_digits,
            "standing": self.standing.value,
        }


def locate_threshold(
    family: Family, digits: int = 50, between: tuple[str | int | Fraction, str | int | Fraction] | None = None
) -> Bracket:
    """The divergence threshold of a one-parameter family: beyond it some x in (0, 1] has an unbounded orbit.

    Method: bisection; each parameter is decided by `escape_from_unit_interval`, at a precision that rises with the
    bracket.  Where it stays undecided (at the threshold itself, a rational number for the cubic family), a parameter
    beside it is taken.

    Parameters
    ----------
    family
        With one free parameter: `CUBIC`, or `QUINTIC.fix(s="-99/100")`.
    digits
        Significant digits of the answer.
    between
        A safe and an escaping parameter, in any order; else both are looked for upwards from 1.

    Raises
    ------
    UsageError
        Not one parameter; `digits` out of range; `between` does not bracket a change.
    UndecidedError
        No change was found, or some parameters can't be decided.

    Examples
    --------
    >>> from muon_theory.family import CUBIC, QUINTIC
    >>> locate_threshold(CUBIC, 20).value
    '3'
    >>> locate_threshold(QUINTIC.fix(s="-99/100"), 20).value
    '3.3462781273267932938'
    """
    found = _bracket(family, digits, between)
    beyond = family.at(**{found.parameter: found.unsafe})
    return replace(found, at_unsafe=_name_start(beyond, found.at_unsafe))


def escape_from_unit_interval(f: OddPolynomial, bits: int) -> Finding | None:
    """Does some x in (0, 1] have an unbounded orbit under f?  None if `bits` bits do not tell.

    Let M_0 = 1 and M_(k+1) = max(M_k, max |f| on [0, M_k]).  As f is odd and f(0) = 0, each value in (0, M_k] is taken
    by |f^j(x)| for some j ≤ k and x in (0, 1].  Hence, with y = x²:

    - if some M_k exceeds all roots of |g(M²)| = 1, beyond which |f(x)| > |x|, an orbit escapes; lower bounds of M_k
      come from |f| at points;
    - if M ≥ 1 is such a root, so |f(M)| = M, or M = 1 ≥ |f(1)|, and |f| < M at all critical points in [0, M], then
      [-M, M] is mapped into itself and no orbit escapes.
    """
    radius = escape_radius(f, 12)
    if radius is None:
        return Finding(True, "|f(x)| ≤ |x| for all x", bits)
    if radius < 1:
        return Finding(False, f"every x above {decimal(radius, 12, +1)} escapes", bits, Fraction(1))
    with ctx.workprec(bits):
        beyond, m = arb(exact(radius**2)), on_balls(f)
        critical = [y for y in positive_roots(poly(f.derivative_in_y)) if not y > beyond]
        c0, *rest = f.coefficients
        unit = [y for shift in (-1, 1) for y in positive_roots(poly([c0 + shift, *rest]))]
        return _trapped(f, m, critical, unit) or _escaping(m, critical, unit)


def _trapped(f: OddPolynomial, m: Map, critical: list[arb], unit: list[arb]) -> Finding | None:
    for y in ([arb(1)] if abs(f(1)) <= 1 else []) + [root for root in unit if root >= 1]:
        if all(m.square(c) < y for c in critical if not c > y):
            size = decimal(middle(y.sqrt()), 12)
            why = f"f maps [-M, M] into itself for an M ≈ {size}: |f(M)| ≤ M, and its critical values there are below M"
            return Finding(True, why, ctx.prec)
    return None


def _escaping(m: Map, critical: list[arb], unit: list[arb]) -> Finding | None:
    reached, start = arb(1), None
    last = max((root.upper() for root in unit), default=arb(0))
    for k in range(ctx.prec):
        if reached > last:
            size = decimal(middle(last.sqrt()), 12)
            why = f"|f^{k}| takes values on (0, 1] past the escape point ≈ {size}, beyond which |f(x)| > |x|"
            return Finding(False, why, ctx.prec, middle((reached if start is None else start).sqrt()))
        best = reached
        for y in (reached, *(c.mid() for c in critical)):
            if y <= reached and (value := m.square(y).lower()) > best:
                best, at = value, y
        if best is reached:
            return None
        start, reached = at if start is None else start, best
    return None


def _name_start(f: OddPolynomial, found: Finding) -> Finding:
    """With a short decimal near the start whose own orbit passes the escape radius; without, if there is none."""
    radius = escape_radius(f, 12)
    for digits in (3, 6, 12, 24, 48, 96):
        start = Fraction(decimal(found.start or Fraction(1), digits))
        for k, place in enumerate(walk([f] * (8 * found.bits), start, found.bits)):
            if place.beyond(radius):
                why = f"{found.reason}; the orbit of {decimal(start, digits)} passes the escape radius after {k} steps"
                return replace(found, reason=why, start=start)
    return replace(found, start=None)


# Bisection ------------------------------------------------------------------------------------------------------------


def _bracket(family: Family, digits: int, between: tuple[str | int | Fraction, str | int | Fraction] | None) -> Bracket:
    bits_of(digits)  # digits in range?
    if len(family.parameters) != 1:
        names = ", ".join(family.parameters) or "none"
        raise UsageError(
            f"family {family.name!r} has {len(family.parameters)} free parameters ({names}): a threshold needs one; "
            "set the others, as in QUINTIC.fix(s='-99/100')"
        )

    def at(value: Fraction, bits: int) -> Finding | None:
        return escape_from_unit_interval(family.at(**{family.parameters[0]: value}), bits)

    safe, unsafe = _first(at, between)
    while not _rounded(safe[0], unsafe[0], digits):
        value, found = _between(at, safe[0], unsafe[0])
        safe, unsafe = ((value, found), unsafe) if found.holds else (safe, (value, found))
    bits = max(safe[1].bits, unsafe[1].bits)
    text = decimal((safe[0] + unsafe[0]) / 2, digits)
    values = safe[0], unsafe[0], text, digits, digits_of(bits), safe[1], unsafe[1]
    return Bracket(family.name, family.parameters[0], QUESTION, *values)


def _rounded(safe: Fraction, unsafe: Fraction, digits: int) -> bool:
    """Do both ends round to the same digits, or are they so close that a tie lies between them?"""
    fine = Fraction(1, 4 * 10**digits)
    width, scale = abs(safe - unsafe), max(abs(safe), abs(unsafe), fine)
    if width > fine * scale:
        return False
    return decimal(safe, digits) == decimal(unsafe, digits) or width < fine * scale / 10**8


At = Callable[[Fraction, int], Finding | None]
Decided = tuple[Fraction, Finding]


def _first(at: At, between: tuple[str | int | Fraction, str | int | Fraction] | None) -> tuple[Decided, Decided]:
    """A first safe and a first unsafe parameter: the two given, or neighbours among 1, 2, 3, 5, 9, … , 1025."""
    if between is None:
        values = [Fraction(1), *(1 + Fraction(2) ** k for k in range(11))]
    else:
        values = [exact_number("between", v) for v in between]
    safe: Decided | None = None
    unsafe: Decided | None = None
    for value in values:
        found = at(value, 256)
        if found is None:
            continue
        if found.holds:
            safe = (value, found)
        else:
            unsafe = (value, found)
        if safe and unsafe:
            return safe, unsafe
    raise UndecidedError(
        f"no change of {QUESTION!r} between {values[0]} and {values[-1]}: give `between` with one value where it holds "
        "and one where it fails"
    )


def _between(at: At, safe: Fraction, unsafe: Fraction) -> Decided:
    """A decided parameter strictly between, at the middle if possible."""
    narrow = max(0, (1 / abs(unsafe - safe)).__floor__().bit_length())
    for part in (Fraction(1, 2), Fraction(3, 8), Fraction(5, 8)):
        value = safe + (unsafe - safe) * part
        for factor in (1, 2):
            if (found := at(value, factor * (narrow + 64))) is not None:
                return value, found
    raise UndecidedError(f"{QUESTION!r} is undecided near {decimal(value, 30)}: ask for fewer digits, or another range")
