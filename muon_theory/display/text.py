"""A page as plain text of any width: nothing is cut, long cells and lines go on below, further in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import singledispatch

from muon_theory.display.page import Block, Facts, Lines, Page, Row, Table

WIDTH = 80
LEAST = 24
"""A last column narrower than this is no column: the row is written one cell a line instead."""

_PLACED = re.compile(r"^(\s*\S+:\d+: )([^\s:]+)")
"""The first word behind a place, such as a severity."""

Paint = Callable[[str], str]
"""Gives a heading or a cell its colour; the width stays what it was."""


def width_of(text: str) -> int:
    """How many places of a terminal a text takes.

    >>> width_of("ρ̄ = 1")
    5
    """
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, width: int, hang: int = 0) -> list[str]:
    """The text in lines of at most `width`; the second and later ones begin `hang` places in.

    Lines break at spaces, and inside a word only where it alone is longer than a line.

    >>> wrapped("abc defgh ijk", 10, 1), wrapped("12345678901234", 10, 1)
    (['abc defgh', ' ijk'], ['1234567890', ' 1234'])
    """
    lines: list[str] = []
    for part in text.split("\n"):
        lines += _wrapped(part, max(width, hang + 8), hang)
    return lines


def _wrapped(text: str, width: int, hang: int) -> list[str]:
    lead = text[: len(text) - len(text.lstrip(" "))]
    lines, line, margin = [], lead, " " * hang
    for gap, word in re.findall(r"( *)([^ ]+)", text[len(lead) :]):
        gap = "" if line in (lead, margin) else gap
        if width_of(line + gap + word) <= width:
            line += gap + word
            continue
        if line.strip():
            lines.append(line)
            line = margin
        while width_of(line + word) > width:
            room = width - width_of(line)
            lines.append(line + word[:room])
            line, word = margin, word[room:]
        line += word
    return [*lines, line]


def plain(page: Page, width: int = WIDTH, paint: Paint = str) -> str:
    """The page as text, its blocks separated by empty lines.

    >>> print(plain(Page("PROVED", (Facts((("slope", "2"), ("safe σ_max", "1.2"))),))))
    PROVED
    <BLANKLINE>
    slope       2
    safe σ_max  1.2
    """
    head = "\n".join(paint(line) for line in wrapped(page.head, width, 2))
    return "\n\n".join(filter(None, [head, *("\n".join(lines_of(block, width, paint)) for block in page.blocks)]))


@singledispatch
def lines_of(block: Block, width: int, paint: Paint = str) -> list[str]:
    """The lines of one block."""
    raise TypeError(f"{block!r} is no block of a page")


@lines_of.register
def _(block: Lines, width: int, paint: Paint = str) -> list[str]:
    every = [line for text in block.lines for line in text.split("\n")]
    lines: list[str] = []
    for text in every:
        if block.whole and _PLACED.match(text):
            lines.append(_PLACED.sub(lambda m: m[1] + paint(m[2]), text))
        else:
            lines += wrapped(text, width, len(text) - len(text.lstrip(" ")) + 2)
    return lines


@lines_of.register
def _(block: Facts, width: int, paint: Paint = str) -> list[str]:
    return table(block.rows, width, paint)


@lines_of.register
def _(block: Table, width: int, paint: Paint = str) -> list[str]:
    rows = [block.header, *block.rows] if block.header else block.rows
    if rows and not _fits(rows, width):
        return _stacked(block, width, paint)
    return table(rows, width, paint)


def table(rows: Sequence[Row], width: int, paint: Paint = str) -> list[str]:
    """Rows in columns, the last of which takes the room that is left."""
    widths, lines = _widths(rows), []
    for row in rows:
        *first, last = row
        room = width - sum(widths) - 2 * len(widths)
        cells = [*(cell.split("\n") for cell in first), _last(last, max(room, 8))]
        for n in range(max(map(len, cells))):
            parts = [cell[n] if n < len(cell) else "" for cell in cells]
            padded = [_padded(part, w, paint) for part, w in zip(parts[:-1], widths, strict=True)]
            lines.append("  ".join([*padded, parts[-1]]).rstrip())
    return lines


def _last(cell: str, room: int) -> list[str]:
    return [line for text in cell.split("\n") for line in wrapped(text, room, 2)]


def _widths(rows: Sequence[Row]) -> list[int]:
    return (
        [max(width_of(line) for row in rows for line in row[i].split("\n")) for i in range(len(rows[0]) - 1)]
        if rows
        else []
    )


def _fits(rows: Sequence[Row], width: int) -> bool:
    widths = _widths(rows)
    last = max(width_of(line) for row in rows for line in row[-1].split("\n"))
    return sum(widths) + 2 * len(widths) + min(last, LEAST) <= width


def _padded(text: str, width: int, paint: Paint) -> str:
    return paint(text) + " " * (width - width_of(text))


def _stacked(block: Table, width: int, paint: Paint) -> list[str]:
    """Each row as a few lines: its first cell, and below it the others with what their columns are called."""
    lines = []
    for first, *others in block.rows:
        lines += [paint(line) for line in wrapped(first, width, 4)]
        for name, cell in zip(block.header[1:] or [""] * len(others), others, strict=True):
            if cell:
                text = f"  {name}: {cell}" if name else f"  {cell}"
                lines += wrapped(text.replace("\n", "; "), width, 6)
    return lines
