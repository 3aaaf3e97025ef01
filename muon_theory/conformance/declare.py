"""A subject is declared: by what is said, by the function's defaults, and by a few calls that show what it takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from muon_theory import catalogue
from muon_theory.conformance.adapter import Adapter
from muon_theory.conformance.arrays import LONG, Unavailable, candidates, dtype_of, named, quiet
from muon_theory.conformance.detect import detected, published, repeatable, scaled
from muon_theory.conformance.emulated import Array
from muon_theory.conformance.normaliser import Normaliser
from muon_theory.conformance.subject import PROBE, FunctionError, Subject
from muon_theory.errors import UsageError
from muon_theory.normalisation import Normalisation
from muon_theory.precision import format_named
from muon_theory.schedule import Extension, Schedule

DETECT = "detect"


@quiet()  # candidates that do not fit may escape
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
    library: str | None = None,
) -> Subject:
    """A subject, after a few calls that find out what the function takes.

    `muon_theory.conform` says what the arguments mean.  Unless said: `schedule` is the default of the function's own
    parameter, `steps` its default or the schedule's length, `computes` the narrower of its input's and its result's
    format, `normalisation` the schedule's ("detect": whichever explains the outputs), `within` 5/4, and `eps` the
    function's own default, or 1e-7.  `restarts` is () for a Gram form that never forms XXᵀ anew.

    Raises UsageError: no coefficients, an unknown dtype or normalisation, or a function that cannot be called on a
    plain 2×3 matrix.
    """
    dtype = _dtype("--dtype", dtype)
    if returns != "input":
        returns = _dtype("--returns", returns)
    eps = next(e for e in (eps, adapter.default_eps(), 1e-7) if e is not None)
    if not 0 <= eps < math.inf:
        raise UsageError(f"--eps={eps}: a number ≥ 0, such as 1e-7")
    told, adapter = _told(adapter, schedule, steps)
    tried = told or catalogue.get("jordan", steps or adapter.default_steps())
    detect = normalisation == DETECT
    said = tried.normalisation if normalisation is None or detect else normalisation
    norm = said if isinstance(said, Normaliser) else Normaliser.named(said, within)
    subject, narrow = _asked(
        [
            Subject(adapter, tried, named(name), norm, eps, dtype, dtype, returns, device, restarts=restarts)
            for name in ([library] if library else candidates(adapter.function))
        ]
    )
    subject = replace(subject, arithmetic=_dtype("--computes", computes, "tf32") if computes else narrow)
    if told is None:
        subject = replace(subject, schedule=_published(subject, steps))
    pair = np.stack([PROBE, -2 * PROBE])
    batch = _refusal(subject, pair)
    if batch and not _refusal(subject, pair[:, :, :2]):  # square ones it takes: by accident, perhaps
        batch = ""
    deep = not batch and not _refusal(subject, np.stack([pair, 3 * pair]))
    accepts = tuple(d for d in LONG if d == subject.dtype or _refusal(subject, PROBE, d) == "")
    refused = tuple(k for k in subject.counts if k != subject.count and _refusal(subject, PROBE, steps=k))
    subject = replace(subject, accepts=accepts, refused=refused, batch=batch, deep=deep)
    subject = replace(subject, repeatable=repeatable(subject))
    return scaled(detected(subject) if detect else subject)


def _told(adapter: Adapter, schedule: Schedule | None, steps: int | None) -> tuple[Schedule | None, Adapter]:
    """The schedule that is said, or that the function's defaults or its module say; None if none is."""
    if schedule is None:
        rows, count, origin = adapter.declared(), adapter.default_steps(), "the function's default"
        if rows is None and adapter.coefficients and (found := adapter.borrowed()):
            rows, other, origin = found
            count = count or other
        if rows is None:
            return None, adapter
        schedule = replace(Schedule.of(rows, origin), extension=Extension.REPEAT_LAST)
        steps = steps or count or (5 if len(rows) == 1 else len(rows))
    if steps is not None:
        schedule = schedule.repeated(steps) if schedule.constant else schedule.with_steps(steps)
    if adapter.coefficients and not schedule.constant:
        adapter = replace(adapter, rows=True)
    return schedule, adapter


def _published(subject: Subject, steps: int | None) -> Schedule:
    """What runs where nothing is said: the coefficients that are passed, or a published list.  Raises UsageError."""
    if subject.adapter.coefficients:
        return replace(subject.schedule, name=f"{subject.schedule.name} (passed to it)")
    if (found := published(subject, steps)) is None:
        raise UsageError(
            f"{subject.adapter.name} does not say its coefficients, and no published list explains its results: "
            "give --coefficients=a,b,c or --preset=NAME"
        )
    return found


def _first_call(subjects: Sequence[Subject]) -> tuple[Subject, str]:
    """The first library, and the first way to hand coefficients over, with which one plain matrix has an answer.

    Coefficients that have no default are tried as a row, as a list of rows, and as arrays of these.  Also returned is
    the narrower of the formats of input and result.  Raises UsageError.
    """
    why = []
    for subject in subjects:
        X = PROBE if subject.normalises else PROBE / 4
        for trial in _ways(subject):
            try:
                answer = trial.answer(trial.hand(X))
            except (FunctionError, Unavailable) as error:
                why.append(str(error))
            else:
                return trial, min((subject.dtype, dtype_of(answer)), key=lambda d: format_named(d).precision)
    of = "" if len(subjects) > 1 else f" of {subjects[0].library.name}"
    raise UsageError(f"{subjects[0].adapter.name} cannot be examined: on a 2×3 {subjects[0].dtype} matrix{of} {why[0]}")


def _ways(subject: Subject) -> list[Subject]:
    adapter = subject.adapter
    if not adapter.coefficients:
        return [subject]
    ways = [adapter] if adapter.rows else [adapter, replace(adapter, rows=True)]

    def packed(values: object) -> object:
        return subject.library.hand(np.array(values), subject.dtype, subject.device)

    return [replace(subject, adapter=a) for a in (*ways, *(replace(a, packed=packed) for a in ways))]


def _asked(subjects: Sequence[Subject]) -> tuple[Subject, str]:
    """As `_first_call`; where the function refuses fp32, with the first other dtype that it takes."""
    try:
        return _first_call(subjects)
    except UsageError:
        for other in sorted(set(LONG) - {"fp32"}) if subjects[0].dtype == "fp32" else ():
            with suppress(UsageError):
                return _first_call([replace(s, dtype=other, arithmetic=other) for s in subjects])
        raise


def _refusal(subject: Subject, X: Array, dtype: str | None = None, steps: int | None = None) -> str:
    try:
        subject.answer(subject.hand(X, dtype), steps)
    except (FunctionError, Unavailable) as error:
        return str(error)
    return ""


def _dtype(option: str, name: str, *more: str) -> str:
    short, known = format_named(name).name, (*LONG, *more)
    if short not in known:
        raise UsageError(f"{option}={name!r}: use one of {', '.join(known)}")
    return short
