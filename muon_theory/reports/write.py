"""Write a report to a folder: the page, the certificates beside it, and `report.json`; all of it or nothing."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from muon_theory.claims import to_json
from muon_theory.document import Badge, Bundle, Figure, Proof, Report, Section
from muon_theory.errors import UsageError
from muon_theory.evidence import Derivation, Evidence, Standing
from muon_theory.reports.html import DATA, MARKDOWN, render
from muon_theory.reports.markdown import markdown

FORMAT = "muon-theory/report/1"
CERTIFICATES = "certificates"
PAGE, PAPER, EXPLORER = "index.html", "report.pdf", "explorer.html"
PROVEN = (Badge.PROVED, Badge.PARTLY, Badge.CORRECTED, Badge.CORRECTED_PARTLY, Badge.REFUTED)
T = TypeVar("T")
_FILE_NAME = re.compile(r"[A-Za-z0-9][\w.-]*\.json", re.ASCII)
_MEASURED = frozenset({Standing.CONFIRMED, Standing.CONTRADICTED})


def write_report(
    report: Report, out: Path, paper: bool = False, explorer: Mapping[str, bytes] | None = None
) -> dict[str, object]:
    """Write `index.html`, `report.md`, `certificates/*.json` and `report.json` into `out`, on request `report.pdf` too.

    The folder is made beside `out` and then takes its place, so a failure leaves what was there before.  Equal reports
    give equal bytes on one machine, except for the part `measured` of `report.json`: the report's own `measured` and
    the data of floating-point evidence.

    Parameters
    ----------
    report
        What to write.
    out
        A new or an empty folder, or one that holds an earlier report and nothing else.
    paper
        Write the report as PDF too, and link to it.
    explorer
        The files of `report.explorer.files`, to write beside the page and to link to.

    Returns
    -------
    dict
        What `report.json` holds: the sections with every number, the verdicts, SHA-256 of the other files, `measured`.

    Raises
    ------
    UsageError
        `out` is a file, holds something else, or cannot be written; or the report contradicts itself: a badge says
        proved and no accepted certificate stands behind it, two certificates share a file name.
    MissingDependencyError
        A PDF is asked for and typst is not installed.
    """
    _consistent(report)
    out = _usable(out)
    files = {f"{CERTIFICATES}/{name}": data for name, data in _certificates(report)}
    files |= explorer or {}
    files[MARKDOWN] = markdown(report).encode()
    if paper:
        from muon_theory.reports.paper import pdf

        files[PAPER] = pdf(report)
    files[PAGE] = render(report, PAPER if paper else None, EXPLORER if explorer else None).encode()
    data = describe(report) | {
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        "measured": _measured(report),
    }
    files[DATA] = (json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
    _replace(out, files)
    return data


def describe(report: Report) -> dict[str, object]:
    """The report as JSON, without what was measured.

    >>> describe(Report("t", "s", (), (), "muon-theory report"))["format"]
    'muon-theory/report/1'
    """
    return {
        "format": FORMAT,
        "title": report.title,
        "subtitle": report.subtitle,
        "language": report.language,
        "introduction": list(report.introduction),
        "findings": list(report.findings),
        "picture": _figure(report.picture) if report.picture else None,
        "references": list(report.references),
        "command": report.command,
        "verdicts": [
            {"id": s.id, "title": s.title, "verdict": s.badge.value, "answer": s.answer} for s in report.sections
        ],
        "sections": [_section(s) for s in report.sections],
    }


def _section(section: Section) -> dict[str, object]:
    return {
        "id": section.id,
        "title": section.title,
        "said": section.said,
        "precisely": section.precisely,
        "verdict": section.badge.value,
        "answer": section.answer,
        "derivations": [_derivation(d) for d in section.derivations],
        "proofs": [_proof(p) for p in section.proofs],
        "tables": [{"caption": t.caption, "header": t.header, "rows": t.rows} for t in section.tables],
        "figures": [_figure(f) for f in section.figures],
        "evidence": [_evidence(e) for e in section.evidence],
        "remarks": list(section.remarks),
        "command": section.command,
    }


def _derivation(derivation: Derivation) -> dict[str, object]:
    steps = [
        {
            "statement": step.statement,
            "reason": step.reason,
            "formula": {"text": step.formula.text, "latex": step.formula.latex} if step.formula else None,
        }
        for step in derivation.steps
    ]
    return {
        "title": derivation.title,
        "standing": derivation.standing.value,
        "steps": steps,
        "conclusion": derivation.conclusion,
        "checks": derivation.checks,
    }


def _proof(proof: Proof) -> dict[str, object]:
    certificate = proof.certificate
    return {
        "file": f"{CERTIFICATES}/{proof.file}",
        "subject": certificate.subject.name,
        "claim": certificate.claim.to_json(),
        "statement": certificate.statement,
        **_checked(proof),
    }


def _checked(what: Proof | Bundle) -> dict[str, object]:
    """What the checker said."""
    seen = what.verification
    return {
        "verdict": seen.verdict.value,
        "reason": seen.reason,
        "obligations": seen.obligations,
        "leaves": seen.leaves,
        "digest": seen.digest,
    }


def _figure(figure: Figure) -> dict[str, object]:
    bundles = [
        {"file": f"{CERTIFICATES}/{b.file}", "layer": b.layer, "boxes": b.boxes, **_checked(b)} for b in figure.bundles
    ]
    drawn = {"name": figure.name, "kind": figure.kind, "caption": figure.caption, "data": _plain(figure.data)}
    return drawn | ({"certificates": bundles} if bundles else {})


def _evidence(evidence: Evidence) -> dict[str, object]:
    data = {} if evidence.standing in _MEASURED else {"data": _keys(evidence.data)}
    standing = evidence.standing.value
    return {"statement": evidence.statement, "standing": standing, "command": evidence.command, **data}


def _measured(report: Report) -> dict[str, object]:
    """What may differ from run to run."""
    evidence = {
        s.id: found
        for s in report.sections
        if (found := [{"statement": e.statement, **_keys(e.data)} for e in s.evidence if e.standing in _MEASURED])
    }
    return _keys(report.measured) | ({"evidence": evidence} if evidence else {})


def _keys(data: Mapping[str, object]) -> dict[str, object]:
    return {_key(k): _plain(v) for k, v in data.items()}


def _plain(value: object) -> object:
    """JSON: rationals and intervals as texts, as in certificates; floats as they are, where they are numbers."""
    if isinstance(value, dict):
        return _keys(value)
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return value if abs(value) < float("inf") else str(value)  # nan compares false
    return to_json(value)


def _key(key: object) -> str:
    return str(Fraction(key)) if isinstance(key, Fraction) else str(key)


def _certificates(report: Report) -> Iterator[tuple[str, bytes]]:
    """Every certificate file by name, with its bytes, as often as it is named."""
    for section in report.sections:
        yield from ((p.file, p.data) for p in section.proofs)
    yield from ((b.file, b.data) for figure in report.figures for b in figure.bundles)


def _consistent(report: Report) -> None:
    """Refuse a report that says more than stands behind it, or whose parts would overwrite each other."""
    ids = [s.id for s in report.sections] + [f.name for f in report.figures]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise UsageError(f"two sections or figures of the report are called {twice[0]!r}: give each its own name")
    seen: dict[str, bytes] = {}
    for name, data in _certificates(report):
        if not _FILE_NAME.fullmatch(name):
            raise UsageError(f"{name!r} is no file name for a certificate: use letters, digits, - and .json")
        if seen.setdefault(name, data) != data:
            raise UsageError(f"two certificates share the file name {name!r}: give each its own")
    if refused := [b for b in report.bundles if not b.verification.proved]:
        raise UsageError(
            f"a figure shows what {refused[0].file} does not prove ({refused[0].verification.reason}): leave it out"
        )
    for section in report.sections:
        proved = [p.verification.proved for p in section.proofs]
        if section.badge in PROVEN and not (proved and all(proved)):
            raise UsageError(
                f"section {section.id} says {section.badge.value!r} without certificates that the checker accepts: "
                "add them, or give it the badge 'derived'"
            )


def _usable(out: Path) -> Path:
    """The folder to write, if an earlier report is all that would be lost."""
    out = out.resolve()
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file: name a folder for the report")
    if out.is_dir():
        ours = {PAGE, DATA, PAPER, MARKDOWN, EXPLORER, CERTIFICATES}
        entries = _attempt(out, lambda: [entry.name for entry in out.iterdir()])
        if foreign := sorted(set(entries) - ours):
            raise UsageError(f"{out} holds {foreign[0]!r}, which is no part of a report: name a new or an empty folder")
    return out


def _replace(out: Path, files: dict[str, bytes]) -> None:
    """Put a folder with exactly these files in the place of `out`."""
    _attempt(out, lambda: out.parent.mkdir(parents=True, exist_ok=True))
    workshop = Path(_attempt(out, lambda: tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent)))
    try:
        _attempt(out, lambda: _fill(workshop / "new", files))
        _attempt(out, lambda: _swap(out, workshop))
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _fill(folder: Path, files: dict[str, bytes]) -> None:
    (folder / CERTIFICATES).mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _swap(out: Path, workshop: Path) -> None:
    """Put the new folder in the old one's place: at one stroke where the system can, so that no kill leaves neither."""
    had = out.is_dir()
    if had and _exchanged(workshop / "new", out):
        return
    if had:
        os.rename(out, workshop / "old")
    try:
        os.rename(workshop / "new", out)
    except OSError:
        if had:
            os.rename(workshop / "old", out)
        raise


def _exchanged(one: Path, other: Path) -> bool:
    """Two names exchanged by the system itself (Linux has renameat2, macOS renamex_np); else False (Windows)."""
    if os.name != "posix":
        return False
    system, swap = ctypes.CDLL(None), 2
    here = ctypes.c_int(-100)  # AT_FDCWD
    names = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            return int(system.renamex_np(*names, swap)) == 0
        return int(system.renameat2(here, names[0], here, names[1], swap)) == 0
    except (AttributeError, OSError):
        return False


def _attempt(out: Path, action: Callable[[], T]) -> T:
    try:
        return action()
    except OSError as error:
        raise UsageError(f"cannot write the report to {out}: {error.strerror}: name a folder you may write") from None
