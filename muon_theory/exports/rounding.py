"""Tier W's ε of one step as a Coq theorem, for every matrix of a size and whatever the arithmetic returns.

The instance holds the numbers of `muon_theory.precision.worst_step`, and Coq decides by computation that they satisfy
the inequalities of `coq_library/RoundedSteps.v`.  Numbers that are too small do not compile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from muon_theory.errors import UsageError
from muon_theory.exact.positivity import splits
from muon_theory.exact.rationals import exact, poly
from muon_theory.number import Reading
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import Accumulation, Arithmetic, StepBound, worst_step
from muon_theory.precision.bound import StepData, coefficients_of, inner_fused
from muon_theory.precision.format import root_up, round_up
from muon_theory.precision.image import largest_value


def rounding_to_coq(
    f: OddPolynomial,
    arithmetic: Arithmetic,
    shape: tuple[int, int],
    s: Fraction,
    F: Fraction,
    reading: Reading | None = None,
    bound: StepBound | None = None,
) -> str:
    r"""The Coq file that proves ‖fl(f(X)) - f(X)‖ ≤ ε, Frobenius and spectral, for ‖X‖₂ ≤ s and ‖X‖_F ≤ F.

    Parameters
    ----------
    f, arithmetic, shape, s, F, reading
        As in `muon_theory.precision.worst_step`, whose fused order of operations the theorem is about.
    bound
        What is to be proved, if it is not what `worst_step` says: of too small an ε comes a file that does not compile.

    Raises
    ------
    UsageError
        The step is linear, or sums are formed by truncating blocks, of which the library has no model.
    UndecidedError
        As `worst_step`.

    >>> from muon_theory.precision.steps import arithmetic_named
    >>> one, cubic = Fraction(1), OddPolynomial.of("3/2", "-1/2")
    >>> text = rounding_to_coq(cubic, arithmetic_named("fp32"), (2, 3), one, one)
    >>> print(text[text.index("Definition statement"):text.index("(** Coq")])
    Definition statement : Prop := forall X Y : matrix,
      spectral 2 3 X 1 -> norm 2 3 X <= 1 ->
      step_runs fl 3 4 2 3 (3/2) [-1/2] X Y ->
      norm 2 3 (minus Y (step 2 3 (3/2) [-1/2] X)) <= 21905511267589877763/38685626227668133590597632 /\
      spectral 2 3 (minus Y (step 2 3 (3/2) [-1/2] X)) (21905511267589877763/38685626227668133590597632).
    <BLANKLINE>
    <BLANKLINE>
    """
    m, n = min(shape), max(shape)
    if len(f.coefficients) < 2:
        raise UsageError("a linear step multiplies no matrices: its error is that of storing, and has no theorem")
    if arithmetic.accumulation is Accumulation.FP32_TRUNCATING:
        raise UsageError("the Coq library has no model of sums that are cut block by block: use fp32 or storage")
    arithmetic = arithmetic.of_size(m * n)
    found = worst_step(f, arithmetic, (m, n), s, F, reading=reading, apart=False)
    F = found.constants["F"]
    run, _ = coefficients_of(f, reading or arithmetic.format.coefficients)
    step = StepData(arithmetic, run, m, n, s, F)
    a, row = _real(f.coefficients[0]), _row(f.coefficients[1:])
    difference = f"minus Y (step {m} {n} {a} {row} X)"
    said = bound or found
    sums = arithmetic.sums
    return _TEXT.format(
        constants=" ".join(map(_real, _constants(arithmetic))),
        numbers=_numbers(step, found),
        size=f"{m} {n}",
        s=_real(s),
        F=_real(F, bare=True),
        runs=f"{sums.roundings(n)} {sums.roundings(m + 2)} {m} {n} {_real(run[0])} {_row(run[1:])}",
        difference=difference,
        frobenius=_real(said.frobenius, bare=True),
        error=_real(said.error),
        given=" ".join((_q(f.coefficients[0]), _list(map(_q, f.coefficients[1:])), _q(said.frobenius), _q(said.error))),
    )


_TEXT = """\
From Coq Require Import Reals ZArith QArith List.
From MuonTheory Require Import RoundedSums Matrices RoundedSteps RoundedNumbers RoundedDecision Schedule.
Import ListNotations.
Local Open Scope R_scope.

(** The arithmetic: the roundoff of its sums, that of reading an operand, underflow; of storing, and its underflow. *)
Definition fl : arithmetic := Arithmetic {constants}.

