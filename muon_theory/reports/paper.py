"""The report as a paper: PDF, set by typst from the same report and the same formulas as the page.

`contents` turns the report into plain JSON in which text is text and a formula is a tree; the template
`templates/paper.typ` sets it.  So nothing in a report can be read as typst, and the paper is the same every time.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from muon_theory.document import Badge, Figure, Report, Section, Table
from muon_theory.evidence import Derivation
from muon_theory.reports import figures, mathml, needs_typst
from muon_theory.reports.html import BADGES, HERE, counted, heading, numeric, standing
from muon_theory.reports.prose import Span, parts, spans

TEMPLATE = HERE / "templates" / "paper.typ"
Json = dict[str, Any]

_SIGN = re.compile(
    r"(?P<sign>[=<>≤≥≠≈≡∈⊆⊇∏∑√∞∘→⇒⇔⟹⟺±×·‖|+−]+)|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+)"
    r"|(?P<lowered>[₀₁₂₃₄₅₆₇₈₉ₙₖ₊]+)|(?P<digits>[\d.]{31,})"
)
_SCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ₀₁₂₃₄₅₆₇₈₉ₙₖ₊", "0123456789+−n0123456789nk+")


def pdf(report: Report) -> bytes:
    """The paper; equal reports give equal bytes, with one version of typst.

    Raises
    ------
    MissingDependencyError
        typst is not installed.
    UsageError
        A formula is not well formed, or a figure cannot be drawn.
    """
    needs_typst()
    import typst

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "paper.typ").write_bytes(TEMPLATE.read_bytes())
        (place / "paper.json").write_text(json.dumps(contents(report), ensure_ascii=False), encoding="utf-8")
        for figure in report.figures:
            (place / f"{figure.name}.svg").write_text(figures.draw(figure, paper=True), encoding="utf-8")
        made: bytes = typst.compile(place / "paper.typ", format="pdf", ignore_system_fonts=True)
    return made


def contents(report: Report) -> Json:
    """All that the paper says, as JSON."""
    numbers = {figure.name: n for n, figure in enumerate(report.figures, 1)}
    badges = Counter(section.badge for section in report.sections)
    totals = f"{counted(len(report.proofs), 'certificate')}, {standing(report.proofs)}." if report.proofs else ""
    if report.bundles:
        boxes = sum(bundle.boxes for bundle in report.bundles)
        totals += f" {counted(boxes, 'box', 'boxes')} of phase diagrams, {standing(report.bundles)}."
    return {
        "title": text(report.title),
        "plain_title": report.title,
        "subtitle": text(report.subtitle),
        "language": report.language,
        "findings": [text(f) for f in report.findings],
        "picture": _figure(report.picture, numbers[report.picture.name]) if report.picture else None,
        "introduction": [_paragraphs(p) for p in report.introduction],
        "meanings": [{"badge": badge(b), "meaning": meaning} for b, (_, _, meaning) in BADGES.items() if badges[b]],
        "totals": totals,
        "sections": [_section(s, numbers) for s in report.sections],
        "command": f"{report.command} --pdf",
        "check": "python3 -m muon_theory.check certificates/*.json",
        "references": [text(r) for r in report.references],
    }


def badge(of: Badge) -> Json:
    """Its words, and the tone of its colour."""
    tone, sign, _ = BADGES[of]
    return {"words": of.value, "tone": tone, "sign": sign}


def text(source: str) -> list[list[Any]]:
    r"""Running text as [kind, content] pairs.

    >>> [kind for kind, _ in text("x² < 1")]
    ['variable', 'text', 'raised', 'text', 'sign', 'text']
    """
    return _held(_pairs(spans(source)))


def _pairs(of: Sequence[Span]) -> list[list[Any]]:
    out: list[list[Any]] = []
    for span in of:
        if span.kind == "formula":
            out.append(["formula", mathml.tree(span.text)])
        elif span.kind == "text":
            out += _signs(span.text)
        elif span.kind == "link":
            out.append(["link", [span.text, _pairs(span.inner)]])
        else:
            out.append([span.kind, _pairs(span.inner) if span.inner or not span.text else _own(span)])
    return out


def _own(span: Span) -> object:
    return span.text if span.kind in ("code", "variable") else _signs(span.text)


def _signs(plain: str) -> list[list[Any]]:
    """Text, with what a mathematical font sets better taken out."""
    plain = plain.replace("′′", "′\u2060′").replace("′′", "′\u2060′")  # no line breaks there
    out: list[list[Any]] = []
    at = 0
    for match in _SIGN.finditer(plain):
        if at < match.start():
            out.append(["text", plain[at : match.start()]])
        out.append(_sign(match.lastgroup or "", match[0]))
        at = match.end()
    return out + ([["text", plain[at:]]] if at < len(plain) else [])


def _sign(kind: str, found: str) -> list[object]:
    return [kind, found if kind in ("sign", "digits") else [["text", found.translate(_SCRIPTS)]]]


def _held(pairs: list[list[Any]]) -> list[list[Any]]:
    """With a word joiner wherever two pieces meet without a space: no line breaks between f and ′(1)."""
    out: list[list[Any]] = []
    for pair in pairs:
        if out and not (_space(out[-1], -1) or _space(pair, 0)):
            out.append(["text", "\u2060"])
        out.append(pair)
    return out


def _space(pair: list[Any], end: int) -> bool:
    return pair[0] == "text" and pair[1][end] in " \u00a0"


def _paragraphs(source: str) -> list[list[list[Any]]]:
    return [text(part) for part in parts(source)]


def _section(section: Section, numbers: dict[str, int]) -> Json:
    return {
        "id": section.id,
        "title": text(section.title),
        "said": _paragraphs(section.said),
        "precisely": _paragraphs(section.precisely),
        "badge": badge(section.badge),
        "answer": _paragraphs(section.answer),
        "derivations": [_derivation(d, section.id) for d in section.derivations],
        "figures": [_figure(f, numbers[f.name]) for f in section.figures],
        "tables": [_table(t) for t in section.tables],
        "proofs": _proofs(section) if section.proofs else None,
        "evidence": [
            {
                "standing": e.standing.value,
                "statement": text(e.statement),
                "command": e.command if e.command != section.command else "",
            }
            for e in section.evidence
        ],
        "remarks": [_paragraphs(r) for r in section.remarks],
        "command": section.command,
    }


def _derivation(derivation: Derivation, section: str) -> Json:
    return {
        "title": text(heading(derivation.title, section)),
        "steps": [
            {
                "statement": text(step.statement),
                "reason": text(step.reason),
                "formula": mathml.trees(step.formula.mathml) if step.formula else None,
            }
            for step in derivation.steps
        ],
        "conclusion": text(derivation.conclusion),
        "checks": derivation.checks,
    }


def _figure(figure: Figure, number: int) -> Json:
    files = f"{counted(len(figure.bundles), 'certificate file')}, {standing(figure.bundles)}"
    return {
        "file": f"{figure.name}.svg",
        "number": number,
        "width": SHARE.get(figure.kind, USUAL),
        "caption": text(figure.caption),
        "bundles": f"{files}." if figure.bundles else None,
    }


def _table(table: Table) -> Json:
    """With columns of running text as wide as there is room."""
    columns = range(len(table.header))
    return {
        "caption": text(table.caption),
        "header": [text(cell) for cell in table.header],
        "rows": [[text(cell) for cell in row] for row in table.rows],
        "numeric": [i > 0 and numeric(table, i) for i in columns],
        "wide": [not numeric(table, i) and any(len(row[i]) > WIDE for row in table.rows) for i in columns],
    }


SHARE = {"atlas": 62, "region": 72, "bars": 58, "pareto": 58}
"""Percent of the text's width, by the kind of a figure; `USUAL` for the others, which have two panels."""

USUAL = 78

WIDE = 26
"""A column with a longer cell than that many characters may wrap."""


def _proofs(section: Section) -> str:
    """How many, and what the files are called: their names in the folder begin alike."""
    files = [p.file for p in section.proofs]
    names = files[0] if len(files) == 1 else f"{files[0]} to {files[-1]}"
    return f"{counted(len(files), 'certificate')}, {standing(section.proofs)}: {names}."
