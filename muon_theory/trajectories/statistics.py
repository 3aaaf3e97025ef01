"""Averages along orbits and sweeps over a family: the Lyapunov exponent, and what a bifurcation diagram shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Standing
from muon_theory.family import Family
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.trajectories.classify import Classification, Kind, classify
from muon_theory.trajectories.enclosure import Arithmetic, Ball, bits_of, exact_number, walk
from muon_theory.trajectories.orbit import middle, orbit, raised


@dataclass(frozen=True, slots=True)
class Lyapunov:
    """(1/n) Σ log |f'(x_k)|, k = 0 … n - 1, to `digits` decimal places; '-inf' if it meets a critical point."""

    value: str
    steps: int
    digits: int
    working_digits: int
    standing: Standing = Standing.OBSERVED


def lyapunov(
    f: OddPolynomial, x0: str | int | Fraction, steps: int, digits: int = 12, max_bits: int = 1 << 16
) -> Lyapunov:
    """The finite-time Lyapunov exponent of the orbit of x0: negative where orbits contract, positive where they part.

    The precision rises until the enclosure of the sum has the digits; the limit n → ∞ is not claimed.

    >>> lyapunov(OddPolynomial.of("3/2", "-1/2"), 0, 5).value  # log 3/2
    '0.405465108108'
    """
    x, needed = exact_number("x0", x0), bits_of(digits)
    if steps < 1:
        raise UsageError(f"steps = {steps}: ask for 1 or more")
    bits = needed + 64
    while True:
        arithmetic = Arithmetic(bits)
        total, done = _sum_of_logs(f, x, steps, arithmetic)
        if total is None:
            return Lyapunov("-inf", steps, digits, bits * 301 // 1000)
        if done == steps and total.delta < arithmetic.exact(Fraction(steps, 4 * 10**digits)):
            value = Fraction(round(middle(total) / steps * 10**digits), 10**digits)
            return Lyapunov(decimal(value, digits + 4), steps, digits, bits * 301 // 1000)
        if bits >= max_bits:
            raise UndecidedError(
                f"{bits} bits last for {done} of {steps} steps: ask for fewer steps, or a larger max_bits"
            )
        bits = min(max_bits, max(2 * bits, raised(bits, needed, done, steps) if done > 64 else 0))


def _sum_of_logs(f: OddPolynomial, x0: Fraction, steps: int, arithmetic: Arithmetic) -> tuple[Ball | None, int]:
    """Σ log |f'(x_k)| and how many terms were added; None where a term is -∞."""
    total = arithmetic.exact(0)
    for k, place in enumerate(walk([f] * (steps - 1), x0, arithmetic)):
        if place.exact is not None and f.derivative(place.exact) == 0:
            return None, k
        slope = abs(arithmetic.map(f).slope(place.ball))
        if not slope > 0:
            return total, k
        total = total + arithmetic.context.ln(slope)
    return total, steps


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a bifurcation diagram: the parameter, the classification, and the points to draw."""

    parameter: Fraction
    classification: Classification
    points: tuple[str, ...]


def bifurcation(
    family: Family,
    values: Iterable[str | int | Fraction],
    x0: str | int | Fraction = "1/2",
    horizon: int = 500,
    count: int = 64,
    digits: int = 12,
) -> list[Column]:
    """Classify the orbit of x0 for each value of the family's one parameter.

    Points: the attracting cycle, or where the orbit is undecided the last `count` points before the horizon.

    >>> from muon_theory.family import CUBIC
    >>> [(c.classification.kind.value, c.classification.period) for c in bifurcation(CUBIC, ["1.9", "2.2", "3.1"])]
    [('converges', 1), ('cycle', 2), ('escapes', None)]
    """
    if len(family.parameters) != 1:
        raise UsageError(f"family {family.name!r} has {len(family.parameters)} free parameters: a diagram needs one")
    columns = []
    for value in values:
        a = exact_number(family.parameters[0], value)
        f = family.at(**{family.parameters[0]: a})
        found = classify(f, x0, digits, horizon)
        points = found.points
        if found.kind is Kind.UNDECIDED:
            points = orbit(f, x0, horizon, digits).points[-count:]
        columns.append(Column(a, found, points))
    return columns
