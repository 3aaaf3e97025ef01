"""Rows of numbers in any language, by their shape: bracketed groups, table rows, three constants.

Only the numbers are read: what the program does with them is not followed, and that is said.  Every pattern gives back
nothing that it has taken (possessive quantifiers), so the time is linear in the text, whatever stands in it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from fractions import Fraction

from muon_theory.sources.found import LIKELY, Found, by_shape, shaped, typical
from muon_theory.sources.values import Number

_DIGITS = r"[+-]?+\s?+(?:\d[\d_]{0,40}+(?:\.[\d_]{0,60}+)?+|\.\d{1,60}+)(?:[eE][+-]?+\d{1,3}+)?+"
_QUOTIENT = r"(?:\s{0,2}+/\s{0,2}+(\d{1,9}+(?:\.0?+)?+)[fF]?+)?+"
_CELL = rf"(?:\w{{1,20}}+\s{{0,2}}+[=:]\s{{0,2}}+)?+({_DIGITS})(?:_?f(?:32|64|16)|[fFlL])?+{_QUOTIENT}"
_GAP = r"\s{0,200}+"
_ROW = re.compile(rf"[\[({{]{_GAP}{_CELL}(?:{_GAP},{_GAP}{_CELL}){{1,11}}+{_GAP},?+{_GAP}[\])}}]")
_PIPED = rf"[ \t]{{0,40}}+`?+{_CELL}`?+[ \t]{{0,40}}+\|"
_PIPES = re.compile(rf"^[ \t]{{0,40}}+\|(?:[^|\n]{{0,60}}+\|)??(?:{_PIPED}){{2,9}}+[ \t]*+$", re.M)
_ONE = re.compile(_CELL)
_NAME = re.compile(
    r"\b([A-Za-z_][\w.]{0,80}+)[\"'`]?+\s*+(?:\[[^\]\n]{0,40}+\]\s*+){0,3}+(?::[^=\n]{0,80}+)?(?::?+=|:)\s*+[^=\w]{0,40}$"
)
_CONSTANT = re.compile(
    rf"\b(\w{{0,40}}?)([abcdABCD])\b\s{{0,9}}+(?::\s{{0,9}}+[\w.]{{1,20}}+\s{{0,9}}+)?+:?+=\s{{0,9}}+({_DIGITS})"
    r"(?:_?f(?:32|64)|[fF])?+[ \t]{0,9}+[;,\n)]"
)
_COMMENTS = {
    ".lean": re.compile(r"--[^\n]*|/-(?:.|\n){0,20000}?-/"),
    ".jl": re.compile(r"#[^\n]*"),
}
_SLASHES = re.compile(r"//[^\n]*|/\*(?:.|\n){0,20000}?\*/")
CODE = {
    ".c", ".cc", ".cpp", ".cu", ".cuh", ".h", ".hpp", ".rs", ".lean", ".jl", ".metal", ".swift", ".go", ".zig", ".m",
    ".mm",
}  # fmt: skip


def rows_by_shape(path: str, text: str, suffix: str) -> list[Found]:
    """The tables of a text, in its order; adjacent rows make one table."""
    if suffix in CODE:
        text = _COMMENTS.get(suffix, _SLASHES).sub(lambda c: re.sub(r"[^\n]", " ", c[0]), text)
    starts = [0, *(i.end() for i in re.finditer("\n", text))]

    def line(position: int) -> int:
        return bisect_right(starts, position)

    out: list[Found] = []
    table: list[list[Number]] = []
    name, end, begin = "", 0, 0
    for match in _matches(text):
        row = [_number(c, path, line(match.start() + c.start())) for c in _ONE.finditer(match[0])]
        between = text[end : match.start()]
        if table and (len(between) > 200 or not re.fullmatch(r"[\s,;|\[\](){}]*", between)):
            out += _table(table, name, begin)
            table = []
        if not table:
            name, begin = _name(text, match.start()), line(match.start())
        table.append(row)
        end = match.end()
    out += _table(table, name, begin)
    return sorted([*out, *_constants(text, path, line)], key=lambda f: f.line)


def _matches(text: str) -> Iterator[re.Match[str]]:
    found = [*_ROW.finditer(text), *_PIPES.finditer(text)]
    at = 0
    for match in sorted(found, key=lambda m: m.start()):
        if match.start() >= at:
            at = match.end()
            yield match


def _number(cell: re.Match[str], path: str, line: int) -> Number:
    value = Fraction(cell[1].replace("_", "").replace(" ", ""))
    if cell[2] and Fraction(cell[2].rstrip(".")):
        value /= Fraction(cell[2].rstrip("."))
    return Number(value, (path, line))


def _name(text: str, position: int) -> str:
    match = _NAME.search(text[max(0, position - 240) : position])
    return match[1] if match else ""


def _table(rows: list[list[Number]], name: str, line: int) -> Iterator[Found]:
    if len(rows) == 1 and len(rows[0]) > 5 and len(rows[0]) % 3 == 0:  # a flat array of triples
        flat = [rows[0][i : i + 3] for i in range(0, len(rows[0]), 3)]
        rows = flat if typical(flat) else rows
    if rows and len({len(r) for r in rows}) == 1 and shaped(rows):
        yield by_shape(name or f"line {line}", rows, bool(LIKELY.search(name)))


def _constants(text: str, path: str, line: Callable[[int], int]) -> Iterator[Found]:
    """a = …; b = …; c = … within a few lines."""
    run: list[tuple[str, str, Number, int]] = []
    for match in _CONSTANT.finditer(text):
        stem, letter = match[1], match[2]
        number = Number(Fraction(match[3].replace("_", "").replace(" ", "")), (path, line(match.start())))
        follows = run and run[-1][0] == stem and ord(letter) == ord(run[-1][1]) + 1 and match.start() - run[-1][3] < 300
        if not follows:
            yield from _constant_row(run)
            run = []
        if run or letter in "aA":
            run.append((stem, letter, number, match.start()))
    yield from _constant_row(run)


def _constant_row(run: list[tuple[str, str, Number, int]]) -> Iterator[Found]:
    row = [n for _, _, n, _ in run]
    if len(row) >= 2 and shaped([row]):
        name = ",".join(stem + letter for stem, letter, _, _ in run)
        yield by_shape(name, [row], typical([row]) and len(row) > 2)
