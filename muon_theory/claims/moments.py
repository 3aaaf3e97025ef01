"""moments: the mean and the variance of φ, and the mean of (φ - 1)², over x uniform or log-uniform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from muon_theory.claims.base import Claim, Lines, Words
from muon_theory.claims.gallina import Functions, argument, between
from muon_theory.claims.models import Models, modelled
from muon_theory.claims.record import OneOf
from muon_theory.claims.words import Encloses, Exact, Subject, short
from muon_theory.interval import Interval

UNIFORM, LOG_UNIFORM = "uniform", "log-uniform"


@dataclass(frozen=True, slots=True)
class Moments(Claim[Models]):
    """E φ, E (φ - 1)² and E φ² - (E φ)², where x, or log x, is spread evenly over the interval."""

    type = "moments"
    formula = "E φ ∈ [m, m'], E (φ - 1)² ∈ [q, q'], E φ² - (E φ)² ∈ [v, v'], x uniform or log-uniform on [l, b]"
    letters = (("[l, b]", "interval"), ("[m, m']", "mean"), ("[q, q']", "square"), ("[v, v']", "variance"))
    lemma = "Moments"
    witness = Models
    interval: Exact[Interval]
    measure: Annotated[str, OneOf((UNIFORM, LOG_UNIFORM))]
    mean: Encloses[Interval]
    square: Encloses[Interval]
    variance: Encloses[Interval]

    def sentence(self, say: Words) -> str:
        m = say.map
        return (
            f"for x {self.measure} on {say['interval']} the mean of {m} lies in {say['mean']}, "
            f"the mean of ({m} - 1)² in {say['square']}, the variance of {m} in {say['variance']}"
        )

    def theorem(self, f: Functions) -> str:
        l, u = argument(self.interval.lo), argument(self.interval.hi)
        mean = f"RInt h {l} {u} / ({u} - {l})"
        if self.measure == LOG_UNIFORM:
            mean = f"RInt (fun x => h x / x) {l} {u} / ln ({u} / {l})"
        of = {what: f"E (fun x => {text})" for what, text in (
            ("φ", f.applied()), ("(φ - 1)²", f"({f.applied()} - 1)^2"), ("φ²", f"({f.applied()})^2")
        )}  # fmt: skip
        variance = f"{of['φ²']} - {of['φ']}^2"
        shown = [(self.mean, of["φ"]), (self.square, of["(φ - 1)²"]), (self.variance, variance)]
        return f"let E (h : R -> R) := {mean} in\n  " + " /\\\n  ".join(between(i, what) for i, what in shown)

    def obligations(self, subject: Subject, witness: Models) -> Lines:
        yield from modelled(self.interval, witness)
        weight = "dx" if self.measure == UNIFORM else "dx/x"
        yield f"∫ φ {weight} and ∫ φ² {weight} from the integrals of the models and of their errors, over ∫ {weight}"
        bounds = ", ".join(f"[{short(i.lo)}, {short(i.hi)}]" for i in (self.mean, self.square, self.variance))
        yield f"the mean, the mean square and the variance that follow lie in {bounds}"
