"""The edge of every obligation, and of the rule itself, where a wrong < or side would show."""

from fractions import Fraction as Q

import pytest

from muon_theory.certificate import canonical
from muon_theory.verification import verify
from tests.checker import rule
from tests.checker.edges import EDGES


@pytest.mark.parametrize("name", EDGES)
def test_verdict(name: str) -> None:
    case, proved = EDGES[name]
    verdict = verify(canonical(case))
    assert verdict.proved is proved, verdict.reason


@pytest.mark.parametrize("name", rule.PROBES)
def test_rule(name: str) -> None:
    from muon_theory import check

    assert rule.run(check, name) is rule.PROBES[name][-1]


def test_bernstein_coefficients_are_those_of_the_definition() -> None:
    """(x - 1/3)² on [1/2, 2]: b_0 = p(1/2), b_2 = p(2), b_1 by the blossom; times D²·C(2, j), with D = 2."""
    from muon_theory import check

    p = [1, -6, 9]
    assert check.bernstein(p, Q(1, 2), Q(2)) == [4 * Q(1, 4), 4 * 2 * (1 - 3 * Q(5, 2) + 9), 4 * 25]
