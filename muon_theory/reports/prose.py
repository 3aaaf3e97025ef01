"""Running text: markup of its own (`model`), and the habits of mathematical typography.

Plain text such as "f'(1) = -1 for 2a < 3" becomes spans with primes, minus signs, raised exponents and variables, which
the page writes as HTML (`prose`) and the paper by typst (`paper`).  What is a variable is judged by its neighbours;
code between backticks is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape

from muon_theory.reports import mathml

_MARKED = re.compile(
    r"\[(?P<link>[^\]\n]+)\]\((?P<address>(?:https?://|certificates/|#)[^\s)]+)\)|`(?P<code>[^`]+)`"
    r"|\$(?P<formula>[^$]+)\$|(?<![\w*])\*\*(?P<strong>\S[^*]*?)(?<=\S)\*\*(?!\w)|(?<![\w*])\*(?P<emphasis>\S[^*]*?)(?<=\S)\*(?!\w)"
)
_MINUS = re.compile(r"(?<![\w)\]-])-(?=[\d.(∞]|[a-z](?![A-Za-z]))|(?<=\s)-(?=\s)")
_PRIME = re.compile(r"(?<![A-Za-z])(\d*[fgφ])('+)(?![A-Za-z])")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])'(?=[a-z]|\s|$)")
_SUM = re.compile(r"(?<=[\w)\]]) ([+−]) (?=\S{1,5}(?!\S))")
_RELATION = re.compile(r"(?:(?<=\b\w) )?([=<>≤≥∈→≈]) (?=\S{1,9}(?!\S))")
_INTERVAL = re.compile(r"([(\[][^\s()\[\]]{1,9},) (?=[^\s()\[\]]{1,9}[)\]])")
"""Where a line shall not break: around the sign before a short term, after a relation, inside an interval."""
_SCRIPT = re.compile(
    r"(?<=[\w)\]|‖])(?P<mark>[\^_])(?:\((?P<group>[^()]*)\)|\{(?P<braced>[^{}]*)\}|(?P<plain>−?[^\W_⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:-\d(?![\d.]))?))"
)
_NEAR = "=<>≤≥∈·+−/→∘≠⊆"
_VERBS = r"is|grows|varies|falls|rises|increases|decreases|approaches|tends|runs|at\ every|at\ most|over"
VARIABLE = re.compile(
    rf"""(?<![A-Za-zα-ω]) (?<!['’.@\#-])         # begins no word, ends no contraction or abbreviation
    (?: [abc]?[UVX]+                             # a product of matrices
      | [B-HJ-Zb-zα-ω]                           # a letter that is no English word
      | [aA] (?= [ \u00a0]?[{_NEAR}^²³⁴⁵′*|)∞] | ₀ | ,[ \u00a0][b-z]\b)   # a or A before an operator …
      | (?<= [\d{_NEAR}|] ) a | (?<= [{_NEAR}][ \u00a0]) [aAI]     # … or after one
      | a (?= [;:.,)] | \Z | [ \u00a0](?:{_VERBS})\b     # … or where no article stands
          | [ \u00a0]?[\u3000-\u9fff\uff00-\uffef]       # … in Chinese, which has no article
          | [ \u00a0](?:and|or)[ \u00a0][b-z]\b | [ ]in[ ][(\[] )
    )
    (?! [A-Za-zα-ω] | \d | ['’] | \.\w )""",
    re.VERBOSE,
)


Kind = Literal["text", "variable", "raised", "lowered", "code", "emphasis", "strong", "formula", "link"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of running text: its own text (MathML for a formula), or the spans that it consists of.

    A link has its address as text, and what is shown as spans.
    """

    kind: Kind
    text: str = ""
    inner: tuple[Span, ...] = ()


def spans(text: str) -> tuple[Span, ...]:
    """Running text, `code`, *emphasis*, $formulas$ and [links](https://…).

    >>> [(s.kind, s.text) for s in spans("f'(1) in `f`")]
    [('variable', 'f'), ('text', '′(1) in '), ('code', 'f')]
    """
    out: list[Span] = []
    at = 0
    for match in _MARKED.finditer(text):
        out += (*_plain(text[at : match.start()]), _marked(match))
        at = match.end()
    return (*out, *_plain(text[at:]))


def prose(text: str) -> Markup:
    """The spans as HTML.

    >>> print(prose("`f` at -1: *why* f'(-1) is below c"))
    <code>f</code> at −1: <em>why</em> <i>f</i>′(−1) is below <i>c</i>
    """
    return _html(spans(text))


def paragraphs(text: str) -> Markup:
    """Prose in which an empty line ends a paragraph."""
    return Markup("\n").join(Markup("<p>{}</p>").format(prose(part)) for part in parts(text))


def parts(text: str) -> list[str]:
    """The paragraphs of a text."""
    return [part.strip() for part in re.split(r"\n\s*\n", text)]


_TAGS = {"variable": "i", "raised": "sup", "lowered": "sub", "code": "code", "emphasis": "em", "strong": "strong"}


def _html(of: tuple[Span, ...]) -> Markup:
    out = Markup()
    for span in of:
        if span.kind == "formula":
            out += Markup(mathml.inline(span.text))
        elif span.kind == "link":
            out += Markup('<a href="{}">{}</a>').format(span.text, _html(span.inner))
        else:
            inside = _html(span.inner) if span.inner else escape(span.text)
            tag = _TAGS.get(span.kind)
            out += Markup(f"<{tag}>{{}}</{tag}>").format(inside) if tag else inside
    return out


def _marked(match: re.Match[str]) -> Span:
    if match["link"]:
        return Span("link", match["address"], spans(match["link"]))
    if match["code"]:
        return Span("code", match["code"])
    if match["strong"]:
        return Span("strong", inner=spans(match["strong"]))
    if match["emphasis"]:
        return Span("emphasis", inner=spans(match["emphasis"]))
    from muon_theory.derivations.formula import formula  # loads sympy, which most prose does not need

    return Span("formula", formula(match["formula"]).mathml)


def typographic(text: str) -> str:
    """Minus signs for hyphens before numbers and between operands, primes after f, g and φ, curled apostrophes.

    >>> typographic("f'(1) = -1")
    'f′(1) = −1'
    """
    text = _PRIME.sub(lambda m: m[1] + "′" * len(m[2]), _MINUS.sub("−", text))
    return _APOSTROPHE.sub("’", text)


def _plain(text: str) -> tuple[Span, ...]:
    text = typographic(text).replace("ᵀ", "^{T}")
    text = _SUM.sub("\u00a0\\1\u00a0", _RELATION.sub(_tied, _INTERVAL.sub("\\1\u00a0", text)))
    out: list[Span] = []
    at = 0
    for match in _SCRIPT.finditer(text):
        inner = (match["group"] or match["braced"] or match["plain"] or "").replace("-", "−")
        script = Span("raised" if match["mark"] == "^" else "lowered", inner=_italic(inner))
        out += (*_italic(text[at : match.start()]), script)
        at = match.end()
    return (*out, *_italic(text[at:]))


def _tied(relation: re.Match[str]) -> str:
    return relation[0].replace(" ", "\u00a0")


def _italic(text: str) -> tuple[Span, ...]:
    out: list[Span] = []
    at = 0
    for match in VARIABLE.finditer(text):
        out += (Span("text", text[at : match.start()]), Span("variable", match[0]))
        at = match.end()
    return tuple(span for span in (*out, Span("text", text[at:])) if span.text)
