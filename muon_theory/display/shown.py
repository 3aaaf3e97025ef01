"""The base of every result: one screen of text, notebooks' representations, a file, a picture."""

from __future__ import annotations

import enum
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from muon_theory.certificate import AnyCertificate, bundle, canonical, write
from muon_theory.display.markup import html, latex
from muon_theory.display.page import Page
from muon_theory.display.text import WIDTH, Paint, plain
from muon_theory.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCREEN = 32
"""Lines of a `repr`; `text()` has them all."""


class Shown:
    """Abstract.  A result says what stands on its `page`, what its `verdict` is and what programs read (`to_json`).

    Derive with `@dataclass(frozen=True, slots=True, repr=False)`; the field or property `verdict` is an enumeration
    whose values are the words of the machine interface.
    """

    __slots__ = ()

    if TYPE_CHECKING:  # a field of the one, a property of the other

        @property
        def verdict(self) -> enum.Enum | None: ...

    def page(self) -> Page:
        """What is printed of the result."""
        raise NotImplementedError(f"{type(self).__name__} does not say what stands on its page")

    def to_json(self) -> dict[str, object]:
        """The answer of the machine interface."""
        raise NotImplementedError(f"{type(self).__name__} has no machine interface")

    @property
    def certificates(self) -> tuple[AnyCertificate, ...]:
        """The certificates behind the result, if it has any."""
        return ()

    @property
    def exit_status(self) -> int:
        """What the command line returns for it: 0, 1 refuted or contradicted, 3 undecided."""
        return {"refuted": 1, "contradicted": 1, "undecided": 3, "vacuous": 3}.get(
            self.verdict.value if self.verdict else "", 0
        )

    def text(self, width: int = WIDTH, paint: Paint = str) -> str:
        """All of it as text of that width."""
        return plain(self.page(), width, paint)

    def __repr__(self) -> str:
        lines = self.text(100).split("\n")
        more = len(lines) - SCREEN
        return "\n".join(lines if more <= 1 else [*lines[:SCREEN], f"… {more} more lines: .text() has them"])

    def _repr_html_(self) -> str:
        return html(self.page())

    def _repr_latex_(self) -> str:
        return latex(self.page())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the certificates to one file, which `verify` reads; where a result has none, its JSON answer.

        The file is written whole or not at all.  Raises UsageError where it cannot be written.
        """
        proofs = self.certificates
        write(Path(path), bundle(proofs) if proofs else canonical(self.to_json()))

    def draw(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file, of the kind that its name ends in: .svg, .png or .pdf.  Raises UsageError."""
        data, kind = io.BytesIO(), Path(path).suffix.removeprefix(".")
        try:
            self.plot().savefig(data, format=kind or None)
        except ValueError as error:
            raise UsageError(f"cannot draw into {path}: {error}") from None
        write(Path(path), data.getvalue())

    def plot(self) -> Figure:
        """A picture of the result, as a matplotlib figure."""
        raise UsageError(f"there is no picture of {type(self).__name__}: what it says is text, as .text() has it")


class Unjudged(Shown):
    """Abstract.  What is looked up or written: nothing is claimed of it, so it has no verdict."""

    __slots__ = ()

    @property
    def verdict(self) -> None:
        return None
