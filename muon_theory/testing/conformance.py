"""Conformance as tests of your own (needs the extra `conform`, and torch for functions of torch).

from muon_theory.testing.conformance import conformance_test

test_my_polar = conformance_test("my_package.muon:newton_schulz", "3.4445,-4.7750,2.0315", steps=5)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from muon_theory.conformance import Conformance, Law, LawResult
from muon_theory.conformance.engine import chosen_laws, conform, examine, subject_of
from muon_theory.evidence import Standing
from muon_theory.schedule import Schedule

__all__ = ["assert_conforms", "conformance_test"]


def assert_conforms(
    function: str | Callable[..., Any], schedule: Schedule | str | None = None, **options: Any
) -> Conformance:
    """Fail unless no law is contradicted; the message has the counterexamples."""
    __tracebackhide__ = True
    found = conform(function, schedule, **options)
    if found.verdict is Standing.CONTRADICTED:
        broken = (r for r in found.laws if r.severity == "defect")
        raise AssertionError("\n".join(map(_line, broken)))
    return found


def conformance_test(
    function: str | Callable[..., object],
    schedule: Schedule | str | None = None,
    *,
    laws: Sequence[str] | None = None,
    examples: int = 50,
    seed: int = 0,
    **declared: Any,
) -> Callable[[Law], None]:
    """A pytest test with one case a law: `test_mine = conformance_test("module:function", "3/2,-1/2")`.

    A law that does not apply is skipped with its reason.
    """

    @pytest.mark.parametrize("law", chosen_laws(laws), ids=lambda law: law.name)
    def test(law: Law) -> None:
        __tracebackhide__ = True
        result = examine(subject_of(function, schedule, **declared), law, examples, seed)
        if result.standing is None:
            pytest.skip(f"{law.name}: {result.reason}")
        if result.standing is Standing.CONTRADICTED:
            pytest.fail(_line(result), pytrace=False)

    return test


def _line(result: LawResult) -> str:
    return f"{result.law} CONTRADICTED ({result.statement}): {result.counterexample}: {result.seen}"
