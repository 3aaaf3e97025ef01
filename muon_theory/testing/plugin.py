"""The pytest plugin: `muon_theory` as a fixture, and the marker `muon_audit`."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(scope="session")
def muon_theory() -> ModuleType:
    """The public test helpers: `muon_theory.assert_certified("3.4445,-4.7750,2.0315")`."""
    from muon_theory import testing

    return testing


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        "muon_audit(*subjects, **options): audit files, `file.py::NAME`, presets or rows before the test, as "
        "`muon_theory.audit` does; the test fails where a finding is as grave as fail_on (error unless said)",
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Audit what the test's markers name; files are taken from the folder of the test session."""
    for marker in item.iter_markers("muon_audit"):
        from muon_theory.api.audits import audit

        subjects = [_at_root(s, item.config) for s in marker.args]
        found = audit(*subjects, **marker.kwargs)
        if found.exit_status:
            pytest.fail(str(found), pytrace=False)


def _at_root(subject: Any, config: pytest.Config) -> Any:
    """A path relative to the root of the session, where there is such a file."""
    if not isinstance(subject, str):
        return subject
    file, mark, name = subject.partition("::")
    path = config.rootpath / file
    return f"{path}{mark}{name}" if path.exists() else subject
