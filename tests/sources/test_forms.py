"""A corpus of forms: one small file each, and the schedule that must be read from it."""

from __future__ import annotations

import contextlib
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muon_theory.errors import UsageError
from muon_theory.sources import File, Found, files, read, text_of
from muon_theory.sources.scan import is_test

HERE = Path(__file__).parent
Rows = tuple[tuple[Fraction, ...], ...]


def forms() -> dict[str, str]:
    lines = (HERE / "forms" / "expected.txt").read_text().splitlines()
    return dict(line.split(" = ", 1) for line in lines if not line.startswith("#"))


FORMS = forms()


def rows(text: str) -> Rows:
    return tuple(tuple(map(Fraction, row.split(","))) for row in text.strip().split(";"))


def rows_of(found: Found) -> Rows:
    stripped = []
    for row in found.rows:
        cells = [n.value for n in row]
        while len(cells) > 1 and cells[-1] == 0:
            cells.pop()
        stripped.append(tuple(cells))
    return tuple(stripped)


def normal(found: Found) -> str:
    if found.normal is None:
        return "none"
    return found.normal.kind + (f"*{found.normal.factor}" if found.normal.factor not in (1, None) else "")


def test_every_form_is_listed_and_every_listed_form_is_there() -> None:
    assert {p.name for p in (HERE / "forms").iterdir()} == {*FORMS, "expected.txt"}


@pytest.mark.parametrize("name", FORMS)
def test_form(name: str) -> None:
    head, _, expected = FORMS[name].partition(":")
    how, *words = head.split()
    path = HERE / "forms" / name
    reading = read(str(path), path.read_text())
    if how == "runs":
        runs = {rows_of(f): f for f in reading.found if f.kind == "run"}
        assert set(runs) == {rows(e) for e in expected.split("|")}
        for found in runs.values():
            assert [normal(found), found.dtype or "none"] == words
        assert not reading.refused
    elif how == "table" and path.suffix == ".py":
        found = File(str(path), path.read_text()).table(words[0])
        assert rows_of(found) == rows(expected)
    else:
        found = next(f for f in reading.found if f.name == words[0] or words[0] == "*")
        assert rows_of(found) == rows(expected)
    for found in reading.found:  # every place is a line that has a digit of it
        line = path.read_text().splitlines()[found.line - 1]
        assert any(c.isdigit() for c in line), (found.name, line)


def test_a_name_for_one_row_of_a_list_is_no_list_of_its_own() -> None:
    text = (
        "SETS = {'five': [(3.0, -4.0, 2.0),\n    (2.0, -1.5, 0.5)]}\n"
        "def as_row(x):\n    a, b, c = x\n    return float(a), float(b), float(c)\n"
        "def chosen(name='five'):\n    return [as_row(x) for x in SETS[name]]\n"
        "ROWS = chosen()\n"
    )
    assert [f.name for f in read("m.py", text).found] == ["SETS[five]"]


def test_coefficients_that_are_not_in_the_file_are_said_to_be_not_followed() -> None:
    text = (
        "def newton_schulz(G, coefficients, steps):\n    a, b, c = coefficients\n    X = G.bfloat16() / G.norm()\n"
        "    for _ in range(steps):\n        A = X @ X.mT\n        X = a * X + (b * A + c * A @ A) @ X\n    return X\n"
    )
    reading = read("m.py", text)
    assert not reading.found
    assert [(r.line, r.why) for r in reading.refused] == [
        (1, "what the coefficients of newton_schulz are was not followed: the parameter 'coefficients' of "
            "newton_schulz has no default")
    ]  # fmt: skip


def test_an_endless_generator_is_followed_once() -> None:
    calls = "".join(f"batches{k} = batches()\n" for k in range(200))
    text = f"def batches():\n    k = 0\n    while True:\n        k += 1\n        yield k\n{calls}"
    file = File("m.py", text + "COEFFS = [(3.0, -4.0, 2.0)]\n")
    assert len(file.table("COEFFS").rows) == 1
    assert len(file.m.endless) == 1


