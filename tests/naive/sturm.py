"""Real roots counted by a Sturm chain, written out."""

import itertools
from fractions import Fraction

from tests.naive.signs import evaluate


def sturm_count(p: list[Fraction], lo: Fraction, hi: Fraction) -> int:
    """Distinct real roots in (lo, hi]."""
    chain = [p, [i * c for i, c in enumerate(p)][1:]]
    while any(chain[-1]):
        rest, divisor = list(chain[-2]), chain[-1]
        while len(rest) >= len(divisor):
            factor = rest[-1] / divisor[-1]
            for i, c in enumerate(reversed(divisor)):
                rest[-1 - i] -= factor * c
            rest.pop()
        while rest and rest[-1] == 0:
            rest.pop()
        chain.append([-c for c in rest])

    def variations(x: Fraction) -> int:
        signs = [v > 0 for q in chain if q and (v := evaluate(q, x)) != 0]
        return sum(a != b for a, b in itertools.pairwise(signs))

    return variations(lo) - variations(hi)
