"""Hypothesis strategies for rationals, intervals, odd polynomials, schedules and matrices.

Values shrink towards simple ones; denominators stay small enough that a shrunk counterexample can be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from muon_theory.family import CUBIC, QUINTIC
from muon_theory.interval import Interval
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

if TYPE_CHECKING:
    from muon_theory.confirmation.inputs import Dtype, Tensor

Bound = int | str | Fraction


def rationals(lo: Bound = -10, hi: Bound = 10, denominator: int = 1000) -> st.SearchStrategy[Fraction]:
    """Rationals in [lo, hi] with denominators up to the bound (or those of the ends)."""
    low, high = Fraction(lo), Fraction(hi)
    return st.fractions(low, high, max_denominator=max(denominator, low.denominator, high.denominator))


@st.composite
def intervals(draw: st.DrawFn, lo: Bound = 0, hi: Bound = 1, least_width: Bound = "1/1000") -> Interval:
    """Intervals inside [lo, hi], at least so wide."""
    width = Fraction(least_width)
    left = draw(rationals(lo, Fraction(hi) - width))
    return Interval(left, draw(rationals(left + width, hi)))


def odd_polynomials(
    degrees: Sequence[int] = (3, 5, 7), size: Bound = 6, slope: tuple[Bound, Bound] | None = None
) -> st.SearchStrategy[OddPolynomial]:
    """Odd polynomials of one of the degrees, coefficients up to the size; f'(0) in `slope` where given."""

    def of_degree(degree: int) -> st.SearchStrategy[OddPolynomial]:
        first = rationals(*slope) if slope else rationals(-Fraction(size), size)
        rest = [rationals(-Fraction(size), size) for _ in range((degree - 1) // 2)]
        return st.tuples(first, *rest).map(OddPolynomial)

    return st.sampled_from(list(degrees)).flatmap(of_degree)


def schedules(
    length: tuple[int, int] = (1, 5), degrees: Sequence[int] = (3, 5), slope: tuple[Bound, Bound] = (1, 4)
) -> st.SearchStrategy[Schedule]:
    """Schedules of so many steps, with slopes at 0 in the range."""
    step = odd_polynomials(degrees, slope=slope)
    return st.lists(step, min_size=length[0], max_size=length[1]).map(lambda steps: Schedule(tuple(steps)))


def attracting_cubics() -> st.SearchStrategy[OddPolynomial]:
    """Cubics with f(1) = 1 that 1 attracts: 1 < a < 2."""
    return rationals("101/100", "199/100").map(lambda a: CUBIC.at(a=a))


def attracting_quintics(greatest: Bound = "13/5") -> st.SearchStrategy[OddPolynomial]:
    """Quintics with f(1) = 1 and |f'(1)| < 1, 1 < a ≤ greatest (no start escapes up to a = 2.61)."""
    return st.tuples(rationals("101/100", greatest), rationals("-99/100", "99/100")).map(
        lambda point: QUINTIC.at(a=point[0], s=point[1])
    )


@st.composite
def matrices(
    draw: st.DrawFn, sides: tuple[int, int] = (1, 12), upper: float = 1.0, dtype: Dtype | None = None
) -> tuple[Tensor, tuple[float, ...]]:
    """A matrix U diag(s) Vᵀ with random orthonormal factors, tall, wide or square, and its singular values s.

    Needs torch.  float64 unless said.
    """
    from muon_theory.confirmation import with_singular_values

    rows, columns = draw(st.integers(*sides)), draw(st.integers(*sides))
    rank = min(rows, columns)
    values = draw(st.lists(st.floats(0.0, upper, allow_subnormal=False), min_size=rank, max_size=rank))
    seed = draw(st.integers(0, 2**31))
    return with_singular_values(values, rows, columns, seed, dtype), tuple(sorted(values, reverse=True))
