"""What a whole step must do.

A check returns nothing, or raises `Broken` with what was seen, or `Silent` where no comparison has power.  A law's
`draws` says what varies from case to case: steps, start, decay, exponent, dtype, layers, split.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from muon_theory.optimizers import behaviour, values
from muon_theory.optimizers.case import Case
from muon_theory.optimizers.subject import Subject

Check = Callable[[Subject, Case], None]


@dataclass(frozen=True, slots=True)
class Law:
    """A law of whole steps; `reason` says why it does not apply to a subject, or ""."""

    name: str
    statement: str
    check: Check
    draws: tuple[str, ...] = ()
    reason: Callable[[Subject], str] = lambda subject: ""


def _orthogonalises(subject: Subject) -> str:
    return "" if subject.found.iteration else "no schedule is known: there is no reference step"


def _decays(subject: Subject) -> str:
    return _orthogonalises(subject) or ("" if subject.found.contract.decay else "it takes no weight decay")


def _keeps(subject: Subject) -> str:
    if _orthogonalises(subject):
        return _orthogonalises(subject)
    return "" if subject.keeps else "no state of the parameter's shape is kept in optimizer.state"


def _scales(subject: Subject) -> str:
    return _orthogonalises(subject) or ("" if subject.found.contract.scale else "no rule of its scale is known")


def _sized(subject: Subject) -> str:
    return "" if subject.found.norms else _scales(subject)


def _foreach(subject: Subject) -> str:
    return "" if "foreach" in subject.specimen.takes() else "it has no parameter foreach"


def _called(subject: Subject) -> str:
    return "a pair of functions takes no closure" if subject.specimen.functional else ""


def _saves(subject: Subject) -> str:
    if subject.specimen.functional:
        return "the state of a pair of functions is its caller's to save"
    return "" if subject.saves else "it has no state_dict() and load_state_dict()"


LAWS: tuple[Law, ...] = (
    Law("update", "P moves by η·s·φ(X/‖X‖), within rounding", values.update, ("steps", "layers"), _scales),
    Law(
        "scale rule",
        "every shape is scaled by s of the matrix that is orthogonalised",
        values.scaled,
        ("layers",),
        _sized,
    ),
    Law("state", "the momentum is that of the gradients alone", values.state, ("steps", "dtype"), _keeps),
    Law("decay", "weight decay is what the contract says", values.update, ("start", "decay"), _decays),
    Law("scale", "2^k·G moves P as G does, -14 ≤ k ≤ 56", values.scale, ("exponent",), _orthogonalises),
    Law("range", "… and for every k for which 2^k·G can be written", values.extent, ("fixed",), _orthogonalises),
    Law("rows", "the rows of G permuted: the rows of the update permuted", values.rows, (), _orthogonalises),
    Law("transpose", "Gᵀ moves Pᵀ as G moves P, but for the scale of its shape", values.transpose, (), _scales),
    Law("micro-batches", "a gradient that comes in parts is one gradient", behaviour.micro_batches, ("steps", "split")),
    Law("independent", "parameters do not influence each other", behaviour.independent, ("steps",)),
    Law("zero", "a zero gradient leaves everything finite", behaviour.zero, ("layers",)),
    Law("frozen", "a parameter without gradient stays, and the others move", behaviour.frozen),
    Law("gradient", "the gradient is as it was (else a note)", behaviour.gradient, ("dtype",)),
    Law("overflow", "an infinite gradient is skipped with the state untouched, or seen", behaviour.overflow),
    Law("saved", "state survives save and load", behaviour.saved, ("steps",), _saves),
    Law(
        "closure", "step(closure) calls it once with gradients on, and moves as without", behaviour.closure, (), _called
    ),
    Law("foreach", "foreach moves as the loop does", behaviour.foreach, ("steps",), _foreach),
    Law("compiled", "a compiled step moves as an eager one", behaviour.compiled, ("fixed",), lambda s: s.compiling),
)
"""The list of laws."""
