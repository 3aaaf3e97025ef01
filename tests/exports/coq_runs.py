"""What the tests of the Coq export ask of coqc."""

import re

from muon_theory.exports.coq import ALLOWED_AXIOMS, CoqVerdict, run_coq, to_coq
from tests.exports.naive_certificates import bundle


def all_compile(certificates, library, seconds=600):
    """All of them, in one file, on the axioms of the reals alone."""
    result = run_coq(to_coq(bundle(certificates)), library, seconds)
    assert (result.verdict, result.message) == (CoqVerdict.ACCEPTED, "")
    assert result.axioms <= ALLOWED_AXIOMS


def none_compiles(certificates, library):
    """Each of them fails where its proof is closed: not one of them is proved, and none fails before."""
    certificates = list(certificates)
    text = to_coq(bundle(certificates))
    # `Fail` turns the error that is expected of each Qed into success
    text, count = re.subn(r"Qed\.", "Fail Qed.\nAbort.", text[: text.rindex("Print Assumptions")])
    text = re.sub(r"Definition everything :=.*", "", text, flags=re.DOTALL)
    result = run_coq(text + "Print Assumptions I.\n", library)
    assert (count, result.verdict, result.message) == (len(certificates), CoqVerdict.ACCEPTED, "")
