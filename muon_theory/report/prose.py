"""Running text as HTML: markup of its own (`model`), and the habits of mathematical typography.

Plain text such as "f'(1) = -1 for 2a < 3" comes out with primes, minus signs, raised exponents and italic variables.
What is a variable is judged by its neighbours; code between backticks is left alone.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from muon_theory.report import mathml

_MARKED = re.compile(r"`(?P<code>[^`]+)`|\$(?P<formula>[^$]+)\$|(?<![\w*])\*(?P<emphasis>\S[^*]*?)(?<=\S)\*(?!\w)")
_MINUS = re.compile(r"(?<![\w)\]-])-(?=[\d.(]|[a-z](?![A-Za-z]))|(?<=\s)-(?=\s)")
_PRIME = re.compile(r"(?<![A-Za-z])(\d*[fgφ])('+)(?![A-Za-z])")
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])'(?=[a-z]|\s|$)")
_SUM = re.compile(r"(?<=[\w)\]]) ([+−]) (?=\S{1,5}(?!\S))")
_RELATION = re.compile(r"(?:(?<=\b\w) )?([=<>≤≥∈→≈]) (?=\S{1,9}(?!\S))")
_INTERVAL = re.compile(r"([(\[][^\s()\[\]]{1,9},) (?=[^\s()\[\]]{1,9}[)\]])")
"""Where a line shall not break: around the sign before a short term, after a relation, inside an interval."""
_SCRIPT = re.compile(r"(?<=[\w)])(?P<mark>[\^_])(?:\((?P<group>[^()]*)\)|\{(?P<braced>[^{}]*)\}|(?P<plain>−?[^\W_]+))")
_NEAR = "=<>≤≥∈·+−/→∘≠⊆"
_VERBS = r"is|grows|varies|falls|rises|increases|decreases|approaches|tends|runs|at\ every|at\ most|over"
VARIABLE = re.compile(
    rf"""(?<![A-Za-zα-ω]) (?<!['’.@\#-])         # begins no word, ends no contraction or abbreviation
    (?: [abc]?[UVX]+                             # a product of matrices
      | [B-HJ-Zb-zα-ω]                           # a letter that is no English word
      | [aA] (?= [ \u00a0]?[{_NEAR}^²³⁴⁵′*|)∞] | ₀ | ,[ \u00a0][b-z]\b)   # a or A before an operator …
      | (?<= [\d{_NEAR}|] ) a | (?<= [{_NEAR}][ \u00a0]) [aAI]     # … or after one
      | a (?= [;:.,)] | \Z | [ \u00a0](?:{_VERBS})\b     # … or where no article stands
          | [ \u00a0](?:and|or)[ \u00a0][b-z]\b | [ ]in[ ][(\[] )
    )
    (?! [A-Za-zα-ω] | \d | ['’] | \.\w )""",
    re.VERBOSE,
)


def prose(text: str) -> Markup:
    """Running text with `code`, *emphasis* and $formulas$.

    >>> print(prose("`f` at -1: *why* f'(-1) is below c"))
    <code>f</code> at −1: <em>why</em> <i>f</i>′(−1) is below <i>c</i>
    """
    out, at = Markup(), 0
    for match in _MARKED.finditer(text):
        out += _plain(text[at : match.start()]) + _marked(match)
        at = match.end()
    return out + _plain(text[at:])


def paragraphs(text: str) -> Markup:
    """Prose in which an empty line ends a paragraph."""
    return Markup("\n").join(Markup("<p>{}</p>").format(prose(part.strip())) for part in re.split(r"\n\s*\n", text))


def _marked(match: re.Match[str]) -> Markup:
    if match["code"]:
        return Markup("<code>{}</code>").format(match["code"])
    if match["emphasis"]:
        return Markup("<em>{}</em>").format(prose(match["emphasis"]))
    from muon_theory.derive.formula import formula  # loads sympy, which most prose does not need

    return Markup(mathml.inline(formula(match["formula"]).mathml))


def typographic(text: str) -> str:
    """Minus signs for hyphens before numbers and between operands, primes after f, g and φ, curled apostrophes.

    >>> typographic("f'(1) = -1")
    'f′(1) = −1'
    """
    text = _PRIME.sub(lambda m: m[1] + "′" * len(m[2]), _MINUS.sub("−", text))
    return _APOSTROPHE.sub("’", text)


def _plain(text: str) -> Markup:
    text = typographic(text).replace("ᵀ", "^{T}")
    text = _SUM.sub("\u00a0\\1\u00a0", _RELATION.sub(_tied, _INTERVAL.sub("\\1\u00a0", text)))
    out, at = Markup(), 0
    for match in _SCRIPT.finditer(text):
        tag = "sup" if match["mark"] == "^" else "sub"
        inner = match["group"] or match["braced"] or match["plain"] or ""
        out += _italic(text[at : match.start()]) + Markup(f"<{tag}>") + _italic(inner) + Markup(f"</{tag}>")
        at = match.end()
    return out + _italic(text[at:])


def _tied(relation: re.Match[str]) -> str:
    return relation[0].replace(" ", "\u00a0")


def _italic(text: str) -> Markup:
    out, at = Markup(), 0
    for match in VARIABLE.finditer(text):
        out += escape(text[at : match.start()]) + Markup("<i>{}</i>").format(match[0])
        at = match.end()
    return out + escape(text[at:])
