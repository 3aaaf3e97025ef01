"""Which generator makes a list: the parameters are found again, and what no generator makes is said to be unknown."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from muon_theory import catalogue
from muon_theory.audits import Gate, audit
from muon_theory.audits.provenance import provenance
from muon_theory.designs.greedy import Recipe, SafetyOn, compose
from muon_theory.number import Reading
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule

COMPOSED: dict[str, dict[str, Any]] = {
    "degree 5 from l = 0.01, T = 5": {"lower": Fraction(1, 100)},
    "degree 3 from l = 0.01, T = 5": {"lower": Fraction(1, 100), "degree": 3},
    "degree 7 from l = 0.0001, T = 4": {"lower": Fraction(1, 10000), "degree": 7, "steps": 4},
    "l = 0.001, T = 5, cushion 0.1": {"cushion": Fraction(1, 10)},
    "cushion 0.1, not recentred": {"cushion": Fraction(1, 10), "recentre": False},
    "safety 1.05 (all, while it is made)": {
        "safety": Fraction(21, 20),
        "safety_on": SafetyOn.ALL,
        "cushion": "published",
    },
    "safety 1.02 (all-but-last, while it is made)": {"safety": Fraction(51, 50)},
    "the last step relaxed to δ = 0.3": {"relaxed_last": Fraction(3, 10), "lower": Fraction(1, 100)},
    "the last step centred on 1.02": {"centre": Fraction(51, 50), "lower": Fraction(1, 100)},
}


@pytest.mark.parametrize("words", COMPOSED)
def test_the_parameters_of_a_generator_are_found(words: str) -> None:
    fields = dict(COMPOSED[words])
    degree, count, lower = fields.pop("degree", 5), fields.pop("steps", 5), fields.pop("lower", Fraction(1, 1000))
    steps = compose((degree,) * count, lower, recipe=Recipe(**fields)).schedule.steps
    found = str(provenance(steps))
    assert words in found
    assert found.endswith("(to all its digits)")
    printed = tuple(OddPolynomial(tuple(Fraction(round(c * 10**4), 10**4) for c in f.coefficients)) for f in steps)
    assert words in str(provenance(printed))


def test_a_safety_factor_may_be_divided_out_afterwards() -> None:
    raw = compose((5,) * 4, Fraction(1, 100)).schedule.steps
    all_but_last = (*(f.scaled(inner=1 / Fraction("1.03")) for f in raw[:-1]), raw[-1])
    assert "safety 1.03 divided out of all rows but the last afterwards" in str(provenance(all_but_last))
    every = tuple(f.scaled(inner=1 / Fraction("1.03")) for f in raw)
    assert "safety 1.03 divided out of all rows afterwards" in str(provenance(every))


@pytest.mark.parametrize("to", [Reading.BFLOAT16, Reading.BINARY16])
def test_rounded_coefficients_are_recognised(to: Reading) -> None:
    raw = compose((5,) * 4, Fraction(1, 100)).schedule.steps
    found = provenance(tuple(OddPolynomial(tuple(map(to.round, f.coefficients))) for f in raw))
    assert found is not None
    assert (found.rows, found.how) == (4, f"rounded to {to.value}")


PUBLISHED = {
    "modded_polar_express": "cushion 0.02, safety 1.02 (all-but-last, while it is made)",
    "timm_polar_express": "cushion 0.02, safety 1.01 (all-but-last, while it is made)",
    "timm_polar_express_safer": "cushion 0.02, safety 1.02 (all-but-last, while it is made)",
    "polar_express_101": "cushion published, safety 1.01 divided out of all rows but the last afterwards",
    "nvidia_polar_express": "cushion published, safety 1.01 divided out of all rows but the last afterwards",
    "nvidia_cans": "from l = 0.001, T = 5 (to all its digits)",
    "pade_quintic": "pade(2) (exactly)",
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_lists_have_their_generators(name: str) -> None:
    entry = catalogue.entry(name)
    found = str(provenance(entry.schedule(entry.length).steps))
    assert found.startswith("the published list ")
    assert PUBLISHED[name] in found
    assert "rows 1" not in found  # the whole list is reproduced


def test_a_list_that_only_begins_like_a_generators_is_said_to() -> None:
    raw = compose((5,) * 5, Fraction(1, 1000)).schedule.steps
    found = provenance((*raw[:4], OddPolynomial.of("2", "-1.5", "0.5")))
    assert found is not None
    assert "T = 5: rows 1–4 of 5 (to all its digits)" in str(found)


def test_what_no_generator_makes_is_unknown() -> None:
    assert provenance(Schedule.parse("3.1234,-4.4321,2.1111").steps) is None
    (finding,) = audit(
        Schedule.parse("3.1234,-4.4321,2.1111"), certify=None, gate=Gate(select=("provenance",))
    ).findings
    assert finding.message.startswith("unknown: ")
