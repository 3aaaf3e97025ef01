"""The pytest plugin: `muon_theory` as a fixture."""

from __future__ import annotations

from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def muon_theory() -> ModuleType:
    """The public test helpers: `muon_theory.assert_certified("3.4445,-4.7750,2.0315")`."""
    from muon_theory import testing

    return testing
