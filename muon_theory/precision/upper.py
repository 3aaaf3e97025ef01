"""The upper end of the singular values in a format: what normalising lets in, and how far steps may push it up.

A schedule fails in low precision at its right edge: where a computed iterate lies beyond the interval that the next
step was made for, that step sends it down through 0 or up without bound.  Tier P takes ε as one number for all singular
values; for the upper end that is too much, because it adds the error at the steepest place to the value at the highest.
To first order a singular value σ = f(s) of f(X) + E moves by uᵀEv, its own singular vectors' entry of E (several that
lie together: by the norm of their block).  With E = (D + E₂)X + E₃, D the drift of p(XXᵀ) under an error E₁ of XXᵀ,
that entry of D is p'(s²) times that of E₁.  So, with ‖E₁‖ = q·u², ‖E₂‖ = q·max|p| (each Horner stage) and
‖E₃‖ = q·max|f|,

    u⁺ = max over s in [0, u] of  f(s) + s·(|p'(s²)|·q·u² + e₂) + e₃,    q = 0.849·(the format's roundoff).

This is a MODEL, and no bound: tier P's reading of rounding errors, to first order.  See docs/precision.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from muon_theory.errors import UndecidedError, UsageError
from muon_theory.exact.ranges import maximum
from muon_theory.normalisation import Normalisation
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision.bound import modelled_unit
from muon_theory.precision.format import Format, format_named, round_up
from muon_theory.precision.image import largest_value
from muon_theory.precision.steps import arithmetic_named
from muon_theory.schedule import Schedule

TOO_FAR = Fraction(16)
"""An upper end past this is of no use to anyone."""


def margin(format: Format | None) -> Fraction:
    """How far above its bound a normalised matrix may come out, (1 + u)/(1 - u) - 1 = 2u/(1 - u).

    The stored norm and the stored quotient each err by a factor 1 ± u; σ₁ ≤ ‖X‖_F carries both.  The rounding of the
    norm's sum is left out: it is formed in a wider format.  0 without a format.

    >>> margin(format_named("bfloat16"))
    Fraction(2, 255)
    """
    u = format.roundoff if format is not None else Fraction(0)
    return 2 * u / (1 - u)


def largest_input(normalisation: Normalisation, dtype: str | Format | None = None) -> Fraction:
    """The largest singular value that a matrix may have after this normalisation, stored in this format.

    Raises UsageError for a normalisation that guarantees nothing.

    >>> largest_input(Normalisation.FROBENIUS_101, "bf16")
    Fraction(5140, 5151)
    """
    if normalisation.bound is None:
        raise UsageError(
            f"the normalisation {normalisation.name!r} guarantees no largest singular value: use frobenius, or "
            "another that does"
        )
    return normalisation.bound * (1 + margin(None if dtype is None else format_named(dtype)))


def upper_ends(schedule: Schedule, dtype: str | Format, upper: Fraction) -> tuple[Fraction, ...]:
    """[u_0, …, u_T] under the model above, from u_0 = upper.

    Raises UndecidedError at the first step that is not > 0 up to where the model lets iterates come, or that takes them
    past 16; the message says which and why.

    >>> jordan = Schedule.parse("3.4445,-4.7750,2.0315")
    >>> print(decimal(upper_ends(jordan, "bf16", largest_input(Normalisation.FROBENIUS, "bf16"))[-1], 3))
    1.21
    """
    q = modelled_unit(arithmetic_named(dtype))
    ends = [upper]
    for t, f in enumerate(schedule.steps, 1):
        here = ends[-1]
        if -maximum([-c for c in f.coefficients], Fraction(0), here * here) <= 0:
            raise UndecidedError(
                f"tier P: before step {t} iterates may reach {decimal(here, 4, +1)}, and that step is not positive up "
                "to there"
            )
        ends.append(_following(f, here, q))
        if ends[-1] > TOO_FAR:
            raise UndecidedError(
                f"tier P: before step {t} iterates may reach {decimal(here, 4, +1)}, and that step sends them past "
                f"{TOO_FAR}"
            )
    return tuple(ends)


def _following(f: OddPolynomial, u: Fraction, q: Fraction) -> Fraction:
    square, p = u * u, f.coefficients[1:]
    e1, e2 = q * square, _inner(p, square, q)
    e3 = q * largest_value(f.dense(), Fraction(0), u)
    tops = []
    for sign in (1, -1):
        pushed = [c + sign * e1 * i * c for i, c in enumerate(f.coefficients)]  # s·p'(s²) has coefficients i·c_i
        pushed[0] += e2
        tops.append(maximum(OddPolynomial(tuple(pushed)).dense(), Fraction(0), u))
    return round_up(max(tops) + e3)


def _inner(p: Sequence[Fraction], square: Fraction, q: Fraction) -> Fraction:
    """e₂: each stored stage H of Horner's rule for p, p(t) = p_1 t + … + p_q t^q on [0, square], errs by q·max|H|."""
    if len(p) < 2:
        return Fraction(0)
    stage, error = [p[-1]], Fraction(0)
    for c in reversed(p[:-1]):
        stage = [c, *stage]
        error = error * square + q * largest_value([Fraction(0), *stage], Fraction(0), square)
    return error
