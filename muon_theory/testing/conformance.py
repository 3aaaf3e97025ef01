"""The search: Hypothesis draws cases, a law of `muon_theory.conform` checks them, and what breaks it is shrunk.

As tests of your own (needs torch):

    from muon_theory.testing.conformance import conformance_test

    test_my_polar = conformance_test("my_package.muon:newton_schulz", "3.4445,-4.7750,2.0315", steps=5)
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample, Unsatisfiable

from muon_theory.conform import LAWS, Adapter, Broken, Case, Conformance, Law, LawResult, Silent, Subject, declare, load
from muon_theory.conform.case import LAYOUTS, Matrix, product
from muon_theory.conform.subject import FunctionError, largest_exponent, one_thread, representable
from muon_theory.errors import UsageError
from muon_theory.evidence import Standing
from muon_theory.schedule import Schedule

__all__ = ["assert_conforms", "cases", "conform", "conformance_test", "examine"]

SIDES = (1, 4)
ENTRY = 9

# Inputs --------------------------------------------------------------------------------------------------------------


def entries(lo: int = -ENTRY, hi: int = ENTRY) -> st.SearchStrategy[Fraction]:
    """Small integers: exact in every format."""
    return st.integers(lo, hi).map(Fraction)


def shapes() -> st.SearchStrategy[tuple[int, int]]:
    """Rows and columns."""
    return st.tuples(st.integers(*SIDES), st.integers(*SIDES))


def grids(rows: int, columns: int) -> st.SearchStrategy[Matrix]:
    """Matrices that are not zero."""
    flat = st.lists(st.integers(-ENTRY, ENTRY), min_size=rows * columns, max_size=rows * columns).filter(any)
    return flat.map(lambda v: tuple(tuple(map(Fraction, v[i * columns : (i + 1) * columns])) for i in range(rows)))


@st.composite
def signed_permutations(draw: st.DrawFn, size: int) -> Matrix:
    """An orthogonal matrix: a signed permutation, sometimes after a turn by the 3-4-5 triangle."""
    order, signs = (
        draw(st.permutations(range(size))),
        draw(st.lists(st.sampled_from([1, -1]), min_size=size, max_size=size)),
    )
    moved = tuple(tuple(Fraction(signs[i] * (order[i] == j)) for j in range(size)) for i in range(size))
    if size < 2 or not draw(st.booleans()):
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
        case "entry":
            place = st.tuples(st.integers(0, rows - 1), st.integers(0, columns - 1), entries(1, ENTRY))
            return place.map(lambda p: (_with(rows, columns, {(p[0], p[1]): p[2]}),))
        case "diagonal":
            n = min(rows, columns)
            values = st.lists(entries(1, ENTRY), min_size=n, max_size=n, unique=True)
            return values.map(lambda d: (_with(rows, columns, {(i, i): x for i, x in enumerate(d)}),))
        case "zero":
            return st.just((_with(rows, columns, {}),))
        case "batch":
            return st.lists(grids(rows, columns), min_size=2, max_size=3).map(tuple)
    return grids(rows, columns).map(lambda M: (M,))


def _with(rows: int, columns: int, values: Mapping[tuple[int, int], Fraction]) -> Matrix:
    return tuple(tuple(values.get((i, j), Fraction(0)) for j in range(columns)) for i in range(rows))


@st.composite
def cases(draw: st.DrawFn, law: Law, subject: Subject) -> Case:
    """Inputs on which to try the law; they shrink to small integers, few steps, and plain memory."""
    rows, columns = draw(shapes())
    matrices = draw(matrices_of(law.kind, rows, columns))
    draws = law.draws
    options: dict[str, Any] = {"exponents": (0,) * len(matrices)}
    if law.kind == "batch":
        options["exponents"] = tuple(draw(st.integers(-4, 4)) for _ in matrices)
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
        options["layout"] = draw(st.sampled_from(LAYOUTS))
    if "either-layout" in draws:
        options["layout"] = draw(st.sampled_from(["contiguous", *LAYOUTS]))
    if "rotation" in draws:
        options["left"], options["right"] = draw(signed_permutations(rows)), draw(signed_permutations(columns))
    return Case(matrices, **options)


def _nearest_first(lo: int, hi: int) -> st.SearchStrategy[int]:
    """Integers of the range that shrink towards 0."""
    return st.integers(0, hi - lo).map(lambda n: lo + n if abs(lo) <= abs(hi) else hi - n)


# The search ----------------------------------------------------------------------------------------------------------


def examine(subject: Subject, law: Law, examples: int = 50, seed: int = 0) -> LawResult:
    """Try the law on so many cases; where one breaks it, the smallest that does is the counterexample.

    Deterministic in the seed.  Inputs about which the error bound says nothing are counted apart, as silent.
    """
    if reason := law.reason(subject):
        return LawResult(law.name, law.statement, None, reason=reason)
    checked, silent, bound = 0, 0, Fraction(0)
    broken: dict[Case, str] = {}

    def breaks(case: Case) -> bool:
        nonlocal checked, silent, bound
        try:
            bound = max(bound, law.check(subject, case))
        except Silent:
            silent += 1
            return False
        except (Broken, FunctionError) as error:
            broken[case] = str(error)
        checked += 1
        return case in broken

    options = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        with one_thread():
            worst = find(cases(law, subject), breaks, settings=options, random=random.Random(f"{seed} {law.name}"))
    except (NoSuchExample, Unsatisfiable):
        if checked:
            return LawResult(law.name, law.statement, Standing.CONFIRMED, checked, silent, bound)
        reason = f"the worst-case error bound says nothing in {subject.arithmetic} on any of {silent} inputs"
        return LawResult(law.name, law.statement, None, 0, silent, reason=reason)
    return LawResult(
        law.name,
        law.statement,
        Standing.CONTRADICTED,
        checked,
        silent,
        bound,
        str(worst),
        _with_hint(subject, law, worst, broken[worst]),
    )


def _with_hint(subject: Subject, law: Law, case: Case, seen: str) -> str:
    """Are all entries of a wide result numbers of a narrow format?  Then say how to declare that."""
    if law.name not in ("polar", "steps", "coefficients") or subject.arithmetic not in ("fp32", "fp64"):
        return seen
    try:
        result = subject.run(subject.place(case), case.steps)
    except FunctionError:
        return seen
    narrow = next((d for d in ("bf16", "fp16") if representable(result, d)), None)
    return f"{seen} (all are numbers of {narrow}: if it computes in that, say --computes {narrow})" if narrow else seen


def conform(
    function: str | Callable[..., Any],
    schedule: Schedule | str | None = None,
    *,
    arguments: Mapping[str, Any] | None = None,
    laws: Sequence[str] | None = None,
    examples: int = 50,
    seed: int = 0,
    progress: Callable[[int, int, str], None] | None = None,
    **declared: Any,
) -> Conformance:
    """Run every law, or those named, against a function.

    Parameters
    ----------
    function : str or callable
        "module:function", "file.py:function", or the function itself; it takes and returns a torch tensor.
    schedule : Schedule or str, optional
        What it declares: "a,b,c;a,b,c", or a `Schedule`; the default of its own parameter unless said.
    arguments : mapping, optional
        Passed to every call, by name.
    declared
        `steps`, `dtype`, `computes`, `returns`, `normalisation`, `eps`, `device`: see `muon_theory.conform.declare`.

    Raises
    ------
    UsageError
        The function cannot be found or called, or a name is unknown.

    >>> from muon_theory.confirm import orthogonalize
    >>> cubic = Schedule.parse("3/2,-1/2", 5)
    >>> conform(lambda X: orthogonalize(X, cubic), cubic, laws=["odd", "zero"], examples=10).verdict
    <Standing.CONFIRMED: 'confirmed'>
    """
    subject = subject_of(function, schedule, arguments, **declared)
    chosen = chosen_laws(laws)
    results = []
    for n, law in enumerate(chosen):
        if progress:
            progress(n, len(chosen), law.name)
        results.append(examine(subject, law, examples, seed))
    return Conformance(subject, tuple(results), seed)


def subject_of(
    function: str | Callable[..., Any],
    schedule: Schedule | str | None = None,
    arguments: Mapping[str, Any] | None = None,
    **declared: Any,
) -> Subject:
    """The function with its declarations, after the first calls."""
    found, name = load(function) if isinstance(function, str) else (function, "")
    if isinstance(schedule, str):
        schedule = Schedule.parse(schedule)
    return declare(Adapter.of(found, name, arguments), schedule, **declared)


def chosen_laws(names: Sequence[str] | None) -> tuple[Law, ...]:
    """The laws of those names; all of them for None.  Raises UsageError."""
    known = {law.name: law for law in LAWS}
    if names and (unknown := [n for n in names if n not in known]):
        raise UsageError(f"there is no law {unknown[0]!r}: use {', '.join(known)}")
    return tuple(known[n] for n in names) if names else LAWS


# As tests ------------------------------------------------------------------------------------------------------------


def assert_conforms(
    function: str | Callable[..., Any], schedule: Schedule | str | None = None, **options: Any
) -> Conformance:
    """Fail unless no law is contradicted; the message has the counterexamples."""
    __tracebackhide__ = True
    found = conform(function, schedule, **options)
    if found.contradicted:
        raise AssertionError("\n".join(_line(r) for r in found.laws if r.standing is Standing.CONTRADICTED))
    return found


def conformance_test(
    function: str | Callable[..., Any],
    schedule: Schedule | str | None = None,
    *,
    laws: Sequence[str] | None = None,
    examples: int = 50,
    seed: int = 0,
    **declared: Any,
) -> Callable[[Law], None]:
    """A pytest test with one case a law: `test_mine = conformance_test("module:function", "3/2,-1/2")`.

    A law that does not apply is skipped with its reason.
    """

    @pytest.mark.parametrize("law", chosen_laws(laws), ids=lambda law: law.name)
    def test(law: Law) -> None:
        __tracebackhide__ = True
        result = examine(subject_of(function, schedule, **declared), law, examples, seed)
        if result.standing is None:
            pytest.skip(f"{law.name}: {result.reason}")
        if result.standing is Standing.CONTRADICTED:
            pytest.fail(_line(result), pytrace=False)

    return test


def _line(result: LawResult) -> str:
    return f"{result.law} CONTRADICTED ({result.statement}): {result.counterexample}: {result.seen}"
