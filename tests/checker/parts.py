"""How long the checker is, part by part: `python -m tests.checker.parts` writes the table into the decision about it.

A line of code is one with a token that is neither a comment nor a docstring.  A part is a section of the file; in the
sections of claims each claim's function stands for itself, and what they share, shapes of keys included, together.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "muon_theory" / "check.py"
PAGE = ROOT / "docs" / "decisions" / "0017-the-length-of-the-checker.md"
SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
HEADING = re.compile(r"# -{8,} (.+)")


def lines_of_code(source: str) -> set[int]:
    """The numbers of the lines that are not blank, a comment or a part of a docstring."""
    docstrings: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            docstrings.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in SILENT:
            code.update(range(token.start[0], token.end[0] + 1))
    return code - docstrings


def claim_of(node: ast.stmt) -> str | None:
    """The kind that a function is registered for."""
    decorated = isinstance(node, ast.FunctionDef) and any(
        ast.unparse(d).startswith("claim(") for d in node.decorator_list
    )
    return node.name.replace("_", "-") if decorated and isinstance(node, ast.FunctionDef) else None


def parts(source: str) -> Iterator[tuple[str, str, int]]:
    """Section, claim or "", lines of code, in the order of the file; what follows no claim is shared: ""."""
    code = lines_of_code(source)
    headings = [(i, m[1]) for i, line in enumerate(source.splitlines(), 1) if (m := HEADING.match(line))]
    counts: dict[tuple[str, str], int] = {}
    for node in ast.parse(source).body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        section = next((title for i, title in reversed(headings) if i < first), "imports, limits and names")
        key = section, claim_of(node) or ""
        counts[key] = counts.get(key, 0) + len(code & set(range(first, (node.end_lineno or first) + 1)))
    return ((section, claim, count) for (section, claim), count in counts.items())


def table(source: str) -> str:
    found = list(parts(source))
    rows = ["| part | lines of code |", "|---|---|"]
    for section in dict.fromkeys(section for section, _, _ in found):
        mine = {claim: count for part, claim, count in found if part == section}
        rows.append(f"| **{section}** | **{sum(mine.values())}** |")
        if len(mine) > 1:
            rows += [f"| {f'`{claim}`' if claim else 'what they share'} | {count} |" for claim, count in mine.items()]
    total = sum(count for *_, count in found)
    rows.append(f"| all, of {len(source.splitlines())} lines with comments, docstrings and blank ones | {total} |")
    return "\n".join(rows) + "\n"


def written(page: str, source: str) -> str:
    """The page with the table of this source."""
    return re.sub(r"(?m)(^\|.*\n)+", lambda _: table(source), page, count=1)


if __name__ == "__main__":
    if sys.argv[1:] == ["--print"]:
        print(table(SOURCE.read_text(encoding="utf-8")), end="")
    else:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), SOURCE.read_text(encoding="utf-8")), encoding="utf-8")
