"""The search: Hypothesis draws cases, a law checks them, and what breaks it is shrunk.

Importing this module loads Hypothesis, which the rest of the room does without.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from muon_theory.conformance.adapter import Adapter, load
from muon_theory.conformance.arrays import quiet
from muon_theory.conformance.case import Case, Matrix, product
from muon_theory.conformance.declare import DETECT, declare
from muon_theory.conformance.detect import representable
from muon_theory.conformance.generate import smallest
from muon_theory.conformance.law import Law, chosen
from muon_theory.conformance.laws import LAWS
from muon_theory.conformance.result import Conformance
from muon_theory.conformance.shrink import reduced
from muon_theory.conformance.subject import FunctionError, Subject, largest_exponent
from muon_theory.conformance.tally import LawResult, Tally
from muon_theory.conformance.xfails import known_failures
from muon_theory.normalisation import Kind
from muon_theory.schedule import Schedule

__all__ = ["cases", "chosen_laws", "conform", "examine", "subject_of"]

SMALL, LARGE = 4, 16
TURNED = 6  # sides where Q and P are drawn: their exact products, and their print, grow with the cube and the square
ENTRY = 9
FIXED = ((64, 96), (96, 64))
LONG = (2048, 4096)  # ones of which a sum in bf16, and one in fp16, stops growing

# Inputs --------------------------------------------------------------------------------------------------------------


def entries(lo: int = -ENTRY, hi: int = ENTRY) -> st.SearchStrategy[Fraction]:
    """Small integers: exact in every format."""
    return st.integers(lo, hi).map(Fraction)


def sides(largest: int = LARGE, few: bool = False) -> st.SearchStrategy[int]:
    """Often small, at times up to the largest; `few` different ones, for libraries that compile for each shape."""
    if few:
        return st.sampled_from([n for n in (1, 2, 3, 4, LARGE) if n <= largest])
    return st.integers(1, SMALL) | st.integers(1, largest)


def grids(rows: int, columns: int) -> st.SearchStrategy[Matrix]:
    """Matrices that are not zero; small ones entry by entry, larger ones from a seed (`reduced` makes them small)."""
    count = rows * columns
    if count <= SMALL**2:
        flat = st.lists(st.integers(-ENTRY, ENTRY), min_size=count, max_size=count)
    else:
        flat = st.integers(0, 2**16).map(lambda seed: seeded(count, seed))
    return flat.map(lambda v: _grid(v if any(v) else [1, *v[1:]], columns))


def seeded(count: int, seed: int) -> list[int]:
    """So many small integers, the same for the same seed."""
    return random.Random(seed).choices(range(-ENTRY, ENTRY + 1), k=count)


def _grid(values: Sequence[int], columns: int) -> Matrix:
    return tuple(tuple(map(Fraction, values[i : i + columns])) for i in range(0, len(values), columns))


@st.composite
def signed_permutations(draw: st.DrawFn, size: int, turned: bool = True) -> Matrix:
    """An orthogonal matrix: a signed permutation, sometimes (if `turned`) after a turn by the 3-4-5 triangle."""
    order, signs = (
        draw(st.permutations(range(size))),
        draw(st.lists(st.sampled_from([1, -1]), min_size=size, max_size=size)),
    )
    moved = tuple(tuple(Fraction(signs[i] * (order[i] == j)) for j in range(size)) for i in range(size))
    if size < 2 or not turned or not draw(st.booleans()):
        return moved
    turn = {(0, 0): Fraction(3, 5), (0, 1): Fraction(-4, 5), (1, 0): Fraction(4, 5), (1, 1): Fraction(3, 5)}
    G = tuple(tuple(turn.get((i, j), Fraction(int(i == j))) for j in range(size)) for i in range(size))
    return product(moved, G)


def matrices_of(kind: str, rows: int, columns: int) -> st.SearchStrategy[tuple[Matrix, ...]]:
    """The matrices of a case of that kind."""
    match kind:
        case "rank-one":
            u, v = (st.lists(entries(), min_size=n, max_size=n).filter(any) for n in (rows, columns))
            return st.tuples(u, v).map(lambda p: (tuple(tuple(x * y for y in p[1]) for x in p[0]),))
        case "diagonal":
            n = min(rows, columns)
            values = st.lists(entries(1, 2 * LARGE), min_size=n, max_size=n, unique=True)
            return values.map(lambda d: (_with(rows, columns, {(i, i): x for i, x in enumerate(d)}),))
        case "zero":
            return st.just((_with(rows, columns, {}),))
        case "batch":
            return st.lists(grids(rows, columns), min_size=2, max_size=4).map(tuple)
    return grids(rows, columns).map(lambda M: (M,))


def _with(rows: int, columns: int, values: Mapping[tuple[int, int], Fraction]) -> Matrix:
    return tuple(tuple(values.get((i, j), Fraction(0)) for j in range(columns)) for i in range(rows))


@st.composite
def cases(draw: st.DrawFn, law: Law, subject: Subject) -> Case:
    """Inputs on which to try the law; they shrink to small integers, few steps, and plain memory."""
    normaliser, draws = subject.normaliser, law.draws
    largest = TURNED if "rotation" in draws else SMALL if {"tiny", "huge"} & set(draws) else LARGE
    side = sides(largest, subject.library.compiles)
    shapes = st.tuples(side, side)
    if law.name == "transpose":
        shapes = shapes.filter(lambda shape: normaliser.transposes(*shape))
    rows, columns = draw(shapes)
    aol = normaliser.kind is Kind.AOL
    matrices = draw(matrices_of("matrix" if law.kind == "diagonal" and aol else law.kind, rows, columns))
    options: dict[str, Any] = {"exponents": (0,) * len(matrices)}
    if law.kind == "batch":
        options["exponents"] = tuple(draw(st.integers(-4, 4)) for _ in matrices)
        if subject.deep and len(matrices) == 4:
            options["lead"] = draw(st.sampled_from([(), (2, 2)]))
    if law.kind == "not-finite":
        where = st.tuples(
            st.integers(0, rows - 1), st.integers(0, columns - 1), st.sampled_from(["nan", "inf", "-inf"])
        )
        options["poison"] = draw(where)
    if "steps" in draws and subject.settable:
        one = st.just(1) if 1 in subject.counts else st.nothing()  # where the bound says most
        options["steps"] = draw(one | st.sampled_from(subject.counts))
    if "dtype" in draws:
        options["dtype"] = draw(st.sampled_from(subject.accepts))
    ranges = {
        "exponent": (-4, 4),
        "tiny": (-min(largest_exponent(subject.dtype) - 7, 100), -40 if subject.dtype != "fp16" else -8),
        "huge": (4, largest_exponent(subject.dtype) - 7),
    }
    for key, (lo, hi) in ranges.items():
        if key in draws:
            options["exponents"] = (draw(_nearest_first(lo, hi)),)
    if "layout" in draws:
        options["layout"] = draw(st.sampled_from(subject.library.layouts))
    if "either-layout" in draws:
        options["layout"] = draw(st.sampled_from(["contiguous", *subject.library.layouts]))
    if "rotation" in draws:
        rescaled = normaliser.rescales(rows, columns)  # AOL commutes with signed permutations of that side, no more
        options["left"] = draw(signed_permutations(rows, rescaled != "rows"))
        options["right"] = draw(signed_permutations(columns, rescaled != "columns"))
    return Case(matrices, **options)


def fixed_cases(law: Law, subject: Subject) -> list[Case]:
    """What chance must not leave out: every dtype that is taken, and a wide and a tall matrix larger than a tile."""
    plain = (_grid(seeded(6, 0), 3),)
    if "dtype" in law.draws:
        return [Case(plain, dtype=dtype) for dtype in subject.accepts]
    if law.kind == "long":
        return [Case((((Fraction(1),) * n,),)) for n in LONG]
    spread = [Case((_grid(seeded(rows * columns, rows), columns),)) for rows, columns in FIXED]
    if "fixed" in law.draws:
        return spread if law.kind == "spread" else [Case(plain)]
    if law.kind != "matrix" or set(law.draws) - {"steps"}:
        return []
    return spread


def _nearest_first(lo: int, hi: int) -> st.SearchStrategy[int]:
    """Integers of the range that shrink towards 0."""
    return st.integers(0, hi - lo).map(lambda n: lo + n if abs(lo) <= abs(hi) else hi - n)


# The search ----------------------------------------------------------------------------------------------------------


def examine(subject: Subject, law: Law, examples: int = 50, seed: int = 0) -> LawResult:
    """Try the law on so many cases; where one breaks it, the smallest that does is the counterexample.

    Deterministic in the seed.  Inputs about which the error bound says nothing are counted apart, as silent.
    """
    if reason := law.reason(subject):
        return LawResult(law.name, law.statement, "skipped", reason=reason, bound=Fraction(0))
    tally = Tally[Case](
        law.name, law.statement, lambda case: law.check(subject, case), FunctionError, bound=Fraction(0)
    )
    with subject.library.calm(), quiet():
        worst = None
        if "fixed" not in law.draws:
            worst = smallest(cases(law, subject), tally.breaks, examples, f"{seed} {law.name}")
        if worst is None:
            worst = next(filter(tally.breaks, fixed_cases(law, subject)), None)
        if worst is not None and law.kind in ("matrix", "batch", "not-finite"):
            worst = reduced(worst, tally.breaks)
    found = tally.result(worst, lambda case: (abs(case.exponents[0]), len(str(case))), f" in {subject.arithmetic}")
    return found if worst is None else replace(found, seen=_with_hint(subject, law, worst, found.seen))


def _with_hint(subject: Subject, law: Law, case: Case, seen: str) -> str:
    """Are all entries of the result for a plain matrix numbers of a narrower format?  Then say how to declare that."""
    if law.name not in ("polar", "steps", "coefficients") or subject.arithmetic not in ("fp32", "fp64"):
        return seen
    try:
        result = subject.run(subject.cast(_grid(seeded(12, 1), 4)), case.steps)
    except FunctionError:
        return seen
    narrow = next((d for d in ("bf16", "fp16") if representable(result, d)), None)
    return f"{seen} (all are numbers of {narrow}: if it computes in that, say --computes {narrow})" if narrow else seen


def conform(
    function: str | Callable[..., object],
    schedule: Schedule | str | None = None,
    *,
    arguments: Mapping[str, object] | None = None,
    laws: Sequence[str] | None = None,
    examples: int = 50,
    seed: int = 0,
    progress: Callable[[int, int, str], None] | None = None,
    xfails: str | Path | None = None,
    **declared: Any,
) -> Conformance:
    """Run every law, or those named, against a function.

    `muon_theory.conform` says what the arguments mean; `schedule` may be text, "a,b,c;a,b,c", and `declared` goes to
    `muon_theory.conformance.declare.declare`.

    Raises UsageError: the function cannot be found or called, or a name is unknown.

    >>> from muon_theory.confirmation import orthogonalize
    >>> cubic = Schedule.parse("3/2,-1/2", 5)
    >>> conform(lambda X: orthogonalize(X, cubic), cubic, laws=["odd", "zero"], examples=10).verdict
    <Standing.CONFIRMED: 'confirmed'>
    """
    subject = subject_of(function, schedule, arguments, **declared)
    every = chosen_laws(laws)
    reasons = known_failures(xfails, subject.adapter.name, [law.name for law in LAWS])
    results = []
    for n, law in enumerate(every):
        if progress:
            progress(n, len(every), law.name)
        result = examine(subject, law, examples, seed)
        results.append(replace(result, expected=reasons.get(law.name, "")))
    return Conformance(subject, tuple(results), seed)


def subject_of(
    function: str | Callable[..., object],
    schedule: Schedule | str | None = None,
    arguments: Mapping[str, object] | None = None,
    **declared: Any,
) -> Subject:
    """The function with its declarations, after the first calls."""
    found, name = load(function) if isinstance(function, str) else (function, "")
    if not isinstance(schedule, Schedule):  # coefficients alone declare no normalisation
        declared["normalisation"] = declared.get("normalisation") or DETECT
        schedule = None if schedule is None else Schedule.parse(schedule)
    return declare(Adapter.of(found, name, arguments), schedule, **declared)


def chosen_laws(names: Sequence[str] | None) -> tuple[Law, ...]:
    """The laws of those names; all of them for None.  Raises UsageError."""
    return chosen(LAWS, names)
