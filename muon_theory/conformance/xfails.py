"""Failures that a project knows: a TOML file with a reason and a version for each.

    [[xfail]]
    function = "torch.optim._muon:_zeropower_via_newtonschulz"
    law = "untouched"
    reason = "bf16 input is normalised in place"
    version = "torch 2.13.0"

One file serves functions and optimizers.  A law that is named and contradicted does not fail the run; one that is named
and confirmed is reported, so that the entry can go.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from muon_theory.errors import UsageError

KEYS = ("function", "law", "reason", "version")


def known_failures(path: str | Path | None, function: str, laws: Sequence[str]) -> dict[str, str]:
    """Why which of these laws is known to fail for this function, by the name of the law; nothing for no file.

    Raises UsageError that says what is wrong and where.
    """
    if path is None:
        return {}
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}: name a TOML file of expected failures") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} is no TOML: {error}") from None
    entries = data.get("xfail")
    if not isinstance(entries, list) or set(data) != {"xfail"}:
        raise UsageError(f"{path}: write a table [[xfail]] for each expected failure, with {', '.join(KEYS)}")
    found: dict[str, str] = {}
    for n, entry in enumerate(entries, 1):
        where = f"{path}: [[xfail]] number {n}"
        _checked(entry, where)
        if entry["function"] == function:
            if entry["law"] not in laws:
                raise UsageError(f"{where}: there is no law {entry['law']!r}: use {', '.join(laws)}")
            found[entry["law"]] = f"{entry['reason']}, {entry['version']}"
    return found


def _checked(entry: object, where: str) -> None:
    if not isinstance(entry, dict):
        raise UsageError(f"{where} is no table: texts are needed under {', '.join(KEYS)}")
    if set(entry) != set(KEYS) or not all(isinstance(v, str) for v in entry.values()):
        raise UsageError(f"{where} has {', '.join(map(str, entry))}: texts are needed under {', '.join(KEYS)}")
