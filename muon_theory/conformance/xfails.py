"""Failures that a project knows: a TOML file with a reason and a version for each.

    [[xfail]]
    function = "torch.optim._muon:_zeropower_via_newtonschulz"
    law = "untouched"
    reason = "bf16 input is normalised in place"
    version = "torch 2.13.0"

A law that is named and contradicted does not fail the run; one that is named and confirmed is reported, so that the
entry can go.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from muon_theory.conformance.laws import LAWS
from muon_theory.errors import UsageError

KEYS = ("function", "law", "reason", "version")


def read(path: Path) -> dict[str, dict[str, str]]:
    """For each function, why which law is known to fail.

    Raises UsageError that says what is wrong and where.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}: name a TOML file of expected failures") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} is no TOML: {error}") from None
    entries = data.get("xfail")
    if not isinstance(entries, list) or set(data) != {"xfail"}:
        raise UsageError(f"{path}: write a table [[xfail]] for each expected failure, with {', '.join(KEYS)}")
    found: dict[str, dict[str, str]] = {}
    for n, entry in enumerate(entries, 1):
        _checked(entry, f"{path}: [[xfail]] number {n}")
        found.setdefault(entry["function"], {})[entry["law"]] = f"{entry['reason']}, {entry['version']}"
    return found


def _checked(entry: Any, where: str) -> None:
    if not isinstance(entry, dict) or set(entry) != set(KEYS) or not all(isinstance(v, str) for v in entry.values()):
        raise UsageError(f"{where} has {', '.join(map(str, entry))}: texts are needed under {', '.join(KEYS)}")
    if entry["law"] not in {law.name for law in LAWS}:
        raise UsageError(f"{where}: there is no law {entry['law']!r}: use {', '.join(law.name for law in LAWS)}")
