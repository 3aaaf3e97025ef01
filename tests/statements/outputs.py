"""What stands behind "proved" in an output: the sentences, wherever they are wrapped; anything else is an error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from muon_theory.certificate import AnyCertificate
from muon_theory.verification import verify
from tests.statements.oracle import refutation
from tests.statements.reader import Unreadable

WORD = re.compile(r"\bproved\b")
ROW = re.compile(r" *(?:[*] )?proved:? +(?P<sentence>\S.*)")


def unwrapped(text: str) -> list[str]:
    """Lines, each row with those that continue it: they are indented further than the row."""
    lines: list[str] = []
    for line in text.splitlines():
        if lines and ROW.match(lines[-1]) and indented(line) >= indented(lines[-1]) + 6 - 4 * ("proved:" in lines[-1]):
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return lines


def indented(line: str) -> int:
    return len(line) - len(line.lstrip())


def sentences(text: str) -> Iterator[str]:
    """The sentence of each line that begins with "proved"."""
    for line in unwrapped(text):
        if found := ROW.fullmatch(line):
            yield found["sentence"]


def stray(text: str, allowed: Iterable[str]) -> list[str]:
    """The other lines with the word, but for those that are allowed."""
    known = [re.compile(pattern) for pattern in allowed]
    return [
        line
        for line in unwrapped(text)
        if WORD.search(line) and not ROW.fullmatch(line) and not any(k.fullmatch(line.strip()) for k in known)
    ]


def stated(value: Any) -> Iterator[str]:
    """In JSON: the statement of each object whose verdict is "proved", and what stands in "proves"."""
    if isinstance(value, dict):
        if value.get("verdict") == "proved":
            yield from [value["statement"]] if "statement" in value else []
            yield from value.get("proves") or []
        for part in value.values():
            yield from stated(part)
    elif isinstance(value, list):
        for part in value:
            yield from stated(part)


def worded(certificate: AnyCertificate) -> set[str]:
    """What its printer may print of it."""
    claim, subject = certificate.claim, certificate.subject
    return {claim.statement(subject, exactly=True), *(claim.statement(subject, digits=d) for d in (12, 20, 30, 50))}


def stands(sentence: str, certificates: Iterable[AnyCertificate]) -> None:
    """Some certificate that the checker proves says so, and nobody refutes it of its subject."""
    says = [c for c in certificates if sentence in worded(c)]
    if not says:
        raise Unreadable(f"no certificate says: {sentence}")
    assert verify(says[0]).proved, sentence
    found = refutation(sentence, json.loads(says[0].data))
    assert found is None, f"{sentence}: {found}"
