"""What the verbs take and give: any way of naming a schedule, and results that show themselves."""

from __future__ import annotations

import enum
import html
import inspect
import json
import re
import tempfile
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest

import muon_theory as mt
from muon_theory.display.shown import SCREEN
from muon_theory.subject import schedule_of
from muon_theory.testing import assert_certified, assert_refuted

JORDAN = (3.4445, -4.7750, 2.0315)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("source") / "optimizer.py"
    path.write_text("COEFFS = (3.4445, -4.7750, 2.0315)\n")
    return path


def test_every_way_of_naming_a_schedule(source, tmp_path):
    (tmp_path / "rows.json").write_text(json.dumps([JORDAN] * 5))
    jordan = mt.Schedule.parse("3.4445,-4.7750,2.0315")
    ways = [
        "jordan",
        "3.4445,-4.7750,2.0315",
        f"{source}::COEFFS",
        str(tmp_path / "rows.json"),
        tmp_path / "rows.json",
        jordan,
        jordan.steps[0],
        JORDAN,
        [JORDAN] * 5,
        [list(map(str, JORDAN))],
        [tuple(map(Decimal, ("3.4445", "-4.7750", "2.0315")))] * 5,
        [(Fraction(6889, 2000), Fraction(-191, 40), Fraction(4063, 2000))],
        mt.presets("jordan"),
        mt.presets("jordan").entry,
    ]
    assert {schedule_of(way).digest for way in ways} == {jordan.digest}


def test_floats_are_the_decimals_that_repr_prints_and_it_says_so():
    found = mt.certify([(3.4445, -4.7750, 2.0315)] * 5, lower=0.01)
    assert found.schedule.digest == mt.Schedule.parse("3.4445,-4.7750,2.0315").digest
    assert "floats, read as the decimals that repr prints" in repr(found)
    assert found.exact.interval.lo == Fraction(1, 100)
    assert "floats" not in repr(mt.certify("jordan"))
    with pytest.raises(mt.UsageError, match="is no number to compute with"):
        mt.certify([(float("nan"), 1.0)])


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ([], "there are no rows"),
        ([[]], "row 1 is"),
        ([(1.0, -0.5), 3.0], "row 2 is"),
        (3.5, "names no schedule"),
        (None, "names no schedule"),
        ({"a": 1}, "names no schedule"),
        ([("1", "2x")], "row 1, coefficient 2"),
        ([(True, 1)], "row 1 is|not exact"),
        ([(1e300, 1.0)], "a size between 1e-100 and 1e100"),
        ([(1.0,)] * 3002, "at most 1000 steps"),
        ([(1.0,) * 3002], "at most 200 are read"),
    ],
)
def test_what_is_no_schedule_is_said_in_one_line(subject, words):
    with pytest.raises(mt.UsageError, match=words) as raised:
        mt.certify(subject)
    assert "\n" not in str(raised.value)


RESULTS = {
    "certify": lambda: mt.certify("article", lower="1/100"),
    "certify in fp32": lambda: mt.certify("article", lower="1/10", dtype="fp32", shape=(8, 8)),
    "certify, one answer": lambda: mt.certify("article", lower="1/100").answers[0],
    "verify": lambda: mt.verify(mt.certify("article", lower="1/100")),
    "explain": lambda: mt.explain(mt.certify("article", lower="1/100")),
    "explain a rule": lambda: mt.explain("near-miss"),
    "thresholds": lambda: mt.thresholds("article", digits=12),
    "thresholds of a family": lambda: mt.thresholds("cubic", digits=12),
    "thresholds, one": lambda: next(iter(mt.thresholds("article", digits=12))),
    "orbits": lambda: mt.orbits("article", 0.5, steps=4),
    "orbits, a basin": lambda: mt.orbits("article", basin=True, digits=12),
    "design": lambda: mt.design(degree=3, steps=2, lower=0.1),
    "design_constant": lambda: mt.design_constant(degree=3, steps=2, lower="1/4"),
    "recommend": lambda: mt.recommend(budget=6, lower="1/10", constants=False),
    "recommend, one": lambda: mt.recommend(budget=6, lower="1/10", constants=False)[0],
    "constants": lambda: mt.constants("article"),
    "audit": lambda: mt.audit("3.4445,-4.7750,2.3015"),
    "audit, one": lambda: mt.audit("3.4445,-4.7750,2.3015").subjects[0],
    "atlas": lambda: _diagram(),
    "derive": lambda: mt.derive("a4"),
    "derive of a family": lambda: mt.derive(family="cubic"),
    "presets": mt.presets,
    "export": lambda: mt.export("article", to="latex"),
}
LENGTHY = {
    "derive, the list": mt.derive,
    "constant_front": lambda: mt.constant_front(degree=3, steps=2, lower="1/4"),
    "confirm": lambda: mt.confirm("article", shape=(8, 6), dtype="fp32"),
    "conform": lambda: mt.conform(_iterated, "article", law="odd", examples=2),
    "conform_step": lambda: mt.conform_step("torch.optim:Muon", law="zero", examples=2),
    "spectrum": lambda: mt.spectrum(_matrix(), "article"),
    "report": lambda: mt.report("article", tempfile.mkdtemp() + "/out"),
}
"""These wait for torch, or for many computations."""
NO_RESULTS = {"load", "orthogonalize", "rational"}
"""Certificates, a matrix, a number."""
UNJUDGED = ("presets", "export", "explain a rule")
"""What is looked up or written has no verdict."""


