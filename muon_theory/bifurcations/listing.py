"""What every listing of thresholds is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from muon_theory.certificate import AnyCertificate
from muon_theory.claims import Json
from muon_theory.display import Page, Shown, Table
from muon_theory.display.plots import Figure, marks
from muon_theory.evidence import Standing
from muon_theory.exact.algebraic import AlgebraicNumber
from muon_theory.expression import ParameterPolynomial
from muon_theory.interval import Interval
from muon_theory.number import lowest_terms
from muon_theory.verification import Verdict, verdict_on


@dataclass(frozen=True, slots=True, repr=False)
class Threshold(Shown):
    """One entry of the listing: what its certificates prove, and beside it what is derived.

    `value` is its decimal, None where there is no threshold; `derived` says why, or what else is known.  `verdict` is
    PROVED where the certificates are; the minimal polynomial, the multiplicity and `derived` are derived even then.
    """

    kind: str
    verdict: Verdict | Standing
    certificates: tuple[AnyCertificate, ...] = field(default=())
    value: str | None = None
    minimal_polynomial: tuple[int, ...] | None = None
    isolating: Interval | None = None
    multiplicity: int = 0
    derived: str = ""
    curve: ParameterPolynomial | None = None
    others: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        kind: str,
        number: AlgebraicNumber | None,
        digits: int,
        certificates: tuple[AnyCertificate, ...] = (),
        *,
        multiplicity: int = 1,
        derived: str = "",
        others: Mapping[str, str] | None = None,
        open: bool = False,
    ) -> Threshold:
        """An algebraic number, or none, with its certificates; `open` where nothing decides about it."""
        seen = verdict_on(certificates)
        kept = certificates if seen is Verdict.PROVED else ()
        verdict = seen if kept or open else Standing.DERIVED
        if number is None:
            return cls(kind, verdict, kept, derived=derived, others=others or {})
        return cls(
            kind,
            verdict,
            kept,
            number.decimal(digits),
            tuple(number.polynomial),
            number.isolating,
            multiplicity,
            derived,
            None,
            others or {},
        )

    @property
    def statements(self) -> tuple[str, ...]:
        """What is proved."""
        return tuple(c.statement for c in self.certificates)

    @property
    def row(self) -> tuple[str, str, str, str]:
        """Kind, value, verdict, and below what is proved what is derived."""
        said = [f"{name.replace('_', ' ')} {text}" for name, text in self.others.items()]
        if self.minimal_polynomial is not None:
            said.append(f"root of {list(self.minimal_polynomial)}")
        known = "; ".join([*said, *filter(None, [self.derived])])
        lines = [*self.statements, *([f"derived: {known}"] if self.statements and known else [known])]
        value = self.value or ("curve" if self.curve is not None else "none")
        return self.kind, value, self.verdict.value, "\n".join(filter(None, lines))

    def page(self) -> Page:
        return Page("", (Table((self.row,)),))

    def to_json(self) -> dict[str, object]:
        """The entry of the machine interface; `reason` says why, in statements where they are proved."""
        number: dict[str, Json] = {
            "value": self.value,
            "minimal_polynomial": None if self.minimal_polynomial is None else list(self.minimal_polynomial),
            "isolating": None
            if self.isolating is None
            else [lowest_terms(self.isolating.lo), lowest_terms(self.isolating.hi)],
            "multiplicity": self.multiplicity,
        }
        reason = "; ".join(self.statements) if self.statements and self.value is None else self.derived
        proved: dict[str, Json] = {"proves": list(self.statements), "derived": self.derived} if self.statements else {}
        curve: dict[str, Json] = {} if self.curve is None else {"polynomial": _monomials(self.curve)}
        told: dict[str, Json] = {"reason": reason} if reason else {}
        return {"kind": self.kind, **number, **self.others, **curve, "verdict": self.verdict.value, **told, **proved}


def _monomials(p: ParameterPolynomial) -> list[Json]:
    return [[lowest_terms(c), list(e)] for e, c in p.terms]


@dataclass(frozen=True, slots=True, repr=False)
class Thresholds(Shown):
    """All thresholds of a subject."""

    subject: str
    thresholds: tuple[Threshold, ...]

    @property
    def verdict(self) -> Verdict | Standing:
        """UNDECIDED if any is, else DERIVED if any is, else PROVED."""
        if any(t.verdict is Standing.DERIVED for t in self.thresholds) and not any(
            t.verdict is Verdict.UNDECIDED for t in self.thresholds
        ):
            return Standing.DERIVED
        return Verdict.worst(*(t.verdict for t in self.thresholds if isinstance(t.verdict, Verdict)))

    def __iter__(self) -> Iterator[Threshold]:
        return iter(self.thresholds)

    def page(self) -> Page:
        return Page(self.subject, (Table(tuple(t.row for t in self.thresholds)),))

    def plot(self) -> Figure:
        """Where they lie."""
        found = {t.kind: float(t.value) for t in self.thresholds if t.value is not None}
        return marks(found, self.subject, "")

    def to_json(self) -> dict[str, object]:
        return {"subject": self.subject, "thresholds": [t.to_json() for t in self.thresholds]}

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        return tuple(c for t in self.thresholds for c in t.certificates)
