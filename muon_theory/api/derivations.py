"""The verb `derive`: symbolic derivations, and the curves on which a family's properties change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from muon_theory.display import Lines, Page, Shown, Table
from muon_theory.errors import UsageError
from muon_theory.evidence import Derivation, Formula, Standing
from muon_theory.family import Family, family_named
from muon_theory.subject.arguments import Number, number

if TYPE_CHECKING:
    from muon_theory.derivations.boundaries import Boundary


class _Derived(Shown):
    """What is derived is re-checked at random rational points, and not proved."""

    __slots__ = ()

    @property
    def verdict(self) -> Standing:
        return Standing.DERIVED


@dataclass(frozen=True, slots=True, repr=False)
class Derived(_Derived):
    """One derivation, step by step."""

    derivation: Derivation

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """The formulas of its steps, in three notations."""
        return tuple(step.formula for step in self.derivation.steps if step.formula)

    def to_json(self) -> dict[str, object]:
        return self.derivation.to_json()

    def page(self) -> Page:
        return Page("", (Lines(tuple(self.derivation.text().split("\n"))),))

    def _repr_html_(self) -> str:
        """The steps with their formulas set as mathematics."""
        steps = "".join(
            f"<li>{escape(step.statement)}{f'<p>{step.formula.mathml}</p>' if step.formula else ''}"
            f"because {escape(step.reason)}</li>"
            for step in self.derivation.steps
        )
        title, hence = escape(self.derivation.title), escape(self.derivation.conclusion)
        return f'<div class="muon-theory"><p><strong>{title}</strong></p><ol>{steps}</ol><p>Hence: {hence}</p></div>'

    def _repr_latex_(self) -> str:
        return "\n\n".join(f"$\\displaystyle {formula.latex}$" for formula in self.formulas)


@dataclass(frozen=True, slots=True, repr=False)
class Derivations(_Derived):
    """The derivations there are: name and title."""

    titles: Mapping[str, str]

    def to_json(self) -> dict[str, object]:
        return {"derivations": dict(self.titles)}

    def page(self) -> Page:
        return Page("", (Table(tuple(self.titles.items())),))


@dataclass(frozen=True, slots=True, repr=False)
class Boundaries(_Derived):
    """For each property of a family, the curves in its parameters on which the property can change."""

    family: Family
    boundaries: Mapping[str, Boundary]

    def curves(self) -> dict[str, list[str]]:
        """The polynomials of each property, as texts: they are 0 on its curves."""
        from muon_theory.derivations import plain

        return {name: [plain(curve) for curve in found.curves] for name, found in self.boundaries.items()}

    def to_json(self) -> dict[str, object]:
        return {"family": self.family.name, "boundaries": self.curves()}

    def page(self) -> Page:
        rows = tuple((name, ", ".join(f"{c} = 0" for c in curves) or "none") for name, curves in self.curves().items())
        return Page(self.family.name, (Table(rows),))


def derive(
    claim: str | None = None,
    *,
    family: str | Family | None = None,
    property: str | None = None,
    set: Mapping[str, Number] | None = None,
) -> Derivations | Derived | Boundaries:
    """The derivations by name; one of them; or, of a family with f(1) = 1, where its properties change.

    Parameters
    ----------
    claim
        Such as a4; without it, and without a family, the list.
    family
        cubic, quintic, septic, or coefficients such as "a; 1-a": the curves of its properties, by elimination.
    property
        Of the family: the derivation for this property alone.
    set
        Parameters of the family that are fixed, as {"s": "-49/50"}.

    Raises
    ------
    UsageError
        There is no such derivation, family or property.

    >>> found = derive("a4")
    >>> found.verdict.value, found.derivation.steps[0].formula.text
    ('derived', 'f(x) = a·x + b·x³')
    >>> derive(family="cubic").curves()["escape"]
    ['a - 3']
    """
    from muon_theory.article import DERIVATIONS

    if family is not None:
        if claim is not None:
            raise UsageError("give a claim or --family, not both")
        return _of_family(family_named(family) if isinstance(family, str) else family, property, set or {})
    for option, given in (("--property", property), ("--set", set)):
        if given is not None:
            raise UsageError(f"{option} belongs to --family")
    if claim is None:
        return Derivations({name: make().title for name, make in DERIVATIONS.items()})
    if claim.lower() not in DERIVATIONS:
        raise UsageError(f"there is no derivation {claim!r}: the list is {', '.join(DERIVATIONS)}")
    return Derived(DERIVATIONS[claim.lower()]())


def _of_family(family: Family, one: str | None, values: Mapping[str, Number]) -> Derived | Boundaries:
    from muon_theory.derivations.boundaries import boundaries

    for name, value in values.items():
        family = family.fix(**{name: number("--set", value)})
    if not family.parameters:
        raise UsageError(f"family {family.name!r} has no parameter left: leave one free")
    found = boundaries(family)
    if one is None:
        return Boundaries(family, found)
    if one not in found:
        raise UsageError(f"there is no property {one!r} of this family: the list is {', '.join(found)}")
    return Derived(found[one].derivation)
