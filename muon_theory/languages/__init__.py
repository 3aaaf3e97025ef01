"""Reports in another language than English: the same document, with every sentence replaced by its translation.

A language is a folder of phrase books (TOML).  An entry pairs an English text with its translation, both with the
numbers of the day they were written:

    [[text]]
    en = "For δ = 1/10, x_δ falls to 0.037 at a = 1.97."
    zh = "取 δ = 1/10，在 a = 1.97 处 x_δ 降到 0.037。"

Entries are found by the English text *without* its numbers, and the numbers of the report at hand take the places of
those of the entry.  So no number is ever typed in: a translation says what the English sentence says today, or is not
found.  Formulas and certificates are no language; what the checker says of a certificate stays as the checker says it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from muon_theory.document import Figure, Report, Section, Table
from muon_theory.errors import UsageError
from muon_theory.evidence import Derivation, Evidence, Step

ENGLISH, CHINESE = "en", "zh"
LANGUAGES = (ENGLISH, CHINESE)

Say = Callable[[str], str]
T = TypeVar("T", Report, Section, Derivation, Step, Table, Figure, Evidence)

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[-+]?\d+)?(?:/\d+)?(?:\u00a0\d{3})*")
_WORD = re.compile(r"[A-Za-z]{3,}")


@dataclass(frozen=True, slots=True)
class Language:
    r"""What is said instead of an English text; English itself says the same.

    >>> Language.of("zh")("Contents").encode("unicode-escape")
    b'\\u76ee\\u5f55'
    """

    code: str
    entries: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    """English text without numbers: the English text and its translation, with numbers."""

    @staticmethod
    def of(code: str) -> Language:
        """The language of that code.

        Raises
        ------
        UsageError
            There is no such language, or its phrase books pair one text with two translations.
        """
        if code not in LANGUAGES:
            raise UsageError(f"there is no report in the language {code!r}: choose from {', '.join(LANGUAGES)}")
        return Language(code) if code == ENGLISH else _read(code)

    def __call__(self, text: str) -> str:
        """The translation, or the text itself where there is none."""
        return self.translation(text) or text

    def translation(self, text: str) -> str | None:
        """The translation with the numbers of `text`; None if the phrase books have none."""
        entry = self.entries.get(skeleton(text))
        return _with_numbers(*entry, text) if entry else None

    def knows(self, text: str) -> bool:
        """Is this text the same in every language (symbols, numbers, names of two letters), or translated?"""
        return self.code == ENGLISH or not _WORD.search(text) or self.translation(text) is not None


def skeleton(text: str) -> str:
    """A text without its numbers.

    >>> skeleton("x in [0.1, 1/2] after 5 steps")
    'x in [#, #] after # steps'
    """
    return _NUMBER.sub("#", text)


def _with_numbers(english: str, other: str, text: str) -> str | None:
    """`other` with the numbers of `text` in place of those of `english`; None if it is not clear which goes where."""
    numbers: dict[str, str] = {}
    for old, new in zip(_NUMBER.findall(english), _NUMBER.findall(text), strict=True):
        if numbers.setdefault(old, new) != new:
            return None  # one number stood for two, and no longer does
    if not numbers.keys() >= set(_NUMBER.findall(other)):
        return None
    return _NUMBER.sub(lambda m: numbers[m[0]], other)


@cache
def _read(code: str) -> Language:
    entries: dict[str, tuple[str, str]] = {}
    for english, other in _pairs(code):
        key = skeleton(english)
        if entries.setdefault(key, (english, other)) != (english, other):
            raise UsageError(f"the phrase books of {code!r} have two translations of {english!r}: leave one out")
    return Language(code, entries)


def _pairs(code: str) -> Iterator[tuple[str, str]]:
    """All entries of all phrase books, by file name."""
    books = resources.files("muon_theory.languages").joinpath(code)
    for book in sorted(books.iterdir(), key=lambda b: b.name):
        for entry in tomllib.loads(book.read_text(encoding="utf-8"))["text"]:
            yield entry["en"], entry[code]


def translated(report: Report, language: Language) -> Report:
    """The report in that language: what is not in its phrase books stays English."""
    return replace(_report(report, language), language=language.code)


def untranslated(report: Report, language: Language) -> list[str]:
    """The English texts of a report that the language does not know, each once, in order."""
    missing: dict[str, None] = {}

    def listen(text: str) -> str:
        if not language.knows(text):
            missing[text] = None
        return text

    _report(report, listen)
    return list(missing)


def _report(report: Report, say: Say) -> Report:
    return replace(
        _said(report, say, "title", "subtitle"),
        introduction=_all(report.introduction, say),
        findings=_all(report.findings, say),
        references=_all(report.references, say),
        picture=_said(report.picture, say, "caption") if report.picture else None,
        sections=tuple(_section(s, say) for s in report.sections),
    )


def _section(section: Section, say: Say) -> Section:
    return replace(
        _said(section, say, "title", "said", "precisely", "answer"),
        remarks=_all(section.remarks, say),
        derivations=tuple(_derivation(d, say) for d in section.derivations),
        tables=tuple(_table(t, say) for t in section.tables),
        figures=tuple(_said(f, say, "caption") for f in section.figures),
        evidence=tuple(_said(e, say, "statement") for e in section.evidence),
    )


def _derivation(derivation: Derivation, say: Say) -> Derivation:
    steps = tuple(_said(step, say, "statement", "reason") for step in derivation.steps)
    return replace(_said(derivation, say, "title", "conclusion"), steps=steps)


def _table(table: Table, say: Say) -> Table:
    rows = tuple(_all(row, say) for row in table.rows)
    return replace(_said(table, say, "caption"), header=_all(table.header, say), rows=rows)


def _said(of: T, say: Say, *fields: str) -> T:
    """A copy in which these fields are said in the language."""
    said: dict[str, Any] = {name: say(value) for name in fields if (value := getattr(of, name))}
    return replace(of, **said)


def _all(texts: tuple[str, ...], say: Say) -> tuple[str, ...]:
    return tuple(say(text) for text in texts)
