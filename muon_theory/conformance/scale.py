"""How the size of an update depends on its shape: recognised by name, and read by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

from muon_theory.errors import UsageError

SHAPES: dict[str, Callable[[float, float], float]] = {
    "1": lambda m, n: 1.0,
    "√max(1, m/n)": lambda m, n: sqrt(max(1.0, m / n)),
    "√max(m, n)": lambda m, n: sqrt(max(m, n)),
    "√(m/n)": lambda m, n: sqrt(m / n),
    "max(1, m/n)": lambda m, n: max(1.0, m / n),
    "√(mn)": lambda m, n: sqrt(m * n),
    "√min(m, n)": lambda m, n: sqrt(min(m, n)),
    "1/√n": lambda m, n: 1 / sqrt(n),
    "√max(1, n/m)": lambda m, n: sqrt(max(1.0, n / m)),
    "√(n/m)": lambda m, n: sqrt(n / m),
    "max(1, n/m)": lambda m, n: max(1.0, n / m),
}
"""How an update's size depends on the shape m × n of the matrix."""


@dataclass(frozen=True, slots=True)
class Scale:
    """s(m, n) = factor·SHAPES[shape](m, n).

    >>> Scale.parse("0.2·√max(m, n)").of(16, 4)
    0.8
    """

    shape: str = "1"
    factor: float = 1.0

    @classmethod
    def parse(cls, text: str) -> Scale:
        """From '0.2·√max(m, n)'; sqrt and * are read as √ and ·.  Raises UsageError."""
        plain = text.replace("sqrt", "√").replace("*", "·").replace(" ", "")
        plain = re.sub(r"√\((max|min)(\([^()]*\))\)", r"√\1\2", plain)  # √(max(m, n)) as √max(m, n)
        known = {name.replace(" ", ""): name for name in SHAPES}
        factor, dot, shape = plain.rpartition("·")
        try:
            if not dot and plain not in known:
                return cls("1", float(plain))
            return cls(known[shape if dot else plain], float(factor) if dot else 1.0)
        except (KeyError, ValueError):
            raise UsageError(
                f"scale {text!r} is unknown: write one of {', '.join(SHAPES)}, a number before it, as in 0.2·√max(m, n)"
            ) from None

    def of(self, m: int, n: int) -> float:
        return self.factor * SHAPES[self.shape](m, n)

    def __str__(self) -> str:
        if self.factor == 1:
            return self.shape
        return f"{self.factor:.4g}" + ("" if self.shape == "1" else f"·{self.shape}")


def rule_of(sizes: Mapping[tuple[int, int], float], tolerance: float) -> Scale | None:
    """The first rule whose factor is one number for all these shapes m × n, up to the tolerance.

    >>> str(rule_of({(4, 4): 0.4, (9, 4): 0.6, (4, 16): 0.8}, 0.01))
    '0.2·√max(m, n)'
    """
    for shape, rule in SHAPES.items():
        factors = [size / rule(*of) for of, size in sizes.items()]
        middle = sum(factors) / len(factors)
        if middle > 0 and all(abs(f - middle) <= tolerance * abs(middle) for f in factors):
            return Scale(shape, _rounded(middle, tolerance))
    return None


def _rounded(factor: float, tolerance: float) -> float:
    """A simple number within the tolerance of the factor, if there is one."""
    for digits in (0, 1, 2):
        simple = round(factor, digits)
        if simple and abs(simple - factor) <= min(tolerance, 0.02 + tolerance / 4) * abs(factor):
            return simple
    return factor
