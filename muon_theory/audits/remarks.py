"""What a source says beside a list: the names that it is bound to, comments, docstrings, constants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from muon_theory.sources import Found

_COMMENT = re.compile(r"(?:#|//|--)[#/!-]*\s?(.*)")
_BINDING = re.compile(r"^\s*[\"']?([\w.]+)[\"']?\s*(?::[^=\[(]*)?[:=]\s*(?:\w[\w.]*\()?[\[({]?")
_CONSTANT = re.compile(r"^\s*(?:[\w.]+)\s*(?::\s*[\w.\[\]]+\s*)?=\s*\(?\s*\d+\.\d[\d.,\s()]*$")
_NEAR = 8
"""Lines above and below a list in which a constant may be about it."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Some lines of comments, of a docstring, or a constant; `line` is that of the first."""

    line: int
    text: str

    def line_of(self, position: int) -> int:
        return self.line + self.text.count("\n", 0, position)

    def sentence(self, position: int) -> str:
        """The sentence around a position."""
        ends = [m.end() for m in re.finditer(r"[.;!?]\s+(?=[A-Z(\"'`])|\n\s*\n", self.text)]
        start = max((e for e in ends if e <= position), default=0)
        stop = min((e for e in ends if e > position), default=len(self.text))
        return " ".join(self.text[start:stop].split())


@dataclass(frozen=True, slots=True)
class Beside:
    """The names of a list, what is remarked on it, and the constants near it."""

    names: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    constants: tuple[Remark, ...] = ()


def beside(text: str, found: Found) -> Beside:
    r"""What is said of a list in its source.

    >>> found = Found("f", "m.py", 2, [], "table")
    >>> beside("# from the paper\nROWS = [(3, -4, 2)]  # five times\n", found).remarks
    (Remark(line=2, text='five times'), Remark(line=1, text='from the paper'))
    """
    lines = text.split("\n") if text else []
    first = found.line - 1
    last = max((row[0].place[1] for row in found.rows if row[0].place[0] == found.path), default=found.line)
    remarks = list(_comments(lines, first, last))
    name, above = _above(lines, first)
    if above:
        remarks.append(above)
    if found.doc is not None:
        remarks.append(Remark(*found.doc))
    near = [*range(max(0, first - _NEAR), first), *range(last, min(len(lines), last + _NEAR))]
    constants = tuple(Remark(k + 1, lines[k]) for k in near if _CONSTANT.match(lines[k].partition("#")[0]))
    return Beside((found.name, *filter(None, [name])), tuple(remarks), constants)


def _comments(lines: list[str], first: int, last: int) -> Iterator[Remark]:
    """Those on the lines of the list; a row of comments is one remark."""
    whole: list[str] = []
    for k in range(first, min(last, len(lines))):
        match = _COMMENT.search(lines[k])
        alone = match is not None and not lines[k][: match.start()].strip()
        if whole and not alone:
            yield Remark(k + 1 - len(whole), "\n".join(whole))
            whole = []
        if match and alone:
            whole.append(match[1].strip())
        elif match:
            yield Remark(k + 1, match[1].strip())
    if whole:
        yield Remark(min(last, len(lines)) + 1 - len(whole), "\n".join(whole))


def _above(lines: list[str], first: int) -> tuple[str, Remark | None]:
    """The name that the list is bound to, and the comments right above it."""
    bound = _BINDING.match(lines[first]) if first < len(lines) else None
    block: list[str] = []
    begin = first
    for k in range(first - 1, -1, -1):
        line = lines[k]
        comment, name = _COMMENT.search(line), _BINDING.match(line)
        alone = comment is not None and not line[: comment.start()].strip()
        if name and bound is None and not alone:
            bound = name
        elif not alone and line.strip() not in ("", "[", "("):
            break
        if comment:
            block.insert(0, comment[1].strip())
            begin = k
        elif block or (bound is not None and name is None):
            break
    return bound[1] if bound else "", Remark(begin + 1, "\n".join(block)) if block else None
