"""The verb `constants`, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from muon_theory.api.rounding import Rounded, Rounding, size_of
from muon_theory.display import Facts, Lines, Page, Table
from muon_theory.display.stepwise import stepwise
from muon_theory.inexactness import INEQUALITIES, Inexactness
from muon_theory.interval import Interval
from muon_theory.number import Reading, decimal
from muon_theory.subject import Subject, schedule_of
from muon_theory.subject.arguments import Number, number, reading_named
from muon_theory.verification import Verdict

if TYPE_CHECKING:
    from muon_theory.display.plots import Figure


@dataclass(frozen=True, slots=True, repr=False)
class Constants(Rounded):
    """`exact`: brackets of ℓ, u, c, ρ̄ and δ with their certificates; `rounding`, where a format was named."""

    exact: Inexactness
    rounding: Rounding | None = None

    @property
    def verdict(self) -> Verdict:
        """Of exact arithmetic: refuted where φ(x)/x ≤ 0 for some x, so that O may point away from N."""
        return self.exact.verdict

    @property
    def ratio_lower(self) -> Interval:
        """ℓ = inf φ(x)/x."""
        return self.exact.ratio_lower

    @property
    def ratio_upper(self) -> Interval:
        """u = sup φ(x)/x."""
        return self.exact.ratio_upper

    @property
    def cap(self) -> Interval:
        """c = max φ."""
        return self.exact.cap

    @property
    def angular(self) -> Interval | None:
        """ρ̄ = (u + ℓ)/(2√(uℓ)), if ℓ > 0."""
        return self.exact.angular

    @property
    def deviation(self) -> Interval:
        """δ = max |1 - φ| from the lower end on."""
        return self.exact.deviation

    def page(self) -> Page:
        found = self.exact
        values: dict[str, Interval | None] = {
            "ratio_lower": found.ratio_lower,
            "ratio_upper": found.ratio_upper,
            "cap": found.cap,
            "angular": found.angular,
            "deviation": found.deviation,
        }
        rows = tuple(
            (symbol, str(i) if i else "none, as ℓ ≤ 0", meaning)
            for name, symbol, meaning in found.definitions()
            for i in (values[name],)
        )
        name = f"{found.schedule.name}  ({len(found.schedule.steps)} steps, digest {found.schedule.digest[:16]})"
        said = (
            f"For N = M/(κ‖M‖_F), κ = {found.kappa}, and O = φ(N):",
            *(f"  {line}" for line in INEQUALITIES),
            f"  so ⟨M, O⟩ ≥ {decimal(found.ratio_lower.lo / found.kappa, 12, -1)}·‖M‖_F",
            f"LaTeX: {found.latex()}",
        )
        if found.angular is None:
            said = ("φ(x) ≤ 0 for some x, so that O may point away from N: no inequality of these proofs holds.",)
        table = Table(rows, ("", "lies in", "which is"))
        return self.beside(self.verdict.value.upper(), Facts((("schedule", name),)), table, Lines(said))

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.exact.latex()}$"

    def plot(self) -> Figure:
        """φ with its largest value c, its error, and each step's error."""
        found = self.exact
        return stepwise(found.schedule, Interval(found.lower, found.interval.hi), {"c": found.cap.hi})


def constants(
    subject: Subject,
    *,
    steps: int | None = None,
    lower: Number = "1/1000",
    kappa: Number = "1",
    digits: int = 12,
    reading: str | Reading = "decimal",
    dtype: str | None = None,
    shape: str | Sequence[int] | None = None,
) -> Constants:
    """The constants that convergence proofs with an inexact orthogonalisation need, sharp and with certificates.

    For N = M/(κ‖M‖_F) and O = φ(N): ⟨N, O⟩ ≥ ℓ‖N‖_F², ‖O‖_F ≤ u‖N‖_F, ‖O‖₂ ≤ c, cos ∠(N, O) ≥ 1/ρ̄ with
    ρ̄ = (u + ℓ)/(2√(uℓ)), and ‖O - UVᵀ‖₂ ≤ δ where every singular value of N is at least `lower`.

    Parameters
    ----------
    subject
        A preset, a file, `file.py::NAME`, coefficients as text, rows of numbers, or an object of this package.
    steps
        How many steps run; one row is repeated, 5 times unless said.
    lower
        The least singular value for δ = max |1 - φ| over [lower, 1].
    kappa
        κ ≥ 1, by which the Frobenius norm is enlarged before the division.
    digits
        How tightly each constant is bracketed.
    reading
        Which numbers the decimals denote.
    dtype, shape
        A number format: the constants are then those over all that normalising in it may leave, and what rounding adds
        to the band for matrices of this shape is said beside them.

    Returns
    -------
    Constants
        `.verdict`, `.ratio_lower`, `.ratio_upper`, `.cap`, `.angular`, `.deviation`, `.certificates`.

    Raises
    ------
    UsageError
        The subject or an argument cannot be read, or κ < 1.
    UndecidedError
        φ(x)/x is not bounded by anything of use.

    >>> found = constants("jordan")
    >>> found.verdict.value, str(found.ratio_lower), str(found.cap)
    ('proved', '[0.696436409469, 0.69643640947]', '[1.20236860516, 1.20236860517]')
    """
    from muon_theory.audits import format_of, margin
    from muon_theory.inexactness import inexactness
    from muon_theory.robust import attempts, stored_upper

    size = size_of(dtype, shape)
    schedule, least = schedule_of(subject, steps, reading_named(reading)), number("--lower", lower)
    rows, columns = size[-2:]
    stored = None if dtype is None else stored_upper(dtype, (rows, columns))
    most = stored or 1 + margin(format_of(dtype))
    found = inexactness(schedule, least, number("--kappa", kappa), most, digits)
    if dtype is None:
        return Constants(found)
    tiers = attempts(schedule, dtype, (rows, columns), least, largest=most)
    return Constants(found, Rounding(dtype, size, "fused", tiers))
