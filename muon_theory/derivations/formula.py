"""Formulas in three notations: plain text, LaTeX, and presentation MathML that stands alone as XML."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from sympy import Symbol, latex, sstr
from sympy.printing.mathml import mathml

from muon_theory.evidence import Formula

SYMBOLS = "a b c s x y"
a, b, c, s, x, y = (Symbol(name, real=True) for name in SYMBOLS.split())

_MATHML = "http://www.w3.org/1998/Math/MathML"
_SUPERSCRIPT = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ", "0123456789+-nT", strict=True))
_TEXT_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LATEX = {
    "≤": r"\le", "≥": r"\ge", "<": "<", ">": ">", "=": "=", "≠": r"\ne", "⇔": r"\iff", "⇒": r"\implies",
    "→": r"\to", "·": r"\cdot", "∏": r"\prod", "∈": r"\in", "∞": r"\infty", "√": r"\surd", "∘": r"\circ",
    "…": r"\dots", "∂": r"\partial", "−": "-", "-": "-", "≡": r"\equiv", "'": "'", "∀": r"\forall", "Σ": r"\Sigma",
    "φ": r"\varphi", "κ": r"\kappa", "σ": r"\sigma", "ψ": r"\psi", "δ": r"\delta", "ε": r"\varepsilon", "α": r"\alpha",
    "∑": r"\sum",
}  # fmt: skip
_WORDS = ("disc", "min", "max", "lim")
_TOKEN = re.compile(
    r"(?P<prose>\s+on\s+)|(?P<space>\s+)|(?P<number>\d+)|(?P<word>disc|min|max|lim)|(?P<name>[A-Za-zΣφκσδεαψ])|(?P<operator>.)",
    re.DOTALL,
)
_SCRIPTS = re.compile(
    r"(?P<prime>'*)(?:_(?P<sub>\{[^}]*\}|\w))?(?P<sup>[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀ]*\*?)(?:\^(?P<pow>\{[^}]*\}|\w))?"
)


def formula(*parts: object) -> Formula:
    """The parts side by side: sympy expressions (and integers) as they stand, strings read by `_literal`.

    A relation is written as a string between two expressions, so that nothing is evaluated or reordered.

    >>> formula(1, "<", a, "<", 2).text, formula("f'(1)", "=", 3 - 2 * a).latex
    ('1 < a < 2', "f'(1) = 3 - 2 a")
    >>> formula(a**2).mathml
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><msup><mi>a</mi><mn>2</mn></msup></math>'
    """
    rendered = [_literal(p) if isinstance(p, str) else _expression(p) for p in parts]
    text, tex, markup = (" ".join(column) for column in zip(*rendered, strict=True))
    markup = markup.replace("> <", "><")
    return Formula(text, tex, f'<math xmlns="{_MATHML}" display="block">{markup}</math>')


def plain(expression: object) -> str:
    """The plain text of a sympy expression: a·x + x³·(1 - a).

    >>> plain(a * x**3 + 1)
    'a·x³ + 1'
    """
    text = re.sub(r"\*\*(\d+)", lambda m: m[1].translate(_TEXT_SUPERSCRIPT), sstr(expression))
    return re.sub(r"√\((\w+)\)", r"√\1", text.replace("*", "·").replace("sqrt(", "√("))


def _expression(expression: object) -> tuple[str, str, str]:
    markup = mathml(expression, printer="presentation").replace("&InvisibleTimes;", "\u2062")
    return plain(expression), latex(expression), markup.replace("<mo>-</mo>", "<mo>\u2212</mo>")


def _literal(text: str) -> tuple[str, str, str]:
    """Ordinary mathematical text: names with primes, _subscripts and superscripts, numbers, operators."""
    tex, markup, at = [], [], 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        assert token is not None  # the last alternative takes any character
        at = token.end()
        if token["space"]:
            tex.append(" ")
            continue
        if token["prose"]:
            tex.append(rf" \text{{ {token['prose'].strip()} }} ")
            markup.append(f"<mtext>\u00a0{token['prose'].strip()}\u00a0</mtext>")
            continue
        scripts = _SCRIPTS.match(text, at)
        assert scripts is not None  # it may be empty
        at = scripts.end()
        name = token[0]
        kind = "mn" if token["number"] else "mi" if token["name"] or token["word"] or name == "∞" else "mo"
        tex.append(_tex(name, scripts))
        markup.append(_markup(name.replace("-", "\u2212"), kind, scripts))
    return text, "".join(tex).strip(), "".join(markup)


def _superscript(scripts: re.Match[str]) -> str:
    return "".join(_SUPERSCRIPT.get(ch, ch) for ch in scripts["sup"]) + (scripts["pow"] or "").strip("{}")


def _tex(name: str, scripts: re.Match[str]) -> str:
    command = _LATEX.get(
        name, {"{": r"\{", "}": r"\}"}.get(name, rf"\operatorname{{{name}}}" if name in _WORDS else name)
    )
    sub = f"_{{{scripts['sub'].strip('{}')}}}" if scripts["sub"] else ""
    sup = f"^{{{_superscript(scripts)}}}" if _superscript(scripts) else ""
    return command + (" " if command.startswith("\\") and command[-1].isalpha() else "") + scripts["prime"] + sub + sup


def _markup(name: str, kind: str, scripts: re.Match[str]) -> str:
    base = f"<{kind}>{escape(name)}</{kind}>"
    sub = f"<mi>{escape(scripts['sub'].strip('{}'))}</mi>" if scripts["sub"] else ""
    primes = f"<mo>{'′' * len(scripts['prime'])}</mo>" if scripts["prime"] else ""
    sup = primes + (f"<mi>{escape(_superscript(scripts))}</mi>" if _superscript(scripts) else "")
    if sub and sup:
        return f"<msubsup>{base}{sub}<mrow>{sup}</mrow></msubsup>"
    if sub or sup:
        return f"<msub>{base}{sub}</msub>" if sub else f"<msup>{base}<mrow>{sup}</mrow></msup>"
    return base
