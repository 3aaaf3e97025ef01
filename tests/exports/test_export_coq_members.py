"""Coq exports of claims about all members of a family in a box: every kind compiles, a false one does not."""

import json
from itertools import pairwise
from math import ceil, floor

import pytest
from flint import Ordering, fmpq, fmpq_mpoly_ctx

from muon_theory.errors import UsageError
from muon_theory.exact.bernstein import bernstein_tensor
from muon_theory.exact.grids import grid
from muon_theory.exports.coq import to_coq
from muon_theory.exports.coqc import CoqVerdict, compile_library, run_coq
from muon_theory.family import Family
from muon_theory.verification import verify
from tests.checker import accepted
from tests.exports.coq_runs import all_compile, none_compiles
from tests.exports.naive_certificates import Q, changed, mutants

STORED = {name: accepted.stored()[name] for name in accepted.stored() if name.startswith("members-")}


# A finder: the hull of all Bernstein coefficients, and the grids of `certify` -----------------------------------------


def members(parameters, rows, box, claim, witness):
    """The certificate; each row is a family's text."""
    written = [[p.to_json() for p in Family.parse(row, parameters).coefficients] for row in rows]
    subject = {"parameters": list(parameters), "rows": written, "box": [list(map(str, i)) for i in box]}
    return {"format": "muon-theory/certificate/1", "family": subject, "claim": claim, "witness": witness}


def in_x(parameters, row):
    """f and g as polynomials in (parameters, x)."""
    context = fmpq_mpoly_ctx.get((*parameters, "x"), Ordering.lex)
    x = context.gens()[-1]
    coefficients = [
        context.from_dict({(*e, 0): fmpq(c.numerator, c.denominator) for e, c in p.terms})
        for p in Family.parse(row, parameters).coefficients
    ]
    g = sum((c * x**i for i, c in enumerate(coefficients)), context.from_dict({}))
    return sum((c * x ** (2 * i + 1) for i, c in enumerate(coefficients)), context.from_dict({})), g


def exact(interval):
    return tuple(fmpq(Q(end).numerator, Q(end).denominator) for end in interval)


def hull(f, box, lo, hi):
    """An interval that holds f on box × [lo, hi], in hundredths."""
    ends = [lo + (hi - lo) * i / 32 for i in range(33)]
    tensors = [bernstein_tensor(f, [*box, exact((a, c))]) for a, c in pairwise(ends)]
    rational = [pick(Q(pick(b), unit) for _, b, unit in tensors) for pick in (min, max)]
    return Q(floor(rational[0] * 100) - 1, 100), Q(ceil(rational[1] * 100) + 1, 100)


def texts(*arguments):
    """The split points of `grid`, as a certificate's JSON holds them."""
    return [[str(q) for q in axis] for axis in grid(*arguments)]


def chain(parameters, rows, box, start):
    box, (lo, hi), steps = list(map(exact, box)), start, []
    for row in rows:
        f, _ = in_x(parameters, row)
        low, high = hull(f, box, lo, hi)
        place = [*box, exact((lo, hi))]
        splits = [texts(f - exact((low, 0))[0], place), texts(exact((high, 0))[0] - f, place)]
        steps.append({"outer": [str(low), str(high)], "splits": splits})
        lo, hi = low, high
    return steps, [str(lo), str(hi)]


def two_steps():
    """Two parameters, two different steps."""
    names, rows, box = ("a", "b"), ["a; b", "2; -b^2; a*b"], [(Q(3, 2), Q(8, 5)), (Q(-3, 5), Q(-1, 2))]
    steps, target = chain(names, rows, box, (Q(1, 4), Q(1)))
    claim = {"type": "maps-into", "start": ["1/4", "1"], "target": target}
    return members(names, rows, box, claim, {"type": "chain", "steps": steps})


def three_parameters():
    """The quintics around (3, -3, 1), at (0, 1/2]; the names are words, one with a meaning in Coq."""
    names, row = ("first", "R", "n"), "first; R; n"
    box = [(Q(3), Q(31, 10)), (Q(-31, 10), Q(-3)), (Q(1), Q(11, 10))]
    f, g = in_x(names, row)
    inner = list(map(exact, box))
    _, top = hull(f, inner, Q(0), Q(1, 2))
    splits = [
        texts(g, [*inner, exact((0, Q(1, 4)))], [(True, True)] * 4),
        texts(exact((top, 0))[0] - f, [*inner, exact((0, Q(1, 2)))]),
    ]
    witness = {"type": "uppers", "steps": [{"upper": str(top), "splits": splits}]}
    return members(names, [row], box, {"type": "sign-safe", "upper": "1/2"}, witness)


def alternating():
    """ax - bx³ beyond its antipode, with alternating signs; -g(y) ≥ 2 where y ≥ 4."""
    names, rows, box = ("a", "b"), ["a; -b"], [(Q(2), Q(21, 10)), (Q(11, 10), Q(6, 5))]
    steps, _ = chain(names, rows, box, (Q(5, 2), Q(13, 5)))
    witness = {"type": "escape", "steps": steps, "radius": "2", "ratio": "2", "splits": [[], [], []]}
    return members(names, rows, box, {"type": "escapes", "start": ["5/2", "13/5"]}, witness)


