"""One orbit with its classification, as the command line prints it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.display import Lines, Page, Shown, Table
from muon_theory.display.plots import Figure, sequence
from muon_theory.evidence import Standing
from muon_theory.number import lowest_terms
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule
from muon_theory.trajectories.classify import Classification, Kind, classify
from muon_theory.trajectories.digits import bits_of, exact_number
from muon_theory.trajectories.orbit import Orbit, orbit
from muon_theory.verification import Verdict


@dataclass(frozen=True, slots=True, repr=False)
class OrbitReport(Shown):
    """The answer of `orbits SUBJECT --x0 x`; `classification` is None for a schedule with different rows."""

    subject: str
    x0: Fraction
    orbit: Orbit
    classification: Classification | None
    standing: Standing = Standing.OBSERVED

    @property
    def verdict(self) -> Standing | Verdict:
        """OBSERVED, or UNDECIDED where the orbit could not be classified."""
        found = self.classification
        return Verdict.UNDECIDED if found is not None and found.kind is Kind.UNDECIDED else self.standing

    @property
    def working_digits(self) -> int:
        """The most digits that were needed, of the orbit and of its classification."""
        return max(self.orbit.working_digits, self.classification.working_digits if self.classification else 0)

    def page(self) -> Page:
        found = self.classification
        kind = "several different steps: no classification" if found is None else found.summary
        said = f"working digits: {self.working_digits}"
        return Page(
            f"{self.subject}, x0 = {lowest_terms(self.x0)}: {kind}  ({self.standing.value})",
            (
                Table(tuple((str(n), x) for n, x in enumerate(self.orbit.points))),
                Lines((said,)),
            ),
        )

    def plot(self) -> Figure:
        """The orbit against the number of the step."""
        return sequence([float(x) for x in self.orbit.points], self.subject, "x_n")

    def to_json(self) -> dict[str, object]:
        """Keys of the machine interface; every decimal has 12 significant digits or more."""
        found = self.classification
        return {
            "subject": self.subject,
            "x0": lowest_terms(self.x0),
            "classification": None if found is None else found.to_json(),
            "orbit": list(self.orbit.points),
            "ended": self.orbit.ended or None,
            "working_digits": self.working_digits,
            "standing": self.standing.value,
        }


def orbit_report(
    subject: OddPolynomial | Schedule,
    x0: str | int | Fraction,
    steps: int | None = None,
    digits: int = 30,
    name: str | None = None,
    horizon: int = 2000,
) -> OrbitReport:
    """Orbit and classification of x0; fewer than 12 digits are computed, and printed, as 12.

    >>> report = orbit_report(OddPolynomial.of("3/2", "-1/2"), "1/2", 3, digits=12).to_json()
    >>> report["orbit"]
    ['0.5', '0.6875', '0.868774414062', '0.975299630819']
    >>> report["classification"]["kind"], report["classification"]["limit"], report["classification"]["multiplier"]
    ('converges', '1', '0')
    """
    x = exact_number("x0", x0)
    bits_of(digits)
    digits = max(digits, 12)
    title, one_map = (subject.name, subject.constant) if isinstance(subject, Schedule) else (str(subject), True)
    found = classify(subject, x, digits, horizon) if one_map else None
    return OrbitReport(name or title, x, orbit(subject, x, steps, digits), found)
