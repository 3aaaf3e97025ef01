"""What stands beside a list and is not so: names, comments, docstrings, constants; and what is so is left alone."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import muon_theory as mt
from muon_theory import catalogue
from muon_theory.audits import Severity
from muon_theory.audits.orbit import orbit

JORDAN = "(3.4445, -4.7750, 2.0315)"
YOU = [", ".join(row) for row in catalogue.entry("you5").rows]
MODDED = [", ".join(row) for row in catalogue.entry("modded_polar_express").rows]


def contradictions(tmp_path: Path, text: str) -> list[tuple[int | None, str]]:
    path = tmp_path / "m.py"
    path.write_text(text)
    findings = mt.audit(str(path)).findings
    return [(f.line, f.message) for f in findings if f.rule == "contradiction"]


def listed(rows: list[str], head: str = "ROWS = [", above: str = "", below: str = "") -> str:
    return above + head + "\n" + "".join(f"    ({r}),\n" for r in rows) + "]\n" + below


FALSE = {
    "# safe up to 1.2638\nNS_COEFFS = " + JORDAN: "it is safe to less",
    "NS_COEFFS = " + JORDAN + "  # converges for σ ≤ 1.27": "it is safe to less",
    "NS_COEFFS = " + JORDAN + "  # slope of 3.4545": "neither the first row nor the list has that slope",
    "NS_COEFFS = " + JORDAN + "  # a + b + c = 0.70": None,
    "NS_COEFFS = " + JORDAN + "  # a + b + c = 0.71": "row 1 takes 1 to 0.701",
    "NS_COEFFS = " + JORDAN + "  # f(1) = 1": "row 1 takes 1 to 0.701",
    "NS_COEFFS = " + JORDAN + "  # to converge the rows must satisfy f(1) = 1": None,
    "NS_COEFFS = " + JORDAN + "  # maps [0.01, 1] to [0.68, 1.13]": "some inputs end above 1.13",
    "NS_COEFFS = " + JORDAN + "  # maps [0.01, 1] to [0.69, 1.21]": "some inputs end below 0.69",
    "NS_COEFFS = " + JORDAN + "  # maps [0.01, 1] to [0.5, 1.3]": None,
    "NS_COEFFS = " + JORDAN + "  # max error 0.2 on [0.01, 1]": "some inputs end",
    "NS_COEFFS = " + JORDAN + "  # max error 0.6 on [0.01, 1]": None,
    "SAFE = 1.2638\nNS_COEFFS = "
    + JORDAN: "1.2638 stands beside the list: that is its safe σ_max, rounded the wrong way",
    "SAFE = 1.2637\nNS_COEFFS = " + JORDAN: None,
    "NS_COEFFS = " + JORDAN + "\nBAND = (0.4706, 1.2024)": "0.4706 stands beside the list: that is the lower end",
    "NS_COEFFS = " + JORDAN + "\nBAND = (0.4705, 1.2023)": "1.2023 stands beside the list: that is the upper end",
    "NS_COEFFS = " + JORDAN + "\nBAND = (0.4705, 1.2024)": None,
    listed(YOU, "NS_8_STEPS = ["): "the name 'NS_8_STEPS' stands over 5 rows",
    listed(YOU, "NS_5_STEPS = ["): None,
    listed(MODDED, above="# from Polar Express, l = 1e-3, safety_factor=2e-2, cushion=0.02\n"): None,
    listed(MODDED, above="# Polar Express, safety_factor=5e-2, cushion=0.02\n"): "with safety 1.02 the generator makes",
    listed(MODDED, above="# Polar Express with l = 1e-2\n"): "with lower 0.001 the generator makes",
    listed([*MODDED[:4], "2, -1.5, 0.5"], above="# coefficients from Polar Express\n"): "true of rows 1–4 only: row 5",
    listed([*MODDED[:4], "2, -1.5, 0.5"], above="# not from Polar Express\n"): None,
    listed(YOU, "POLAR_EXPRESS = ["): "stands over the rows of you5",
}


@pytest.mark.parametrize("text", FALSE)
def test_what_is_said_is_compared_with_the_list(tmp_path: Path, text: str) -> None:
    said = contradictions(tmp_path, text)
    words = FALSE[text]
    if words is None:
        assert said == []
    else:
        assert [words in message for _, message in said] == [True]


def test_a_docstring_is_read_and_the_finding_stands_on_its_line(tmp_path: Path) -> None:
    text = (
        "def zeropower(X, steps=5):\n"
        '    """Orthogonalise.\n\n'
        "    The quintic is safe for inputs up\n    to 1.27, as is well known.\n"
        '    """\n'
        f"    a, b, c = {JORDAN}\n"
        "    X = X / (X.norm() * 1.02)\n"
        "    for _ in range(steps):\n"
        "        A = X @ X.T\n"
        "        X = a * X + (b * A + c * A @ A) @ X\n"
        "    return X\n"
    )
    assert contradictions(tmp_path, text) == [
        (4, "'safe for inputs up to 1.27' is said beside the list, but it is safe to less")
    ]


def test_the_witness_of_a_bound_is_an_orbit_beyond_it(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_text("NS_COEFFS = " + JORDAN + "\nBAND = (0.4705, 1.2023)\n")
    (finding,) = [f for f in mt.audit(str(path)).findings if f.rule == "contradiction"]
    assert finding.severity is Severity.NOTE
    assert finding.witness is not None
    start = Fraction(finding.witness.split(":")[0].strip("x =≈"))
    assert orbit(catalogue.get("jordan"), start).end.lo > Fraction("1.2023")