MADE = {f.__name__: f() for f in (two_steps, three_parameters, alternating)}
EVERY = STORED | MADE

# What each claim says too much after one change.  The path leads to the value that is replaced.
FALSE = [
    ("the band is cut off", "members-maps-into", ["claim", "target", 0], "9/10"),
    ("some members go further", "members-maps-into", ["family", "box", 0, 1], "3"),
    ("sent below 0 from 3/2", "members-sign-safe", ["claim", "upper"], "3/2"),
    ("some members do not flip", "members-flips", ["family", "box", 0, 0], "1"),
    ("positive until the third step", "members-flips", ["claim", "step"], 3),
    ("1/2 is not sent so far by all", "members-escapes", ["family", "box", 0, 0], "2"),
    ("1/1000 is not there yet", "members-escapes", ["claim", "start", 0], "1/1000"),
    ("some members have no cycle there", "members-cycles", ["family", "box", 0, 0], "3/2"),
    ("the points are one", "members-cycles", ["claim", "intervals", 1], ["722/647", "234/209"]),
    ("another family", "two_steps", ["family", "rows", 1, 0, 0, 0], "3"),
    ("not for all three parameters", "three_parameters", ["family", "box", 1, 0], "-100"),
    ("the sign far out", "alternating", ["family", "box", 1, 0], "-1"),
]


@pytest.fixture(scope="module")
def library(coqc):
    return compile_library()


@pytest.mark.parametrize("name", EVERY)
def test_certificates_are_proved_by_the_checker_too(name):
    assert verify(json.dumps(EVERY[name]).encode()).proved


@pytest.mark.parametrize(("why", "name", "path", "new"), FALSE)
def test_false_certificates_are_refused_by_the_checker_too(why, name, path, new):
    assert not verify(json.dumps(changed(EVERY[name], path, new)).encode()).proved


def test_statements_are_readable():
    text = to_coq(EVERY["two_steps"])
    assert "Definition f1 (a b x : R) : R := a * x + b * x^3.\n" in text
    assert "Definition f2 (a b x : R) : R := 2 * x + -1 * b^2 * x^3 + a * b * x^5.\n" in text
    assert "forall a b : R,\n  3/2 <= a <= 8/5 /\\ -3/5 <= b <= -1/2 ->\n  forall x, 1/4 <= x <= 1 ->\n" in text
    assert "<= f2 a b (f1 a b x) <=" in text
    assert "Definition f (t1 t2 t3 x : R) : R := t1 * x + t2 * x^3 + t3 * x^5." in to_coq(EVERY["three_parameters"])
    points = "722/647 <= p <= 234/209 /\\ 218/271 <= f a p <= 229/281"
    assert f"  exists p, ({points}) /\\\n" in to_coq(EVERY["members-cycles"])


@pytest.mark.parametrize(
    ("path", "new", "message"),
    [
        (["claim", "type"], "attains", "the key 'contains' is missing"),
        (["family", "rows"], [], "from 1 to 64 rows"),
        (["family", "box"], [["1", "2"]], "a list of 2"),
        (["family", "parameters"], [], "expected a list of 0"),
        (["witness", "steps", 0, "splits", 0], [[]], "a list of 3"),
    ],
)
def test_what_is_no_certificate_is_refused(path, new, message):
    with pytest.raises(UsageError, match=message):
        to_coq(changed(EVERY["two_steps"], path, new))


@pytest.mark.coq
def test_every_claim_compiles(library):
    all_compile(EVERY.values(), library)


@pytest.mark.coq
def test_no_false_certificate_compiles(library, tmp_path):
    none_compiles([changed(EVERY[name], path, new) for _, name, path, new in FALSE], library, tmp_path)


@pytest.mark.long
@pytest.mark.coq
@pytest.mark.parametrize(("old", "new"), [("3/2 <= a <= 8/5", "3/2 <= a <= 2"), ("a * b * x^5", "a * x^5")])
def test_the_statement_is_tied_to_the_data(library, old, new):
    text = to_coq(EVERY["two_steps"])
    assert old in text
    assert run_coq(text.replace(old, new), library).verdict is CoqVerdict.REJECTED


@pytest.mark.coq
@pytest.mark.exhaustive
@pytest.mark.long
def test_whatever_mutation_the_checker_accepts_compiles(library):
    """One number of a certificate is changed: the checker refuses, or Coq proves what it now states."""
    every = (
        mutant for certificate in EVERY.values() for mutant in mutants(certificate, ("family", "claim", "witness"))
    )
    found = [mutant for mutant in every if verify(json.dumps(mutant).encode()).proved]
    assert len(found) > 50
    all_compile(found, library, seconds=1800)
