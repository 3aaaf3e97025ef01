"""all-but: what becomes of many values where each step may err, but for a few of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from muon_theory.claims.base import Claim, Lines, Witness, Words
from muon_theory.claims.chain import Margins, Outer, shown
from muon_theory.claims.gallina import Functions, argument, between
from muon_theory.claims.proof import interval
from muon_theory.claims.record import OnePerStep, Within
from muon_theory.claims.words import Encloses, Every, Role, Subject, short
from muon_theory.errors import UsageError
from muon_theory.interval import Interval

Count = Annotated[int, Within(0)]


@dataclass(frozen=True, slots=True)
class Widened(Witness):
    """A chain widened by `widths`, and how many values may move by more than that in each step.

    `relative`: at which ends of each step, lower and upper, the share and the rest widen it instead; or nothing.
    """

    type = "widened"
    widths: tuple[Fraction, ...]
    counts: tuple[Count, ...]
    relative: tuple[tuple[bool, bool], ...]
    steps: OnePerStep[Outer]


@dataclass(frozen=True, slots=True)
class AllBut(Claim[Widened]):
    """x_i in the start and x_i ← |f_t(x_i)| + d_i, |d_i| ≤ errors[t-1], for every t and i: then x_i in the target.

    Where they are given, |d_i| ≤ shares[t-1]·|f_t(x_i)| + rests[t-1], too; and Σ d_i² ≤ norms[t-1]², with which all but
    so many `exceptions` of the x_i end in the target.
    """

    type = "all-but"
    formula = (
        "x_i ← |f_t(x_i)| + d_i, |d_i| ≤ ε_t, |d_i| ≤ ρ_t·|f_t(x_i)| + τ_t, Σ d_i² ≤ σ_t²: "
        "all but k of [l, u] end in [m, M]"
    )
    letters = (
        ("[l, u]", "start"),
        ("[m, M]", "target"),
        ("ε_1, …, ε_T", "errors"),
        ("ρ_1, …, ρ_T", "shares"),
        ("τ_1, …, τ_T", "rests"),
        ("σ_1, …, σ_T", "norms"),
        ("k", "exceptions"),
    )
    lemma = "Exceptions"
    witness = Widened
    start: Every[Interval]
    target: Encloses[Interval]
    errors: Every[tuple[Fraction, ...]]
    shares: Every[tuple[Fraction, ...]]
    rests: Every[tuple[Fraction, ...]]
    norms: Every[tuple[Fraction, ...]]
    exceptions: Count

    def sentence(self, say: Words) -> str:
        lists = {"ε": self.errors, "ρ": self.shares, "τ": self.rests, "σ": self.norms}
        allowed = [
            ", ".join(f"{name}_{t} ≤ {say.show(given[t - 1], Role.EVERY)}" for name, given in lists.items() if given)
            for t in range(1, len(self.errors) + 1)
        ]
        most = f" for all but {self.exceptions} of the values" if self.exceptions else ""
        return f"{say['start']} → {say['target']}{most} if {'; '.join(allowed)}"

    def theorem(self, f: Functions) -> str:
        steps = len(f.names)
        if len(self.errors) != steps:
            raise UsageError(f"all-but: {len(self.errors)} errors for {steps} steps: give one a step")
        for what, some in {"shares": self.shares, "rests": self.rests, "norms": self.norms}.items():
            if len(some) not in (0, steps):
                raise UsageError(f"all-but: {len(some)} {what} for {steps} steps: give one a step, or none")
        if len(self.shares) != len(self.rests):
            raise UsageError("all-but: shares and rests go together: give both for each step, or neither")

        every = "forall i, (i <= n)%nat ->"
        lines = [f"forall (n : nat) (x0 : nat -> R), ({every} {between(self.start, 'x0 i')}) ->"]
        for t, name in enumerate(f.names):
            value = f"Rabs ({name} (x{t} i))"
            moved = f"x{t + 1} i - {value}"
            lines += [f"forall x{t + 1} : nat -> R,", f"  ({every} Rabs ({moved}) <= {self.errors[t]}) ->"]
            if self.shares:
                most = f"{self.shares[t]} * {value} + {self.rests[t]}"
                lines.append(f"  ({every} Rabs ({moved}) <= {most}) ->")
            if self.norms:
                lines.append(f"  sum_f_R0 (fun i => ({moved})^2) n <= {argument(self.norms[t])}^2 ->")
        last = between(self.target, f"x{steps} i")
        lines += [
            f"exists exceptions : list nat, (length exceptions <= {self.exceptions})%nat /\\",
            f"  {every} In i exceptions \\/ {last}",
        ]
        return "\n  ".join(lines)

    def obligations(self, subject: Subject, witness: Widened) -> Lines:
        margins: list[Margins] = []
        for t, (w, k) in enumerate(zip(witness.widths, witness.counts, strict=True), 1):
            if w >= self.errors[t - 1]:
                yield f"step {t}: no value moves by more than {short(w)} ≥ ε_{t}"
            else:
                yield f"step {t}: all but {k} of the values move by at most {short(w)}, as {k + 1}·{short(w)}² ≥ σ_{t}²"
            ends = witness.relative[t - 1] if witness.relative else (False, False)
            lower, upper = ((self.shares[t - 1], self.rests[t - 1]) if by else (Fraction(0), w) for by in ends)
            margins.append((lower, upper))
        yield from shown(subject, self.start, witness.steps, margins)
        yield "every lower end of the chain, the start's included, is > 0"
        yield f"{' + '.join(map(str, witness.counts))} ≤ {self.exceptions}"
        yield f"the last interval lies inside {interval(self.target)}"
