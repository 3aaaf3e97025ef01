"""Orbits x, f(x), f(f(x)), … with digits that are proved, at a precision that follows their expansion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Standing
from muon_theory.exact.orbit import Place, walk
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule
from muon_theory.trajectories.digits import bits_of, digits_of, exact_number, magnitude, middle, relative_bits

PRINTABLE = 33219  # bits: an orbit is printed while 10^-10000 < |x| < 10^10000, about


@dataclass(frozen=True, slots=True)
class Orbit:
    """points[k] is the k-th iterate (points[0] = x0), right to one unit in the last of its `digits` digits.

    `working_digits` is the precision it took.  `ended` is empty, or says why there are fewer points than asked for.
    """

    points: tuple[str, ...]
    digits: int
    working_digits: int
    ended: str = ""
    standing: Standing = Standing.OBSERVED


def orbit(
    f: OddPolynomial | Schedule,
    x0: str | int | Fraction,
    steps: int | None = None,
    digits: int = 30,
    max_bits: int = 1 << 18,
) -> Orbit:
    """The first `steps` iterates of x0 under one map, or under a schedule's steps in turn.

    Formula: x_k = f_k(x_{k-1}).  Ball arithmetic encloses every point; while an enclosure is wider than the digits
    asked for allow, the run is repeated with as many bits more as the expansion lost, so all digits are proved by
    enclosure (standing: observed, because no certificate is left behind).

    Parameters
    ----------
    f
        One map, or a schedule: a constant one is repeated `steps` times, another is extended as it says itself.
    x0
        Exact: text such as '1e-3' or '1/3', an int or a Fraction.
    steps
        ≥ 0; for a schedule its own length unless said, for one map 5.
    digits
        Significant digits of every point, from 1 to 4000.
    max_bits
        The precision at which to give up.

    Raises
    ------
    UsageError
        x0 is not an exact number, or `digits` or `steps` is out of range.
    UndecidedError
        `max_bits` do not suffice: a long chaotic orbit, or a point that may be 0.

    Examples
    --------
    >>> jordan = OddPolynomial.of("3.4445", "-4.7750", "2.0315")
    >>> orbit(jordan, 1, 3, digits=12).points
    ('1', '0.701', '1.11362021648', '0.720705949937')
    """
    maps = _maps(f, steps)
    x = exact_number("x0", x0)
    needed = bits_of(digits)
    bits = needed + 32
    while True:
        points, ended, complete = _follow(maps, x, needed, digits, bits)
        if complete:
            return Orbit(tuple(points), digits, digits_of(bits), ended)
        if bits >= max_bits:
            raise UndecidedError(
                f"{bits} bits leave fewer than {digits} digits at step {len(points)}: ask for fewer steps or digits, "
                "or a larger max_bits"
            )
        bits = min(max_bits, raised(bits, needed, len(points), len(maps)))


def raised(bits: int, needed: int, done: int, steps: int) -> int:
    """The precision for all `steps`, where `bits` lasted for `done` of them: the loss a step so far, and a tenth more.

    >>> raised(160, 100, 30, 300)
    792
    """
    return max(needed + (bits - needed) * steps * 11 // (10 * max(1, done)) + 32, bits * 5 // 4)


def _maps(f: OddPolynomial | Schedule, steps: int | None) -> Sequence[OddPolynomial]:
    if steps is not None and (isinstance(steps, bool) or not isinstance(steps, int) or steps < 0):
        raise UsageError(f"steps = {steps!r}: ask for a whole number of steps, 0 or more")
    if isinstance(f, OddPolynomial):
        return [f] * (5 if steps is None else steps)
    if steps is None:
        return f.steps
    if steps == 0 or f.constant:
        return f.steps[:1] * steps
    return f.with_steps(steps).steps


def _follow(
    maps: Sequence[OddPolynomial], x0: Fraction, needed: int, digits: int, bits: int
) -> tuple[list[str], str, bool]:
    """The points that have the digits, why the orbit ended early, and whether the digits lasted to its end."""
    points: list[str] = []
    for place in walk(maps, x0, bits):
        if place.exact is None and relative_bits(place.ball) < needed:
            return points, "", False
        if points and (why := _unprintable(place)):
            return points, f"stopped after step {len(points) - 1}: {why}", True
        points.append(decimal(place.exact if place.exact is not None else middle(place.ball), digits))
    return points, "", True


def _unprintable(place: Place) -> str:
    most = place.ball.abs_upper()
    if most.is_zero() or abs(size := magnitude(most)) <= PRINTABLE:
        return ""
    return f"the next point is {'above 10^9999' if size > 0 else 'below 10^-9999'} in size"
