"""How fast greedy composition converges: the published bound, the exact order with its constant, two-sided bounds.

E_t is the level after step t: the greedy steps of degree 2q + 1 send [1 - E_t, 1 + E_t] as close to 1 as can be, and
E_{t+1} is how close that is.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb

from flint import arb, ctx

from muon_theory.errors import UsageError
from muon_theory.evidence import Derivation, Step
from muon_theory.exact.ranges import above
from muon_theory.exact.rationals import exact, fraction, midpoint
from muon_theory.interval import Interval


def order(degree: int) -> int:
    """q for degree 2q + 1.  Raises UsageError for an even degree, or one below 1."""
    if degree < 1 or degree % 2 == 0:
        raise UsageError(f"degree {degree} is not odd: write such as 3, 5 or 7")
    return degree // 2


def rate_bound(degree: int, steps: int, lower: Fraction, digits: int = 12) -> Fraction:
    """|1 - l²|^((q+1)^T), rounded up to `digits` digits: bounds the error of T greedy steps on [l, 1].

    True and very loose (Polar Express, arXiv 2505.16932, Theorem 3.3): it is the error of Padé's polynomials.

    Raises UsageError unless 0 < l ≤ 1.

    >>> f"{float(rate_bound(5, 5, Fraction(1, 1000))):.6f}"
    '0.999757'
    """
    if not 0 < lower <= 1:
        raise UsageError(f"the rate theorem is about [l, 1] with 0 < l ≤ 1, not l = {lower}")
    power = (order(degree) + 1) ** steps
    if lower == 1:
        return Fraction(0)
    with ctx.workprec(64 + 4 * digits + power.bit_length()):
        value = arb(exact(1 - lower**2)) ** power
        least = exact(Fraction(10) ** (int(float(value.log()) / 2.302585092994046) - digits - 1))
        return fraction(above(midpoint(value.upper()), least))


def asymptotic_constant(degree: int) -> Fraction:
    """lim E_{t+1}/E_t^(q+1) = C(2q+1, q)/4^q, for which `asymptotic_derivation` gives the proof.

    >>> [str(asymptotic_constant(d)) for d in (3, 5, 7, 9)]
    ['3/4', '5/8', '35/64', '63/128']
    """
    q = order(degree)
    return Fraction(comb(2 * q + 1, q), 4**q)


def next_level(degree: int, level: Fraction) -> Interval:
    """C ε^(q+1) · [(1-ε)/(1+ε)^(2q+3), (1+ε)/(1-ε)^(2q+3)], C = C(2q+1, q)/4^q: it contains E_{t+1} if E_t = ε.

    For every 0 < ε < 1.  The bounds follow from `asymptotic_derivation`, and close up as ε → 0.

    >>> print(next_level(5, Fraction(1, 1000)))
    [6.20021805183e-10, 6.30021945185e-10]
    """
    if not 0 < level < 1:
        raise UsageError(f"a level lies in (0, 1), not {level}")
    q = order(degree)
    leading = asymptotic_constant(degree) * level ** (q + 1)
    return Interval(
        leading * (1 - level) / (1 + level) ** (2 * q + 3), leading * (1 + level) / (1 - level) ** (2 * q + 3)
    )


def asymptotic_derivation(degree: int) -> Derivation:
    """The proof that E_{t+1}/E_t^(q+1) → C(2q+1, q)/4^q, with explicit bounds at every ε = E_t in (0, 1)."""
    q = order(degree)
    n, c = q + 1, asymptotic_constant(degree)
    steps = (
        Step(
            f"E' = min over g of degree ≤ {q} of max |√y·(y^(-1/2) - g(y))|, y from (1-ε)² to (1+ε)²",
            "an odd polynomial of that degree is x·g(x²), and 1 - x·g(x²) = x·(1/x - g(x²)) with y = x²",
        ),
        Step(
            "(1-ε)·D ≤ E' ≤ (1+ε)·D, where D = min over g of max |y^(-1/2) - g(y)| on the same interval",
            "√y lies between 1-ε and 1+ε",
        ),
        Step(
            f"with F = y^(-1/2), F^({n})/{n}! = (-1)^{n}·C({2 * n}, {n})/4^{n} · y^(-{2 * q + 3}/2), of one sign",
            f"the binomial coefficient of -1/2 over {n} is (-1)^{n}·C({2 * n}, {n})/4^{n}",
        ),
        Step(
            f"D ≤ max |F^({n})|/{n}! · h^{n}/2^{q}, h = 2ε",
            "interpolate F at the zeros of Chebyshev's polynomial: the node polynomial is at most h^(q+1)/2^q, "
            "and h is half the length of the interval",
        ),
        Step(
            f"D ≥ min |F^({n})|/{n}! · h^{n}/2^{q}",
            f"take the divided difference over the {q + 2} extrema of Chebyshev's polynomial: it kills every g, it is "
            f"F^({n})(ξ)/{n}! on F, and its weights have absolute sum 2^q/h^(q+1), its value on Chebyshev's "
            "polynomial, since they alternate in sign",
        ),
        Step(
            f"C({2 * n}, {n})/4^{n} · (2ε)^{n}/2^{q} = {c}·ε^{n}",
            f"C({2 * n}, {n}) = 2·C({2 * q + 1}, {q}), and the powers of 2 leave 4^(-{q})",
        ),
        Step(
            f"{c}·ε^{n}·(1-ε)/(1+ε)^{2 * q + 3} ≤ E' ≤ {c}·ε^{n}·(1+ε)/(1-ε)^{2 * q + 3}",
            f"y^(-{2 * q + 3}/2) lies between (1+ε)^(-{2 * q + 3}) and (1-ε)^(-{2 * q + 3})",
        ),
    )
    return Derivation(
        f"The order and the constant of greedy composition of degree {degree}",
        steps,
        f"E_(t+1)/E_t^{n} tends to C({2 * q + 1}, {q})/4^{q} = {c} as E_t → 0",
    )
