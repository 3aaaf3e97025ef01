"""A function together with what it declares of itself: how it is called, what it must return, and how nearly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from muon_theory.conformance.adapter import Adapter, summary
from muon_theory.conformance.arrays import NAMES, Library, dtype_of, quiet
from muon_theory.conformance.case import Case, Matrix, values
from muon_theory.conformance.emulated import SHAPES, Array, rounded
from muon_theory.conformance.expected import Expected, expected, one_step, value
from muon_theory.conformance.modelled import modelled
from muon_theory.conformance.normaliser import Normaliser
from muon_theory.conformance.scale import Scale
from muon_theory.normalisation import Kind
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import format_named
from muon_theory.schedule import Extension, Schedule

DECLARED, FOUND, ASSUMED = "declared", "found in the outputs", "assumed"
PLAIN = Scale()
FROBENIUS = Normaliser(Kind.FROBENIUS)
PROBE = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0]])


class FunctionError(Exception):
    """The function raised, or returned something that is no answer."""


class NoAnswer(FunctionError):
    """The function returned something that is no array of real numbers of the shape of its input."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a law examines.

    `library` is whose arrays it takes, `dtype` that of the inputs, `arithmetic` the format in which the function
    computes, `returns` the dtype of its results ("input": that of what it is given).  `origin` says where the
    normalisation comes from: declared, found in the outputs, or assumed.  `restarts`: it may use the Gram form, formed
    anew after these steps (None: it does not).  `accepts` are the dtypes it took, `refused` the numbers of steps that
    it did not take, `batch` the reason why it takes no batch ("" if it does), `deep` whether it takes one of two
    dimensions, `repeatable` whether two calls gave the same.  `scale`: results are s(m, n)·φ; laws see φ.
    """

    adapter: Adapter
    schedule: Schedule
    library: Library
    normaliser: Normaliser = FROBENIUS
    eps: float = 1e-7
    dtype: str = "fp32"
    arithmetic: str = "fp32"
    returns: str = "input"
    device: str = "cpu"
    accepts: tuple[str, ...] = ("fp32",)
    refused: tuple[int, ...] = ()
    batch: str = ""
    deep: bool = False
    repeatable: bool = True
    origin: str = DECLARED
    restarts: tuple[int, ...] | None = None
    scale: Scale = PLAIN

    @property
    def normalises(self) -> bool:
        """Does it declare to normalise its input?"""
        return self.normaliser.kind is not Kind.NONE

    @property
    def count(self) -> int:
        """T, the declared number of steps."""
        return len(self.schedule.steps)

    @property
    def settable(self) -> bool:
        """Can a law ask for another number of steps?"""
        return self.adapter.steps is not None or self.adapter.rows

    @property
    def counts(self) -> tuple[int, ...]:
        """The numbers of steps that a law may ask for."""
        if not self.settable:
            return (self.count,)
        beyond = self.schedule.constant or self.schedule.extension in (Extension.REPEAT_LAST, Extension.CYCLE)
        most = self.count + (2 if beyond and self.adapter.steps else 0)
        return tuple(k for k in range(1, most + 1) if k not in self.refused)

    def steps(self, k: int | None) -> tuple[OddPolynomial, ...]:
        """f_1, …, f_k: what k steps must run, by the declared extension."""
        k = self.count if k is None else k
        if self.schedule.constant:
            return self.schedule.steps[:1] * k
        if self.schedule.extension is Extension.EXACT or self.adapter.steps is None:
            return self.schedule.steps[:k]
        return self.schedule.with_steps(k).steps

    def continues(self, k: int) -> bool:
        """Are k steps k - 1 steps and one more?  In the Gram form the iterates between are not formed."""
        return (
            k >= 2
            and k - 1 not in self.refused
            and self.repeatable
            and self.restarts is None
            and self.settable
            and self.steps(k - 1) == self.steps(k)[:-1]
        )

    def place(self, case: Case, i: int = 0) -> Array:
        """The numbers of the i-th matrix of the case as the function gets them."""
        return self.cast(case.matrices[i], case.exponents[i], case.dtype)

    def cast(self, matrix: Matrix, exponent: int = 0, dtype: str | None = None) -> Array:
        """2^exponent·matrix in the input's dtype; scaled down to ‖X‖_F ≤ 1 where the function does not normalise."""
        X = values(matrix, exponent)
        if not self.normalises:
            X = np.ldexp(X, -int(np.frexp(np.linalg.norm(X) + 1e-300)[1]))
        return rounded(X, dtype or self.dtype)

    def hand(self, X: Array, dtype: str | None = None, layout: str = "contiguous") -> Any:
        """A new array of the library's; raises `Unavailable`."""
        return self.library.hand(X, dtype or self.dtype, self.device, layout)

    def run(self, X: Array, k: int | None = None, layout: str = "contiguous") -> Array:
        """The numbers of the result for X and k steps, without the scale of the update.  Raises FunctionError."""
        answer = self.library.values(self.answer(self.hand(X, None, layout), k))
        return answer / self.scale.of(X.shape[-2], X.shape[-1])

    def answer(self, X: Any, k: int | None = None) -> Any:
        """The result for an array of the library, as it comes back.  Raises FunctionError."""
        k = self.count if k is None else k
        told = self.schedule
        if self.adapter.rows and self.adapter.steps is None:
            told = replace(told, steps=self.steps(k))
        try:
            with quiet():
                found: Any = self.adapter.call(X, told, k, self.eps)
        except (Exception, SystemExit) as error:  # whatever the function raises is the finding
            raise FunctionError(f"it raises {summary(error)}") from error
        if not self.library.owns(found):
            raise NoAnswer(f"it returns a {type(found).__name__}, not an array of {self.library.name}")
        if dtype_of(found) not in NAMES.values():
            raise NoAnswer(f"it returns numbers of type {dtype_of(found)}, not real ones")
        if tuple(found.shape) != tuple(X.shape):
            raise NoAnswer(f"it returns shape {tuple(found.shape)} for a matrix of shape {tuple(X.shape)}")
        return found

    def expected(self, X: Array, k: int | None = None, seen: Array | None = None) -> Expected:
        """φ(X_0) and the bound, for X as it was handed over; an estimated norm is fitted to `seen`."""
        return expected(X, self.steps(k), self.normaliser, self.narrowest, self.eps, self.restarts, seen)

    def value(self, X: Array, k: int | None = None, seen: Array | None = None) -> Array:
        """φ(X_0) alone."""
        return value(X, self.steps(k), self.normaliser, seen)

    def reference(self, X: Array, k: int | None = None, seen: Array | None = None) -> Expected:
        """The same; in 16 bits by the model of `modelled` where that is nearer than the worst case."""
        found, u = self.expected(X, k, seen), self.narrowest
        if u not in ("bf16", "fp16") or not X.any():
            return found
        return found.narrowed(modelled(found.start, self.steps(k), u, self.restarts))

    def next_step(self, before: Array, f: OddPolynomial) -> Expected:
        """One step from an observed iterate; in 16 bits by the model where that is nearer."""
        u = self.narrowest
        found = one_step(before, f, u)
        return found if u not in ("bf16", "fp16") else found.narrowed(modelled(before, (f,), u))

    @property
    def narrowest(self) -> str:
        """The coarser of the function's own format and that of its input."""
        own, given = format_named(self.arithmetic), format_named(self.dtype)
        return min(own, given, key=lambda f: f.precision).name


def largest_exponent(dtype: str) -> int:
    """log₂ of about the largest finite number."""
    return SHAPES[dtype][2] - 1
