"""The coefficient sets and families that the article names, and the word for each in file names."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from muon_theory import catalogue
from muon_theory.family import QUINTIC, Family
from muon_theory.interval import Interval
from muon_theory.number import rational
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

STEPS = 5
"""The article's φ is f five times."""

ONE = Interval.of(1)


def repeated(f: OddPolynomial, name: str, steps: int = STEPS) -> Schedule:
    """One map so many times, as a schedule with a name."""
    return Schedule((f,) * steps, name)


ARTICLE_CUBIC = Schedule.parse("1.99,-0.99", STEPS)
BERNSTEIN = replace(catalogue.get("bernstein_newhouse", STEPS), name="Bernstein & Newhouse (3/2, -1/2)")
ARTICLE = Schedule.parse("3.25,-3.51,1.26", STEPS)
PRINTED = Schedule.parse("3.25,3.51,1.26", STEPS)
JORDAN = replace(catalogue.get("jordan", STEPS), name="Jordan (3.4445, -4.7750, 2.0315)")


class Named(NamedTuple):
    """A coefficient set as text, and five steps of it."""

    text: str
    schedule: Schedule


NAMES = {
    "article-cubic": Named("(1.99, −0.99)", ARTICLE_CUBIC),
    "bernstein": Named("(3/2, −1/2)", BERNSTEIN),
    "article": Named("(3.25, −3.51, 1.26)", ARTICLE),
    "jordan": Named("(3.4445, −4.7750, 2.0315)", JORDAN),
    "printed": Named("(3.25, 3.51, 1.26)", PRINTED),
}
"""By the word that file names use."""

LINE_SUM = rational("2.99")
"""The article's line b = 2.99 - 2a."""


def slope_at_one(constant: Fraction) -> Fraction:
    """f'(1) on the line b = constant - 2a with f(1) = 1: 5 - 4a - 2b = 5 - 2·constant.

    >>> slope_at_one(LINE_SUM)
    Fraction(-49, 50)
    """
    return 5 - 2 * constant


SLOPE = slope_at_one(LINE_SUM)
LINE: Family = QUINTIC.fix(s=SLOPE)
LOWER_ENDS = tuple(rational(text) for text in ("1/1000", "1/100", "1/10"))
"""The values of l for which bands over [l, 1] are given."""
