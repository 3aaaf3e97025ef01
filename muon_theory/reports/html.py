"""The report as one HTML page that loads nothing: style, fonts, formulas and figures are inside it."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from muon_theory.document import Badge, Bundle, Figure, Proof, Report, Table
from muon_theory.evidence import Derivation, Formula
from muon_theory.languages import Language, Say
from muon_theory.reports import figures, mathml, svg
from muon_theory.reports.prose import paragraphs, prose

HERE = Path(__file__).parent
FONTS = {
    "math": ("Report Math", "normal", 400),
    "text-regular": ("Report Text", "normal", 400),
    "text-italic": ("Report Text", "italic", 400),
    "text-semibold": ("Report Text", "normal", 600),
}
"""File in `fonts`: CSS family, style and weight."""

BADGES = {
    Badge.PROVED: (
        Badge.PROVED.value,
        "✓",
        "The checker accepted a certificate, or Coq a theorem of the library, for every part.",
    ),
    Badge.PARTLY: (
        Badge.PROVED.value,
        "✓",
        "Some clauses have certificates, the others are derived; the section says which.",
    ),
    Badge.CORRECTED_PARTLY: (
        "corrected",
        "✓",
        "The article's statement needed a change; some clauses have certificates, the others are derived.",
    ),
    Badge.CORRECTED: ("corrected", "✓", "The article's statement needed a change; what it was changed to is proved."),
    Badge.REFUTED: (Badge.REFUTED.value, "×", "The checker accepted a certificate of the contrary."),
    Badge.DERIVED: ("derived", "∴", "Symbolic work, re-checked at random rational points; no certificate."),
    Badge.CONFIRMED: ("confirmed", "≈", "Seen in a floating-point experiment; no proof."),
    Badge.CONTRADICTED: (Badge.REFUTED.value, "≠", "A floating-point experiment saw the contrary; no proof."),
    Badge.UNRESOLVED: ("open", "?", "An experiment was run, and its spread is too wide to tell."),
    Badge.OPEN: ("open", "○", "Nothing is claimed yet."),
    Badge.MODELLED: ("confirmed", "~", "What a model of typical rounding says; no bound, and no proof."),
    Badge.UNDECIDED: ("open", "?", "Neither the statement nor its contrary was shown; the section says what to try."),
    Badge.FINDINGS: ("refuted", "!", "The audit found what should be mended."),
    Badge.CLEAN: (Badge.PROVED.value, "✓", "The audit found nothing to mend."),
}
"""CSS class, sign and meaning of each badge."""

MARKDOWN, DATA = "report.md", "report.json"
"""The files beside the page that it links to, whatever else is written."""

SHORT = 6
"""A derivation of up to this many steps stands open; a longer one unfolds."""

_NUMERIC = re.compile(r"[\s\d.,+−/%×^e()\[\]⁰¹²³⁴⁵⁶⁷⁸⁹⁻…∞–—-]*")


def render(report: Report, paper: str | None = None, explorer: str | None = None) -> str:
    """The page; `paper` is the file name of the same report as PDF, `explorer` that of the explorer, to link to.

    Raises
    ------
    UsageError
        A formula is not well formed, or a figure cannot be drawn.
    """
    say = Language.of(report.language)
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "prose": prose, "paragraphs": paragraphs, "formula": formula, "drawing": drawing, "heading": heading,
        "subject": subject, "say": say,
    }  # fmt: skip
    environment.tests |= {"numeric": numeric}
    return environment.get_template("page.html.j2").render(
        report=report,
        paper=paper,
        explorer=explorer,
        markdown=MARKDOWN,
        data=DATA,
        badges=BADGES,
        counts=Counter(section.badge for section in report.sections),
        style=Markup(style()),
        standing=partial(standing, say=say),
        counted=partial(counted, say=say),
        pictured=next((f.name for f in report.figures if f.bundles), None),
        is_open=_is_open,
    )


def standing(proofs: Sequence[Proof | Bundle], say: Say = str) -> str:
    """How much the checker accepted of these, and what that took, as the language has it."""
    proved = sum(proof.verification.proved for proof in proofs)
    obligations = sum(proof.verification.obligations for proof in proofs)
    leaves = sum(proof.verification.leaves for proof in proofs)
    word = Badge.PROVED.value
    share = f"{proved} {word}, {len(proofs) - proved} refused"
    if proved == len(proofs):
        share = word if proved == 1 else f"all {word}"
    parts = counted(obligations, "obligation", say=say), counted(leaves, "leaf", "leaves", say=say)
    return say(f"{share} by the checker") + say(": ") + say(", ").join(parts)


def counted(number: int, one: str, many: str = "", say: Say = str) -> str:
    """A number and its noun, thousands apart.

    >>> counted(1, "leaf", "leaves"), counted(9134, "obligation").encode("ascii", "replace")
    ('1 leaf', b'9?134 obligations')
    """
    return say(f"{number:,} {one if number == 1 else many or one + 's'}".replace(",", "\u00a0"))


def subject(name: str) -> str:
    """What a certificate is about: bare coefficients as a tuple.

    >>> subject("1.99,-0.99"), subject("cubic, a = 2")
    ('(1.99, -0.99)', 'cubic, a = 2')
    """
    bare = re.fullmatch(r"-?[\d./]+(,-?[\d./]+)*", name)
    return f"({name.replace(',', ', ')})" if bare else name


def heading(title: str, section: str) -> str:
    """A derivation's title, without the name of the section that it stands in.

    >>> heading("A15: growth near 0", "A15")
    'Growth near 0'
    """
    bare = title.removeprefix(f"{section}: ")
    is_word = bare[:2].isalpha() or bare[:2] == "a "
    return bare[0].upper() + bare[1:] if bare != title and is_word else bare


def _is_open(derivation: Derivation) -> bool:
    return len(derivation.steps) <= SHORT


@cache
def style() -> str:
    """The style sheet, with the fonts and the colours in it."""
    faces = "\n".join(
        f"@font-face {{ font-family: '{family}'; font-style: {slant}; font-weight: {weight}; font-display: block; "
        f"src: url(data:font/woff2;base64,{_base64(HERE / 'fonts' / f'{file}.woff2')}) format('woff2'); }}"
        for file, (family, slant, weight) in FONTS.items()
    )
    return "\n".join((faces, colours(), (HERE / "templates" / "style.css").read_text(encoding="utf-8")))


def colours() -> str:
    """Those of pages and of figures, in light and in dark."""
    light, dark = svg.css_variables(dark=False), svg.css_variables(dark=True)
    drawn = f":root {{ {light} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    return f"{drawn}\n{(HERE / 'templates' / 'colours.css').read_text(encoding='utf-8')}"


def _base64(file: Path) -> str:
    return base64.b64encode(file.read_bytes()).decode()


def formula(value: Formula) -> Markup:
    """A displayed formula, as pieces between which the line may break."""
    return Markup("<wbr>").join(Markup(piece) for piece in mathml.pieces(value.mathml))


def drawing(figure: Figure) -> Markup:
    """The figure as inline SVG."""
    return Markup(figures.draw(figure))


def numeric(table: Table, column: int) -> bool:
    """Does the column hold nothing but numbers and intervals?"""
    return all(_NUMERIC.fullmatch(row[column]) for row in table.rows)
