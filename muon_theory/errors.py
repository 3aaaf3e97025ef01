"""What can go wrong, in words for the person who typed it.

Every error of this package that a user can cause is a `MuonTheoryError`; its text is one line that says what is wrong,
where, and what to write instead.  `exit_status` is what the command line returns for it.
"""

from __future__ import annotations

import re

_ARGUMENT = re.compile(r"(?<![\w'\"-])--([a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?:=('[^']*'|\"[^\"]*\"|[^\s`]*[^\s`.,;:)]))?")
_OTHERWISE = {"coefficients": "subject", "preset": "subject", "degrees": "degree"}
"""Options that are other arguments in Python."""


class MuonTheoryError(Exception):
    """Base of all errors that carry a message for the user.

    One message serves both skins.  It names an argument as the command line does, `--slope-at-one`, or
    `--slope-at-one=-49/50` where it says a value as well; `str` is what Python is told, `typed` what a terminal is.
    What stands in backticks is a command, and stays.

    >>> error = MuonTheoryError("give a starting point, as --x0=1/2, or --basin: see `orbits --help`")
    >>> print(error)
    give a starting point, as x0="1/2", or basin=: see `orbits --help`
    >>> print(error.typed)
    give a starting point, as --x0 1/2, or --basin: see `orbits --help`
    """

    exit_status = 2

    def __str__(self) -> str:
        parts = super().__str__().split("`")
        return "`".join(part if n % 2 else _ARGUMENT.sub(_in_python, part) for n, part in enumerate(parts))

    @property
    def typed(self) -> str:
        """The message for a command line."""
        return _ARGUMENT.sub(lambda m: f"--{m[1]} {m[2]}" if m[2] else m[0], super().__str__())


def _in_python(found: re.Match[str]) -> str:
    """An option as the argument: `set={"d": "1/4"}` for --set=d=1/4."""
    option, value = found.groups()
    name = _OTHERWISE.get(option, option.replace("-", "_"))
    if not value or value[0] in "'\"" or re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        return f"{name}={value or ''}"
    key, equals, rest = value.partition("=")
    return f'{name}={{"{key}": "{rest}"}}' if equals else f'{name}="{value}"'


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


class MissingDependencyError(MuonTheoryError, ImportError):
    """An optional package or program is absent; the text says how to install it."""

    @classmethod
    def of(cls, package: str, what: str = "this", otherwise: str = "") -> MissingDependencyError:
        """For a Python package: which extra brings it; what needs it, a verb or in words; what else can be done.

        >>> print(MissingDependencyError.of("hypothesis", "conform"))
        conform needs hypothesis, which is absent: pip install "muon-theory[conform]"
        """
        extra = EXTRAS.get(what) or EXTRAS.get(package)
        install = f'pip install "muon-theory[{extra}]"' if extra else "pip install muon-theory again"
        return cls(f"{what} needs {package}, which is absent: {install}{otherwise and f', or {otherwise}'}")


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