WORDS = ("presets", "export", "explain", "verify", "derive", "report", "conform", "certify, one", "thresholds, one")
"""There is nothing to draw."""


@cache
def _diagram():
    return mt.atlas("quintic", depth=6, jobs=1)


def _matrix():
    return pytest.importorskip("torch").diag(pytest.importorskip("torch").linspace(0.1, 1, 6))


def _iterated(X):
    return mt.orthogonalize(X, "article")


def test_every_verb_has_an_example_here():
    verbs = {name for name in mt.__all__ if inspect.isfunction(getattr(mt, name))}
    assert {name.partition(",")[0].partition(" ")[0] for name in (RESULTS | LENGTHY)} == verbs - NO_RESULTS


@pytest.mark.parametrize("name", RESULTS)
def test_results_show_themselves(name, tmp_path):
    shows_itself(name, RESULTS[name](), tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("name", LENGTHY)
def test_results_of_long_verbs_show_themselves(name, tmp_path):
    pytest.importorskip("torch")
    found = LENGTHY[name]()
    shows_itself(name, found, tmp_path)
    assert name != "derive, the list" or "a4" in repr(found)


def shows_itself(name, found, tmp_path):
    """What a notebook and a prompt ask of a result."""
    assert 1 <= len(repr(found).split("\n")) <= SCREEN + 1
    assert all(len(line) <= 80 for line in found.text(80).split("\n")) or name == "export"
    assert found._repr_html_().startswith("<div")
    assert found._repr_latex_()
    json.dumps(found.to_json())
    if not name.startswith(UNJUDGED):
        assert isinstance(found.verdict, enum.Enum)
        assert isinstance(found.verdict.value, str)
    path = tmp_path / "saved"
    if name == "report":  # it is a folder already
        return
    found.save(path)
    if path.is_file() and found.certificates:
        assert mt.verify(path).proved
    if name.startswith(WORDS):
        with pytest.raises(mt.UsageError, match=r"\Athere is no picture of [^\n]*\Z"):
            found.plot()
    else:
        assert found.plot().axes


def test_what_results_are_made_of_shows_itself_shortly():
    made = mt.design(degree=5, steps=3, lower=0.01, decimals=4)
    assert repr(made.steps).split("\n")[0] == "8.0934, -23.6205, 17.4462;"
    assert repr(made.steps[0]) == "OddPolynomial.of('8.0934', '-23.6205', '17.4462')"
    assert eval(repr(made.steps[0]), {"OddPolynomial": mt.OddPolynomial}) == made.steps[0]
    assert made.steps._repr_latex_().startswith(r"\begin{align*}")
    assert made.schedule.steps[0]._repr_latex_() == r"$f(x) = 8.0934\,x - 23.6205\,x^{3} + 17.4462\,x^{5}$"
    for thing in (made.schedule, mt.presets("jordan").entry, mt.QUINTIC, mt.certify("jordan").exact):
        assert len(repr(thing)) < 200
        assert "\n" not in repr(thing)
    assert repr(mt.certify("jordan").answers[0]).startswith("proved  sign-safe of jordan: every step")


@pytest.mark.long
def test_derivations_show_themselves():
    found = mt.derive("a4")
    assert repr(found).startswith(found.derivation.title)
    assert found.formulas[0].latex in found._repr_latex_()
    curves = mt.derive(family="cubic")
    assert curves.verdict is mt.Standing.DERIVED
    assert "period-doubling" in curves._repr_html_()
    assert mt.derive(family="cubic", property="escape").derivation == curves.boundaries["escape"].derivation
    with pytest.raises(mt.UsageError, match="no property 'flight'"):
        mt.derive(family="cubic", property="flight")


@pytest.mark.long
def test_a_phase_diagram_is_saved_as_a_folder(tmp_path):
    found = _diagram()
    found.save(tmp_path / "new")
    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert names == {*(file.name for file in found.files), "strip-theorem.json", "atlas.svg", "atlas.png"}
    assert all(mt.verify(tmp_path / "new" / file.name).proved for file in found.files)
    assert found.plot().axes
    assert "every box below is proved" in repr(found)
    with pytest.raises(mt.UsageError, match="step= belongs to schedule="):
        mt.atlas(family="quintic", step=2)


def test_what_cannot_be_drawn_says_so():
    with pytest.raises(mt.UsageError, match="there is no picture"):
        mt.presets().plot()


def test_one_file_is_proved_when_every_certificate_in_it_is(tmp_path):
    path = tmp_path / "two.json"
    mt.certify("article").save(path)
    seen = mt.verify(path)
    assert seen.proved
    assert len(seen.claims) > 1
    data = path.read_bytes()
    assert mt.verify(data).proved
    path.write_bytes(data.replace(b'"upper":"1"', b'"upper":"2"', 1))  # sign-safe on (0, 2]: false
    seen = mt.verify(path)
    assert not seen.proved
    assert seen.verdict.value == "refused"
    assert not mt.verify(tmp_path / "absent.json").proved


def test_a_family_stands_where_a_subject_does():
    named = mt.thresholds("quintic", slope_at_one="-49/50", digits=12)
    assert {t.kind: t.value for t in named}["divergence"] == "3.34241542085"
    written = mt.thresholds("a; (5-s)/2 - 2a; a - (3-s)/2", set={"s": -0.98}, digits=12)
    assert {t.kind: t.value for t in written}["divergence"] == "3.34241542085"


def test_a_family_has_the_same_verdicts_however_it_is_written():
    cubic = mt.thresholds("cubic", digits=12).to_json()
    for text in ("a; 1-a", "f(1) = 1; f'(0) = a", "f'(0)=a; f(1)=1", " a ;1 - a"):
        assert mt.thresholds(text, digits=12).to_json() == cubic
    assert repr(mt.thresholds("a; 1-a", digits=12)) == repr(mt.thresholds("cubic", digits=12))
    other = mt.thresholds("b; 1-b", digits=12)
    assert [(t.kind, t.value, t.verdict) for t in other] == [
        (t.kind, t.value, t.verdict) for t in mt.thresholds("cubic", digits=12)
    ]
    proved = [s.replace("every b", "every a") for t in other for s in t.statements]
    assert proved[:4] == [s for t in mt.thresholds("cubic", digits=12) for s in t.statements][:4]


def test_a_result_is_a_subject():
    made = mt.design(degree=3, steps=2, lower=0.1)
    assert mt.certify(made, lower=0.1).schedule.digest == made.schedule.digest
    assert "Theorem" in mt.export(mt.certify("article", lower="1/2"), to="coq").text()


def test_assertions_take_what_certify_takes(source):
    assert_certified([JORDAN] * 5, lower=0.01, target=(0.68, 1.14))
    assert_certified(f"{source}::COEFFS", steps=5)
    assert_refuted([(3.4445, -4.7750, 2.3015)])
    with pytest.raises(AssertionError, match="refuted"):
        assert_certified([(3.4445, -4.7750, 2.3015)])
    with pytest.raises(AssertionError, match="proved, not refuted"):
        assert_refuted("jordan")


def test_orthogonalize_takes_a_preset():
    torch = pytest.importorskip("torch")
    X = torch.tensor([[3.0, 0.0], [0.0, 4.0]])
    assert torch.allclose(mt.orthogonalize(X, "15/8,-5/4,3/8", steps=6), torch.eye(2))


def test_a_notebook_keeps_the_lines_of_a_text_and_wraps_no_narrow_cell():
    """A browser folds white space: code and proofs came out as one paragraph, `* proved` as two lines."""
    code = mt.export("jordan", to="python")
    shown = re.fullmatch(r'<div class="muon-theory"><pre style=[^>]*>(.*)</pre></div>', code._repr_html_(), re.DOTALL)
    assert html.unescape(shown[1]) == code.text()
    assert code._repr_latex_().count(r"\\") == code.text().count("\n")
    row = next(r for r in re.findall("<tr>.*?</tr>", mt.certify("jordan")._repr_html_()) if "* proved" in r)
    assert re.findall(r"white-space:([\w-]+)", row) == ["pre", "pre-wrap"]


def test_a_derivation_is_set_as_mathematics():
    shown = mt.derive("a4")._repr_html_()
    assert shown.count("<math") == len(mt.derive("a4").formulas)
    assert "because" in shown
