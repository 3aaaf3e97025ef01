"""The reject corpus: one defect a file, named by the defect; each is refused for the reason in the index."""

import json

import pytest

from muon_theory.verification import verify
from tests.checker import rejected

INDEX = json.loads((rejected.FOLDER / "index.json").read_bytes())


def test_the_files_are_what_the_edits_make() -> None:
    stored = {f.name: f.read_bytes() for f in rejected.FOLDER.iterdir()}
    assert stored == rejected.make()


def test_there_are_many_defects() -> None:
    assert len(INDEX) >= 60


@pytest.mark.parametrize("name", INDEX)
def test_refused_for_that_reason(name: str) -> None:
    verdict = verify((rejected.FOLDER / f"{name}.json").read_bytes())
    assert not verdict.proved
    assert INDEX[name]["reason"] in verdict.reason
    assert verdict.reason.partition(":")[0] in ("unreadable", "malformed", "limit", "obligation")
