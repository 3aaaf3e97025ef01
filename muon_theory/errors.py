"""What can go wrong, in words for the person who typed it.

Every error of this package that a user can cause is a `MuonTheoryError`; its text is one line that says what is wrong,
where, and what to write instead.  `exit_status` is what the command line returns for it.
"""

from __future__ import annotations


class MuonTheoryError(Exception):
    """Base of all errors that carry a message for the user."""

    exit_status = 2


class UsageError(MuonTheoryError):
    """The input is not what the operation takes."""


class ParseError(UsageError):
    """A text could not be read; `pointer()` draws a caret under the place.

    >>> print(ParseError("'o' is not a digit", "2.3o15", 3).pointer())
    2.3o15
       ^
    """

    def __init__(self, message: str, text: str, position: int) -> None:
        super().__init__(message)
        self.text = text
        self.position = position

    def pointer(self) -> str:
        return f"{self.text}\n{' ' * self.position}^"


class UndecidedError(MuonTheoryError):
    """A comparison or a search could not be decided; the text names the next step to take."""

    exit_status = 3


class MissingDependencyError(MuonTheoryError):
    """An optional package or program is absent; the text says how to install it."""

    @classmethod
    def of(cls, package: str, verb: str = "") -> MissingDependencyError:
        """For a Python package: which extra brings it.

        >>> print(MissingDependencyError.of("hypothesis", "conform"))
        conform needs hypothesis, which is absent: pip install "muon-theory[conform]"
        """
        extra = EXTRAS.get(verb) or EXTRAS.get(package)
        install = f'pip install "muon-theory[{extra}]"' if extra else "pip install muon-theory again"
        return cls(f"{verb or 'this'} needs {package}, which is absent: {install}")


EXTRAS = {
    "conform": "conform",
    "conform-step": "conform,torch",
    "torch": "torch",
    "hypothesis": "conform",
    "safetensors": "spectrum",
    "joblib": "sweep",
    "distributed": "sweep",
    "typst": "paper",
    "pytest": "test",
}
"""The extra that a package, or a verb, needs."""
