"""Texts near certificates, put before both checkers: `check.py`, and `accepted` of the Coq library."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from muon_theory.exports.coq import literal
from muon_theory.verification import verify
from tests.checker.mutations import mutants

HEAD = """From Coq Require Import List NArith.
From MuonTheory Require Import Json Reader Accepted.
Import ListNotations.
Open Scope piece_scope.

Definition between (whole : text) (start : N) (piece : piece) (rest : N) : text :=
  let bytes := flat_map bytes_of whole in
  [Piece (firstn (N.to_nat start) bytes); piece; Piece (skipn (N.to_nat rest) bytes)].
"""


def dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def of_fields(certificate: dict[str, object]) -> Iterator[bytes]:
    """One field changed: numbers, list elements, words and keys."""
    for _, mutant in mutants(certificate):
        yield dumped(mutant)


PUT = [b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b" ", b"\n", b"\t", b"0", b"-", b"/", b"1.0", b"1e2", b"null",
       b"true", b"false", b"NaN", b"\\u0061", b"\\ud83d\\ude00", b"\\ud800", b"\\x", "é".encode(), b"\xff", b"\xc0\xaf",
       b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x00", b"\x7f"]  # fmt: skip


def of_bytes(data: bytes, count: int, seed: int = 0) -> Iterator[bytes]:
    """Bytes dropped, doubled, put in, or written as an escape, anywhere."""
    chance = random.Random(seed)
    for _ in range(count):
        i = chance.randrange(len(data) + 1)
        j = min(len(data), i + chance.choice((0, 0, 1, 1, 2, 5)))
        put = chance.choice((b"", data[i:j] * 2, *chance.sample(PUT, 6)))
        if chance.random() < 0.1 and j > i and data[i:j].isalnum():
            put = b"".join(b"\\u%04x" % c for c in data[i:j])
        yield data[:i] + put + data[j:]


def _put(data: bytes) -> str:
    return f"Piece [{'; '.join(f'x{b:02x}' for b in data)}]"


def _shared(a: bytes, b: bytes) -> int:
    """How many bytes the two begin with."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def decisions(data: bytes, texts: Sequence[bytes], library: Path, folder: Path, seconds: float = 600) -> list[bool]:
    """What `accepted` says of texts that differ from the data in one place, computed in one run."""
    lines = [HEAD, literal("whole", data.decode())]
    for i, text in enumerate(texts):
        start = _shared(data, text)
        end = _shared(data[start:][::-1], text[start:][::-1])
        put = text[start : len(text) - end]
        if len(put) > 200 and put.isascii() and b"\x00" not in put:
            lines.append(literal(f"text{i}", text.decode()))
        else:
            lines.append(f"Definition text{i} := between whole {start}%N ({_put(put)}) {len(data) - end}%N.")
    lines.append(f"Eval vm_compute in [{'; '.join(f'accepted text{i}' for i in range(len(texts)))}].")
    file = folder / "Decisions.v"
    file.write_text("\n".join(lines) + "\n")
    done = subprocess.run(
        ["coqc", "-q", "-w", "none", "-Q", str(library), "MuonTheory", file.name],
        cwd=folder, capture_output=True, text=True, check=False, timeout=seconds,
    )  # fmt: skip
    found = re.findall(r"\b(true|false)\b", done.stdout.partition("list bool")[0])
    assert (done.stderr, len(found)) == ("", len(texts))
    return [word == "true" for word in found]


def disagreements(
    data: bytes, texts: Iterable[bytes], library: Path, folder: Path, seconds: float = 600
) -> list[tuple[str, bytes]]:
    """The texts of which the two say different things, each with the checker's word; but for its limits."""
    every = list(dict.fromkeys(texts))
    mine = [verify(text) for text in every]
    its = decisions(data, every, library, folder, seconds)
    return [
        (seen.reason or "proved", text)
        for seen, ok, text in zip(mine, its, every, strict=True)
        if seen.proved is not ok and not seen.reason.startswith("limit: ")
    ]
