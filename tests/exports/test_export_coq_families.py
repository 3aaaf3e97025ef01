"""Coq exports of claims about families: every property and every critical condition compiles, false ones do not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.errors import UsageError
from muon_theory.exports.coq import to_coq
from muon_theory.exports.coqc import CoqVerdict, compile_library, run_coq
from muon_theory.family import CUBIC, QUINTIC
from muon_theory.finders import families
from muon_theory.interval import Interval
from muon_theory.testing import rationals
from muon_theory.verification import verify
from tests.exports.coq_runs import all_compile, none_compiles
from tests.exports.naive_certificates import Q, mutants, value

I = Interval.of

LINE = QUINTIC.fix(s=0)


def plain(found):
    return json.loads(found.data)


REGIONS = {
    "converges": (CUBIC, [I("3/2", "7/4")]),
    "sign-safe": (CUBIC, [I(2, "5/2")]),
    "bounded": (CUBIC, [I(2, "14/5")]),
    "positive": (QUINTIC, [I("9/4", "19/8"), I("-1/8", "1/8")]),
    "attracting": (QUINTIC, [I(-3, 3), I("-9/10", "9/10")]),
    "multiplier-above-1": (CUBIC, [I(0, "9/10")]),
    "multiplier-below-minus-1": (CUBIC, [I("21/10", 3)]),
    "flips": (CUBIC, [I("27/10", 3)]),
    "escapes": (LINE, [I("7/2", "18/5")]),
    "escapes-alternating": (CUBIC, [I("7/2", 4)]),
    "lands": (LINE, [I("7/2", "18/5")]),
    "returns": (CUBIC, [I("21/10", "11/5")]),
}
THRESHOLDS = {
    ("converges", "fixed-point"): (LINE, I(2, "7/2")),
    ("converges", "landing"): (LINE, I(2, "7/2")),
    ("bounded", "fixed-point"): (LINE, I(2, "7/2")),
    ("bounded", "antipode"): (CUBIC, I(1, 4)),
    ("sign-safe", "zero"): (CUBIC, I(1, 4)),
}


def regions():
    return {name: plain(families.region(family, name, box)) for name, (family, box) in REGIONS.items()}


def thresholds():
    return {key: plain(families.threshold(family, *key, extent)) for key, (family, extent) in THRESHOLDS.items()}


def two_boxes():
    """One region on two boxes, open: each lies in a cell of its own."""
    one = plain(families.region(CUBIC, "attracting", [I(1, "3/2")], interior=True))
    two = plain(families.region(CUBIC, "attracting", [I("7/4", 2)], interior=True))
    one["claim"]["boxes"] += two["claim"]["boxes"]
    for mine, its in zip(one["witness"]["covers"], two["witness"]["covers"], strict=True):
        mine += its
    one["witness"]["uses"].append([1, 1])
    return one


def two_points():
    """One region on two boxes, open, each with an x₀ of its own."""
    one = plain(families.region(CUBIC, "flips", [I("27/10", "28/10")], interior=True))
    two = plain(families.region(CUBIC, "flips", [I("7/2", 4)], interior=True))
    assert one["witness"]["covers"][0][0][2] != two["witness"]["covers"][0][0][2]
    one["claim"]["boxes"] += two["claim"]["boxes"]
    one["witness"]["covers"][0] += two["witness"]["covers"][0]
    one["witness"]["uses"].append([1])
    return one


def changed(certificate, change):
    copy = json.loads(json.dumps(certificate))
    change(copy["claim"], copy["witness"])
    return copy


def false():
    """Certificates that claim too much after one change, and why."""
    found, at = regions(), thresholds()

    def grow(claim, witness):
        for box in [*claim["boxes"], *(cell[0] for cells in witness["covers"] for cell in cells)]:
            box[-1][1] = "5"

    def lower(claim, witness):
        for box in [*claim["boxes"], *(cell[0] for cells in witness["covers"] for cell in cells)]:
            box[-1][0] = "1"

    up, down = ("converges", "sign-safe", "bounded", "attracting", "multiplier-above-1"), ("flips", "escapes")
    wrong = {name: changed(found[name], grow) for name in up}
    wrong |= {name: changed(found[name], lower) for name in (*down, "escapes-alternating", "multiplier-below-minus-1")}
    wrong["another x₀ for each condition"] = changed(
        found["escapes"], lambda _, w: w["covers"][1][0].__setitem__(2, "5/33")
    )
    wrong["an x₀ outside (0, 1)"] = changed(found["flips"], lambda _, w: w["covers"][0][0].__setitem__(2, "3/2"))
    wrong["no flip at this x₀"] = changed(found["flips"], lambda _, w: w["covers"][0][0].__setitem__(2, "1/1000"))
    wrong["one box with the other's x₀"] = changed(
        two_points(), lambda _, w: w["covers"][0][0].__setitem__(2, w["covers"][0][1][2])
    )
    wrong["a box outside the cells"] = changed(found["bounded"], lambda c, _: c["boxes"][0][0].__setitem__(1, "29/10"))
    wrong["an open cell for a closed box"] = changed(two_boxes(), lambda c, _: c.update(open=False))
    wrong["not the root"] = changed(at["sign-safe", "zero"], lambda c, _: c.update(isolating=["27/10", "14/5"]))
    wrong["another polynomial"] = changed(
        at["bounded", "antipode"], lambda c, _: c["polynomial"][0].__setitem__(0, "-4")
    )
    wrong["the window starts too late"] = changed(
        at["converges", "fixed-point"], lambda _, w: w["window"].__setitem__(0, w["window"][1])
    )
    wrong["nothing is negative there"] = changed(at["bounded", "fixed-point"], lambda _, w: w.update(points=["99/100"]))
    return wrong


@pytest.fixture(scope="module")
def library(coqc):
    return compile_library()


def test_statements_are_readable():
    flips, alternating = regions()["flips"], regions()["escapes-alternating"]
    assert "forall a : R,\n  27/10 <= a <= 3 ->\n  exists x0, 0 < x0 < 1 /\\ f a (f a x0) < 0." in to_coq(flips)
    assert "  exists x0, 0 < x0 < 1 /\\ is_lim_seq (fun n => Rabs (Nat.iter n (f a) x0)) p_infty /\\\n" in to_coq(
        alternating
    )
    assert "forall n, (0 < n)%nat -> Nat.iter n (f a) x0 * Nat.iter (S n) (f a) x0 < 0." in to_coq(alternating)
    assert "  27/10 < a < 14/5 \\/\n  7/2 < a < 4 ->\n" in to_coq(two_points())
    region, threshold = regions()["converges"], thresholds()["sign-safe", "zero"]
    assert "Definition f (a x : R) : R := a * x + (1 - a) * x^3." in to_coq(region)
    assert (
        "forall a : R,\n  3/2 <= a <= 7/4 ->\n  forall x0, 0 < x0 <= 1 -> is_lim_seq (fun n => Nat.iter n (f a) x0) 1."
        in to_coq(region)
    )
    assert "(1 < a < 3/2 \\/" not in to_coq(two_boxes())
    assert "  1 < a < 3/2 \\/\n  7/4 < a < 2 ->\n" in to_coq(two_boxes())
    text = to_coq(threshold)
    assert "let m (a : R) := -27 + 4 * a^2 in" in text
    assert "forall a, 1 < a < alpha ->\n    forall x0, 0 < x0 <= 1 -> forall n, 0 < Nat.iter n (f a) x0" in text
    assert "forall a, alpha < a <= 4 ->\n    exists x0, 0 < x0 < 1 /\\ f a (f a x0) < 0" in text


@pytest.mark.parametrize("name", ["x", "alpha", "*) Axiom wrong : False. (*", "R", "m"])
def test_names_of_parameters_are_not_copied(name):
    certificate = regions()["attracting"]
    certificate["family"]["parameters"][1] = name
    assert "Definition f (t1 t2 x : R) : R := t1 * x + " in to_coq(certificate)
    assert "wrong" not in to_coq(certificate).partition("Close Scope")[2]


def test_what_is_no_certificate_is_refused():
    for change in (
        lambda c, _: c.update(property="nonsense"),
        lambda c, _: c.update(property=["bounded"]),
        lambda c, _: c.update(boxes=[[["1", "2"], ["1", "2"]]]),
    ):
        with pytest.raises(UsageError, match=r"malformed|words"):
            to_coq(changed(regions()["bounded"], change))


@given(st.sampled_from([CUBIC, LINE]), rationals(-6, 6, 1000), rationals(0, 1, 1000))
def test_convergence_never_ends_because_a_sign_flips(family, a, y):
    """Why no certificate shows a threshold of `converges` through `zero`.

    g·g(Z) - 1 = (g² - 1)·N: where w > 0, so that g > 1, and N > 0, also g(Z) > 1/g > 0.  Convergence has ended, by
    N = 0, before g(Z) = 0.
    """
    g = family.at(a=a).coefficients
    at = lambda z: value(g, z)  # noqa: E731
    z = y * at(y) ** 2
    if z == y:
        return
    n = 1 + y * at(y) * (at(z) - at(y)) / (z - y)
    assert at(y) * at(z) - 1 == (at(y) ** 2 - 1) * n
    if at(y) > 1 and n > 0:
        assert at(z) > 0


def test_no_threshold_of_convergence_through_a_sign_flip():
    certificate = thresholds()["sign-safe", "zero"]
    certificate["claim"]["property"] = "converges"
    certificate["witness"]["below"].append([[], []])
    assert "no critical polynomial" in verify(json.dumps(certificate).encode()).reason


@pytest.mark.long
@pytest.mark.coq
def test_every_property_and_condition_compiles(library):
    every = [*regions().values(), two_boxes(), two_points(), *thresholds().values()]
    assert all(verify(json.dumps(certificate).encode()).proved for certificate in every)
    all_compile(every, library)


@pytest.mark.coq
@pytest.mark.long  # by default those of schedules, in test_export_coq.py
def test_no_false_certificate_compiles(library, tmp_path):
    every = false()
    assert [why for why, certificate in every.items() if verify(json.dumps(certificate).encode()).proved] == []
    none_compiles(every.values(), library, tmp_path)


@pytest.mark.long
@pytest.mark.coq
@pytest.mark.parametrize(
    ("old", "new"), [("(1 - a) * x^3", "(2 - a) * x^3"), ("4 * a^2", "5 * a^2"), ("a <= 4", "a <= 5")]
)
def test_the_statement_is_tied_to_the_data(library, old, new):
    text = to_coq(thresholds()["sign-safe", "zero"])
    assert old in text
    assert run_coq(text.replace(old, new), library).verdict is CoqVerdict.REJECTED


@pytest.mark.coq
@pytest.mark.exhaustive
@pytest.mark.long
def test_whatever_mutation_the_checker_accepts_compiles(library):
    """One number of a certificate is changed: the checker refuses, or Coq proves what it now states."""
    accepted = [
        mutant
        for certificate in (regions()["converges"], regions()["bounded"], *thresholds().values())
        for mutant in mutants(certificate, ("claim", "witness"), (Q(99, 100), Q(101, 100)))
        if verify(json.dumps(mutant).encode()).proved
    ]
    assert len(accepted) > 20
    all_compile(accepted, library, seconds=1800)
