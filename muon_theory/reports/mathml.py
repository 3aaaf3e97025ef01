"""MathML for a page: checked to be well formed, and cut at relations so that a long formula can wrap.

Browsers do not break lines inside a formula.  So a displayed formula becomes a row of inline ones, each beginning with
the relation (or, in a long sum, the sign) before which a mathematician would break.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

from muon_theory.errors import UsageError

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_RELATIONS = frozenset("=<>≤≥≠≡∈⊆→⇔⇒⟺⟹≈")
_SIGNS = frozenset("+−")
_FENCES = frozenset("()[]|{}")
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_SPACES = dict.fromkeys("⇒⇔⟹⟺", "0.55em") | {"/": "0.05em"}
_PIECE = re.compile(r"[^\W\d_]+|\d+|′+|\S")
_LONG = 34
"""Characters above which a piece between two relations is cut at its signs."""


def pieces(markup: str) -> tuple[str, ...]:
    """The formula as inline <math> elements between which a line may break.

    Raises
    ------
    UsageError
        The markup is not well formed XML with root <math>.

    >>> [ET.fromstring(p)[0].tag for p in pieces("<math><mi>a</mi><mo>=</mo><mn>1</mn></math>")]
    ['mi', 'mo']
    """
    rows = _rows(markup)
    return tuple(_write(row, display=True, first=row is rows[0]) for row in rows)


def trees(markup: str) -> list[list[object]]:
    """The same pieces as `tree` gives a formula."""
    return [["mrow", _fenced(row)] for row in _rows(markup)]


def tree(markup: str) -> list[object]:
    """The formula as nested lists, [tag, text or children]: for a renderer that knows no XML.

    >>> tree("<math><msup><mi>a</mi><mn>2</mn></msup></math>")
    ['math', [['msup', [['mi', 'a'], ['mn', '2']]]]]
    """
    return _node(_read(markup))


def _node(element: ET.Element) -> list[Any]:
    return [element.tag, _fenced(list(element)) if len(element) else (element.text or "").strip(" \n")]


def _fenced(row: list[ET.Element]) -> list[list[Any]]:
    """The nodes of a row, in which what stands between two fences is one node *fenced*, and so is a base of scripts."""
    rows: list[list[list[Any]]] = [[]]
    for element in row:
        node, base = _node(element), _base(element)
        if element.tag == "mo" and base in _OPENING:
            rows.append([node])
        elif base in _CLOSING and len(rows) > 1:
            inside = rows.pop()
            scripts = node[1][1:] if element.tag != "mo" else []
            fenced = ["fenced", [*inside, ["mo", base]]]
            rows[-1].append([node[0], [fenced, *scripts]] if scripts else fenced)
        else:
            rows[-1].append(node)
    return [node for nodes in rows for node in nodes]


def _rows(markup: str) -> list[list[ET.Element]]:
    rows: list[list[ET.Element]] = []
    for row in _cut(_listed(_read(markup)), _RELATIONS):
        long = sum(len("".join(e.itertext())) for e in row) > _LONG
        rows += _cut(_flat(row), _SIGNS) if long else [row]
    return [row for row in rows if row]


def inline(markup: str) -> str:
    """The formula as one inline <math> element, for running text."""
    return _write(list(_read(markup)), display=False, first=True)


def _read(markup: str) -> ET.Element:
    try:
        root = ET.fromstring(markup)
    except ET.ParseError as error:
        raise UsageError(f"a formula is not well formed MathML ({error}): {markup[:80]}") from None
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    if root.tag != "math":
        raise UsageError(f"a formula begins with <{root.tag}> where <math> is expected: {markup[:80]}")
    for element in list(root.iter()):
        if element.tag == "msup":
            _lower_prime(element)
        elif element.tag == "mn" and element.text:
            element.text = element.text.replace("-", "−")
        elif element.tag == "mi" and element.text:
            _spell_out(element)
    return root


def _spell_out(name: ET.Element) -> None:
    """A name that is really a row of letters, numbers and signs, such as f''(1) or 2i+1, as that row."""
    text = (name.text or "").replace("'", "′").replace("-", "−")
    pieces = _PIECE.findall(text)
    if len(pieces) < 2:
        return
    name.clear()
    name.tag = "mrow"
    for piece in pieces:
        tag = "mi" if piece[0].isalpha() else "mn" if piece[0].isdigit() else "mo"
        element = ET.SubElement(name, tag, {"lspace": "0", "rspace": "0"} if piece.startswith("′") else {})
        element.text = piece


def _listed(root: ET.Element) -> list[ET.Element]:
    """The elements, with room after a comma between two formulas."""
    out: list[ET.Element] = []
    depth = 0
    for element in root:
        out.append(element)
        depth += (_base(element) in _OPENING) - (_base(element) in _CLOSING)
        if depth == 0 and element.tag == "mo" and element.text == ",":
            out.append(ET.Element("mspace", {"width": "0.7em"}))
    return out


def _lower_prime(power: ET.Element) -> None:
    """f′ by an operator after f: the prime is a raised sign already, and tiny when raised again."""
    prime = "".join(power[1].itertext())
    if prime.strip("′"):
        return
    base = power[0]
    power.clear()
    power.tag = "mrow"
    mark = ET.Element("mo", {"lspace": "0", "rspace": "0"})
    mark.text = prime
    power.extend((base, mark))


def _cut(elements: list[ET.Element], before: frozenset[str]) -> list[list[ET.Element]]:
    """Cut before each operator of the set that stands outside all fences, between two operands."""
    rows: list[list[ET.Element]] = [[]]
    depth, bars = 0, 0
    for element in elements:
        text = element.text if element.tag == "mo" else None
        after_operand = rows[-1] and _base(rows[-1][-1]) not in _RELATIONS
        if text in before and depth == 0 and bars % 2 == 0 and after_operand:
            rows.append([])
        depth += (text in ("(", "[", "{")) - (_base(element) in (")", "]", "}"))
        bars += text == "|"
        rows[-1].append(element)
    return rows


def _base(element: ET.Element) -> str | None:
    """The operator itself, without its scripts."""
    while element.tag in ("msup", "msub", "msubsup") and len(element):
        element = element[0]
    return element.text if element.tag == "mo" else None


def _flat(row: list[ET.Element]) -> list[ET.Element]:
    """Rows inside rows opened, as long as they hold no fences of their own."""
    out: list[ET.Element] = []
    for element in row:
        opened = element.tag == "mrow" and not any(child.tag == "mo" and child.text in _FENCES for child in element)
        out += _flat(list(element)) if opened else [element]
    return out


def _write(row: list[ET.Element], display: bool, first: bool) -> str:
    root = ET.Element("math", {"displaystyle": "true"} if display else {})
    root.extend(row)
    for element in root.iter():
        _spacing(element)
    if not first:
        row[0].set("form", "infix")  # it stands between two pieces, and is spaced so
    text = ET.tostring(root, encoding="unicode", short_empty_elements=False)
    return re.sub(r"\s+(?=<)|(?<=>)\s+", "", text)


def _spacing(parent: ET.Element) -> None:
    """Fences written in a plain row keep their natural size, bars know their side, arrows stand apart."""
    bars = 0
    for element in parent:
        if element.tag != "mo":
            continue
        if element.text in _FENCES and parent.tag in ("math", "msup", "msub", "msubsup"):
            element.set("stretchy", "false")
        if element.text in _SPACES:
            element.attrib |= dict.fromkeys(("lspace", "rspace"), _SPACES[element.text])
        if element.text == "|":
            element.set("form", ("prefix", "postfix")[bars % 2])
            bars += 1
