"""robust-band: the band where each step may err."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from muon_theory.claims.base import Claim, Lines, Words
from muon_theory.claims.chain import Chain, absolute, shown
from muon_theory.claims.gallina import Functions, between
from muon_theory.claims.proof import interval
from muon_theory.claims.words import Encloses, Every, Role, Subject
from muon_theory.interval import Interval


@dataclass(frozen=True, slots=True)
class RobustBand(Claim[Chain]):
    """Start and |x_t - f_t(x_{t-1})| ≤ errors[t-1] for every t imply x_T in the target; all intervals are > 0."""

    type = "robust-band"
    formula = "x_0 ∈ [l, u] and |x_t - f_t(x_{t-1})| ≤ ε_t for every t imply x_T ∈ [m, M]"
    letters = (("[l, u]", "start"), ("[m, M]", "target"), ("ε_1, …, ε_T", "errors"))
    lemma = "Robust bands"
    witness = Chain
    start: Every[Interval]
    target: Encloses[Interval]
    errors: Every[tuple[Fraction, ...]]

    def sentence(self, say: Words) -> str:
        each = ", ".join(f"ε_{t} ≤ {say.show(e, Role.EVERY)}" for t, e in enumerate(self.errors, 1))
        return f"{say['start']} → {say['target']} if {each}"

    def theorem(self, f: Functions) -> str:
        errs = "".join(
            f"  forall x{t}, Rabs (x{t} - {name} x{t - 1}) <= {e} ->\n"
            for t, (name, e) in enumerate(zip(f.names, self.errors, strict=False), 1)
        )
        return f"forall x0, {between(self.start, 'x0')} ->\n{errs}  {between(self.target, f'x{len(self.errors)}')}"

    def obligations(self, subject: Subject, witness: Chain) -> Lines:
        yield from shown(subject, self.start, witness.steps, [absolute(e) for e in self.errors])
        yield "every lower end of the chain, the start's included, is > 0"
        yield f"the last interval lies inside {interval(self.target)}"
