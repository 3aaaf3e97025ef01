"""Formulas and running text: cut without loss, well formed whatever they say, and with a mathematician's habits."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.derivations.formula import a, formula, x
from muon_theory.document import Badge, Report, Section
from muon_theory.errors import UsageError
from muon_theory.evidence import Derivation, Formula, Step
from muon_theory.reports import mathml
from muon_theory.reports.html import render
from muon_theory.reports.prose import paragraphs, prose

FORMULAS = [
    formula("|f'(1)|", "<", 1),
    formula("f(x) - x", "=", x * (1 - x**2) ** 2 * (a - 1), ">", 0),
    formula("∂f/∂a", "=", "x(1 - x²)²", ">", 0),
    formula("E", "=", sum((k + 7) * a**k * x for k in range(9)), "⇒", a, "=", -1),
]


@pytest.mark.parametrize("value", FORMULAS, ids=lambda f: f.text)
def test_cutting_a_formula_loses_nothing(value):
    cut = mathml.pieces(value.mathml)
    text = ["".join(ET.fromstring(markup).itertext()) for markup in (value.mathml, *cut)]
    assert "".join(text[1:]) == text[0].replace("-", "−")


def test_a_formula_is_cut_at_relations_and_a_long_one_at_signs():
    assert [len(mathml.pieces(f.mathml)) for f in FORMULAS] == [2, 3, 3, 12]
    assert len(mathml.pieces(formula("|x - p| < δ").mathml)) == 2  # not at the sign between bars


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<math><mi>a</math>", "not well formed"),
        ("<p>a</p>", "begins with <p>"),
        ("<math><mi>&sdot;</mi></math>", "not well formed"),
    ],
)
def test_a_broken_formula_is_refused(markup, reason):
    broken = Derivation("t", (Step("s", "r", Formula("a", "a", markup)),), "c")
    section = Section("A1", "t", "s", "p", Badge.DERIVED, "a", derivations=(broken,))
    with pytest.raises(UsageError, match=reason):
        render(Report("t", "s", (), (section,), "c"))


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("f'(1) = -1", "<i>f</i>′(1) =\u00a0−1"),
        ("b = -1", "<i>b</i>\u00a0=\u00a0−1"),
        ("the term -x³/2; --all", "the term −<i>x</i>³/2; --all"),
        ("2 - 2a < b", "2\u00a0−\u00a02<i>a</i> &lt;\u00a0<i>b</i>"),
        ("a short bound with a constant", "a short bound with a constant"),
        ("as a grows, e.g. for small x", "as <i>a</i> grows, e.g. for small <i>x</i>"),
        ("Jordan's and don't: I", "Jordan’s and don’t: I"),
        (
            "n^(-1/2), f^n, x_{n+1}",
            "<i>n</i><sup>−1/2</sup>, <i>f</i><sup><i>n</i></sup>, <i>x</i><sub><i>n</i>+1</sub>",
        ),
        ("a*(s) and `a - b` and *so*", "<i>a</i>*(<i>s</i>) and <code>a - b</code> and <em>so</em>"),
        ("see A11, muon-theory", "see A11, muon-theory"),
        ("$b$ > 0", "<math><mi>b</mi></math> &gt;\u00a00"),
        ("‖X‖_F ≥ ‖X‖_2", "‖<i>X</i>‖<sub><i>F</i></sub> ≥\u00a0‖<i>X</i>‖<sub>2</sub>"),
        ("φ_t-1, x_r²", "<i>φ</i><sub><i>t</i>−1</sub>, <i>x</i><sub><i>r</i></sub>²"),
        ("(-∞, 1]", "(−∞,\u00a01]"),
    ],
)
def test_prose(text, markup):
    assert str(prose(text)) == markup


@pytest.mark.parametrize(
    ("name", "row"), [("f''(1)", ["f", "′′", "(", "1", ")"]), ("2i+1", ["2", "i", "+", "1"]), ("first", None)]
)
def test_a_name_that_is_a_row_of_signs_is_set_as_one(name, row):
    (markup,) = mathml.pieces(f"<math><mi>{name}</mi></math>")
    (element,) = ET.fromstring(markup)
    assert [e.text for e in element] == (row or [])
    assert "".join(element.itertext()) == "".join(row or [name])


def test_two_formulas_side_by_side_keep_a_distance():
    root = [ET.fromstring(p) for p in mathml.pieces(formula("f(x, y) = 1, y = 2").mathml)]
    assert sum(1 for piece in root for _ in piece.iter("mspace")) == 1


def test_a_tree_keeps_all_signs_and_pairs_the_fences():
    """The last fence closes the first; a power of a fenced term has the whole term as its base."""
    (piece,) = mathml.trees(formula("(a + (b))²").mathml)
    inner = ["fenced", [["mo", "("], ["mi", "b"], ["mo", ")"]]]
    outer = ["fenced", [["mo", "("], ["mi", "a"], ["mo", "+"], inner, ["mo", ")"]]]
    assert piece == ["mrow", [["msup", [outer, ["mrow", [["mi", "2"]]]]]]]


@pytest.mark.parametrize("value", FORMULAS, ids=lambda f: f.text)
def test_trees_and_pieces_say_the_same(value):
    def words(node):
        return node[1] if isinstance(node[1], str) else "".join(map(words, node[1]))

    shown = ["".join(ET.fromstring(piece).itertext()) for piece in mathml.pieces(value.mathml)]
    assert [words(tree) for tree in mathml.trees(value.mathml)] == [text.replace(" ", "") for text in shown]


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="$")))
def test_any_text_becomes_well_formed_markup(text):
    ET.fromstring(f"<div>{paragraphs(text)}</div>")
