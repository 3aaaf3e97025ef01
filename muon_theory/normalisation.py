"""What is done to the matrix before the first step, and what that guarantees: kind × factor × side."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, Self

from muon_theory.errors import UsageError

WITHIN = Fraction(5, 4)
"""How far a spectral estimate may lie from σ₁, by a factor, where nothing else is said."""


class Kind(enum.Enum):
    """What X is divided by: a norm of it, or nothing; or, AOL, how one of its sides is rescaled.

    AOL:  X_0 = diag(d)^(-1/2) X,  d_i = Σ_j |XXᵀ|_ij,  for rows; for columns the same of Xᵀ.
    """

    FROBENIUS = "frobenius"
    SCHATTEN_4 = "schatten-4"
    SPECTRAL_ESTIMATE = "spectral-estimate"
    AOL = "aol"
    NONE = "none"


SCALED = (Kind.FROBENIUS, Kind.SCHATTEN_4, Kind.SPECTRAL_ESTIMATE)
"""Those that divide by a number, which a factor may multiply."""
SIDES = {"aol": "shorter", "aol-rows": "rows", "aol-columns": "columns"}
NAMES = (*(kind.value for kind in SCALED), *SIDES, "none")


@dataclass(frozen=True, slots=True)
class Normalisation:
    """X is divided by `factor` times a number of its `kind`, or rescaled on a `side`; `bound` is what that guarantees.

    Frobenius: ‖X‖_F ≥ σ₁, with equality for rank one.  Schatten-4: ‖XᵀX‖_F^(1/2) ≥ σ₁.  AOL: ‖X_0‖₂ ≤ 1; `side` is
    "rows", "columns", or "shorter", which is the rows of a square matrix.  A spectral estimate is a number between
    σ₁/within and within·σ₁, and guarantees nothing by itself; `none` neither.

    >>> Normalisation.named("frobenius*1.02").bound, Normalisation.NONE.bound
    (Fraction(50, 51), None)
    """

    kind: Kind
    factor: Fraction = Fraction(1)
    side: str = "shorter"
    within: Fraction = WITHIN

    FROBENIUS: ClassVar[Normalisation]
    FROBENIUS_101: ClassVar[Normalisation]
    FROBENIUS_102: ClassVar[Normalisation]
    SCHATTEN_4: ClassVar[Normalisation]
    AOL: ClassVar[Normalisation]
    SPECTRAL_ESTIMATE: ClassVar[Normalisation]
    NONE: ClassVar[Normalisation]

    @classmethod
    def named(cls, name: str | Normalisation, within: Fraction | float | None = None) -> Self:
        """From frobenius, schatten-4, spectral-estimate (each may have *1.02), aol, aol-rows, aol-columns, none.

        Raises UsageError.

        >>> Normalisation.named("frobenius*1.02").factor
        Fraction(51, 50)
        """
        text = name.name if isinstance(name, Normalisation) else name
        base, star, factor = text.partition("*")
        if base not in NAMES or (star and not re.fullmatch(r"\d+(\.\d+)?", factor)):
            known = ", ".join(NAMES)
            raise UsageError(
                f"there is no normalisation {text!r}: use one of {known}, the first three also as NAME*1.02"
            )
        if base in SIDES:
            found = cls(Kind.AOL, side=SIDES[base])
        else:
            found = cls(Kind(base), Fraction(factor) if star else Fraction(1))
        if star and (found.kind not in SCALED or found.factor == 0):
            raise UsageError(
                f"normalisation {text!r}: a positive factor belongs to {', '.join(k.value for k in SCALED)}"
            )
        if within is None:
            return found
        if not found.estimated or not within >= 1:
            raise UsageError(
                f"--within={within}: a number of 1 or more, and only with --normalisation=spectral-estimate"
            )
        return cls(found.kind, found.factor, within=Fraction(within))

    @property
    def name(self) -> str:
        """As `named` reads it."""
        if self.kind is Kind.AOL:
            return next(name for name, side in SIDES.items() if side == self.side)
        times = f"*{float(self.factor):g}" if self.factor != 1 else ""
        return f"{self.kind.value}{times}"

    @property
    def bound(self) -> Fraction | None:
        """The largest possible σ₁ afterwards, in exact arithmetic; None where nothing is guaranteed."""
        return None if self.kind in (Kind.SPECTRAL_ESTIMATE, Kind.NONE) else 1 / self.factor

    @property
    def estimated(self) -> bool:
        """Is the number known only up to `within`?"""
        return self.kind is Kind.SPECTRAL_ESTIMATE

    def rescales(self, rows: int, columns: int) -> str | None:
        """Which side AOL rescales in a matrix of this shape; None for a scalar."""
        if self.kind is not Kind.AOL:
            return None
        return self.side if self.side != "shorter" else ("rows" if rows <= columns else "columns")

    def transposes(self, rows: int, columns: int) -> bool:
        """Is the normalised Xᵀ the transpose of the normalised X?"""
        return self.rescales(rows, columns) is None or self.rescales(rows, columns) != self.rescales(columns, rows)


Normalisation.FROBENIUS = Normalisation(Kind.FROBENIUS)
Normalisation.FROBENIUS_101 = Normalisation(Kind.FROBENIUS, Fraction("1.01"))
Normalisation.FROBENIUS_102 = Normalisation(Kind.FROBENIUS, Fraction("1.02"))
Normalisation.SCHATTEN_4 = Normalisation(Kind.SCHATTEN_4)
Normalisation.AOL = Normalisation(Kind.AOL)
Normalisation.SPECTRAL_ESTIMATE = Normalisation(Kind.SPECTRAL_ESTIMATE)
Normalisation.NONE = Normalisation(Kind.NONE)
