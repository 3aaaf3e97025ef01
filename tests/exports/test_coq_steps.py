"""The theorems of Steps.v, on the axioms of the reals alone."""

import re

import pytest

from muon_theory.exports.coq import ALLOWED_AXIOMS, CoqVerdict, compile_library, library_files, run_coq


@pytest.mark.long
def test_the_theorems_of_steps_rest_on_the_reals_alone(coqc: str) -> None:
    names = re.findall(r"^Theorem (\w+)", library_files()["Steps.v"], re.M)
    assert len(names) >= 14
    text = "From MuonTheory Require Import Steps.\n" + "".join(f"Print Assumptions {name}.\n" for name in names)
    result = run_coq(text, compile_library())
    assert result.verdict is CoqVerdict.ACCEPTED, result
    assert result.axioms <= ALLOWED_AXIOMS
