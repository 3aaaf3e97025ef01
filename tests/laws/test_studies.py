"""Studies of one's own: they assert, they write, and they notice what is not as it was."""

from __future__ import annotations

import subprocess
import sys

import pytest

import muon_theory as mt
from muon_theory.errors import UsageError
from muon_theory.testing import study
from muon_theory.verification import verify


def test_a_study_asserts_writes_and_notices(tmp_path, capsys):
    @study("Jordan's map is safe", tmp_path / "proofs")
    def safe(prove):
        found = prove("safe", lambda: mt.certify("jordan"))
        assert found.safe_sigma_max.lo > 1

    assert safe.changed() == ("safe.json",)
    assert safe.main(["--write"]) == 0
    assert "holds: Jordan's map is safe" in capsys.readouterr().out
    assert verify(tmp_path / "proofs" / "safe.json").proved
    assert safe.changed() == ()
    (tmp_path / "proofs" / "more.json").write_text("{}")
    assert safe.changed() == ("more.json",)


def test_what_does_not_hold_is_an_assertion_error(tmp_path):
    @study("wrong", tmp_path)
    def wrong(prove):
        assert prove("safe", lambda: mt.certify("jordan")).image.hi < 1

    with pytest.raises(AssertionError):
        wrong()

    @study("empty", tmp_path)
    def empty(prove):
        prove("none", lambda: mt.presets("jordan"))

    with pytest.raises(AssertionError, match="no certificate"):
        empty()

    @study("twice", tmp_path)
    def twice(prove):
        prove("one", lambda: mt.certify("jordan"))
        prove("one", lambda: mt.certify("jordan"))

    with pytest.raises(UsageError, match="a name of its own"):
        twice()


def test_it_runs_as_a_script_from_anywhere(tmp_path):
    (tmp_path / "mine.py").write_text(
        "import muon_theory as mt\n"
        "from muon_theory.testing import study\n"
        "@study('mine', 'proofs')\n"
        "def mine(prove):\n"
        "    prove('slope', lambda: mt.certify('3/2,-1/2'))\n"
        "raise SystemExit(mine.main())\n"
    )
    root = str(next(iter(mt.__path__))).removesuffix("muon_theory")
    done = subprocess.run([sys.executable, "mine.py", "--write"], cwd=tmp_path, env={"PYTHONPATH": root}, check=False,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert verify(tmp_path / "proofs" / "slope.json").proved
