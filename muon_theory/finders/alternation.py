"""Finders for best approximation: minimax, composition-bound, with errors too.

The exchange of Remez, for odd polynomials near 1.

On q + 2 points 0 < x_0 < … < x_{q+1} one odd polynomial p(x) = x·g(x²) of degree 2q + 1 has levelled errors
1 - p(x_i) = (-1)^i·E.  With y_i = x_i² and the weights w_i of the divided difference over the y_i,

    E = Σ w_i/x_i  /  Σ (-1)^i·w_i/x_i,      g interpolates (1 - (-1)^i·E)/x_i at y_i.

p' has degree q in y and, by Rolle, q zeros between the points; with both ends they are the next points.  E rises to
the error of best approximation, quadratically in the end (Remez 1934; Cheney, Introduction to Approximation Theory,
ch. 3).  De la Vallée-Poussin: at every stage |E| bounds the error of every odd polynomial of that degree from below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log10, prod

from flint import arb, arb_poly, ctx, fmpq

from muon_theory.certificate import Certificate
from muon_theory.claims import Alternating, CompositionBound, Level, Levels, Minimax, NoisyCompositionBound
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.rationals import exact, fraction, midpoint
from muon_theory.interval import Interval
from muon_theory.number import simplest_between
from muon_theory.polynomial import OddPolynomial, horner
from muon_theory.schedule import Schedule

MAX_DEGREE = 63
"""The checker's exponents go up to 64."""

MOST_DIGITS = 300
"""Errors below 10^-MOST_DIGITS are not bounded: no arithmetic shows them, and their certificates cost minutes."""


class BelowReach(UndecidedError):
    """The error is below 10^-MOST_DIGITS: smaller than any arithmetic shows, and than certificates are made for."""


ROUNDS = 80
"""Exchanges before more precision is taken.  From Chebyshev's points a dozen are enough in practice."""


@dataclass(frozen=True, slots=True)
class Alternation:
    """An odd polynomial nearly best on an interval, and the q + 2 points that show how nearly.

    At the points 1 - polynomial alternates in sign and is ≥ level in modulus, so no odd polynomial of that degree is
    closer to 1 than `level`; the polynomial itself is closer than `level` + the tolerance asked for.
    """

    degree: int
    interval: Interval
    polynomial: OddPolynomial
    level: Fraction
    points: tuple[Fraction, ...]


def best(degree: int, interval: Interval, digits: int = 12, most: int = MOST_DIGITS) -> tuple[OddPolynomial, Fraction]:
    """The best odd polynomial of that degree to 1 on [l, u], 0 < l < u, and its error, by balls' midpoints.

    The error is right to `digits` digits, and so is 1 - E (which is what matters where l is small).  `alternation` says
    as much with short numbers, and with the points that prove it.

    Raises UsageError as `alternation`, BelowReach where the error is below 10^-most.

    >>> p, error = best(3, Interval.of("1/2", 1))
    >>> round(float(error), 9), round(float(p.slope), 9)
    (0.085954624, 2.132772543)
    """
    found = _settled(degree, interval, digits, most)
    return _polynomial(found, interval.hi), abs(fraction(midpoint(found.error)))


def _polynomial(found: _Level, u: Fraction) -> OddPolynomial:
    """On [l, u] what was found on [l/u, 1]."""
    return OddPolynomial(tuple(fraction(midpoint(c)) / u ** (2 * i + 1) for i, c in enumerate(found.g.coeffs())))


def alternation(degree: int, interval: Interval, digits: int = 12) -> Alternation:
    """The best odd polynomial of that degree to 1 on [l, u], 0 < l < u, as rationals of moderate length.

    The level E is right to `digits` digits, and so is 1 - E (which is what matters where l is small).

    Raises
    ------
    UsageError
        The degree is not an odd number from 1 to 63, or not 0 < l < u.
    BelowReach
        The error is below 10^-300.

    >>> best = alternation(3, Interval.of("1/2", 1))
    >>> round(float(best.level), 9), len(best.points)
    (0.085954624, 3)
    """
    return _rationals(_settled(degree, interval, digits, MOST_DIGITS), interval, degree, digits)


