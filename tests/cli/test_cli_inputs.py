"""What the command line refuses, and how it says so: one line that names the option, before any work is done."""

from __future__ import annotations

import os

import pytest

from muon_theory.cli import VERBS, main
from muon_theory.cli.output import can_make_folder, writable
from muon_theory.cli.subjects import LONGEST
from muon_theory.errors import UsageError
from muon_theory.family import family_named

REFUSED = [
    ("certify jordan --steps 1.5", "--steps '1.5': write a whole number from 1 to 200"),
    ("certify jordan --steps 1e2", "--steps '1e2': write a whole number"),
    ("certify jordan --steps 99999999999999999999999", "write a whole number from 1 to 200"),
    ("certify jordan --digits -3", "--digits '-3': write a whole number from 1 to 200"),
    ("certify --coefficients 1,1e9999", "step 1, coefficient 2: a size between 1e-100 and 1e100"),
    ("certify jordan --upper 1e400", "--upper: a size between"),
    ("certify jordan --shape 3,3", "--shape belongs to --dtype"),
    ("certify jordan --order gram", "--order belongs to --dtype"),
    ("certify jordan article", "there is no place for 'article': leave it out (see muon-theory certify --help)"),
    ("certify jordan --lowr 1", "Did you mean --lower? (see muon-theory certify --help)"),
    ("certifi jordan", 'Did you mean "certify"?'),
    ("orbits jordan --x0 1e4000", "--x0: a size between"),
    ("orbits jordan --x0 1/2 --steps 10000000", "write a whole number from 1 to 10000"),
    ("orbits jordan --basin --steps 3", "--steps belongs to --x0"),
    ("thresholds jordan --digits 1.7", "--digits '1.7': write a whole number from 1 to 4000"),
    ("thresholds jordan --range 1,2", "--range is about a family"),
    ("thresholds --family cubic --range 1,3", "--range: the cubic is solved on all of its line"),
    ("thresholds jordan --cap 2", "--cap belongs to --horizon"),
    ("thresholds --family quintic --slope-at-one 0 --horizon 3 --cap -1", "--cap -1: the largest output"),
    ("thresholds --family quntic", "there is no family 'quntic': did you mean quintic?"),
    ("derive --family quntic", "there is no family 'quntic': did you mean quintic?"),
    ("derive --format latex", "--format latex is for one derivation"),
    ("audit jordan --all", "--all and a subject both say what to audit"),
    ("audit jordan --coefficients 1,2", "a subject and --coefficients both say"),
    ("audit --all --steps 3", "--all audits the catalogue as it is run"),
    ("audit jordan --dtype bf17", "there is no number format 'bf17'"),
    ("design --degree 5.5", "--degree '5.5': write a whole number from 1 to 63"),
    ("recommend --budget 100000", "--budget '100000': write a whole number from 2 to 300"),
    ("atlas --family quntic --out a", "did you mean quintic?"),
    ("atlas --family quintic --step 3 --out a", "--step belongs to --schedule"),
    ("atlas --family quintic --lower 1/7 --out a", "--lower belongs to --band"),
    ("atlas --schedule jordan --step 0 --out a", "no step 0"),
    ("report --out file", "cannot make the folder file"),
    ("certify jordan --out folder", "cannot write folder: it is a folder"),
    ("design --out absent/x.json", "cannot write absent/x.json: there is no folder absent"),
    ("presets --out /dev/null", "cannot write /dev/null: it is a device"),
]


@pytest.mark.parametrize(("line", "reason"), REFUSED, ids=[line for line, _ in REFUSED])
def test_refused_in_one_line(line, reason, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("kept")
    assert main(line.split()) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert reason in said.err
    assert len(said.err.splitlines()) == 1
    assert (tmp_path / "file").read_text() == "kept"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


def test_an_empty_out_is_refused(capsys):
    assert main(["presets", "--out", ""]) == 2
    assert "it is a folder" in capsys.readouterr().err


@pytest.mark.parametrize("line", [["--coefficients", "1." + "1" * LONGEST], ["jordan", "--cap", "1." + "1" * LONGEST]])
def test_numbers_have_a_length(line, capsys):
    assert main(["certify", *line]) == 2
    assert f"write one of at most {LONGEST}" in capsys.readouterr().err


def test_a_negative_range_and_shape_are_values(capsys):
    assert main(["thresholds", "--family", "2a; 1-2a", "--range", "-1"]) == 2
    assert "--range '-1': two numbers" in capsys.readouterr().err
    pytest.importorskip("torch")
    assert main(["confirm", "jordan", "--shape", "-1,3"]) == 2
    assert "--shape '-1,3': write rows,columns" in capsys.readouterr().err


def test_an_absent_package_is_named(monkeypatch, tmp_path, capsys):
    import sys

    monkeypatch.setitem(sys.modules, "sympy", None)
    for name in [n for n in sys.modules if n.startswith(("sympy.", "muon_theory.derivations"))]:
        monkeypatch.delitem(sys.modules, name)
    assert main(["derive", "--family", "cubic"]) == 2
    assert "needs sympy, which is absent" in capsys.readouterr().err


def test_help_says_the_exit_status_and_has_no_empty_options(capsys):
    for verb in VERBS:
        assert main([verb, "--help"]) == 0
        said = capsys.readouterr().out
        assert "Exit status" in said, verb
        assert "--empty-" not in said, verb


def test_families_by_name_or_by_coefficients():
    assert family_named("cubic").name == "cubic"
    assert family_named("a; 1-a").parameters == ("a",)
    with pytest.raises(UsageError, match="there is no family ''"):
        family_named("")


def test_places_to_write(tmp_path):
    writable(None, None)
    writable(None, tmp_path / "new.json")
    can_make_folder(tmp_path / "deep" / "new")
    assert not (tmp_path / "deep").exists(), "asked, not made"
    (tmp_path / "file").write_text("kept")
    with pytest.raises(UsageError, match="name another one"):
        can_make_folder(tmp_path / "file" / "new")
    (tmp_path / "deep").mkdir()
    if os.getuid():  # root may write anywhere
        (tmp_path / "deep").chmod(0o500)
        with pytest.raises(UsageError, match="not yours to write in"):
            writable(None, tmp_path / "deep" / "x.json")


def test_the_digits_of_thresholds_are_those_of_the_roots():
    from muon_theory.cli.thresholds import MOST_DIGITS
    from muon_theory.exact import algebraic

    assert MOST_DIGITS == algebraic.MOST_DIGITS


def test_an_audit_without_a_safe_bound_says_none(capsys):
    main(["audit", "article_misprint"])
    assert "safe σ_max None" not in capsys.readouterr().out
