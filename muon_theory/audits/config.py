"""`[tool.muon-theory]` of a pyproject.toml: what a repository says once of its audits."""

from __future__ import annotations

import tomllib
from pathlib import Path

from muon_theory.errors import UsageError

KEYS: dict[str, type | tuple[type, ...]] = {
    "paths": list,
    "exclude": list,
    "select": list,
    "ignore": list,
    "lower": (str, int),
    "cap": (str, int),
    "target": (str, list),
    "dtype": str,
    "norm": str,
    "steps": int,
    "extension": str,
    "fail-on": str,
    "baseline": str,
}
"""The keys and what stands there; numbers as text, so that they are exact ("1/1000"), or with a point."""


def settings(start: Path | None = None) -> dict[str, object]:
    """The table of the nearest pyproject.toml at or above a folder; paths are made relative to that file.

    Raises UsageError, one line, for a key or a value that is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        path = folder / "pyproject.toml"
        if path.is_file():
            return _table(path)
    return {}


def _table(path: Path) -> dict[str, object]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=str)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read ({error})") from None
    table = data.get("tool", {}).get("muon-theory", {})
    for key, value in table.items():
        if key not in KEYS:
            raise UsageError(f"{path}: [tool.muon-theory] has no key {key!r}: the keys are {', '.join(KEYS)}")
        if not isinstance(value, KEYS[key]) or isinstance(value, bool):
            wanted = KEYS[key] if isinstance(KEYS[key], type) else KEYS[key][0]  # type: ignore[index]
            names = {list: "a list", str: "a text", int: "a whole number"}
            raise UsageError(f"{path}: [tool.muon-theory] {key} = {value!r}: write {names[wanted]}")  # type: ignore[index]
    out = dict(table)
    for key in ("paths",):
        if key in out:
            out[key] = [str(path.parent / p) for p in out[key]]
    if "baseline" in out:
        out["baseline"] = str(path.parent / out["baseline"])
    return out
