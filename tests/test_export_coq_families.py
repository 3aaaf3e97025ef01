"""Coq exports of claims about families: every property and every critical condition compiles, false ones do not."""

import json
import re

import pytest

from muon_theory.certify import families
from muon_theory.errors import UsageError
from muon_theory.export.coq import ALLOWED_AXIOMS, CoqVerdict, compile_library, run_coq, to_coq
from muon_theory.family import CUBIC, QUINTIC
from muon_theory.interval import Interval
from muon_theory.verify import verify

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
}
THRESHOLDS = {
    ("converges", "fixed-point"): (LINE, I(2, "7/2")),
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

    wrong = {name: changed(found[name], grow) for name in found if name not in ("multiplier-below-minus-1", "positive")}
    wrong["a box outside the cells"] = changed(found["bounded"], lambda c, _: c["boxes"][0][0].__setitem__(1, "29/10"))
    wrong["an open cell for a closed box"] = changed(two_boxes(), lambda c, _: c.update(open=False))
    wrong["not the root"] = changed(at["sign-safe", "zero"], lambda c, _: c.update(isolating=["27/10", "28/10"]))
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


def bundle(certificates):
    return {"format": "muon-theory/bundle/1", "certificates": list(certificates)}


def test_statements_are_readable():
    region, threshold = regions()["converges"], thresholds()["sign-safe", "zero"]
    assert "Definition f (a x : R) : R := a * x + (1 - a) * x^3." in to_coq(region)
    assert (
        "forall a : R,\n  3/2 <= a <= 7/4 ->\n  forall x0, 0 < x0 <= 1 -> is_lim_seq (fun n => Nat.iter n (f a) x0) 1."
        in to_coq(region)
    )
    assert "(1 < a < 3/2 \\/" not in to_coq(two_boxes())
    assert "  1 < a < 3/2 \\/\n  7/4 < a < 2 ->\n" in to_coq(two_boxes())
    text = to_coq(threshold)
    assert "Definition m (a : R) : R := -27 + 4 * a^2." in text
    assert "forall a, 1 < a < alpha ->\n    forall x0, 0 < x0 <= 1 -> forall n, 0 < Nat.iter n (f a) x0" in text
    assert "forall a, alpha < a <= 4 ->\n    exists x0, 0 < x0 < 1 /\\ Nat.iter 2 (f a) x0 < 0" in text


@pytest.mark.parametrize("name", ["x", "alpha", "*) Axiom wrong : False. (*", "R", "m"])
def test_names_of_parameters_are_not_copied(name):
    certificate = regions()["attracting"]
    certificate["family"]["parameters"][1] = name
    assert "Definition f (t1 t2 x : R) : R := t1 * x + " in to_coq(certificate)
    assert "wrong" not in to_coq(certificate)


def test_what_has_no_export_is_named():
    certificate = changed(regions()["bounded"], lambda c, _: c.update(property="escapes"))
    with pytest.raises(UsageError, match="a region with the property 'escapes' has no Coq export"):
        to_coq(certificate)
    for change in (
        lambda c, _: c.update(property="nonsense"),
        lambda c, _: c.update(property=["bounded"]),
        lambda c, _: c.update(boxes=[]),
        lambda c, _: c.update(boxes=[[["1", "2"], ["1", "2"]]]),
    ):
        with pytest.raises(UsageError, match="not a certificate"):
            to_coq(changed(regions()["bounded"], change))


@pytest.mark.coq
def test_every_property_and_condition_compiles(library):
    every = [*regions().values(), two_boxes(), *thresholds().values()]
    assert all(verify(json.dumps(certificate).encode()).proved for certificate in every)
    result = run_coq(to_coq(bundle(every)), library)
    assert (result.verdict, result.message) == (CoqVerdict.ACCEPTED, "")
    assert result.axioms <= ALLOWED_AXIOMS


@pytest.mark.coq
def test_no_false_certificate_compiles(library):
    every = false()
    assert [why for why, certificate in every.items() if verify(json.dumps(certificate).encode()).proved] == []
    text = to_coq(bundle(every.values()))
    # `Fail` turns the error that is expected of each Qed into success
    text, count = re.subn(r"Qed\.", "Fail Qed.\nAbort.", text[: text.index("Definition everything")])
    result = run_coq(text + "Print Assumptions I.\n", library)
    assert (count, result.verdict, result.message) == (len(every), CoqVerdict.ACCEPTED, "")


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
        for mutant in mutants(certificate)
        if verify(json.dumps(mutant).encode()).proved
    ]
    assert len(accepted) > 20
    result = run_coq(to_coq(bundle(accepted)), library, seconds=1800)
    assert (result.verdict, result.message) == (CoqVerdict.ACCEPTED, "")


def mutants(value):
    """Every variant in which one rational of the claim or the witness is a little more or less."""
    from fractions import Fraction

    for path, old in leaves({key: value[key] for key in ("claim", "witness")}):
        for factor in (Fraction(99, 100), Fraction(101, 100)):
            copy = json.loads(json.dumps(value))
            place = copy
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = str(Fraction(old) * factor)
            if place[path[-1]] != old:
                yield copy


def leaves(value, path=()):
    if isinstance(value, str):
        if re.fullmatch(r"-?\d+(/\d+)?", value):
            yield path, value
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
