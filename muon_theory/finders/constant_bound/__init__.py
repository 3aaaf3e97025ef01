"""Finder for constant-bound: boxes of coefficients, each refuted at points that its maps reach.

The unknown map is f(x) = Σ w_i·ℓ_i(x), ℓ_i(x) = x·L_i(x²), by its values w_i = f(x_i)/x_i at nodes x_i.  A box of the w
is halved until each part is refuted, in the order of cost:

1. *a point where f leads away*: f ≤ 0, or f(x) on the far side of x from 1, at a point of [l, X] that is not within E
   of 1, where X is reached by an iterate: a fixed point that an iterate takes lies within E of 1;
2. *a combination*: with z a value of fᵏ for every map of the box, f^(T-k)(z) is a first-order Taylor model
   c + Σ d_i·u_i ± e over the box, |u_i| ≤ 1.  A linear program asks for u with all models within E of 1; where there is
   none its dual solution is the certificate: λ with |Σ λ(c - 1)| - Σ|Σ λ·d_i| - Σ|λ|·e ≥ E·Σ|λ|.

All of it is done for many boxes at once, in floats, and may be wrong: the checker repeats it in integers.  `best`
searches for the map that the bound is about; the points where its error is largest refute its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from muon_theory.certificate import Certificate
from muon_theory.claims import Boxes, ConstantBound
from muon_theory.finders.constant_bound.interpolation import growing, lagrange, nodes_for, values
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

__all__ = ["constant_bound", "growing", "lagrange"]


def constant_bound(
    reference: Schedule,
    degree: int,
    lower: Fraction,
    error: Fraction,
    at_one: Interval | None = None,
    slope: Interval | None = None,
    multiplier: Interval | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Certificate[ConstantBound]:
    """No odd map of the degree, repeated as often as the reference, does better than `error` on [lower, 1].

    Parameters
    ----------
    reference : the best map known: with it a bound near its error is found.
    at_one, slope, multiplier : of the maps with |f(1)|, f'(0) or f'(1) in it alone.
    progress : told (boxes refuted, boxes open) now and then.

    Raises UndecidedError where boxes stay open, and BetterError where a map among them does better.
    """
    from muon_theory.finders.constant_bound.best import turning
    from muon_theory.finders.constant_bound.search import Search

    steps, growth = len(reference.steps), growing(degree, lower)
    nodes = nodes_for((degree + 1) // 2, lower if slope is None else Fraction(0))
    box = []
    for x in nodes:
        held, asked = values(x, lower, growth), slope if x == 0 else at_one if x == 1 else None
        if asked is not None:
            held = Interval(max(held.lo, asked.lo), min(held.hi, asked.hi))
        box.append(held)
    places = _places(lower, error, growth.top, turning(reference, float(lower)))
    search = Search(steps, float(error), nodes, tuple(box), places, multiplier, progress)
    witness = Boxes(growth, nodes, tuple(box), *_renumbered(places, search.tree()))
    claim = ConstantBound(degree, steps, lower, error, at_one, slope, multiplier)
    return Certificate(reference, claim, witness)


def _places(lower: Fraction, error: Fraction, top: Fraction, turning: list[float]) -> tuple[Fraction, ...]:
    """Points of [l, 1], of the values beyond, and just outside [1 - E, 1 + E], of few digits."""
    l, e = float(lower), float(error)
    rough = [l ** (k / 39) for k in range(1, 39)] + [l + (1 - l) * k / 39 for k in range(1, 39, 2)]
    rough += [3 * l * (40 / (3 * l)) ** (k / 35) for k in range(36)] + [1 + k / 10 for k in range(1, 20)]
    rough += [1 + k / 8 for k in range(1, 40)] + [6 * 1.25**k for k in range(12)]
    found = {Fraction(f"{x:.3g}") for x in rough} | {Fraction(f"{x:.5g}") for x in turning}
    found |= {1 + side * Fraction(f"{factor * e:.3g}") for side in (-1, 1) for factor in (1.05, 3.0)}
    return tuple(sorted({x for x in found if x > lower} | {lower, Fraction(1), top}))


def _renumbered(places: tuple[Fraction, ...], words: list[str]) -> tuple[tuple[Fraction, ...], str]:
    """The points that the words use, and the words with their new numbers."""
    used: dict[int, int] = {}

    def new(number: str) -> str:
        return str(used.setdefault(int(number), len(used)))

    def renumbered(word: str) -> str:
        if word.isalpha() or word == "!":
            return word
        head, *terms = word.split("?")
        chain, equals, last = head.partition("=")
        pairs = ",".join(map(new, chain.split(","))) if chain else ""
        said = (term.split(",") for term in terms)
        return f"{pairs}{equals}{last and new(last)}" + "".join(f"?{k},{new(z)},{factor}" for k, z, factor in said)

    text = " ".join(map(renumbered, words))
    return tuple(places[i] for i in used), text
