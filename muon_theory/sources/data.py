"""Configuration files: JSON, TOML and YAML, with every number as the text that stands there."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from fractions import Fraction

from muon_theory.errors import UsageError
from muon_theory.sources.found import LIKELY, Found, by_shape, lettered, shaped
from muon_theory.sources.values import Number

_NUMERAL = re.compile(r"[+-]?(?:\d{1,80}\.?\d{0,80}|\.\d{1,80})(?:[eE][+-]?\d{1,3})?(?:/\d{1,40})?")
_DOTTED = re.compile(r"(?:[\w\-\"']++[ \t]*+\.[ \t]*+){200}")
_DEEPEST = 40
_MOST = 200_000


def tables_of_data(path: str, text: str, suffix: str) -> list[Found]:
    """The tables of a configuration file.  Raises UsageError where it is not of its format."""
    try:
        if suffix == ".json":
            value = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
        elif suffix == ".toml":
            if long := _DOTTED.search(text):  # `tomllib` takes time quadratic in it
                raise UsageError(f"{path}:{text.count(chr(10), 0, long.start()) + 1}: not TOML that a person writes "
                                 "(a key of more than 200 parts)")  # fmt: skip
            value = tomllib.loads(text, parse_float=str)
        else:
            return list(_walk(_yaml(path, text), "", path, _Lines(text, path), [0], 0))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None) or next(iter(re.findall(r"line (\d+)", str(error))), 1)
        raise UsageError(f"{path}:{line}: not {suffix[1:].upper()} ({str(error)[:80] or 'nested too deep'})") from None
    return list(_walk(value, "", path, _Lines(text, path), [0], 0))


class _Lines:
    """Where a row stands: the first place at or after the last one that has its numbers one after the other."""

    def __init__(self, text: str, path: str) -> None:
        self.text, self.path, self.at = text, path, 0

    def of(self, row: list[str]) -> int:
        pattern = re.compile(r"[\s\"',\-]{1,200}".join(map(re.escape, row)))
        match = pattern.search(self.text, self.at) or pattern.search(self.text)
        if match is None:
            return 1
        self.at = match.end()
        return self.text.count("\n", 0, match.start()) + 1


def _yaml(path: str, text: str) -> object:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "nested too deep"
        raise UsageError(f"{path}:{mark.line + 1 if mark else 1}: not YAML ({problem})") from None
    count = [0]

    def plain(node: yaml.Node | None, depth: int) -> object:
        count[0] += 1
        if depth > _DEEPEST or count[0] > _MOST:
            raise UsageError(
                f"{path}:{node.start_mark.line + 1 if node else 1}: nested too deep, or too long, to be read"
            )
        if isinstance(node, yaml.SequenceNode):
            return [plain(v, depth + 1) for v in node.value]
        if isinstance(node, yaml.MappingNode):
            return {str(getattr(k, "value", k)): plain(v, depth + 1) for k, v in node.value}
        return node.value if node is not None else None

    return plain(node, 0) if node is not None else None


def _walk(value: object, name: str, path: str, lines: _Lines, count: list[int], depth: int) -> Iterator[Found]:
    count[0] += 1
    if depth > _DEEPEST or count[0] > _MOST:
        return
    if rows := _rows(value):
        numbers = []
        for row in rows:
            line = lines.of(row)
            numbers.append([Number(Fraction(cell), (path, line)) for cell in row])
        if shaped(numbers):
            yield by_shape(name or "rows", numbers, bool(LIKELY.search(name)))
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, f"{name}.{key}" if name else str(key), path, lines, count, depth + 1)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            if isinstance(inner, (dict, list)):
                yield from _walk(inner, f"{name}[{i}]", path, lines, count, depth + 1)


def _rows(value: object) -> list[list[str]] | None:
    if row := _row(value):
        return [row]
    if isinstance(value, list) and value:
        rows = [row for v in value if (row := _row(v))]
        return rows if len(rows) == len(value) else None
    return None


def _row(value: object) -> list[str] | None:
    if isinstance(value, dict) and lettered(value):
        value = list(value.values())
    if not isinstance(value, list) or not 2 <= len(value) <= 12:
        return None
    texts = [str(v) for v in value if isinstance(v, (str, int)) and not isinstance(v, bool)]
    good = len(texts) == len(value) and all(_NUMERAL.fullmatch(t) and not t.endswith("/0") for t in texts)
    return texts if good else None