(** What is proved: of every X, and of every Y that the arithmetic may return for it. *)
Definition statement : Prop := forall X Y : matrix,
  spectral {size} X {s} -> norm {size} X <= {F} ->
  step_runs fl {runs} X Y ->
  norm {size} ({difference}) <= {frobenius} /\\
  spectral {size} ({difference}) {error}.

(** Coq decides that these numbers are enough. *)
Definition the_numbers : numbers := {numbers}.

Lemma enough : decided the_numbers = true.
Proof. by_computing. Qed.

Theorem rounded : statement.
Proof.
  intros X Y spectral_norm frobenius_norm runs.
  refine (decided_step the_numbers {given} enough eq_refl _ _ X Y spectral_norm frobenius_norm runs); by_computing.
Qed.

Print Assumptions rounded.
"""


def _constants(u: Arithmetic) -> tuple[Fraction, ...]:
    return u.unit, u.format.operand, u.tiny, u.store, u.format.underflow


def _numbers(step: StepData, found: StepBound) -> str:
    """The record `numbers` of RoundedDecision.v."""
    u, m, n, s, c = step.arithmetic, step.m, step.n, step.s, step.coefficients
    e1, e3, y = found.constants["e1"], found.constants["e3"], step.s**2
    rows = [c[i:] for i in range(1, len(c) - 1)]
    stages = [_stage(replace(step, coefficients=(c[0], *row)), row, e1) for row in rows]
    e2 = found.constants["e2"]
    inner = step.carried(e1) + s * e2
    slope = [j * k for j, k in enumerate(c)][1:]
    if len(c) == 3:
        weights = [Modulus.of((0, c[1] + c[2] * x, 0, c[2]), s) for x in (Fraction(0), y)]
        weight, kind = max(w.largest for w in weights), "Quintic"
    else:
        weights = [Modulus.of(slope, y)]
        weight, kind = s * weights[0].largest, "Sloped"
    image = [x for k in c for x in (Fraction(0), k)]
    format = " ".join(map(_q, _constants(u)))
    rounds = (u.sums.roundings(n), u.sums.roundings(m + 2), u.sums.roundings(m), m, n)
    gammas = (u.gamma(n), u.gamma(m + 2), u.gamma(m))
    roots = (root_up(Fraction(k), 2) for k in (m, m * m, m * n))
    parts = (
        f"(Format {format})",
        *map(str, rounds),
        *map(_q, (*gammas, *roots, s, step.F, c[0])),
        _list(map(_q, c[1:])),
        _q(e1),
        _q(round_up(s * step.F + e1)),
        _list(stages),
        _q(weight),
        f"({kind} {' '.join(map(str, weights))})",
        _q(inner),
        str(Modulus.of(c, y)),
        str(Modulus.of(image, s)),
        *map(_q, (step.image, e3, inner + e3)),
    )
    return "Numbers\n  " + "\n  ".join(parts)


def _stage(step: StepData, row: Sequence[Fraction], e1: Fraction) -> str:
    """The polynomial `row` of A as Horner's rule evaluates it: its bounds, its norm, its error, and what is stored."""
    y, p = step.s**2, (Fraction(0), *row)
    slope = [j * k for j, k in enumerate(p)][1:]
    error, norm = inner_fused(step, e1, round_up(step.s * step.F + e1))
    moduli = (Modulus.of(each, y) for each in (row, p, slope))
    return f"StageNumbers {' '.join(map(str, moduli))} {_q(step.norm(p, e1))} {_q(error)} {_q(norm)}"


@dataclass(frozen=True, slots=True)
class Modulus:
    """A bound of |p| on [0, u], with the split points that show it from above and from below."""

    largest: Fraction
    above: tuple[Fraction, ...]
    below: tuple[Fraction, ...]

    @classmethod
    def of(cls, p: Sequence[Fraction | int], u: Fraction) -> Modulus:
        f, largest, over = poly(p), largest_value(tuple(map(Fraction, p)), Fraction(0), u), (exact(0), exact(u))
        return cls(largest, splits(exact(largest) - f, *over), splits(exact(largest) + f, *over))

    def __str__(self) -> str:
        return f"(Modulus {_q(self.largest)} {_list(map(_q, self.above))} {_list(map(_q, self.below))})"


def _q(q: Fraction) -> str:
    return f"({q.numerator} # {q.denominator})"


def _real(q: Fraction, bare: bool = False) -> str:
    """As a person writes it, in parentheses where it is an argument."""
    return str(q) if bare or (q.denominator == 1 and q >= 0) else f"({q})"


def _row(coefficients: Iterable[Fraction]) -> str:
    return _list(_real(c, bare=True) for c in coefficients)


def _list(items: Iterable[str]) -> str:
    return f"[{'; '.join(items)}]"
