"""A schedule in a number format: is it safe for every matrix that the norm may let in, and what does rounding do?

Safe in a format means: the safe σ_max, certified in exact arithmetic with the cap 3/2, is at least the largest input
that this norm and this format can produce; and under the model of `muon_theory.precision.upper` the upper end stays
where every step is positive and ends at most at the cap.  The first is a proof and the second a model; both are said.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from muon_theory.answer import Answer
from muon_theory.claims import AnyClaim
from muon_theory.errors import UndecidedError
from muon_theory.finders import CAP, safe_sigma_max
from muon_theory.normalisation import Normalisation
from muon_theory.number import decimal
from muon_theory.precision import format_named
from muon_theory.precision.upper import largest_input, upper_ends
from muon_theory.schedule import Schedule

USUAL = ("bf16", "fp16", "fp32")
"""Formats that are looked at where none is named."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The norm that is divided by, and the format that the result is stored in; `factor` multiplies the norm."""

    dtype: str
    normalisation: Normalisation = Normalisation.FROBENIUS
    factor: Fraction = Fraction(1)

    @property
    def largest(self) -> Fraction:
        """The largest singular value of an input.  Raises UsageError where the norm guarantees none."""
        return largest_input(self.normalisation, self.dtype) / self.factor


@dataclass(frozen=True, slots=True)
class InFormat:
    """What becomes of a schedule in a setting.

    safe_sigma_max : certified from below, in exact arithmetic (None: no largest safe input was found).
    upper_end : of the outputs, under the model (None where the model lets them leave).
    reason : why it is not safe; empty if it is.
    number : what decided that, in a few words.
    """

    setting: Setting
    safe_sigma_max: Fraction | None
    upper_end: Fraction | None
    reason: str
    number: str = ""

    @property
    def safe(self) -> bool:
        return not self.reason

    @property
    def sentence(self) -> str:
        """For people: the verdict's second half."""
        if not self.safe:
            return f"NOT SAFE in {self.setting.dtype}: {self.reason}"
        assert self.upper_end is not None  # a schedule without one is not safe
        largest = decimal(self.setting.largest, 7, +1)
        return (
            f"in {self.setting.dtype} the norm may leave σ₁ at {largest}, within the safe σ_max; the model of rounding "
            f"(tier P, no bound) lets outputs reach {decimal(self.upper_end, 4, +1)}"
        )

    @property
    def modelled_upper_end(self) -> str | None:
        """The upper end as the machine interface prints it."""
        return decimal(self.upper_end, 12, +1) if self.upper_end else None

    def to_json(self) -> dict[str, object]:
        """The machine interface's entry."""
        return {
            "dtype": self.setting.dtype,
            "normalisation": self.setting.normalisation.name,
            "norm_factor": decimal(self.setting.factor),
            "safe": self.safe,
            "largest_input": decimal(self.setting.largest, 12, +1),
            "safe_sigma_max": self.safe_sigma_max and decimal(self.safe_sigma_max, 12, -1),
            "modelled_upper_end": self.modelled_upper_end,
            "reason": self.reason,
        }


@lru_cache(maxsize=1024)
def in_format(schedule: Schedule, setting: Setting, safe: Fraction | None = None) -> InFormat:
    """Is the schedule safe in the setting?  `safe` is its certified safe σ_max, where it is known.

    >>> jordan = Schedule.parse("3.4445,-4.7750,2.0315")
    >>> in_format(jordan, Setting("bf16")).safe
    True
    """
    format_named(setting.dtype)
    largest, least = setting.largest, certified_safe_sigma_max(schedule)[0] if safe is None else safe
    if least is None or least < largest:
        held = "none is certified" if least is None else f"{decimal(least, 7, -1)}, cap {CAP}"
        reason = f"the norm may leave σ₁ at {decimal(largest, 7, +1)}, above the safe σ_max ({held})"
        return InFormat(setting, least, None, reason, f"σ_max {held.partition(',')[0]}")
    try:
        end = upper_ends(schedule, setting.dtype, largest)[-1]
    except UndecidedError as error:
        return InFormat(setting, least, None, f"under the model of rounding it leaves every bound; {error}", "no bound")
    reason = f"the model of rounding (tier P) lets outputs reach {decimal(end, 4, +1)}, above the cap {CAP}"
    if end <= CAP:
        return InFormat(setting, least, end, "")
    return InFormat(setting, least, end, reason, f"outputs up to {decimal(end, 4, +1)}")


@lru_cache(maxsize=1024)
def certified_safe_sigma_max(schedule: Schedule) -> tuple[Fraction | None, tuple[Answer[AnyClaim], ...]]:
    """Up to here every step is > 0 and the output ≤ the cap, with what the checker accepted; None if nothing was shown.

    The last answer says that not much beyond it holds.
    """
    bracket, answers = safe_sigma_max(schedule, CAP)
    return (bracket.lo, tuple(answers)) if bracket is not None and bracket.lo > 0 else (None, ())
