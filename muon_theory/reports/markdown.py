"""The report as Markdown, for an issue or a discussion: what the page says, without its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from muon_theory.document import Report, Section, Table
from muon_theory.evidence import Derivation
from muon_theory.languages import Language, Say
from muon_theory.reports.html import counted, heading, standing
from muon_theory.reports.prose import parts, typographic

_CODE = re.compile(r"(`[^`]+`)")


def markdown(report: Report) -> str:
    """GitHub's dialect; derivations and certificates fold."""
    return "\n\n".join(_blocks(report)) + "\n"


def prose(text: str) -> str:
    r"""Running text: code and emphasis as they stand, formulas without dollars, nothing that would become markup.

    >>> prose("`a_b` at x_1 < 2: $f'(1) = -1$")
    '`a_b` at x\\_1 &lt; 2: f′(1) = −1'
    """
    out = [piece if piece.startswith("`") else _plain(piece) for piece in _CODE.split(text)]
    return " ".join("".join(out).split())


def _plain(text: str) -> str:
    text = typographic(text.replace("$", ""))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("_", "\\_").replace("|", "\\|")


def _blocks(report: Report) -> Iterator[str]:
    yield f"# {prose(report.title)}"
    yield f"*{prose(report.subtitle)}*"
    if report.findings:
        yield "\n".join(f"{n}. {prose(f)}" for n, f in enumerate(report.findings, 1))
    yield from (prose(part) for text in report.introduction for part in parts(text))
    say = Language.of(report.language)
    for section in report.sections:
        yield from _section(section, say)
    yield f"## {say('Reproduce this report')}"
    yield _command(report.command)
    if report.references:
        yield f"## {say('References')}"
        yield "\n".join(f"{n}. {prose(r)}" for n, r in enumerate(report.references, 1))


def _section(section: Section, say: Say) -> Iterator[str]:
    yield f"## {prose(section.title)}{say(': ')}{say(section.badge.value)}"
    if section.said:
        yield "\n".join(f"> {prose(part)}" for part in parts(section.said))
    for text in (section.answer, section.precisely):
        yield from (prose(part) for part in parts(text) if part)
    yield from (_table(table) for table in section.tables)
    yield from (_derivation(derivation, section.id, say) for derivation in section.derivations)
    yield from (prose(part) for remark in section.remarks for part in parts(remark))
    yield from (f"*{say(e.standing.value)}* {prose(e.statement)}" for e in section.evidence)
    if section.proofs:
        rows = "\n".join(f"- `{p.file}`: {prose(p.certificate.statement)}" for p in section.proofs)
        of = counted(len(section.proofs), "certificate", say=say)
        yield _folded(f"{of}{say(', ')}{standing(section.proofs, say)}", rows)
    if section.command:
        yield _command(section.command)


def _table(table: Table) -> str:
    lines = [table.header, ("---",) * len(table.header)] if any(table.header) else []
    if not lines and table.rows:
        lines = [("",) * len(table.rows[0]), ("---",) * len(table.rows[0])]
    said = "\n".join(f"| {' | '.join(prose(cell) for cell in row)} |" for row in (*lines, *table.rows))
    return f"{prose(table.caption)}\n\n{said}" if table.caption else said


def _derivation(derivation: Derivation, section: str, say: Say) -> str:
    steps = [
        f"{n}. {prose(s.statement)}" + (f" `{s.formula.text}`" if s.formula else "") + f" ({prose(s.reason)})"
        for n, s in enumerate(derivation.steps, 1)
    ]
    end = f"{say('Hence')} {prose(derivation.conclusion)}"
    return _folded(f"{say('Why: ')}{prose(heading(derivation.title, section))}", "\n".join(steps) + f"\n\n{end}")


def _folded(summary: str, body: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _command(line: str) -> str:
    return f"```\n{line}\n```"
