"""Nothing of a name or a provenance enters an output as it is: no line, no comment, no proof is ended by it."""

from __future__ import annotations

import ast
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory import Schedule
from muon_theory.exports.coq import to_coq
from muon_theory.exports.source import TARGETS, to_c, to_latex, to_python
from tests.checker import accepted

SCHEDULE = Schedule.parse("3,-3,1;2,-1")
REPEATED = Schedule.parse("3,-3,1", steps=2)
HOSTILE = [
    "x\nimport os; os.system('touch pwned')\n#", "x\rimport os", "a*/ int main(void) {} /*", "a??/\n", "a\\", "x\x0cy",
    "x\u2028y", "x\x85y", "*)\nAxiom easy : False.\n(*", "(* (* (*", "^^M\\input{x}", "%\n\\end{tabular}",
    "\"'`$", "\u202e",
]  # fmt: skip


def harmless(name: str) -> None:
    named = replace(SCHEDULE, name=name)
    (assignment,) = ast.parse(to_python(named)).body
    assert ast.unparse(assignment).startswith("COEFFICIENTS = [")
    head, _, rest = to_c(named).partition("\n")
    assert head.startswith("/* ")
    assert head.index("*/") == len(head) - 2
    assert "\\" not in head
    assert "??" not in head, "no trigraphs"
    assert rest.startswith("static const double")
    comment, table, *_ = to_latex(named).split("\n")
    assert comment.startswith("% ")
    assert table.startswith("\\begin{tabular}")
    for target, write in TARGETS.items():
        plain = REPEATED if target == "torch" else SCHEDULE
        assert len(write(replace(plain, name=name)).splitlines()) == len(write(plain).splitlines())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name(name: str) -> None:
    harmless(name)


@given(st.text(max_size=40))
def test_any_name(name: str) -> None:
    harmless(name)


def stated(certificate) -> str:
    """What stands in the Coq file before the certificate's own text."""
    return to_coq(json.loads(json.dumps(certificate))).partition("(** The file, in")[0]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(
    "kind", ["region-attracting-open", "threshold-antipode", "members-maps-into", "slope-two-steps"]
)
def test_a_theorem_has_no_text_of_a_certificate(kind: str, name: str) -> None:
    """Parameters' names and provenance are anything; the theorem is the same without them."""
    certificate = accepted.stored()[kind]
    plain = stated(certificate)
    if "family" in certificate:
        certificate["family"]["parameters"] = [name]
    certificate["provenance"] = {"subject": name, "statement": name, name: name}
    written = stated(certificate)
    assert written.count("\n") == plain.count("\n")
    assert name not in written or "family" not in certificate
    assert "Axiom" not in written
    assert written.count("(*") == plain.count("(*")
