"""Schedules as source: JSON, Python, C, LaTeX, and the arguments of torch's and optax's optimizers.

Python, C and the optimizers get the nearest binary64 number, written so that reading it back gives that number; Python
and C have the exact value beside it.  What the target computes with is its own affair: certify that reading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction

from muon_theory.errors import UsageError
from muon_theory.number import Reading, exact_decimal
from muon_theory.schedule import Schedule

LONGEST_NAME = 120


def to_json(schedule: Schedule) -> str:
    """Rows of exact texts: what every command of this package reads back.

    >>> print(to_json(Schedule.parse("3/2,-0.5", steps=1)))
    [["1.5", "-0.5"]]
    """
    return json.dumps([[exact_decimal(c) for c in step.coefficients] for step in schedule.steps])


def to_python(schedule: Schedule) -> str:
    """A list of tuples, exact values in comments where the float differs.

    >>> print(to_python(Schedule.parse("3/2,-1/2", steps=1)))
    # 3/2,-1/2, digest cd286967a5807593: nearest binary64 numbers of the exact rows
    COEFFICIENTS = [
        (1.5, -0.5),
    ]
    """
    rows = "\n".join(
        f"    ({', '.join(map(_double, step.coefficients))}),{_exact(step.row())}" for step in schedule.steps
    )
    return f"{_python_head(schedule)}\nCOEFFICIENTS = [\n{rows}\n]"


def _python_head(schedule: Schedule) -> str:
    return f"# {_title(schedule)}: nearest binary64 numbers of the exact rows"


def to_c(schedule: Schedule) -> str:
    """A static array, shorter rows filled with zeros."""
    width = max(len(step.coefficients) for step in schedule.steps)
    zero = Fraction(0)
    rows = "\n".join(
        f"    {{{', '.join(_double(c) for c in (*step.coefficients, *[zero] * (width - len(step.coefficients))))}}},"
        for step in schedule.steps
    )
    head = f"/* {_title(schedule)}: row t is the step f_t(x) = sum of row[i] x^(2i+1); nearest binary64 numbers */"
    return f"{head}\nstatic const double muon_coefficients[{len(schedule.steps)}][{width}] = {{\n{rows}\n}};"


def to_latex(schedule: Schedule) -> str:
    """A tabular, one row a step."""
    width = max(len(step.coefficients) for step in schedule.steps)
    head = " & ".join(["$t$", *(f"$x^{{{2 * i + 1}}}$" for i in range(width))])
    body = "\n".join(
        f"{t} & {' & '.join(_cells(step.coefficients, width))} \\\\" for t, step in enumerate(schedule.steps, 1)
    )
    table = f"\\begin{{tabular}}{{r*{{{width}}}{{r}}}}\n{head} \\\\\n\\hline\n{body}\n\\end{{tabular}}"
    return f"% {_title(schedule)}\n{table}"


def to_torch(schedule: Schedule) -> str:
    """The arguments of `torch.optim.Muon`, which repeats one row of three coefficients.

    >>> print(to_torch(Schedule.parse("3.4445,-4.7750,2.0315", steps=5)))
    # 3.4445,-4.7750,2.0315, digest ccffebd7bbcb5df4: nearest binary64 numbers of the exact rows
    ns_coefficients=(3.4445, -4.775, 2.0315), ns_steps=5,
    """
    if not schedule.constant:
        raise UsageError(
            f"torch.optim.Muon repeats one row, and {schedule.name!r} has {len(schedule.steps)} steps that differ: "
            "write --to=optax or --to=python"
        )
    row = ", ".join(_triple(schedule, 0))
    return f"{_python_head(schedule)}\nns_coefficients=({row}), ns_steps={len(schedule.steps)},"


def to_optax(schedule: Schedule) -> str:
    """The arguments of `optax.contrib.muon`: a row of three coefficients for each step.

    >>> print(to_optax(Schedule.parse("15/8,-5/4,3/8;3/2,-1/2")))
    # 15/8,-5/4,3/8;3/2,-1/2, digest cedd89e5a8dd8921: nearest binary64 numbers of the exact rows
    ns_coeffs=(
        (1.875, -1.25, 0.375),
        (1.5, -0.5, 0.0),
    ), ns_steps=2,
    """
    rows = "\n".join(f"    ({', '.join(_triple(schedule, t))})," for t in range(len(schedule.steps)))
    return f"{_python_head(schedule)}\nns_coeffs=(\n{rows}\n), ns_steps={len(schedule.steps)},"


def _triple(schedule: Schedule, t: int) -> tuple[str, ...]:
    row = schedule.steps[t].coefficients
    if len(row) > 3:
        raise UsageError(
            f"this optimizer takes steps of degree 5 at most, and step {t + 1} of {schedule.name!r} has degree "
            f"{2 * len(row) - 1}: write --to=python"
        )
    return tuple(_double(c) for c in (*row, *[Fraction(0)] * (3 - len(row))))


def _cells(row: tuple[Fraction, ...], width: int) -> list[str]:
    """In mathematics, a power of ten written as one."""
    numbers = (re.sub(r"e(-?\d+)", r" \\cdot 10^{\1}", exact_decimal(c)) for c in row)
    return [*(f"${number}$" for number in numbers), *[""] * (width - len(row))]


def _title(schedule: Schedule) -> str:
    return f"{_harmless(schedule.name)}, digest {schedule.digest[:16]}"


def _harmless(name: str) -> str:
    """The name of a file, say, as it may stand in a comment of any language: it ends no line and no comment.

    >>> _harmless("a*/b.py::STEPS[0]"), _harmless("x" + chr(10) + "import os")
    ('a_/b.py::STEPS[0]', 'x_import os')
    """
    return "".join(c if c.isalnum() or c in " .,:;+-_()[]/=" else "_" for c in name[:LONGEST_NAME])


def _double(q: Fraction) -> str:
    nearest = Reading.BINARY64.round(q)
    return repr(nearest.numerator / nearest.denominator)  # exact: the quotient is a binary64 number


def _exact(row: list[str]) -> str:
    differs = [text for text in row if Reading.BINARY64.round(Fraction(text)) != Fraction(text)]
    return f"  # exactly {', '.join(exact_decimal(Fraction(text)) for text in row)}" if differs else ""


TARGETS: dict[str, Callable[[Schedule], str]] = {
    "json": to_json,
    "python": to_python,
    "c": to_c,
    "latex": to_latex,
    "torch": to_torch,
    "optax": to_optax,
}
"""The languages a schedule can be written in."""
