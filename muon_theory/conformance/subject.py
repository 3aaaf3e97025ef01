"""A function together with what it declares of itself, found out by asking it a few plain questions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import torch

from muon_theory import catalogue
from muon_theory.conformance.adapter import Adapter, summary
from muon_theory.conformance.case import Case, Matrix, tensor
from muon_theory.conformance.expected import Expected, expected, one_step
from muon_theory.conformance.modelled import modelled
from muon_theory.conformance.normaliser import Normaliser
from muon_theory.conformance.scale import Scale, rule_of
from muon_theory.errors import UsageError
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import format_named
from muon_theory.schedule import Extension, Normalisation, Schedule

Tensor = torch.Tensor

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16, "fp64": torch.float64}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
DETECT = "detect"
LARGEST = {"fp32": 127, "bf16": 127, "fp16": 15, "fp64": 1023}  # exponent of the largest finite number
DECLARED, FOUND, ASSUMED = "declared", "found in the outputs", "assumed"
SURE = 1 / 8
PLAIN = Scale()
FROBENIUS = Normaliser(Normalisation.FROBENIUS)
PROBE = torch.tensor([[1.0, 2.0, 0.0], [0.0, -1.0, 1.0]])
CLOSE = torch.tensor([[64.0, 0.0], [0.0, 63.0]])


class FunctionError(Exception):
    """The function raised, or returned something that is no answer."""


class NoAnswer(FunctionError):
    """The function returned something that is no tensor of real numbers of the shape of its input."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a law examines.

    `dtype` is that of the inputs, `arithmetic` the format in which the function computes, `returns` the dtype of its
    results ("input": that of what it is given).  `origin` says where the normalisation comes from: declared, found in
    the outputs, or assumed.  `restarts`: it may use the Gram form, formed anew after these steps (None: it does not).
    `accepts` are the dtypes it took, `batch` the reason why it takes no batch ("" if it does), `deep` whether it takes
    one of two dimensions, `repeatable` whether two calls gave the same.  `scale`: results are s(m, n)·φ; laws see φ.
    """

    adapter: Adapter
    schedule: Schedule
    normaliser: Normaliser = FROBENIUS
    eps: float = 1e-7
    dtype: str = "fp32"
    arithmetic: str = "fp32"
    returns: str = "input"
    device: str = "cpu"
    accepts: tuple[str, ...] = ("fp32",)
    batch: str = ""
    deep: bool = False
    repeatable: bool = True
    origin: str = DECLARED
    restarts: tuple[int, ...] | None = None
    scale: Scale = PLAIN

    @property
    def normalises(self) -> bool:
        """Does it declare to normalise its input?"""
        return self.normaliser.kind is not Normalisation.NONE

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
        return tuple(range(1, self.count + (3 if beyond and self.adapter.steps else 1)))

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
            and self.repeatable
            and self.restarts is None
            and self.settable
            and self.steps(k - 1) == self.steps(k)[:-1]
        )

    def place(self, case: Case, i: int = 0, dtype: str | None = None) -> Tensor:
        """The i-th matrix of the case as the function gets it."""
        return self.cast(case.matrices[i], case.exponents[i], dtype or case.dtype)

    def cast(self, matrix: Matrix, exponent: int = 0, dtype: str | None = None) -> Tensor:
        """2^exponent·matrix in the input's dtype; scaled down to ‖X‖_F ≤ 1 where the function does not normalise."""
        X = tensor(matrix, exponent)
        if not self.normalises:
            X = torch.ldexp(X, -torch.frexp(X.norm() + 1e-300)[1])
        return X.to(DTYPES[dtype or self.dtype]).to(self.device)

    def run(self, X: Tensor, k: int | None = None) -> Tensor:
        """The result for X and k steps, in fp64 on the CPU; the function gets a clone of X where X is contiguous."""
        answer = self.raw(X.clone() if X.is_contiguous() else X, k).detach().to("cpu", torch.float64)
        return answer / self.scale.of(X.shape[-2], X.shape[-1])

    def raw(self, X: Tensor, k: int | None = None) -> Tensor:
        """The result as it comes back.  Raises FunctionError."""
        k = self.count if k is None else k
        told = self.schedule
        if self.adapter.rows and self.adapter.steps is None:
            told = replace(told, steps=self.steps(k))
        try:
            answer: Any = self.adapter.call(X, told, k, self.eps)
        except (Exception, SystemExit) as error:  # whatever the function raises is the finding
            raise FunctionError(f"it raises {summary(error)}") from error
        if not isinstance(answer, Tensor):
            raise NoAnswer(f"it returns a {type(answer).__name__}, not a tensor")
        if not answer.is_floating_point():
            raise NoAnswer(f"it returns numbers of type {str(answer.dtype).removeprefix('torch.')}, not real ones")
        if answer.shape != X.shape:
            raise NoAnswer(f"it returns shape {tuple(answer.shape)} for a matrix of shape {tuple(X.shape)}")
        return answer

    def expected(self, X: Tensor, k: int | None = None, seen: Tensor | None = None) -> Expected:
        """φ(X_0) and the bound, for X as it was handed over; an estimated norm is fitted to `seen`."""
        Y, u = X.cpu().double(), self.arithmetic_of(X)
        return expected(Y, self.steps(k), self.normaliser, u, self.eps, self.restarts, seen)

    def reference(self, X: Tensor, k: int | None = None, seen: Tensor | None = None) -> Expected:
        """The same; in 16 bits by the model of `modelled` where that is nearer than the worst case."""
        found, u = self.expected(X, k, seen), self.arithmetic_of(X)
        if u not in ("bf16", "fp16") or not bool(X.any()):
            return found
        return found.narrowed(modelled(found.start, self.steps(k), u, self.restarts))

    def next_step(self, before: Tensor, f: OddPolynomial, X: Tensor) -> Expected:
        """One step from an observed iterate; in 16 bits by the model where that is nearer."""
        u = self.arithmetic_of(X)
        found = one_step(before, f, u)
        return found if u not in ("bf16", "fp16") else found.narrowed(modelled(before, (f,), u))

    def arithmetic_of(self, X: Tensor) -> str:
        """The coarser of the function's own format and that of X."""
        own, given = format_named(self.arithmetic), format_named(NAMES[X.dtype])
        return min(own, given, key=lambda f: f.precision).name


