"""The picture of a design: the marks are where the errors alternate, however small they are."""

from __future__ import annotations

import pytest
from matplotlib.axes import Axes

from muon_theory import certify
from muon_theory.designs import design


def filled(axes: Axes) -> int:
    """Marks of alternation."""
    return sum(1 for line in axes.lines if line.get_marker() == "o" and line.get_fillstyle() == "full")


@pytest.mark.long
@pytest.mark.parametrize(("degree", "lower", "digits"), [(3, "1/10", None), (5, "1/100", None), (7, "1/10", 40)])
def test_every_step_alternates_once_more_than_it_has_coefficients(degree: int, lower: str, digits: int | None) -> None:
    made = design(degree, 3, lower, digits=digits)
    whole, *steps = made.plot().axes[1:]
    assert [filled(axes) for axes in steps] == [(degree + 3) // 2] * 3
    assert filled(whole) > (degree + 3) // 2
    assert [axes.get_title() for axes in steps] == [f"step {t}: 1 − f(x)" for t in (1, 2, 3)]


def test_small_errors_are_curves() -> None:
    """Of 10^-21, from an interval of 10^-10 around 1."""
    last = design(3, 7, "1/10", digits=40).plot().axes[-1]
    assert last.get_ylabel() == "units of 1e-21"
    assert last.get_xlabel() == "x − 1, units of 1e-10"
    assert filled(last) == 3


def test_many_steps_and_steps_that_run_away_have_a_picture() -> None:
    assert len(certify([(2, -1)] * 20).plot().axes) == 2 + 12
    assert certify([(9, -3)] * 5).plot().axes
