"""Matrix products that a step or a schedule takes, for each way of evaluating it.

A step X ↦ X·g(XXᵀ), deg g = q, forms A = XXᵀ, a polynomial of A, and one product with X.  A step of degree 1 is a
scaling.  Products with X on one side cost as much as the long side says; those of A alone only the short one.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence

from muon_theory.schedule import Schedule


class Scheme(enum.Enum):
    """How the polynomial of A is evaluated.

    Horner's rule takes q - 1 products.  Paterson and Stockmeyer's takes s - 1 for the powers up to A^s and ⌈q/s⌉ - 1 to
    join the pieces, for the best s (SIAM J. Comput. 2 (1973)); up to q = 2 they are the same.
    """

    HORNER = "horner"
    PATERSON_STOCKMEYER = "paterson-stockmeyer"


def products(degree: int, scheme: Scheme = Scheme.PATERSON_STOCKMEYER) -> int:
    """Matrix products of one step.

    >>> [products(d) for d in (1, 3, 5, 7, 9, 13, 17)]
    [0, 2, 3, 4, 4, 5, 6]
    >>> [products(d, Scheme.HORNER) for d in (1, 3, 5, 7, 9, 13, 17)]
    [0, 2, 3, 4, 5, 7, 9]
    """
    q = degree // 2
    return 2 + _inner(q, scheme) if q else 0


def _inner(q: int, scheme: Scheme) -> int:
    """Products for a polynomial of degree q in A."""
    if scheme is Scheme.HORNER:
        return q - 1
    return min(s - 1 + -(-q // s) - 1 for s in range(1, q + 1))


def cost(schedule: Schedule) -> int:
    """Matrix products of all steps."""
    return sum(products(step.degree) for step in schedule.steps)


def count(degrees: Sequence[int]) -> dict[str, int]:
    """Matrix products of all steps by scheme, and those of the Gram form without restarts.

    In the Gram form only XXᵀ and QX have the long side; each step evaluates p(R), updates Q (but the first, where
    Q = I), and R in two products (but the last).

    >>> count((5, 5))
    {'horner': 6, 'paterson-stockmeyer': 6, 'gram, long side': 2, 'gram, short side': 5}
    """
    direct = {s.value: sum(products(d, s) for d in degrees) for s in Scheme}
    inner = [_inner(d // 2, Scheme.PATERSON_STOCKMEYER) if d > 1 else 0 for d in degrees]
    return direct | {"gram, long side": 2, "gram, short side": sum(inner) + 3 * (len(degrees) - 1)}
