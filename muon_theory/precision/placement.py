"""A placement of the Gram form's restarts: the spurious negative eigenvalues of R, followed by certificates.

R = fl(XXᵀ), kept symmetric, may have eigenvalues below 0, which no XXᵀ has.  A step computes Z = p(R) + E₂ and
R⁺ = (aI + Z)ᵀR(aI + Z) + E.  With R = R₊ - R₋ and g(z) = a + p(z), the congruence gives

    λ_min(R⁺) ≥ -‖R₋^½(g(R) + E₂)‖² - ‖E‖ ≥ -(v + w·e₂)² - e,      λ_max(R⁺) ≤ (M + s·e₂)² + e

for spec(R) ⊆ [-w², s²], e₂ ≥ ‖E₂‖₂, e ≥ ‖E‖₂, M ≥ max|f| on [0, s] and v ≥ max|f̃| on [0, w], where

    f̃(w) = w·g(-w²) = a·w - b·w³ + c·w⁵ - …

is the *conjugate* step: alternate signs flipped, again an odd polynomial with rational coefficients.  So each v and
each M is a `maps-into` claim of one step, which the checker proves; the e are tier W or P, not part of the proof.
Which placement is chosen: `restarts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.certificate import AnyCertificate, Certificate, dump
from muon_theory.claims import Band, Bands, MapsInto
from muon_theory.errors import UndecidedError
from muon_theory.exact.positivity import splits
from muon_theory.exact.rationals import dense, exact
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision.bound import Tier
from muon_theory.schedule import Schedule
from muon_theory.verification import Verification, verify


def conjugate(f: OddPolynomial) -> OddPolynomial:
    """f̃(w) = w·g(-w²): h(-w²) = -f̃(w)² for h(z) = z·g(z)², the map of R's eigenvalues.

    >>> print(conjugate(OddPolynomial.of("15/8", "-5/4", "3/8")))
    15/8 x + 5/4 x³ + 3/8 x⁵
    """
    return OddPolynomial(tuple(-c if i % 2 else c for i, c in enumerate(f.coefficients)))


@dataclass(frozen=True, slots=True)
class GramStep:
    """What step number `step` (from 1) reads: spec(R) ⊆ [-w², s²].

    `error`: e of the operation that made R; `inner`: e₂ of this step's own Z; `v` ≥ |f̃| on [0, w] and `M` ≥ |f| on
    [0, s]: the two claims of the certificate.
    """

    step: int
    error: Fraction
    w: Fraction
    s: Fraction
    inner: Fraction
    v: Fraction
    M: Fraction


@dataclass(frozen=True, slots=True)
class GramPlacement:
    """`restarts`: the steps after which XXᵀ is formed anew, with the chain that placed them and what it rests on."""

    schedule: Schedule
    restarts: tuple[int, ...]
    segments: tuple[tuple[GramStep, ...], ...]
    inputs: tuple[Fraction, ...]  # ≥ ‖X‖₂ where each segment starts
    tier: Tier
    tolerance: Fraction
    assumptions: tuple[str, ...]

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        """Two claims a step, in the order of the steps: f̃([0, w]) ⊆ [-v, v] and f([0, s]) ⊆ [-M, M]."""
        out = []
        for at in (at for segment in self.segments for at in segment):
            f = self.schedule.steps[at.step - 1]
            why = {"step": at.step, "tier": self.tier.value, "e": str(at.error), "e2": str(at.inner)}
            out.append(_maps_into(conjugate(f), at.w, at.v, {**why, "part": "conjugate step, on [0, w]"}))
            out.append(_maps_into(f, at.s, at.M, {**why, "part": "step, on [0, s]"}))
        return tuple(out)

    @property
    def data(self) -> bytes:
        """The bundle as JSON, for `muon-theory check`."""
        return dump(self.certificates)

    def verification(self) -> Verification:
        """What the checker says of the bundle, after the links between its claims have been compared, exactly.

        Raises UndecidedError where w² ≥ (v + w·e₂)² + e or s² ≥ (M + s·e₂)² + e fails from one step of a segment to
        the next, or w² is above the tolerance.
        """
        for segment, s in zip(self.segments, self.inputs, strict=True):
            low, high = Fraction(0), s**2
            for at in segment:
                if at.w**2 < low + at.error or at.s**2 < high + at.error or at.w**2 > self.tolerance:
                    raise UndecidedError(f"the chain breaks at step {at.step}: place the restarts anew")
                low, high = (at.v + at.w * at.inner) ** 2, (at.M + at.s * at.inner) ** 2
        return verify(self.data)

    def __str__(self) -> str:
        where = f"after step {', '.join(map(str, self.restarts))}" if self.restarts else "nowhere"
        lines = [f"restart {where}: every R that is read has its eigenvalues above -{decimal(self.tolerance, 4, +1)}"]
        for segment in self.segments:
            reached = ", ".join(f"-{decimal(at.w**2, 3, +1)}" for at in segment)
            lines.append(f"  from step {segment[0].step}: lowest eigenvalue ≥ {reached}")
        return "\n".join([*lines, "not checked by the certificate:", *(f"  {line}" for line in self.assumptions)])


def _maps_into(
    f: OddPolynomial, top: Fraction, value: Fraction, provenance: dict[str, object]
) -> Certificate[MapsInto]:
    start, target = Interval(Fraction(0), top), Interval(-value, value)
    ends = exact(start.lo), exact(start.hi)
    below, above = (splits(sign * dense(f) + exact(value), *ends) for sign in (1, -1))  # value + f ≥ 0, value - f ≥ 0
    witness = Bands((Band(target, (below, above)),))
    return Certificate(Schedule((f,)), MapsInto(start, target), witness, provenance)
