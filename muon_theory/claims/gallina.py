"""The statement of a claim over the reals in Gallina, the language of Coq, as a person writes it.

It is a proposal: Coq proves that it says what the certificate says, or refuses it (docs/coq.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from muon_theory.claims.words import Subject
from muon_theory.expression import ParameterPolynomial
from muon_theory.family import Family
from muon_theory.interval import Interval
from muon_theory.schedule import Schedule

_NAME = re.compile(r"[abceghijklqrstuvw]")  # the other letters have a meaning in the statements: f, m, n, x, …


def argument(q: Fraction) -> str:
    """A real number as the argument of a function: 2, but (1/2) and (-2)."""
    return f"({q})" if q < 0 or q.denominator > 1 else str(q)


def between(i: Interval, what: str, less: str = "<=") -> str:
    """lo <= what <= hi."""
    return f"{i.lo} {less} {what} {less} {i.hi}"


def nested(functions: Iterable[str], x: str) -> str:
    """f_T ( … (f_1 x)).

    >>> nested(["f1", "f2", "f3"], "x")
    'f3 (f2 (f1 x))'
    """
    text = x
    for f in functions:
        text = f"{f} {x}" if text == x else f"{f} ({text})"
    return text


def odd_polynomial(coefficients: Sequence[Fraction]) -> str:
    """c1 x + c3 x^3 + …, without the terms that are 0 (the first one stays)."""
    text = f"{coefficients[0]} * x"
    for i, c in enumerate(coefficients[1:], 1):
        if c:
            text += f" {'-' if c < 0 else '+'} {abs(c)} * x^{2 * i + 1}"
    return text


def every_odd(degree: int, name: str) -> str:
    """For every odd polynomial of at most that degree.

    >>> every_odd(5, "p")
    'forall p : R -> R, (exists a1 a3 a5 : R, forall x, p x = a1 * x + a3 * x^3 + a5 * x^5) ->'
    """
    first, *more = [f"a{i}" for i in range(1, degree + 1, 2)]
    text = " + ".join([f"{first} * x", *(f"{c} * x^{c[1:]}" for c in more)])
    return f"forall {name} : R -> R, (exists {' '.join([first, *more])} : R, forall x, {name} x = {text}) ->"


def polynomial(p: ParameterPolynomial, names: Sequence[str]) -> str:
    """Its terms by their exponents.

    >>> polynomial(ParameterPolynomial.of({(0, 0): "5/2", (0, 1): "-1/2", (2, 0): 1}), ["a", "s"])
    '5/2 - 1/2 * s + a^2'
    """

    def monomial(c: Fraction, es: Sequence[int]) -> str:
        powers = [name if e == 1 else f"{name}^{e}" for name, e in zip(names, es, strict=True) if e]
        return " * ".join([str(c), *powers] if c != 1 or not powers else powers)

    first, *rest = _terms(p) or [((0,) * len(names), Fraction(0))]
    text = monomial(first[1], first[0])
    for es, c in rest:
        text += f" {'-' if c < 0 else '+'} {monomial(abs(c), es)}"
    return text


def _terms(p: ParameterPolynomial) -> list[tuple[tuple[int, ...], Fraction]]:
    return sorted((e, c) for e, c in p.terms if c)


def _member(row: Sequence[ParameterPolynomial], names: Sequence[str]) -> str:
    """The step of a family, written out."""
    last = max((i for i, p in enumerate(row) if _terms(p)), default=0)
    powers = ["x", *(f"x^{2 * i + 1}" for i in range(1, last + 1))]
    texts = [polynomial(p, names) for p in row[: last + 1]]
    return " + ".join(
        f"({text}) * {power}" if len(p.terms) > 1 else f"{text} * {power}"
        for p, text, power in zip(row, texts, powers, strict=False)
    )


@dataclass(frozen=True, slots=True)
class Functions:
    """The functions of a statement: f where all steps are equal, else f1, f2, …; with their parameters."""

    subject: Subject

    @property
    def parameters(self) -> list[str]:
        """Their names; a certificate's own only if they are one letter each."""
        names = () if isinstance(self.subject, Schedule) else self.subject.parameters
        if all(_NAME.fullmatch(n) for n in names):
            return list(names)
        return [f"t{i}" for i in range(1, len(names) + 1)]

    @property
    def texts(self) -> list[str]:
        """What the steps are."""
        if isinstance(self.subject, Schedule):
            return [odd_polynomial(f.coefficients) for f in self.subject.steps]
        rows = (self.subject.coefficients,) if isinstance(self.subject, Family) else self.subject.rows
        return [_member(row, self.parameters) for row in rows]

    @property
    def names(self) -> list[str]:
        """One for each step, with the parameters."""
        texts = self.texts
        alone = len(set(texts)) == 1
        return [" ".join(["f" if alone else f"f{t}", *self.parameters]) for t in range(1, len(texts) + 1)]

    @property
    def f(self) -> str:
        """The first one, as an argument."""
        return f"({self.names[0]})" if self.parameters else self.names[0]

    def taken(self, steps: int) -> list[str]:
        """The names of so many steps; a repeated map goes on past its last row."""
        names = self.names
        return [*names, *names[:1] * (steps - len(names))][:steps]

    def applied(self, steps: int | None = None, x: str = "x") -> str:
        """The composition of all, or of the first, steps at x."""
        return nested(self.names if steps is None else self.taken(steps), x)

    def definitions(self) -> str:
        """The functions, written out."""
        given = dict(zip(self.names, self.texts, strict=True))
        of = " ".join([*self.parameters, "x"])
        return "\n".join(f"Definition {name.split()[0]} ({of} : R) : R := {text}." for name, text in given.items())

    def within(self, box: Sequence[Interval], less: str = "<=", names: Sequence[str] | None = None) -> str:
        """The bounds of each parameter, as a conjunction."""
        every = self.parameters if names is None else names
        return " /\\ ".join(between(i, name, less) for name, i in zip(every, box, strict=False))


def at_fixed_point(f: Functions, point: Interval, relation: str) -> str:
    """At a rational point, or at the one fixed point in a bracket: f(p) = p, and a relation for d = f'(p)."""
    slope = f"exists d, derivable_pt_lim {f.f} {{}} d /\\ {relation}"
    if point.is_point:
        p = argument(point.lo)
        return f"{f.f} {p} = {point.lo} /\\ {slope.format(p)}"
    inside = between(point, "p", "<")
    return f"(exists! p, {inside} /\\ {f.f} p = p) /\\\n  forall p, {inside} -> {f.f} p = p ->\n    {slope.format('p')}"
