"""The constants of an inexact orthogonalisation, which convergence proofs of Muon ask for: sharp, with certificates.

For N = M/(κ‖M‖_F), κ ≥ 1, with singular values σ ≤ 1, and O = φ(N) = U φ(Σ) Vᵀ:

    ℓ = inf φ(x)/x,  u = sup φ(x)/x  and  c = max φ  over (0, 1];   ρ̄ = (u + ℓ)/(2√(uℓ));   δ = max |1 - φ| over [l, 1].

As ⟨N, O⟩ = Σ σ·φ(σ) and ‖O‖_F² = Σ φ(σ)², they enter as

    ⟨N, O⟩ ≥ ℓ‖N‖_F²,   ‖O‖_F ≤ u‖N‖_F,   ‖O‖₂ ≤ c,   ⟨M, O⟩ ≥ (ℓ/κ)‖M‖_F,
    ‖N‖_F‖O‖_F ≤ ρ̄⟨N, O⟩,   ‖O - UVᵀ‖₂ ≤ δ if every σ ≥ l,

where ℓ > 0.  The fifth is the inequality of Pólya and Szegő: cos ∠(N, O) ≥ 1/ρ̄.  Convergence proofs of Muon with an
inexact orthogonalisation, in which such constants appear: Shulgin, AlRashed, Orabona and Richtárik, arXiv 2510.19933
(δ is the error of their oracle), and Kim and Oh, arXiv 2601.19156 (for Padé's polynomials).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from muon_theory.answer import Answer, established, refuted
from muon_theory.certificate import AnyCertificate
from muon_theory.claims import AnyClaim, Ratio
from muon_theory.errors import UsageError
from muon_theory.finders import band
from muon_theory.finders.ratio import sharp_ratio
from muon_theory.interval import Interval
from muon_theory.number import decimal
from muon_theory.schedule import Schedule
from muon_theory.verification import Verdict

GUARD = 4
"""More digits than are asked for, of what is only a witness that a bound is sharp."""

INEQUALITIES = (
    "⟨N, O⟩ ≥ ℓ‖N‖_F²",
    "‖O‖_F ≤ u‖N‖_F",
    "‖O‖₂ ≤ c",
    "‖N‖_F‖O‖_F ≤ ρ̄⟨N, O⟩, so cos ∠(N, O) ≥ 1/ρ̄",
    "⟨M, O⟩ ≥ (ℓ/κ)‖M‖_F",
    "‖O - UVᵀ‖₂ ≤ δ if every singular value of N is ≥ l",
)


@dataclass(frozen=True, slots=True)
class Inexactness:
    """Brackets of the constants: each from a bound that is proved and a point at which it is nearly reached."""

    schedule: Schedule
    interval: Interval
    lower: Fraction
    kappa: Fraction
    ratio_lower: Interval
    ratio_upper: Interval
    cap: Interval
    deviation: Interval
    answers: tuple[Answer[AnyClaim], ...]

    @property
    def angular(self) -> Interval | None:
        """ρ̄ = (t + 1)/(2√t), t = u/ℓ ≥ 1; None unless ℓ > 0."""
        if self.ratio_lower.lo <= 0:
            return None
        least, most = self.ratio_upper.lo / self.ratio_lower.hi, self.ratio_upper.hi / self.ratio_lower.lo
        return Interval(
            (max(least, Fraction(1)) + 1) / (2 * root(max(least, Fraction(1)), +1)), (most + 1) / (2 * root(most, -1))
        )

    @property
    def verdict(self) -> Verdict:
        return Verdict.worst(*(answer.verdict for answer in self.answers))

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        return tuple(answer.certificate for answer in self.answers if answer.certificate is not None)

    def to_json(self) -> dict[str, object]:
        angular = self.angular
        return {
            "verdict": self.verdict.value,
            "schedule": self.schedule.to_json(),
            "interval": self.interval.inward(),
            "lower": str(self.lower),
            "kappa": str(self.kappa),
            "ratio_lower": self.ratio_lower.outward(),
            "ratio_upper": self.ratio_upper.outward(),
            "cap": self.cap.outward(),
            "angular": angular and angular.outward(),
            "deviation": decimal(self.deviation.hi, 12, +1),
            "deviation_bracket": self.deviation.outward(),
            "descent": decimal(self.ratio_lower.lo / self.kappa, 12, -1) if angular else None,
            "definitions": {name: meaning for name, _, meaning in self.definitions()},
            "inequalities": list(INEQUALITIES) if angular else [],
            "latex": self.latex(),
            "claims": [answer.to_json() for answer in self.answers],
        }

    def definitions(self) -> tuple[tuple[str, str, str], ...]:
        """Key of the machine interface, symbol, and meaning."""
        place = f"(0, {decimal(self.interval.hi, 12, -1)}]"
        return (
            ("ratio_lower", "ℓ", f"inf φ(x)/x over {place}"),
            ("ratio_upper", "u", f"sup φ(x)/x over {place}"),
            ("cap", "c", f"max φ over {place}"),
            ("angular", "ρ̄", "(u + ℓ)/(2√(uℓ))"),
            ("deviation", "δ", f"max |1 - φ| over [{self.lower}, {decimal(self.interval.hi, 12, -1)}]"),
        )

    def latex(self) -> str:
        """The bounds that are proved, as one line of formulas."""
        angular = self.angular
        parts = [
            rf"\ell \ge {decimal(self.ratio_lower.lo, 12, -1)}",
            rf"u \le {decimal(self.ratio_upper.hi, 12, +1)}",
            rf"c \le {decimal(self.cap.hi, 12, +1)}",
            *([rf"\bar\rho \le {decimal(angular.hi, 12, +1)}"] if angular else []),
            rf"\delta \le {decimal(self.deviation.hi, 12, +1)}",
        ]
        return r",\quad ".join(parts)


def root(q: Fraction, toward: int) -> Fraction:
    """√q rounded down (-1) or up (+1), to about 40 digits.

    >>> root(Fraction(9, 4), -1)
    Fraction(3, 2)
    """
    scale = 10**40
    found = Fraction(isqrt(q.numerator * scale * scale // q.denominator), scale)
    return found if found * found == q or toward < 0 else found + Fraction(1, scale)


def inexactness(
    schedule: Schedule, lower: Fraction, kappa: Fraction = Fraction(1), upper: Fraction = Fraction(1), digits: int = 12
) -> Inexactness:
    """The constants of φ on (0, upper], δ on [lower, upper].

    Raises UsageError unless 0 < lower ≤ upper and κ ≥ 1; UndecidedError where a bound is not found.
    """
    if not 0 < lower <= upper:
        raise UsageError(f"the lower end {lower} must lie in (0, {upper}]")
    if kappa < 1:
        raise UsageError(f"κ = {kappa}: a divisor below the Frobenius norm leaves singular values above 1; take κ ≥ 1")
    whole, part = Interval(Fraction(0), upper), Interval(lower, upper)
    found = sharp_ratio(schedule, whole, digits)
    bounds = found.certificate.claim.bounds
    answers: list[Answer[AnyClaim]] = [established(found.certificate)]
    witnessed = band.reaches(schedule, found.least, digits + GUARD)
    answers.append(established(witnessed))
    least = Interval(bounds.lo, max(bounds.lo, witnessed.claim.target.hi / found.least))
    if found.greatest:
        highest = band.reaches(schedule, found.greatest, digits + GUARD)
        greatest = Interval(min(bounds.hi, highest.claim.target.lo / found.greatest), bounds.hi)
    else:
        greatest = Interval(schedule.slope, bounds.hi)
    answers.append(established(highest if found.greatest else band.slope(schedule)))
    outer = [band.maps_into(schedule, start, digits=digits + 1) for start in (whole, part)]
    inner = [band.attains(schedule, start, digits + 1) for start in (whole, part)]
    answers += [*map(established, outer), *map(established, inner)]
    cap = Interval(inner[0].claim.contains.hi, outer[0].claim.target.hi)
    inside, around = inner[1].claim.contains, outer[1].claim.target
    deviation = Interval(max(1 - inside.lo, inside.hi - 1, Fraction(0)), max(1 - around.lo, around.hi - 1))
    if least.hi <= 0:
        positive = Ratio(whole, Interval(Fraction(0), max(bounds.hi, Fraction(0))))
        answers[0:0] = [refuted(positive, witnessed, "ℓ ≤ 0: φ(x) ≤ 0 for some x in (0, 1]")]
    return Inexactness(schedule, whole, lower, kappa, least, greatest, cap, deviation, tuple(answers))
