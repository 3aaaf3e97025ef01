"""Parameters of which a few are tried by default and the others by the long tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest


def sampled(values: Iterable[Any], kept: Callable[[Any], bool]) -> list[Any]:
    """All of them; those that are not `kept` carry the marker `long`."""
    return [
        v if kept(v) else pytest.param(*(v if isinstance(v, tuple) else (v,)), marks=pytest.mark.long) for v in values
    ]
