"""Where a one-parameter family begins to diverge: brackets with a decision, and a reason, at both ends.

Two questions with two answers: does some orbit of (0, 1] escape under infinite repetition (`locate_threshold`), and
does φ_T, T steps, leave a bound (`horizon_threshold`)?
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Standing
from muon_theory.family import Family
from muon_theory.number import decimal, lowest_terms
from muon_theory.polynomial import OddPolynomial
from muon_theory.trajectories.classify import escape_radius
from muon_theory.trajectories.enclosure import Arithmetic, Ball, Map, RootBox, bits_of, exact_number, roots, walk
from muon_theory.trajectories.orbit import middle


@dataclass(frozen=True, slots=True)
class Finding:
    """The decision at one parameter: `holds`, and why, in words and numbers."""

    holds: bool
    reason: str
    bits: int
    start: Fraction | None = None  # a rational point whose orbit escapes


Decide = Callable[[OddPolynomial, int], Finding | None]


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


# Infinite repetition --------------------------------------------------------------------------------------------------


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
    found = _bracket(family, digits, between, escape_from_unit_interval, "no orbit of (0, 1] escapes")
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
    arithmetic = Arithmetic(bits)
    m, radius = arithmetic.map(f), escape_radius(f)
    if radius is None:
        return Finding(True, "|f(x)| ≤ |x| for all x", bits)
    if radius < 1:
        return Finding(False, f"every x above {decimal(radius, 12, +1)} escapes", bits, Fraction(1))
    critical = [box.ball for box in roots(f.derivative_in_y, Fraction(0), radius**2, arithmetic)]
    c0, *rest = f.coefficients
    unit = [root for shift in (-1, 1) for root in roots([c0 + shift, *rest], Fraction(0), radius**2, arithmetic)]
    return _trapped(f, m, critical, unit) or _escaping(m, critical, unit)


def _trapped(f: OddPolynomial, m: Map, critical: list[Ball], unit: list[RootBox]) -> Finding | None:
    one = m.arithmetic.exact(1)
    for y in ([one] if abs(f(1)) <= 1 else []) + [root.ball for root in unit if root.simple and root.ball.a >= 1]:
        values = [m.square(c).b for c in critical if not c > y]
        if all(v < y for v in values):
            size = decimal(middle(m.arithmetic.context.sqrt(y)), 12)
            why = f"f maps [-M, M] into itself for an M ≈ {size}: |f(M)| ≤ M, and its critical values there are below M"
            return Finding(True, why, m.arithmetic.bits)
    return None


def _escaping(m: Map, critical: list[Ball], unit: list[RootBox]) -> Finding | None:
    reached = m.arithmetic.exact(1)
    last = max((root.ball.b for root in unit), default=m.arithmetic.exact(0))
    start: Ball | None = None
    for k in range(m.arithmetic.bits):
        if reached > last:
            size = decimal(middle(m.arithmetic.context.sqrt(last)), 12)
            why = f"|f^{k}| takes values on (0, 1] past the escape point ≈ {size}, beyond which |f(x)| > |x|"
            x = middle(m.arithmetic.context.sqrt(start if start is not None else reached))
            return Finding(False, why, m.arithmetic.bits, x)
        best = reached
        for y in (reached, *(c.mid for c in critical)):
            if y <= reached and (value := m.square(y).a) > best:
                best, at = value, y
        if best is reached:
            return None
        start, reached = at if start is None else start, best
    return None


def _name_start(f: OddPolynomial, found: Finding) -> Finding:
    """With a short decimal near the start whose own orbit passes the escape radius; without, if there is none."""
    arithmetic, radius = Arithmetic(found.bits), escape_radius(f)
    for digits in (3, 6, 12, 24, 48, 96):
        start = Fraction(decimal(found.start or Fraction(1), digits))
        for k, place in enumerate(walk([f] * (8 * found.bits), start, arithmetic)):
            if place.beyond(radius, arithmetic):
                why = f"{found.reason}; the orbit of {decimal(start, digits)} passes the escape radius after {k} steps"
                return replace(found, reason=why, start=start)
    return replace(found, start=None)


# A finite horizon -----------------------------------------------------------------------------------------------------


def horizon_threshold(
    family: Family,
    steps: int,
    bound: str | int | Fraction,
    digits: int = 20,
    between: tuple[str | int | Fraction, str | int | Fraction] | None = None,
) -> Bracket:
    """The parameter up to which |φ_T| ≤ bound on (0, 1], T = `steps`; a question about T steps and no more.

    It is not the divergence threshold.  With the bound at the escape point it lies above it and falls to it as T grows,
    since an orbit that escapes may take more than T steps to show it; with a smaller bound it may lie below.

    Method: the images I_0 = [0, 1], I_t = f(I_(t-1)) are intervals, enclosed from outside and from inside by the values
    of f at their ends and at the critical points within.

    >>> from muon_theory.family import CUBIC
    >>> [horizon_threshold(CUBIC, steps, 2, 6).value for steps in (1, 2, 5)]
    ['4.59627', '3.11819', '3.00016']
    >>> locate_threshold(CUBIC, 6).value  # the limit for infinitely many steps
    '3'
    >>> horizon_threshold(CUBIC, 5, "1.3", 6).value  # a bound below the escape point √2
    '2.67164'
    """
    limit = exact_number("bound", bound)
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise UsageError(f"steps = {steps!r}: ask for a whole number of steps, 1 or more")
    if limit <= 0:
        raise UsageError(f"bound = {limit}: it must be above 0")

    def decide(f: OddPolynomial, bits: int) -> Finding | None:
        return _image_within(f, steps, limit, bits)

    return _bracket(family, digits, between, decide, f"|f^{steps}| ≤ {limit} on (0, 1]")


def _image_within(f: OddPolynomial, steps: int, bound: Fraction, bits: int) -> Finding | None:
    arithmetic = Arithmetic(bits + 4 * steps)
    m, radius, limit = arithmetic.map(f), escape_radius(f), arithmetic.exact(bound)
    d = f.derivative_in_y
    all_roots = 1 + max(abs(c / d[-1]) for c in d) if d[-1] else Fraction(0)  # Cauchy's bound
    positive = [arithmetic.context.sqrt(box.ball) for box in roots(d, Fraction(0), all_roots, arithmetic)]
    critical = [*positive, *(-c for c in positive)]
    zero, one = arithmetic.exact(0), arithmetic.exact(1)
    outer = inner = (zero, one)
    for t in range(1, steps + 1):
        images = [m(x) for x in (zero, *outer, *(c for c in critical if not (c < outer[0] or c > outer[1])))]
        outer = (min(v.a for v in images), max(v.b for v in images))
        taken = [m(x) for x in (zero, *inner, *(c.mid for c in critical if inner[0] <= c.mid and c.mid <= inner[1]))]
        inner = (min(v.b for v in taken), max(v.a for v in taken))
        size = max(abs(inner[0]), abs(inner[1]))
        if size > limit and (t == steps or (radius is not None and size > arithmetic.exact(radius))):
            return Finding(False, f"the image of (0, 1] after {t} steps reaches past {decimal(bound, 12, -1)}", bits)
    if max(abs(outer[0]), abs(outer[1])) <= limit:
        lo, hi = decimal(middle(outer[0]), 12, -1), decimal(middle(outer[1]), 12, +1)
        return Finding(True, f"the image of (0, 1] after {steps} steps lies in [{lo}, {hi}]", bits)
    return None


# Bisection ------------------------------------------------------------------------------------------------------------


def _bracket(
    family: Family,
    digits: int,
    between: tuple[str | int | Fraction, str | int | Fraction] | None,
    decide: Decide,
    question: str,
) -> Bracket:
    bits_of(digits)  # digits in range?
    if len(family.parameters) != 1:
        names = ", ".join(family.parameters) or "none"
        raise UsageError(
            f"family {family.name!r} has {len(family.parameters)} free parameters ({names}): a threshold needs one; "
            "set the others, as in QUINTIC.fix(s='-99/100')"
        )

    def at(value: Fraction, bits: int) -> Finding | None:
        return decide(family.at(**{family.parameters[0]: value}), bits)

    safe, unsafe = _first(at, between, question)
    while not _rounded(safe[0], unsafe[0], digits):
        value, found = _between(at, safe[0], unsafe[0], question)
        safe, unsafe = ((value, found), unsafe) if found.holds else (safe, (value, found))
    bits = max(safe[1].bits, unsafe[1].bits)
    text = decimal((safe[0] + unsafe[0]) / 2, digits)
    return Bracket(
        family.name,
        family.parameters[0],
        question,
        safe[0],
        unsafe[0],
        text,
        digits,
        bits * 301 // 1000,
        safe[1],
        unsafe[1],
    )


def _rounded(safe: Fraction, unsafe: Fraction, digits: int) -> bool:
    """Do both ends round to the same digits, or are they so close that a tie lies between them?"""
    fine = Fraction(1, 4 * 10**digits)
    width, scale = abs(safe - unsafe), max(abs(safe), abs(unsafe), fine)
    if width > fine * scale:
        return False
    return decimal(safe, digits) == decimal(unsafe, digits) or width < fine * scale / 10**8


At = Callable[[Fraction, int], Finding | None]
Decided = tuple[Fraction, Finding]


def _first(
    at: At, between: tuple[str | int | Fraction, str | int | Fraction] | None, question: str
) -> tuple[Decided, Decided]:
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
        f"no change of {question!r} between {values[0]} and {values[-1]}: give `between` with one value where it holds "
        "and one where it fails"
    )


def _between(at: At, safe: Fraction, unsafe: Fraction, question: str) -> Decided:
    """A decided parameter strictly between, at the middle if possible."""
    narrow = max(0, (1 / abs(unsafe - safe)).__floor__().bit_length())
    for part in (Fraction(1, 2), Fraction(3, 8), Fraction(5, 8)):
        value = safe + (unsafe - safe) * part
        for factor in (1, 2):
            if (found := at(value, factor * (narrow + 64))) is not None:
                return value, found
    raise UndecidedError(f"{question!r} is undecided near {decimal(value, 30)}: ask for fewer digits, or another range")
