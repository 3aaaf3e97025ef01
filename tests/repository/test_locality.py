"""A claim has one home: few files of the package name its kind, and none but the door to the checker says "proved"."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from muon_theory.claims import CLAIMS, AnyClaim
from muon_theory.claims.properties import PROPERTIES

PACKAGE = Path(__file__).parents[2] / "muon_theory"
FILES = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}

MOST = 4
"""A claim is added in four files: its own in claims/, a function in check.py, a finder, and a .v."""

ALSO = {
    "converges": "a property, a layer of an atlas, what becomes of an orbit",
    "escapes": "a property, a layer of an atlas, what becomes of an orbit",
    "flips": "a property, a layer of an atlas",
    "sign-safe": "a property, a threshold's condition",
    "fixes": "a theorem of the Coq library",
    "attracts": "what a fixed point does",
    "repels": "what a fixed point does",
    "region": "a place of a page, of a picture, of a report in SARIF",
    "threshold": "a curve of a picture",
    "slope": "a key of answers",
    "ratio": "a key of answers",
}
"""Words that name other things as well: of these, only what uses them as kinds is counted."""


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(FILES[name].read_text())


def constants(tree: ast.AST) -> set[str]:
    """The texts of a file, without docstrings and the parts of f-strings."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@cache
def texts() -> dict[str, set[str]]:
    return {name: constants(tree(name)) for name in FILES}


def own_file(kind: type[AnyClaim]) -> str:
    return f"{kind.__module__.removeprefix('muon_theory.').replace('.', '/')}.py"


def fields(tree: ast.AST) -> set[str]:
    """The fields of a file's classes: what a claim asks for may be named as a kind is."""
    return {
        node.target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


@pytest.mark.parametrize("word", CLAIMS)
def test_a_kind_has_a_file_of_its_own(word: str) -> None:
    assert own_file(CLAIMS[word]) == f"claims/{word.replace('-', '_')}.py"
    homes = [name for name, said in texts().items() if name.startswith("claims/") and word in said - fields(tree(name))]
    allowed = {own_file(CLAIMS[word]), *(["claims/properties.py"] if word in PROPERTIES else [])}
    assert allowed.issuperset(homes), "in claims/ a kind is named in its own file alone"


@pytest.mark.parametrize("word", sorted(set(CLAIMS) - set(ALSO)))
def test_few_files_name_a_kind(word: str) -> None:
    named = sorted(name for name, said in texts().items() if word in said)
    assert len(named) <= MOST, f"{word} is named in {', '.join(named)}: import its class from muon_theory.claims"


def about_kinds(tree: ast.AST) -> set[str]:
    """The words that a file uses as kinds of claims: compared with a `type`, or looked up in the registry."""
    found: set[str] = set()
    for node in ast.walk(tree):
        sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        if isinstance(node, ast.Match):
            sides = [node.subject, *(case.pattern for case in node.cases)]
        if any(_type(part) for side in sides for part in ast.walk(side)):
            found |= constants(node)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "CLAIMS":
            found |= constants(node.slice)
    return found


@cache
def kinds() -> dict[str, set[str]]:
    return {name: about_kinds(tree(name)) for name in FILES}


def _type(node: ast.AST) -> bool:
    """`claim.type`, or `claim["type"]`."""
    key = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value == "type"
    return key or (isinstance(node, ast.Attribute) and node.attr == "type")


@pytest.mark.parametrize("word", sorted(ALSO))
def test_a_word_that_means_other_things_too_means_the_kind_in_few_files(word: str) -> None:
    asked = {name for name, words in kinds().items() if word in words}
    named = asked | {own_file(CLAIMS[word]), "check.py"}
    assert len(named) <= MOST, f"{word} is meant as a kind in {', '.join(sorted(named))}"


def test_uses_as_kinds_are_seen() -> None:
    seen = ("c.type == 'flips'", "'flips' in (c['type'],)", "CLAIMS['flips']", "match c.type:\n case 'flips': pass")
    assert all(about_kinds(ast.parse(text)) >= {"flips"} for text in seen)
    assert not about_kinds(ast.parse("layer.kind == 'flips'; LAYERS['flips']"))


def test_no_other_code_writes_a_statement() -> None:
    """The forms of sentences stand in claims/ alone (the checker has exact ones of its own)."""
    forms = (
        "every step is > 0 on the orbits of",
        "under f leaves every bound",
        "has an attracting cycle of least period",
    )
    for name, said in texts().items():
        if not name.startswith("claims/") and name != "check.py":
            assert not [text for text in said for form in forms if form in text], name


def compared(tree: ast.AST) -> set[ast.AST]:
    """What is compared with something, or looked up: the parts of comparisons, and keys."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare | ast.Dict):
            found.update(ast.walk(node))
    return found


@pytest.mark.parametrize("name", sorted(set(FILES) - {"check.py", "verification.py"}))
def test_nothing_else_says_proved(name: str) -> None:
    """Not as a text, and not as a verdict; `answer` makes answers of what `verify` said."""
    assert "proved" not in texts()[name]
    if name == "answer.py":
        return
    free = [
        node.lineno
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Attribute)
        and node.attr == "PROVED"
        and isinstance(node.value, ast.Name)
        and node.value.id == "Verdict"
        and node not in compared(tree(name))
    ]
    assert not free or name == "document.py", f"Verdict.PROVED is given in line {free}: take it from verify"