def _settled(degree: int, interval: Interval, digits: int, most: int) -> _Level:
    """The exchange on [l/u, 1] at the least precision at which it settles."""
    if degree % 2 == 0 or not 1 <= degree <= MAX_DEGREE:
        raise UsageError(f"degree {degree} is not an odd number from 1 to {MAX_DEGREE}: write such as 3, 5 or 7")
    if not 0 < interval.lo < interval.hi:
        raise UsageError(f"best approximation to 1 needs 0 < l < u, not [{interval.lo}, {interval.hi}]")
    q, r = degree // 2, interval.lo / interval.hi
    narrow = max(0.0, -_log10((1 - r) / 4))
    small = (q + 1) * narrow + max(0.0, -_log10(r))
    if small > most:
        raise BelowReach(
            f"the error of degree {degree} on [{_short(r)}, 1] is about 10^-{int(small)}, beyond what is certified: "
            "take fewer steps or a smaller l"
        )
    bits = 64 + 4 * (digits + ceil(small + 3 * q // 2 * narrow))  # g's coefficients lose 2q digits for each of narrow
    for _ in range(4):
        with ctx.workprec(bits):
            found = _exchange(q, r, digits)
            if found is not None:
                return found
        bits *= 2
    raise UndecidedError(f"the exchange for degree {degree} on [{_short(r)}, 1] did not settle: ask for fewer digits")


def _log10(q: Fraction) -> float:
    """log₁₀ of a positive rational that may be far below the range of floats."""
    return log10(q.numerator) - log10(q.denominator)


def _short(q: Fraction) -> str:
    return f"{float(q):.6g}"


# ------------------------------------------------------------------------------------------------------------ exchange


@dataclass(frozen=True, slots=True)
class _Level:
    """p(x) = x·g(x²) on [r, 1], its levelled error on the points before, and the extrema of 1 - p: the points after."""

    g: arb_poly
    error: arb
    points: list[arb]
    deviations: list[arb]


def _exchange(q: int, r: Fraction, digits: int) -> _Level | None:
    """From Chebyshev's extrema until the largest deviation is the level; None asks for more precision."""
    lo = arb(exact(r)).mid()
    points = [lo + (1 - lo) * (1 - arb(fmpq(i, q + 1)).cos_pi()) / 2 for i in range(q + 2)]
    points[0], points[-1] = lo, arb(1)
    previous, before = None, arb(0)
    for _ in range(ROUNDS):
        level = _level(points)
        if level is None:
            return None
        scale = min(abs(level.error), 1 - abs(level.error))
        excess = (max(map(abs, level.deviations)) - abs(level.error)).mid()
        if excess <= scale * arb(10) ** -digits:
            return level
        if previous is not None and excess >= previous and excess < scale * arb(10) ** (-digits // 2):
            return None  # rounding, not exchange, is what is left
        if abs(level.error) <= before:
            return None  # in exact arithmetic each exchange raises the level
        previous, before, points = excess, abs(level.error), level.points
    return None


def _level(points: list[arb]) -> _Level | None:
    squares = [x * x for x in points]
    weights = [1 / prod((a - b for j, b in enumerate(squares) if j != i), start=arb(1)) for i, a in enumerate(squares)]
    top = sum((w / x for w, x in zip(weights, points, strict=True)), start=arb(0))
    below = sum(((-1) ** i * w / x for i, (w, x) in enumerate(zip(weights, points, strict=True))), start=arb(0))
    error = (top / below).mid()
    values = [(1 - (-1) ** i * error) / x for i, x in enumerate(points)]
    g = _middle(arb_poly.interpolate(squares[:-1], values[:-1]))
    inside = _critical(g, squares[0], len(points) - 2)
    if inside is None:
        return None
    following = [points[0], *inside, points[-1]]
    deviations = [(1 - x * g(x * x)).mid() for x in following]
    return _Level(g, error, following, deviations)


def _middle(p: arb_poly) -> arb_poly:
    return arb_poly([c.mid() for c in p.coeffs()])


def _critical(g: arb_poly, least: arb, count: int) -> list[arb] | None:
    """The zeros of p' in (r, 1), or None if they are not `count` in number: then rounding has hidden one.

    They are sought in t, y = r² + (1 - r²)·t, where they keep their distance as r → 1.
    """
    slope = arb_poly([(2 * i + 1) * c for i, c in enumerate(g.coeffs())])
    slope = _middle(slope(arb_poly([least, 1 - least])))
    try:
        rough = [root.real.mid() for root in slope.complex_roots() if root.imag.contains(0)] if count else []
    except ValueError:  # python-flint could not isolate the roots at this precision
        return None
    inside = sorted((t for t in (_polished(slope, t) for t in rough) if 0 < t < 1), key=midpoint)
    return [(least + (1 - least) * t).sqrt().mid() for t in inside] if len(inside) == count else None


def _polished(p: arb_poly, root: arb) -> arb:
    """A simple root by Newton's method, from about sixteen digits to the working precision."""
    derivative = p.derivative()
    for _ in range(ctx.prec.bit_length()):
        root = (root - p(root) / derivative(root)).mid()
    return root


# ----------------------------------------------------------------------------------------------------------- rationals


def _rationals(found: _Level, interval: Interval, degree: int, digits: int) -> Alternation:
    """Coefficients and points as short as the tolerance allows, and the level that they certify."""
    u, e = interval.hi, abs(fraction(midpoint(found.error)))
    tolerance = min(e, 1 - e) / 10**digits
    quantum = Fraction(10) ** ceil(_log10(tolerance / (degree + 1)) - 1)
    row = _polynomial(found, u).coefficients
    units = [quantum / Fraction(10) ** ceil((2 * i + 1) * _log10(u)) for i in range(len(row))]
    p = OddPolynomial(tuple(round(c / unit) * unit for c, unit in zip(row, units, strict=True)))
    rough = [u * fraction(midpoint(x)) for x in found.points[1:-1]]
    ends = [interval.lo, *rough, u]
    points = [interval.lo, *(_nearby(p, at, ends[i], ends[i + 2], tolerance) for i, at in enumerate(rough)), u]
    least = min(abs(1 - p(x)) for x in points)
    gap = 1 - least
    level = 1 - simplest_between(gap, gap + tolerance) if gap < least else simplest_between(least - tolerance, least)
    return Alternation(degree, interval, p, level, tuple(points))


def _nearby(p: OddPolynomial, at: Fraction, before: Fraction, after: Fraction, tolerance: Fraction) -> Fraction:
    """A simple point near an extremum of p where p is as extreme but for the tolerance: extrema forgive its root."""
    value, width = p(at), min(at - before, after - at) / 4
    bend = abs(horner([(2 * i + 1) * 2 * i * c for i, c in enumerate(p.coefficients)][1:], at * at) * at)
    if bend:  # where p is value ± bend·t²/2, t may be as large as this
        with ctx.workprec(64):
            width = min(width, 2 * fraction(midpoint(arb(exact(2 * tolerance / bend)).sqrt())))
    while True:
        near = simplest_between(at - width, at + width)
        if abs(p(near) - value) <= tolerance:
            return near
        width /= 4


# -------------------------------------------------------------------------------------------------------- certificates


def minimax(degree: int, interval: Interval, digits: int = 12) -> Certificate[Minimax]:
    """No odd polynomial of that degree is closer to 1 on [l, u] than E, for the largest E to `digits` digits.

    >>> from muon_theory.verification import verify
    >>> verify(minimax(5, Interval.of("1/1000", 1))).proved
    True
    """
    best = alternation(degree, interval, digits)
    subject = Schedule((best.polynomial,), name=f"minimax of degree {degree}")
    return Certificate(subject, Minimax(degree, interval, best.level), Alternating(best.points))


def composition_bound(degrees: Sequence[int], interval: Interval, digits: int = 12) -> Certificate[CompositionBound]:
    """No composition of odd polynomials of those degrees is closer to 1 on [l, u] than E, to about `digits` digits.

    The greedy chain: E_1 bounds step 1 on [l/u, 1]; then no step 1 has an image whose ends have a ratio above
    (1 - E_1)/(1 + E_1), and so on (Polar Express, arXiv 2505.16932, Theorem 3.1).

    Raises UsageError for degrees or ends that make no sense, BelowReach if a level falls below 10^-300.
    """
    subject, steps = _greedy_chain(degrees, interval, [Fraction(0)] * len(degrees), digits)
    claim = CompositionBound(tuple(degrees), interval, steps[-1].error)
    return Certificate(subject, claim, Levels(steps))


def noisy_composition_bound(
    degrees: Sequence[int], interval: Interval, errors: Sequence[Fraction], digits: int = 12
) -> Certificate[NoisyCompositionBound]:
    """The same where step t may move its values by errors[t] times its largest modulus: the best error that is left.

    The best ratio of the ends of an image, (1 - E_t)/(1 + E_t), becomes (1 - E'_t)/(1 + E'_t) with
    E'_t = (1 + E_t)(1 + ε_t) - 1, which rises with E_t; so the greedy chain still bounds all others, and the one that
    goes on with these ratios attains it.  Where E'_t ≥ 1, 0 is reached and stays: no composition does better than 1.

    Raises UsageError also for errors that are not one a step and ≥ 0.

    >>> found = noisy_composition_bound((5, 5), Interval.of("1/10", 1), [Fraction(1, 256)] * 2)
    >>> round(float(found.claim.error), 6)
    0.069349
    """
    if len(errors) != len(degrees) or min(errors, default=Fraction(0)) < 0:
        raise UsageError(f"{len(degrees)} steps take so many errors ≥ 0, not {', '.join(map(str, errors)) or 'none'}")
    subject, steps = _greedy_chain(degrees, interval, errors, digits)
    reached = disturbed(steps[-1].error, errors[-1])
    claim = NoisyCompositionBound(tuple(degrees), interval, tuple(errors), min(reached, Fraction(1)))
    return Certificate(subject, claim, Levels(steps))


def disturbed(level: Fraction, error: Fraction) -> Fraction:
    """How far from 1 the image [1 - E, 1 + E] reaches after an error of ε times its largest value: E + ε(1 + E)."""
    return (1 + level) * (1 + error) - 1


def _greedy_chain(
    degrees: Sequence[int], interval: Interval, errors: Sequence[Fraction], digits: int
) -> tuple[Schedule, tuple[Level, ...]]:
    """The best polynomials, each on the best ratio that those before can leave, and how near to 1 they come."""
    if not degrees:
        raise UsageError("a composition needs at least one degree, such as 5,5,5")
    guard = digits + 3 + ceil(sum(log10(d + 1) for d in degrees if d > 0))
    if not 0 < interval.lo < interval.hi:
        raise UsageError(f"best approximation to 1 needs 0 < l < u, not [{interval.lo}, {interval.hi}]")
    ratio, rows, steps = interval.lo / interval.hi, [], []
    for degree, error in zip(degrees, errors, strict=True):
        best = alternation(degree, Interval(ratio, Fraction(1)), guard)
        rows.append(best.polynomial)
        steps.append(Level(best.interval, best.level, best.points))
        reached = disturbed(best.level, error)
        if reached < 1:
            ratio = _ratio_above(reached, guard)
        elif error:  # from so near 0 the next step reaches 0 as well
            ratio = min(ratio, simplest_between(error / (2 * MAX_DEGREE), error / MAX_DEGREE))
    shape = "∘".join(str(d) for d in reversed(degrees))
    return Schedule(tuple(rows), name=f"references of degrees {shape}"), tuple(steps)


def _ratio_above(level: Fraction, digits: int) -> Fraction:
    """A simple rational just above (1 - E)/(1 + E), close to it as seen from 0 and from 1."""
    least, gap = (1 - level) / (1 + level), 2 * level / (1 + level)
    slack = min(least, gap) / 10**digits
    return simplest_between(least, least + slack) if least < gap else 1 - simplest_between(gap - slack, gap)
