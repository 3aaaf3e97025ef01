"""The decision about the checker's length has the numbers of today."""

from tests.checker import parts


def test_the_table_is_that_of_the_file() -> None:
    page, source = parts.PAGE.read_text(encoding="utf-8"), parts.SOURCE.read_text(encoding="utf-8")
    assert page == parts.written(page, source), "python -m tests.checker.parts"


def test_what_is_a_line_of_code() -> None:
    source = '"""Says\nwhat."""\n\nx = """a\nb"""  # code\n# a comment\n\ndef f():\n    """Says."""\n    return 1\n'
    assert parts.lines_of_code(source) == {4, 5, 8, 10}


def test_every_line_of_code_is_in_a_part() -> None:
    source = parts.SOURCE.read_text(encoding="utf-8")
    assert sum(count for *_, count in parts.parts(source)) == len(parts.lines_of_code(source))