def declare(
    adapter: Adapter,
    schedule: Schedule | None = None,
    *,
    steps: int | None = None,
    dtype: str = "fp32",
    computes: str | None = None,
    returns: str = "input",
    normalisation: Normaliser | Normalisation | str | None = None,
    within: float | None = None,
    eps: float | None = None,
    device: str = "cpu",
    restarts: tuple[int, ...] | None = None,
) -> Subject:
    """A subject, after a few calls that find out what the function takes.

    Parameters
    ----------
    schedule : Schedule, optional
        The declared coefficients; the default value of the function's own parameter unless said.
    steps : int, optional
        The declared number of steps; the function's default, or the schedule's length.
    dtype : {"fp32", "bf16", "fp16", "fp64"}
        That of the inputs.
    computes : str, optional
        The format in which the function computes: one of those, or tf32 (fp32 products that read 11 bits of their
        operands); the narrower of its input and its result unless said.
    returns : str
        The dtype of the results: "input", or a name.
    normalisation : str or Normaliser, optional
        As `Normaliser.named` reads it; the schedule's unless said; "detect": whichever explains the outputs.
    within : float, optional
        A spectral estimate lies between σ₁/within and within·σ₁; 5/4 unless said.
    eps : float, optional
        What is passed as eps, or what the function is known to add to the norm or to clamp it at; its own default, or
        1e-7, unless said.
    restarts : tuple of int, optional
        For a function in the Gram form: after which steps XXᵀ is formed anew, () for never.

    Raises
    ------
    UsageError
        No coefficients, an unknown dtype or normalisation, or a function that cannot
        be called on a plain 2×3 matrix.
    """
    schedule, adapter = _schedule(adapter, schedule, steps)
    detect = normalisation == DETECT
    said = schedule.normalisation if normalisation is None or detect else normalisation
    norm = said if isinstance(said, Normaliser) else Normaliser.named(said, within)
    dtype, device = _dtype("--dtype", dtype), _device(device)
    eps = next(e for e in (eps, adapter.default_eps(), 1e-7) if e is not None)
    if not 0 <= eps < math.inf:
        raise UsageError(f"--eps {eps}: a number ≥ 0, such as 1e-7")
    subject = Subject(adapter, schedule, norm, eps, dtype, dtype, returns, device, restarts=restarts)
    if returns != "input":
        subject = replace(subject, returns=_dtype("--returns", returns))
    subject, answer = _first_call(subject)
    narrow = min((dtype, NAMES.get(answer.dtype, dtype)), key=lambda d: format_named(d).precision)
    subject = replace(subject, arithmetic=_dtype("--computes", computes, "tf32") if computes else narrow)
    taken = tuple(d for d in DTYPES if d == dtype or _refusal(subject, PROBE.to(DTYPES[d]).to(device)) == "")
    pair = torch.stack([PROBE, -2 * PROBE]).to(DTYPES[dtype]).to(device)
    batch = _refusal(subject, pair)
    if batch and not _refusal(subject, pair[:, :, :2].contiguous()):  # square ones it takes: by accident, perhaps
        batch = ""
    deep = not batch and not _refusal(subject, torch.stack([pair, 3 * pair]))
    same = _repeatable(subject)
    subject = replace(subject, accepts=taken, batch=batch, deep=deep, repeatable=same)
    return _scaled(_detected(subject) if detect else subject)


