"""One entry of the catalogue: what was published, verbatim, and the steps an implementation runs."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any

from muon_theory.errors import UsageError
from muon_theory.normalisation import Normalisation
from muon_theory.number import Reading, rational
from muon_theory.polynomial import OddPolynomial, product
from muon_theory.schedule import STEPS, Extension, Schedule


class Divides(enum.Enum):
    """What a safety factor s divides: the argument, f(x/s), so a/s, b/s³, c/s⁵; or the value, f(x)/s."""

    ARGUMENT = "argument"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Safety:
    """A factor s > 1 that the implementation divides out of the published rows before it runs them.

    `spares_last`: the last row of the list is left as it is (and repeated so, where the extension repeats it).
    """

    factor: Fraction
    divides: Divides
    spares_last: bool

    def fold(self, rows: Sequence[OddPolynomial]) -> list[OddPolynomial]:
        """The rows that run: f(x/s) or f(x)/s, exactly."""
        inverse = 1 / self.factor
        spared = len(rows) - 1 if self.spares_last else len(rows)
        key = "inner" if self.divides is Divides.ARGUMENT else "outer"
        return [row.scaled(**{key: inverse}) if t < spared else row for t, row in enumerate(rows)]


@dataclass(frozen=True, slots=True)
class User:
    """Code that runs the schedule, and where it departs from the entry."""

    where: str
    extension: Extension | None = None
    normalisation: Normalisation | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One row published as an evaluation scheme instead of coefficients; y = x².

    P_0 = 1, P_1 = y, P_{k+2} = (Σ_j A_kj P_j)·(Σ_j B_kj P_j), and f(x) = x·Σ_j c_j P_j(x²).  With rows of length
    2, 3, … in A and B, each product doubles the degree in y.
    """

    A: tuple[tuple[str, ...], ...]
    B: tuple[tuple[str, ...], ...]
    c: tuple[str, ...]

    def polynomial(self) -> OddPolynomial:
        """The odd polynomial of the scheme, exactly.

        >>> Evaluation(A=(("1", "1"),), B=(("0", "1"),), c=("0", "0", "2")).polynomial().row()  # 2(1 + y)y
        ['0', '2', '2']
        """
        powers: list[list[Fraction]] = [[Fraction(1)], [Fraction(0), Fraction(1)]]
        for left, right in zip(self.A, self.B, strict=True):
            powers.append(product(_combination(left, powers), _combination(right, powers)))
        return OddPolynomial(tuple(_combination(self.c, powers)))


def _combination(weights: Sequence[str], polynomials: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    out = [Fraction(0)] * max(map(len, polynomials))
    for weight, p in zip(weights, polynomials, strict=True):
        for i, c in enumerate(p):
            out[i] += rational(weight) * c
    return out


@cache
def _published(rows: tuple[tuple[str, ...], ...], schemes: tuple[Evaluation, ...]) -> tuple[OddPolynomial, ...]:
    return tuple(OddPolynomial.of(*row) for row in rows) or tuple(e.polynomial() for e in schemes)


@cache
def _folded(
    rows: tuple[tuple[str, ...], ...], schemes: tuple[Evaluation, ...], safety: Safety | None
) -> tuple[OddPolynomial, ...]:
    published = _published(rows, schemes)
    return tuple(safety.fold(list(published))) if safety else published


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """A published list of coefficients, as it was published, with what a user must know to run it.

    `rows` are the decimal texts (or `evaluation` the scheme) before `safety` is divided out; `embedded_safety` is a
    factor that the published texts already contain.  `not_certifiable` says why an entry is kept as related only;
    `misprint_of` names the entry whose misprint this is.
    """

    id: str
    title: str
    claim: str
    sources: tuple[str, ...]
    extension: Extension
    normalisation: Normalisation
    normalisation_text: str
    dtype: str
    rows: tuple[tuple[str, ...], ...] = ()
    evaluation: tuple[Evaluation, ...] = ()
    aliases: tuple[str, ...] = ()
    default_steps: int | None = None
    safety: Safety | None = None
    embedded_safety: Fraction | None = None
    users: tuple[User, ...] = ()
    note: str = ""
    misprint_of: str = ""
    not_certifiable: str = ""

    def __repr__(self) -> str:
        return f"<Entry {self.id}: {self.title}>"

    @property
    def certifiable(self) -> bool:
        return not self.not_certifiable

    @property
    def steps(self) -> int:
        """How many steps run where the caller names no number."""
        return self.default_steps or (STEPS if self.length == 1 else self.length)

    @property
    def length(self) -> int:
        """How many rows were published."""
        return len(self.rows) or len(self.evaluation)

    def published(self) -> tuple[OddPolynomial, ...]:
        """The rows as odd polynomials over ℚ, before the safety factor."""
        return _published(self.rows, self.evaluation)

    def schedule(self, steps: int | None = None, reading: Reading = Reading.DECIMAL) -> Schedule:
        """The steps that run: the published rows, the safety factor divided out, extended to `steps`, then read.

        Raises UsageError for a related entry, and where the extension cannot reach `steps`.
        """
        if self.not_certifiable:
            raise UsageError(f"{self.id} is related, not certifiable: {self.not_certifiable}")
        rows = _folded(self.rows, self.evaluation, self.safety)
        executed = rows if reading is Reading.DECIMAL else tuple(
            OddPolynomial(tuple(map(reading.round, row.coefficients))) for row in rows)  # fmt: skip
        one_list = Schedule(
            executed, self.id, reading, self.extension, self.normalisation, self.sources, self.note or self.claim
        )
        return one_list.with_steps(self.steps if steps is None else steps)

    def to_json(self) -> dict[str, object]:
        """The entry for the machine interface: published rows verbatim, conventions, sources, users."""
        return {
            "id": self.id,
            "name": self.title,
            "rows": [list(row) for row in self.rows],
            "default_steps": self.steps if self.certifiable else None,
            "extension": self.extension.value,
            "normalisation": self.normalisation_text,
            "dtype": self.dtype,
            "safety": self.safety and {"factor": str(self.safety.factor), "spares_last": self.safety.spares_last},
            "claim": self.claim,
            "sources": list(self.sources),
            "users": [user.where for user in self.users],
            "aliases": list(self.aliases),
            "note": self.note,
            "not_certifiable": self.not_certifiable or None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Entry:
        """From one element of a data file."""
        entry = cls(**{key: _FIELDS[key](value) if key in _FIELDS else value for key, value in data.items()})
        return replace(entry, rows=tuple(map(tuple, entry.rows)))


def _evaluation(rows: Sequence[Mapping[str, Any]]) -> tuple[Evaluation, ...]:
    return tuple(Evaluation(tuple(map(tuple, r["A"])), tuple(map(tuple, r["B"])), tuple(r["c"])) for r in rows)


def _user(data: Mapping[str, str]) -> User:
    extension, normalisation = data.get("extension"), data.get("normalisation")
    return User(
        data["where"],
        Extension(extension) if extension else None,
        Normalisation.named(normalisation) if normalisation else None,
    )


_FIELDS: dict[str, Any] = {
    "sources": tuple,
    "aliases": tuple,
    "extension": Extension,
    "normalisation": Normalisation.named,
    "evaluation": _evaluation,
    "safety": lambda s: Safety(rational(s["factor"]), Divides(s["divides"]), s["spares_last"]),
    "embedded_safety": rational,
    "users": lambda users: tuple(map(_user, users)),
}
