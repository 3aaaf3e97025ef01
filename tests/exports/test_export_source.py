"""Schedules as source read back as the numbers they claim to be."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
from fractions import Fraction

import pytest
from hypothesis import given

from muon_theory import Reading, Schedule, catalogue
from muon_theory.errors import UsageError
from muon_theory.exports.source import TARGETS, to_c, to_json, to_latex, to_optax, to_python, to_torch
from muon_theory.number import exact_decimal
from muon_theory.subject import parse_subject
from muon_theory.testing import rationals, schedules


@given(rationals(-1000, 1000, 10**6))
def test_the_text_is_exact(q):
    assert json.loads(to_json(Schedule.of([[q]])))[0][0] == exact_decimal(q)
    assert Fraction(exact_decimal(q)) == q


def test_latex_writes_powers_of_ten():
    assert r"$1.5 \cdot 10^{-9}$" in to_latex(Schedule.parse("2,1.5e-9", 1))


@given(schedules(length=(2, 4)))
def test_json_reads_back_with_the_same_digest(schedule):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.json"
        file.write_text(to_json(schedule))
        assert parse_subject(str(file)).digest == schedule.digest


@pytest.mark.parametrize("name", ["jordan", "you6", "polar_express_raw"])
def test_python_is_the_binary64_reading(name):
    schedule = catalogue.get(name)
    rows = ast.literal_eval(to_python(schedule).split("=", 1)[1].strip())
    assert [tuple(Fraction(c) for c in row) for row in rows] == [
        tuple(Reading.BINARY64.round(c) for c in step.coefficients) for step in schedule.steps
    ]


def test_c_compiles_and_holds_the_numbers(tmp_path):
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler (cc) on this machine")
    schedule = Schedule.parse("3.4445,-4.7750,2.0315;1.5,-0.5")
    code = f'#include <stdio.h>\n{to_c(schedule)}\nint main(void) {{ for (int t = 0; t < 2; t++) printf("%a %a %a\\n", '
    code += "muon_coefficients[t][0], muon_coefficients[t][1], muon_coefficients[t][2]); return 0; }\n"
    (tmp_path / "a.c").write_text(code)
    subprocess.run([compiler, "-std=c99", "-Wall", "-Werror", "-o", tmp_path / "a", tmp_path / "a.c"], check=True)
    out = subprocess.run([tmp_path / "a"], capture_output=True, text=True, check=True).stdout.split()
    assert [float.fromhex(w) for w in out] == [3.4445, -4.775, 2.0315, 1.5, -0.5, 0.0]


def test_latex_has_a_row_a_step():
    text = to_latex(catalogue.get("you6"))
    assert len(re.findall(r"\\\\$", text, re.MULTILINE)) == 1 + 6
    assert text.count("&") == 7 * 3


def arguments(text: str) -> dict[str, object]:
    call = ast.parse(f"f({text})", mode="eval").body
    assert isinstance(call, ast.Call)
    return {str(k.arg): ast.literal_eval(k.value) for k in call.keywords}


def test_torch_takes_what_is_written():
    muon = pytest.importorskip("torch").optim.Muon
    found = arguments(to_torch(catalogue.get("jordan")).partition("\n")[2])
    assert found == {"ns_coefficients": (3.4445, -4.775, 2.0315), "ns_steps": 5}
    torch = pytest.importorskip("torch")
    group = muon([torch.nn.Parameter(torch.eye(2))], **found).param_groups[0]
    assert (group["ns_coefficients"], group["ns_steps"]) == ((3.4445, -4.775, 2.0315), 5)


def test_optax_takes_a_row_a_step():
    schedule = Schedule.parse("3.4445,-4.7750,2.0315;1.5,-0.5")
    found = arguments(to_optax(schedule).partition("\n")[2])
    assert found == {"ns_coeffs": ((3.4445, -4.775, 2.0315), (1.5, -0.5, 0.0)), "ns_steps": 2}


def test_an_optimizer_that_cannot_run_the_schedule_is_not_given_another():
    with pytest.raises(UsageError, match="repeats one row"):
        to_torch(catalogue.get("you6"))
    for write in (to_torch, to_optax):
        with pytest.raises(UsageError, match="degree 7"):
            write(Schedule.parse("2,-1,1/2,-1/4", steps=2))


def test_every_target_names_the_subject():
    schedule = catalogue.get("jordan")
    for name, write in TARGETS.items():
        if name != "json":
            assert schedule.digest[:16] in write(schedule)