def _probes(subject: Subject) -> list[Tensor]:
    """Plain matrices of three shapes."""
    generator, probes = torch.Generator().manual_seed(0), []
    for shape in ((3, 5), (4, 4), (5, 3)):
        X = torch.randint(-9, 10, shape, generator=generator, dtype=torch.float64)
        probes.append(torch.ldexp(X, -torch.frexp(X.norm())[1] - 1).to(DTYPES[subject.dtype]).to(subject.device))
    return probes


def _scaled(subject: Subject) -> Subject:
    """With the rule of its scale, where results are φ times a number that depends on the shape alone.

    After one step and after all of them it must be the same number, and not nearly 1: that would be another defect.
    """
    normalisers = dict.fromkeys((subject.normaliser, *(CANDIDATES if subject.origin == ASSUMED else ())))
    for normaliser in normalisers:
        rules = [_rule(replace(subject, normaliser=normaliser), k) for k in {min(subject.counts), subject.count}]
        first = rules[0]
        if first is not None and all(rule == first for rule in rules):
            off = first.shape != PLAIN.shape or abs(first.factor - 1) > 0.02
            return replace(subject, normaliser=normaliser, scale=first, origin=FOUND) if off else subject
    return subject


def _rule(subject: Subject, k: int) -> Scale | None:
    """The rule of the sizes after k steps on plain matrices; None where the directions are not those of φ."""
    tolerance, sizes = 0.15 if subject.arithmetic in ("bf16", "fp16") else 1e-3, {}
    for X in _probes(subject):
        try:
            seen = subject.run(X, k)
        except FunctionError:
            return None
        value = subject.expected(X, k, seen).value
        size = float((seen * value).sum() / (value * value).sum())
        if not float((seen - size * value).norm()) <= tolerance * float(seen.norm()):
            return None
        sizes[X.shape[-2], X.shape[-1]] = size
    return rule_of(sizes, tolerance / 3)


def _repeatable(subject: Subject) -> bool:
    """Do calls on a plain matrix and on one with two singular values close together give the same, bit for bit?"""
    for X in (PROBE, CLOSE):
        X = X.to(DTYPES[subject.dtype]).to(subject.device)
        try:
            first, *others = (subject.run(X) for _ in range(4))
        except FunctionError:
            continue
        if any(not torch.equal(first.nan_to_num(), other.nan_to_num()) for other in others):
            return False
    return True


CANDIDATES = tuple(
    Normaliser.named(name)
    for base in ("frobenius", "schatten-4", "aol", "aol-rows", "aol-columns", "spectral-estimate", "none")
    for name in ([base, f"{base}*1.01", f"{base}*1.02"] if base == "frobenius" else [base])
)


def _detected(subject: Subject) -> Subject:
    """With the first candidate that explains the outputs for three plain matrices; the given one where none does.

    The given one has the benefit of the whole bound; another must come much nearer, as roundings do, so that a defect
    is not taken for a rescaling.
    """
    probes = _probes(subject)
    k = 1 if 1 in subject.counts else subject.count
    try:
        answers = [subject.run(X, k) for X in probes]
    except FunctionError:
        return replace(subject, origin=ASSUMED)
    for candidate in (subject.normaliser, *CANDIDATES):
        shares = [misfit(subject, candidate, X, seen, k) for X, seen in zip(probes, answers, strict=True)]
        if max(shares) <= (1 if candidate == subject.normaliser else SURE):
            return replace(subject, normaliser=candidate, origin=FOUND)
    return replace(subject, origin=ASSUMED)


def misfit(subject: Subject, normaliser: Normaliser, X: Tensor, seen: Tensor, k: int | None) -> float:
    """The distance from what this normalisation gives, as a share of the bound; infinite where that says nothing."""
    want = replace(subject, normaliser=normaliser).expected(X, k, seen)
    if want.bound is None or want.value.shape != seen.shape or not bool(torch.isfinite(seen).all()):
        return math.inf
    return float((seen - want.value).norm()) / float(want.bound)


