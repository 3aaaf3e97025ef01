"""Hypothesis as a search: the smallest case that breaks a law."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, find, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, NoSuchExample, Unsatisfiable

Case = TypeVar("Case")


def smallest(cases: st.SearchStrategy[Case], breaks: Callable[[Case], bool], examples: int, seed: str) -> Case | None:
    """Of so many cases the smallest that breaks, or None; the same for the same seed, whatever ran before.

    Where a case breaks once and not when it is tried again, by chance or by what ran before, the shortest that did.

    >>> smallest(st.integers(0, 1000), lambda n: n > 99, 50, "seed")
    100
    """
    options = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    broke: list[Case] = []

    def noticed(case: Case) -> bool:
        if bad := breaks(case):
            broke.append(case)
        return bad

    try:
        return find(cases, noticed, settings=options, random=random.Random(seed))
    except (NoSuchExample, Unsatisfiable):
        return None
    except Flaky:
        return min(broke, key=lambda case: len(str(case)))
