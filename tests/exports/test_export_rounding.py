"""Tier W's ε of a step, proved in Coq from the model of arithmetic: the two sides compute it, and agree."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from muon_theory.errors import UsageError
from muon_theory.exports.coqc import ALLOWED_AXIOMS, CoqVerdict, compile_library, run_coq
from muon_theory.exports.rounding import rounding_to_coq
from muon_theory.polynomial import OddPolynomial
from muon_theory.precision import worst_step
from muon_theory.precision.steps import arithmetic_named
from muon_theory.schedule import Schedule

JORDAN = Schedule.parse("3.4445,-4.7750,2.0315").steps[0]
ARTICLE = Schedule.parse("3.25,-3.51,1.26").steps[0]
CUBIC = OddPolynomial.of("3/2", "-1/2")
SEPTIC = OddPolynomial.of("35/16", "-35/16", "21/16", "-5/16")
ABOVE = Fraction(1001, 1000)
STEPS = [
    (JORDAN, "bf16", (64, 64), ABOVE, None, None),
    (JORDAN, "bf16", (768, 3072), ABOVE, None, None),
    (ARTICLE, "fp16", (128, 512), ABOVE, None, None),
    (ARTICLE, "tf32", (64, 64), Fraction(6, 5), None, None),
    (JORDAN, "fp64", (1024, 4096), Fraction(6, 5), None, None),
    (JORDAN, "fp32", (256, 256), ABOVE, "pairwise", None),
    (JORDAN, "e4m3", (8, 8), ABOVE, None, None),
    (ARTICLE, "bf16", (16, 16), ABOVE, None, "storage"),
    (CUBIC, "fp32", (64, 64), Fraction(1), None, None),
    (SEPTIC, "fp32", (64, 64), ABOVE, None, None),
    (SEPTIC, "bf16", (16, 48), ABOVE, "lanes:8", None),
]


def proved(text):
    """What coqc says of an instance."""
    result = run_coq(text, compile_library(), seconds=120)
    assert result.verdict is not CoqVerdict.ACCEPTED or result.axioms <= ALLOWED_AXIOMS
    return result.verdict


@pytest.mark.coq
@pytest.mark.long
def test_what_a_step_of_jordans_map_errs_by_in_fp32_is_a_theorem(coqc: str) -> None:
    arithmetic = arithmetic_named("fp32")
    assert proved(rounding_to_coq(JORDAN, arithmetic, (64, 64), ABOVE, Fraction(1))) is CoqVerdict.ACCEPTED


@pytest.mark.coq
@pytest.mark.long
def test_less_is_not(coqc: str) -> None:
    arithmetic = arithmetic_named("fp32")
    found = worst_step(JORDAN, arithmetic, (64, 64), ABOVE, Fraction(1), apart=False)
    less = replace(found, error=found.error * (1 - Fraction(1, 2**60)))
    assert proved(rounding_to_coq(JORDAN, arithmetic, (64, 64), ABOVE, Fraction(1), bound=less)) is CoqVerdict.REJECTED


@pytest.mark.long
@pytest.mark.parametrize(
    "case", STEPS, ids=lambda c: f"{c[0].degree}-{c[1]}-{c[2][0]}x{c[2][1]}-{c[4] or c[5] or 'any'}"
)
def test_what_python_prints_coq_proves(coqc: str, case) -> None:
    f, dtype, shape, s, sums, accumulate = case
    text = rounding_to_coq(f, arithmetic_named(dtype, accumulate, sums), shape, s, Fraction(1))
    assert proved(text) is CoqVerdict.ACCEPTED


@pytest.mark.coq
@pytest.mark.long
def test_a_number_that_is_too_small_is_refused(coqc: str) -> None:
    """γ, the roots, and each bound, one after the other divided by two: all that the inequalities compare."""
    head, numbers = rounding_to_coq(JORDAN, arithmetic_named("bf16"), (16, 16), ABOVE, Fraction(1)).split(
        ":= Numbers\n"
    )
    lines = numbers.partition(".\n\nLemma")[0].split("\n")
    assert len(lines) == 27
    text = head.partition("(** Coq")[0]
    for i in (*range(6, 12), *range(16, 27)):
        half = re.sub(r"\((\d+) # (\d+)\)", lambda m: f"({m[1]} # {2 * int(m[2])})", lines[i], count=1)
        assert half != lines[i]
        few = "\n".join([*lines[:i], half, *lines[i + 1 :]])
        text += f"Lemma refused_{i} : decided (Numbers\n{few}) = false.\nProof. vm_compute; reflexivity. Qed.\n"
    assert proved(f"{text}Print Assumptions refused_6.\n") is CoqVerdict.ACCEPTED


def test_what_has_no_theorem_is_refused_in_one_line() -> None:
    with pytest.raises(UsageError, match="linear"):
        rounding_to_coq(OddPolynomial.of("5/4"), arithmetic_named("fp32"), (4, 4), ABOVE, ABOVE)
    with pytest.raises(UsageError, match="cut block by block"):
        rounding_to_coq(JORDAN, arithmetic_named("fp32", "fp32-truncating"), (4, 4), ABOVE, ABOVE)