def _schedule(adapter: Adapter, schedule: Schedule | None, steps: int | None) -> tuple[Schedule, Adapter]:
    if schedule is None:
        rows, count, origin = adapter.declared(), adapter.default_steps(), "the function's default"
        if rows is None and adapter.coefficients and (found := adapter.borrowed()):
            rows, other, origin = found
            count = count or other
        if rows is None:
            published = _recovered(adapter, steps)
            if published is None:
                raise UsageError(
                    f"{adapter.name} does not say its coefficients, and no published list explains its results: "
                    "give --coefficients a,b,c or --preset NAME"
                )
            return published, adapter
        schedule = replace(Schedule.of(rows, origin), extension=Extension.REPEAT_LAST)
        steps = steps or count or (5 if len(rows) == 1 else len(rows))
    if steps is not None:
        schedule = schedule.repeated(steps) if schedule.constant else schedule.with_steps(steps)
    if adapter.coefficients and not schedule.constant:
        adapter = replace(adapter, rows=True)
    return schedule, adapter


def _recovered(adapter: Adapter, steps: int | None) -> Schedule | None:
    """The published schedule that explains the results for three plain matrices; None if none does."""
    for name in dict.fromkeys(("jordan", *catalogue.ids())):
        try:
            schedule = catalogue.get(name, steps or adapter.default_steps())
            subject = Subject(adapter, schedule)
            pairs = [(X, subject.run(X)) for X in _probes(subject)]
        except (FunctionError, UsageError):
            continue
        for normaliser in CANDIDATES[:-1]:  # but for none at all: a linear map looks like the start of any φ
            if _explains(replace(subject, normaliser=normaliser), pairs):
                return replace(schedule, name=f"{name} (found in the outputs)")
    return None


def _explains(subject: Subject, pairs: Sequence[tuple[Tensor, Tensor]]) -> bool:
    """Are the results φ up to a rule of scale, as near as 16 bits?"""
    sizes = {}
    for X, seen in pairs:
        wanted = subject.expected(X).value
        size = float((seen * wanted).sum() / (wanted * wanted).sum())
        if not float((seen - size * wanted).norm()) <= 0.05 * float(seen.norm()):
            return False
        sizes[X.shape[-2], X.shape[-1]] = size
    return rule_of(sizes, 0.05) is not None


def _dtype(option: str, name: str, *more: str) -> str:
    short, known = format_named(name).name, (*DTYPES, *more)
    if short not in known:
        raise UsageError(f"{option} {name!r}: use one of {', '.join(known)}")
    return short


def _device(name: str) -> str:
    if name.partition(":")[0] not in ("cpu", "cuda"):
        raise UsageError(f"there is no device {name!r}: use cpu or cuda")
    if name != "cpu" and not torch.cuda.is_available():
        raise UsageError(f"device {name!r} is absent: torch sees no CUDA device; use --device cpu")
    return name


def _first_call(subject: Subject) -> tuple[Subject, Tensor]:
    """One plain matrix; where coefficients have no default, a row is tried before a list of rows."""
    X = PROBE.to(DTYPES[subject.dtype]).to(subject.device)
    if not subject.normalises:
        X = X / 4
    try:
        return subject, subject.raw(X.clone())
    except FunctionError as error:
        first = str(error)
    if subject.adapter.coefficients and not subject.adapter.rows:
        other = replace(subject, adapter=replace(subject.adapter, rows=True))
        try:
            return other, other.raw(X.clone())
        except FunctionError:
            pass
    raise UsageError(f"{subject.adapter.name} cannot be examined: on a 2×3 {subject.dtype} matrix {first}")


def _refusal(subject: Subject, X: Tensor) -> str:
    try:
        subject.raw(X)
    except FunctionError as error:
        return str(error)
    return ""


def recovered(x: Tensor, y: Tensor, terms: int) -> tuple[float, ...]:
    """The least-squares coefficients of an odd polynomial with y = a·x + b·x³ + …, entry by entry."""
    A = torch.stack([x ** (2 * i + 1) for i in range(terms)], dim=1)
    return tuple(torch.linalg.lstsq(A, y.unsqueeze(1), driver="gelsd").solution.squeeze(1).tolist())


def largest_exponent(dtype: str) -> int:
    """log₂ of about the largest finite number."""
    return LARGEST[dtype]


def representable(X: Tensor, dtype: str) -> bool:
    """Is every entry of X a number of this format?"""
    return torch.equal(X.to(DTYPES[dtype]).to(X.dtype), X)


@contextmanager
def one_thread() -> Iterator[None]:
    """torch on one thread: for small matrices more of them only wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
