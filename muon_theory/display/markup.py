"""A page as HTML and as LaTeX, for notebooks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import chain

from muon_theory.display.page import Facts, Lines, Page, Row, Table

CELL = "text-align:left;vertical-align:top;white-space:"
LINES = "white-space:pre-wrap;overflow-wrap:anywhere"


def html(page: Page) -> str:
    """One `div`; it takes its colours from the notebook.

    >>> from muon_theory.display.page import Facts, Page
    >>> "<td style" in html(Page("PROVED", (Facts((("slope", "2 < 3"),)),))) , "2 &lt; 3" in html(Page("2 < 3"))
    (True, True)
    """
    parts = [f"<p><strong>{escape(page.head)}</strong></p>"] if page.head else []
    for block in page.blocks:
        match block:
            case Lines(lines):
                parts.append(f"<pre style={LINES!r}>{escape(chr(10).join(lines))}</pre>")
            case Facts(rows):
                parts.append(_html_table((), rows))
            case Table(rows, header):
                parts.append(_html_table(header, rows))
    return f'<div class="muon-theory">{"".join(parts)}</div>'


def _html_table(header: Row, rows: Sequence[Row]) -> str:
    head = f"<thead>{_html_row('th', header)}</thead>" if header else ""
    return f"<table>{head}<tbody>{''.join(_html_row('td', row) for row in rows)}</tbody></table>"


def _html_row(tag: str, row: Row) -> str:
    """The last column takes the room that there is, as in text; the others are as wide as they must be."""
    last = len(row) - 1
    styles = (CELL + ("pre-wrap" if n == last else "pre") for n in range(len(row)))
    return (
        f"<tr>{''.join(f'<{tag} style={s!r}>{escape(cell)}</{tag}>' for s, cell in zip(styles, row, strict=True))}</tr>"
    )


SYMBOLS = {
    "φ": r"\varphi", "σ": r"\sigma", "ε": r"\varepsilon", "κ": r"\kappa", "β": r"\beta", "θ": r"\theta",
    "α": r"\alpha", "ρ": r"\rho", "π": r"\pi", "ℓ": r"\ell", "ξ": r"\xi", "λ": r"\lambda", "μ": r"\mu", "τ": r"\tau",
    "⊆": r"\subseteq", "⊇": r"\supseteq", "∈": r"\in", "≤": r"\le", "≥": r"\ge", "≈": r"\approx", "×": r"\times",
    "→": r"\to", "∘": r"\circ", "∏": r"\prod", "∞": r"\infty", "±": r"\pm", "·": r"\cdot", "∪": r"\cup", "≠": r"\ne",
    "ᵀ": r"^{\mathsf T}", "√": r"\surd ", "‖": r"\|", "∫": r"\int", "⇒": r"\Rightarrow", "′": "'",
    "ⁿ": "^n", "₁": "_1", "₂": "_2", "₀": "_0", "ₜ": "_t",
    **{c: f"^{n}" for n, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
}  # fmt: skip
ESCAPED = {c: f"\\{c}" for c in "&%$#_{}"} | {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}


def latex(page: Page) -> str:
    r"""A heading and `tabular`s; needs no package.

    >>> print(latex(Page("φ([0, 1]) ⊆ [0, 1]")))
    \textbf{$\varphi$([0, 1]) $\subseteq$ [0, 1]}
    """
    parts = [rf"\textbf{{{_tex(page.head)}}}"] if page.head else []
    for block in page.blocks:
        match block:
            case Lines(lines):
                every = [line for text in lines for line in text.split("\n")]
                parts.append(" \\\\\n".join(_indented(line) for line in every))
            case Facts(rows):
                parts.append(_tabular(rows))
            case Table(rows, header):
                parts.append(_tabular([header, *rows] if header else rows))
    return "\n\n".join(parts)


def _tabular(rows: Sequence[Row]) -> str:
    lines = list(chain.from_iterable(_lines(row) for row in rows))
    body = "\n".join(f"{' & '.join(map(_tex, line))} \\\\" for line in lines)
    return f"\\begin{{tabular}}{{{'l' * len(rows[0])}}}\n{body}\n\\end{{tabular}}" if rows else ""


def _lines(row: Row) -> list[list[str]]:
    """A row whose cells have several lines, as so many rows."""
    cells = [cell.split("\n") for cell in row]
    return [[cell[n] if n < len(cell) else "" for cell in cells] for n in range(max(map(len, cells)))]


def _indented(line: str) -> str:
    """What is further in stays so."""
    text = line.lstrip(" ")
    return r"\quad " * ((len(line) - len(text)) // 2) + _tex(text) if text else r"\mbox{}"


def _tex(text: str) -> str:
    every = re.compile("|".join(map(re.escape, {**SYMBOLS, **ESCAPED})))
    return every.sub(lambda m: f"${SYMBOLS[m[0]]}$" if m[0] in SYMBOLS else ESCAPED[m[0]], text)