def test_a_long_training_loop_is_given_up_early() -> None:
    body = "".join(f"    y{k} = y + {k} * y\n" for k in range(60))
    text = f"COEFFS = [(3.0, -4.0, 2.0)]\ny = 1\nfor step in range(2000):\n{body}"
    file = File("m.py", text)
    assert "too much work" in str(file.m.module.names["y1"].why)  # type: ignore[attr-defined]
    assert file.m.all_work > 0


REFUSED = {
    "TABLE = [(3, -4, 2)]\ndef f():\n    global TABLE\n    TABLE = [(9, 9, 9)]\n": (
        4,
        "is bound again on line 4, in f",
    ),
    "TABLE = [(3, -4, 2)]\nfrom other import TABLE\n": (2, "other.TABLE"),
    "TABLE = [(3, -4, 2)]\nif (TABLE := [(9, 9, 9)]):\n    pass\n": (2, "is bound again by ':=' on line 2"),
    "TABLE = [(3, -4, 2)]\nfor TABLE in [[(9, 9, 9)]]:\n    pass\n": (2, "is bound again by the loop of line 2"),
    "TABLE = [(3, -4, 2)]\ndef TABLE():\n    pass\n": (2, "is a function"),
    "TABLE = [(3, -4, 2)]\nclass TABLE:\n    pass\n": (2, "is a class"),
    "TABLE = [(3, -4, 2)]\nwith open('x') as TABLE:\n    pass\n": (2, "is bound by 'with … as' on line 2"),
    "TABLE = [(3, -4, 2)]\nOTHER = TABLE\nOTHER.append((9, 9, 9))\n": (3, "through another name, 'OTHER', on line 3"),
    "TABLE = [(3, -4, 2)]\ndef f():\n    TABLE.append((9, 9, 9))\n": (3, "changed in place on line 3, in f"),
    "TABLE = [(3, -4, 2)]\ndef f():\n    rows = TABLE\n    rows[0] = (9, 9, 9)\n": (
        4,
        "changed in place through another name, 'rows', on line 4",
    ),
    "TABLE = [(3, -4, 2)]\ndel TABLE\n": (0, "nothing is assigned to 'TABLE'"),
    "import os\nif os.environ.get('X'):\n    TABLE = [(3, -4, 2)]\nelse:\n    TABLE = [(1.5, -0.5)]\n": (
        2,
        "condition of line 2",
    ),
    "try:\n    from fast import TABLE\nexcept ImportError:\n    TABLE = [(3, -4, 2)]\n": (1, "condition of line 1"),
    "import random\nTABLE = [(random.random(), -4, 2)]\n": (2, "random.random(…) is not followed"),
    "TABLE = [(3, -4, 2)] * 10**9\n": (1, "a list of more than"),
    "TABLE = [(9 ** 99999999, -4, 2)]\n": (1, "too large to be a coefficient"),
    "TABLE = [(9 ** 60 ** 2, -4, 2)]\n": (1, "too large to be a coefficient"),
    "a = b = [0]\nTABLE = [(a[0](), 1)]\n": (2, "a call of the number 0"),
    "TABLE = other\nother = TABLE\n": (1, "'other' is not assigned"),
    "def f(n):\n    return f(n)\nTABLE = f(1)\n": (2, "calls itself"),
    "while True:\n    pass\nTABLE = [(3, -4, 2)]\n": (0, None),
    "TABLE = [(3, -4, 2)]\nwhile True:\n    TABLE.append((3, -4, 2))\n": (2, "does not end"),
    "TABLE = list(iter(int, 1))\n": (1, "is not iterated over"),
    "TABLE = [(float('nan'), 1)]\n": (1, "'nan' is no number"),
    "TABLE = [(1e9999999, 1)]\n": (1, "too large"),
    "TABLE = [(1j, 1)]\n": (1, "is no real number"),
    "TABLE = eval('[(3, -4, 2)]')\n": (1, "eval(…) is not followed"),
    "TABLE = __import__('os').system('true')\n": (1, "not followed"),
    "TABLE = [(3, -4, 2)][::0]\n": (1, "a slice of step 0"),
    "TABLE = {'a': TABLE2}\n": (1, "several tables"),
    "TABLE = things.cycle()\n": (1, "'things' is not assigned"),
    "import things\nTABLE = things.cycle()\n": (2, "in a way that is not followed"),
    "TABLE = zip(*5)\n": (1, "*arguments that are not known"),
    "TABLE = dict([1])\n": (1, "is not iterated over"),
    "TABLE = enumerate()\n": (1, "in a way that is not followed"),
    "TABLE = [].index(1)\n": (1, "an index that is not known"),
    "TABLE = {}.get()\n": (1, "in a way that is not followed"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_known_is_refused_with_its_line(text: str) -> None:
    line, words = REFUSED[text]
    if words is None:
        assert len(File("m.py", text).table("TABLE").rows) == 1
        return
    with pytest.raises(UsageError) as raised:
        File("m.py", text).table("TABLE")
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)
    if line:
        assert str(raised.value).startswith(f"m.py:{line}:")


HOSTILE = {
    "nested lists": "TABLE = " + "[" * 90 + "1" + "]" * 90,
    "too many brackets": "TABLE = " + "[" * 5000,
    "a long sum": "TABLE = [(" + "1+" * 20000 + "1, -4, 2)]",
    "deep attributes": "TABLE = a" + ".b" * 20000,
    "deep calls": "TABLE = " + "f(" * 80 + ")" * 80,
    "a tower of powers": "TABLE = [(2" + "**2" * 60 + ", -4, 2)]",
    "products that grow": "a = 3\n" + "a = a * a\n" * 60 + "TABLE = [(a, -4, 2)]",
    "lists that double": "a = [(3, -4, 2)]\n" + "a = a + a\n" * 60 + "TABLE = a",
    "texts that double": "a = 'xxxxxxxx'\n" + "a = a + a\n" * 60 + "TABLE = a",
    "functions that call twice": "".join(f"def f{k}(): return f{k - 1}() + f{k - 1}()\n" for k in range(60, 0, -1))
    + "def f0(): return [(3, -4, 2)]\nTABLE = f60()",
    "loops in loops": "TABLE = [(3, -4, 2) " + "".join(f"for a{k} in range(50) " for k in range(8)) + "]",
    "branches of branches": "".join(f"if x{k}:\n  a{k} = [{k}]\nelse:\n  a{k} = [0]\n" for k in range(300))
    + "TABLE = a0",
    "choices of choices": "a = [(3, -4, 2)]\n" + "if x: a = a + [(1.5, -0.5)]\n" * 80 + "TABLE = a",
    "a null byte": "TABLE = [(3, -4, 2)]\0",
    "a generator without end": "def g():\n while True:\n  yield 3, -4, 2\nTABLE = list(g())",
    "an unclosed text": 'TABLE = """',
    "long numbers": "TABLE = [(" + "9" * 100_000 + ", -4, 2)]",
    "long decimals": "TABLE = [(0." + "9" * 100_000 + ", -4, 2)]",
    "many rows": "TABLE = [" + "(3.5, -4.5, 2.5)," * 12_000 + "]",
    "many names": "".join(f"n{k} = ({k}.5, -4.5)\n" for k in range(5_000)) + "TABLE = n1",
    "ten million characters": "x = 1\n" * 1_700_000,
    "surrogates": "TABLE = ['\ud800']",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sources_end_in_one_line(name: str) -> None:
    start = time.process_time()
    lines: list[str] = []
    try:
        lines += [r.why for r in read("m.py", HOSTILE[name]).refused]
        File("m.py", HOSTILE[name]).table("TABLE")
    except UsageError as error:
        lines.append(str(error))
    assert all("\n" not in line and len(line) < 400 for line in lines)
    assert time.process_time() - start < 10  # about one by itself; more in a process full of objects that others left


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda t: t.encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    text = data.decode("latin-1")
    for suffix in (".py", ".toml", ".yaml", ".json", ".ipynb", ".md", ".cu", ".lean", ".rs"):
        with contextlib.suppress(UsageError):
            read("x" + suffix, text)


def test_nothing_is_executed(tmp_path: Path) -> None:
    """Traps in every place where code could run: they would leave a file behind."""
    witness = tmp_path / "fired"
    fire = f"open({str(witness)!r}, 'w')"
    text = f"""
import sys, os, muon_theory_trap_that_is_not_there
{fire}
class Meta(type):
    def __new__(cls, *a): {fire}
class T(metaclass=Meta):
    __slots__ = {fire}
    def __init__(self, x={fire}): {fire}
    def __getitem__(self, k): {fire}
    def __del__(self): {fire}
@(lambda f: {fire})
def orthogonalize(X, a={fire}, *, rows=[(3, -4, 2) for _ in [{fire}]]):
    X = X / X.norm()
    for a, b, c in [(3, -4, 2)]:
        A = X @ X.T; X = a * X + (b * A + c * A @ A) @ X; exec("{fire}")
    assert {fire}
    return T()[{fire}]
TABLE = [(3, -4, 2), *([{fire}] and [])]
x: {fire} = 1
f"{{{fire}}}"
"""
    read("m.py", text)
    for form in ("m.md", "m.ipynb", "m.yaml"):
        with contextlib.suppress(UsageError):
            read(
                form,
                "```python\n" + text + "```" if form.endswith("md") else "!!python/object/apply:os.system ['true']",
            )
    assert not witness.exists()
    assert "muon_theory_trap_that_is_not_there" not in sys.modules


def test_a_folder_is_scanned_and_tests_in_it_are_told_apart(tmp_path: Path) -> None:
    for name in ("a.py", "sub/b.md", "sub/test_c.py", ".hidden/d.py", "node_modules/e.py", "f.bin", "g.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("ns_coeffs = [(3.4445, -4.7750, 2.0315)]\n" if name != "g.py" else "x = 1\n")
    found = list(files([str(tmp_path)]))
    assert [Path(f).name for f, _ in found] == ["a.py", "g.py", "b.md", "test_c.py"]
    assert [text_of(f, False) is None for f, _ in found] == [False, True, False, False]
    assert [is_test(f) for f, _ in found] == [False, False, False, True]
    assert [Path(f).name for f, _ in files([str(tmp_path / "*.py")])] == ["a.py", "g.py"]
    with pytest.raises(UsageError, match="no such file or folder"):
        list(files([str(tmp_path / "nope")]))
    with pytest.raises(UsageError, match="no file is named like this"):
        list(files([str(tmp_path / "*.nope")]))


def test_encodings(tmp_path: Path) -> None:
    (tmp_path / "latin.py").write_bytes("# -*- coding: latin-1 -*-\nns_coeffs = [(3.5, -4.5)]  # ü\n".encode("latin-1"))
    (tmp_path / "bom.py").write_bytes(b"\xef\xbb\xbfns_coeffs = [(3.5, -4.5)]\n")
    (tmp_path / "wrong.py").write_bytes(b"ns_coeffs = [(3.5, -4.5)]  # \xff\n")
    for name in ("latin.py", "bom.py"):
        text = text_of(str(tmp_path / name), True)
        assert text is not None
        assert len(read(name, text).found) == 1
    with pytest.raises(UsageError, match=r"wrong\.py:1: not text in UTF-8"):
        text_of(str(tmp_path / "wrong.py"), True)


def test_a_large_file_ends_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "large.py"
    path.write_bytes(b"x = 1\n" * 2_000_000)
    with pytest.raises(UsageError, match="more than 10 MB"):
        text_of(str(path), True)
    assert text_of(str(path), False) is None
