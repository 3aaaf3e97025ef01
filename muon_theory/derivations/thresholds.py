"""The thresholds of the article's two families in the parameter a, for a ≥ 1, as algebraic numbers or proved absent."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sympy import factor, sqrt

from muon_theory.derivations import plane
from muon_theory.derivations.formula import a, x
from muon_theory.derivations.recheck import Notebook
from muon_theory.errors import UndecidedError, UsageError
from muon_theory.evidence import Derivation
from muon_theory.exact.algebraic import AlgebraicNumber, Exact, real_roots
from muon_theory.family import CUBIC, QUINTIC, Family
from muon_theory.number import rational

KINDS = ("stability-lower", "stability-upper", "sign-flip", "divergence")


@dataclass(frozen=True, slots=True)
class ParameterThreshold:
    """One threshold of a family in a ≥ 1.

    `value` is None where there is no such threshold (`decided`: the reason proves it) or where nothing is derived (not
    `decided`).  `multiplicity` is that of the value as a root of the eliminated polynomial; 0 without a value.
    """

    kind: str
    value: AlgebraicNumber | None
    multiplicity: int
    reason: str
    decided: bool = True


def thresholds(family: Family | str, slope_at_one: str | Exact | None = None) -> tuple[ParameterThreshold, ...]:
    """The four thresholds of the cubic (f(1) = 1) or the quintic (f(1) = 1, f'(1) = s) in the parameter a ≥ 1.

    `stability-lower`, `stability-upper`: 1 attracts hyperbolically between them.  `sign-flip`: above it some orbit from
    (0, 1] becomes negative.  `divergence`: above it some orbit from (0, 1] is unbounded.

    Raises
    ------
    UsageError
        An unknown family; a quintic without `slope_at_one`, or a cubic with it.

    >>> for t in thresholds("cubic"):
    ...     print(t.kind, t.value.decimal(15), t.value.polynomial)
    stability-lower 1 (-1, 1)
    stability-upper 2 (-2, 1)
    sign-flip 2.59807621135332 (-27, 0, 4)
    divergence 3 (-3, 1)
    >>> [t.value and t.value.decimal(15) for t in thresholds("quintic", "-49/50")]
    [None, None, None, '3.34241542085140']
    """
    name = family.name if isinstance(family, Family) else family
    if name not in (CUBIC.name, QUINTIC.name):
        raise UsageError(f"nothing is derived for the family {name!r}: ask for cubic or quintic")
    if name == CUBIC.name:
        if slope_at_one is not None:
            raise UsageError("the cubic has no free slope at 1 (it is 3 - 2a): leave the slope out, or ask for quintic")
        return _cubic()
    if slope_at_one is None:
        raise UsageError("the quintic needs its slope at 1: give s = f'(1), such as -49/50")
    return _quintic(rational(slope_at_one))


def _cubic() -> tuple[ParameterThreshold, ...]:
    whole, flip = AlgebraicNumber.of, real_roots((-27, 0, 4))[-1][0]
    return (
        ParameterThreshold("stability-lower", whole(1), 1, "f'(1) = 3 - 2a falls through 1 at a = 1, where f(x) = x"),
        ParameterThreshold(
            "stability-upper", whole(2), 1, "f'(1) = 3 - 2a falls through -1 at a = 2 (1 attracts there too)"
        ),
        ParameterThreshold("sign-flip", flip, 1, "the critical value meets the zero √(a/(a - 1)): 4a² = 27"),
        ParameterThreshold(
            "divergence",
            whole(3),
            1,
            "the critical value meets the antipodal 2-cycle ±√((a + 1)/(a - 1)): (a - 3)(2a + 3)² = 0",
        ),
    )


def _quintic(at: Fraction) -> tuple[ParameterThreshold, ...]:
    role = {-1: "attracts", 0: "is neutral", 1: "repels"}[(abs(at) > 1) - (abs(at) < 1)]
    fixed = f"f'(1) = {at} for every a, so 1 {role} whatever a is: its stability has no threshold in a"
    return (
        ParameterThreshold("stability-lower", None, 0, fixed),
        ParameterThreshold("stability-upper", None, 0, fixed),
        _quintic_flip(at),
        _quintic_divergence(at),
    )


def _quintic_flip(at: Fraction) -> ParameterThreshold:
    kind = "sign-flip"
    if -1 <= at <= 1:
        bound = (5 - at) ** 2 / 16
        return ParameterThreshold(kind, None, 0, (
            f"for every a ≥ 1 all orbits from (0, 1] stay positive: for a > (5 - s)²/16 = {bound}, g has no real zero; "
            "for a up to that, f(x)² ≤ 3888/3125 on (0, 1] and g > 0 on [0, 3888/3125]"
        ))  # fmt: skip
    if 1 < at < 9:
        return ParameterThreshold(kind, None, 0, (
            "for every a ≥ 1 all orbits from (0, 1] stay positive: g ≥ 1 - (s - 1)/8 > 0 on (0, 1] and g > 1 right of 1"
        ))  # fmt: skip
    return ParameterThreshold(kind, None, 0, (
        f"nothing is derived for f'(1) = {at}: orbits may become negative on an interval of a, not above one "
        "threshold; ask for -1 ≤ s < 9, or for the sign-flip of one map"
    ), decided=False)  # fmt: skip


def _quintic_divergence(at: Fraction) -> ParameterThreshold:
    try:
        value = plane.divergence_threshold(at)
    except UndecidedError as error:
        return ParameterThreshold("divergence", None, 0, str(error), decided=False)
    eliminated = plane.escape_factor() if at <= 1 else plane.return_factor()
    multiplicity = next(k for root, k in plane.roots_in_a(eliminated, at) if root == value)
    met = "√((a - 1)/c)" if at <= 1 else "1"
    reason = f"the critical value in (0, 1) meets the repelling fixed point {met}: above, some x in (0, 1] escapes"
    return ParameterThreshold("divergence", value, multiplicity, reason)


def cubic_thresholds() -> Derivation:
    """The four thresholds of f = a·x + (1 - a)·x³ for a ≥ 1, with proofs."""
    book = Notebook("The cubic with f(1) = 1: all its thresholds in a ≥ 1")
    book.step("The map.", "f(1) = 1", "f(x)", "=", a * x + (1 - a) * x**3)
    book.step(
        "Stability.", "1 attracts hyperbolically for |f'(1)| < 1", "f'(1)", "=", 3 - 2 * a, "⇒", 1, "<", a, "<", 2
    )
    book.check("f'(1) = 3 - 2a", lambda a: CUBIC.at(a=a).derivative(1) == 3 - 2 * a, a=(-3, 5))
    value, zero, cycle = 4 * a**3 / (27 * (a - 1)), a / (a - 1), (a + 1) / (a - 1)
    book.step(
        "The critical point and its value v, for a > 1.",
        "f'(x) = 0 at x² = a/(3(a - 1)), which lies in (0, 1) for a > 3/2; on [0, z] with z the zero of f, f rises "
        "to v and falls to 0",
        "v² =", value, "z² =", zero,
    )  # fmt: skip
    book.identity("v²", value, lambda a: (lambda y: y * CUBIC.at(a=a).g(y) ** 2)(a / (3 * (a - 1))), a=(1, 5))
    book.check("the zero", lambda a: CUBIC.at(a=a).g(a / (a - 1)) == 0, a=(1, 5))
    book.step(
        "Sign flip: exactly for a > 3√3/2.",
        "for a ≤ 3/2 f increases on [0, 1] to 1 < z; else the iterates of (0, 1] fill (0, max(v, 1)], and one is "
        "negative iff v > z",
        "v² - z²", "=", factor(value - zero), "= 0 ⇒", "a", "=", 3 * sqrt(3) / 2,
    )  # fmt: skip
    book.identity("v² - z²", a * (4 * a**2 - 27) / (27 * (a - 1)), lambda a: _square(a) - a / (a - 1), a=(1, 5))
    book.step(
        "The antipodal 2-cycle ±r.",
        "g(r²) = -1; it repels, |f(x)| > |x| beyond it and |f(x)| < |x| between 1 and it",
        "r² =", cycle,
    )  # fmt: skip
    book.check("g(r²) = -1", lambda a: CUBIC.at(a=a).g((a + 1) / (a - 1)) == -1, a=(1, 5))
    book.step(
        "Divergence: exactly for a > 3.",
        "for v ≤ r, f maps [-r, r] into itself (its extreme values there are ±v and ±r); for v > r the critical "
        "point escapes",
        "v² - r²", "=", factor(value - cycle),
    )  # fmt: skip
    shown = (a - 3) * (2 * a + 3) ** 2 / (27 * (a - 1))
    book.identity("v² - r²", shown, lambda a: _square(a) - (a + 1) / (a - 1), a=(1, 5))
    book.check("the critical orbit grows for a > 3", _critical_orbit_grows, a=(3, 8))
    return book.conclude(
        "stability-lower 1, stability-upper 2, sign-flip 3√3/2 (the root of 4a² - 27 above 1), divergence 3; the other "
        "roots of the eliminated polynomials (0, -3√3/2, -3/2) lie below 1"
    )


def _square(at: Fraction) -> Fraction:
    """The square of the critical value."""
    y = at / (3 * (at - 1))
    return y * CUBIC.at(a=at).g(y) ** 2


def _critical_orbit_grows(a: Fraction) -> bool:
    z = _square(a)
    return z * CUBIC.at(a=a).g(z) ** 2 > z > (a + 1) / (a - 1)
