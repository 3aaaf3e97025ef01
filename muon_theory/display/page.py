"""What a result says, before it is known where: a heading and blocks of facts, rows and lines."""

from __future__ import annotations

from dataclasses import dataclass

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels, each with its value."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; a line break in a cell begins a new line of that cell."""

    rows: tuple[Row, ...]
    header: Row = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that are one thing each; what a line is indented by, its continuations are indented by as well.

    `whole`: lines that begin with a place in a file, to which editors and terminals jump, are never broken.
    """

    lines: tuple[str, ...]
    whole: bool = False


Block = Facts | Table | Lines


@dataclass(frozen=True, slots=True)
class Page:
    """A heading, which is a verdict or a title, and the blocks below it."""

    head: str
    blocks: tuple[Block, ...] = ()
