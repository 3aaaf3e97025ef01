"""Texts near certificates, put before both checkers: `python -m tests.exports.agreement [--near N]`.

`check.py` decides them one by one, `accepted` of the Coq library many in one run.  Near a certificate lie texts with
one field changed, texts with some bytes changed, and pairs at a margin: a number moved as far as `check.py` follows,
and a little further.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from muon_theory.claims import CLAIMS
from muon_theory.exports.coq import literal
from muon_theory.exports.coqc import compile_library
from muon_theory.verification import verify
from tests.checker import accepted
from tests.checker.mutations import RATIONAL, mutants

HEAD = """From Coq Require Import List NArith.
From MuonTheory Require Import Json Reader Accepted.
Import ListNotations.
Open Scope piece_scope.

Definition between (whole : text) (start : N) (piece : piece) (rest : N) : text :=
  let bytes := flat_map bytes_of whole in
  [Piece (firstn (N.to_nat start) bytes); piece; Piece (skipn (N.to_nat rest) bytes)].
"""


TOGETHER = 400
"""Texts in a run of coqc: one alone takes a second to begin."""


def dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


# Texts near a certificate --------------------------------------------------------------------------------------------


def of_fields(certificate: dict[str, object]) -> Iterator[bytes]:
    """One field changed: numbers, list elements, words and keys."""
    for _, mutant in mutants(certificate):
        yield dumped(mutant)


PUT = [b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b" ", b"\n", b"\t", b"0", b"-", b"/", b"1.0", b"1e2", b"null",
       b"true", b"false", b"NaN", b"\\u0061", b"\\ud83d\\ude00", b"\\ud800", b"\\x", "é".encode(), b"\xff", b"\xc0\xaf",
       b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x00", b"\x7f"]  # fmt: skip


def of_bytes(data: bytes, count: int, chance: random.Random) -> Iterator[bytes]:
    """Bytes dropped, doubled, put in, or written as an escape, anywhere."""
    for _ in range(count):
        i = chance.randrange(len(data) + 1)
        j = min(len(data), i + chance.choice((0, 0, 1, 1, 2, 5)))
        put = chance.choice((b"", data[i:j] * 2, *chance.sample(PUT, 6)))
        if chance.random() < 0.1 and j > i and data[i:j].isalnum():
            put = b"".join(b"\\u%04x" % c for c in data[i:j])
        yield data[:i] + put + data[j:]


def numbers(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where the rational numbers stand."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from numbers(inner, (*path, key))
    elif isinstance(value, str) and RATIONAL.fullmatch(value):
        yield path


def of_margins(certificate: dict[str, object], count: int, chance: random.Random) -> Iterator[bytes]:
    """A number moved up or down as far as the certificate stays proved, within 2^-30 of the way, and just further."""
    places = list(numbers(certificate))
    for path in chance.sample(places, min(count, len(places))):
        body = copy.deepcopy(certificate)
        place: Any = body
        for key in path[:-1]:
            place = place[key]
        number = Fraction(place[path[-1]])

        def moved(q: Fraction, place: Any = place, last: str | int = path[-1], body: object = body) -> bytes:
            place[last] = str(q)
            return dumped(body)

        good, bad = number, number + chance.choice((1, -1)) * chance.choice((Fraction(1, 50), 1 + abs(number)))
        if not verify(moved(bad)).proved:
            while abs(good - bad) * 2**30 > abs(number) + 1:
                middle = (good + bad) / 2
                good, bad = (middle, bad) if verify(moved(middle)).proved else (good, middle)
            yield from (moved(good), moved(bad))


@dataclass(frozen=True, slots=True)
class Near:
    """A certificate's name, its kind, its bytes, and texts near it."""

    name: str
    kind: str
    data: bytes
    texts: tuple[bytes, ...]


def kind(certificate: dict[str, Any]) -> str:
    """The claim, and of what: a schedule, a family, the members of a family in a box."""
    if "certificates" in certificate:
        return "a bundle"
    return certificate["claim"]["type"] + (" of members" if "box" in certificate.get("family", {}) else "")


STORED = {
    name: {k: v for k, v in certificate.items() if k != "provenance"} for name, certificate in accepted.stored().items()
}
assert {kind(certificate).removesuffix(" of members") for certificate in STORED.values()} >= set(CLAIMS)


def near(name: str, count: int, seed: int = 0) -> Near:
    """So many texts near a stored certificate, fewer where it is long: half of them with a changed field."""
    certificate = STORED[name]
    data, chance = dumped(certificate), random.Random(f"{name} {seed}")
    count = max(8, count * 1000 // max(1000, len(data)))
    fields = [] if "certificates" in certificate else list(of_fields(certificate))
    texts = [
        *chance.sample(fields, min(count // 2, len(fields))),
        *of_bytes(data, count // 4, chance),
        *of_margins(certificate, count // 8, chance),
    ]
    return Near(name, kind(certificate), data, tuple(dict.fromkeys(texts)))


# What Coq says of them -----------------------------------------------------------------------------------------------


def _put(data: bytes) -> str:
    return f"Piece [{'; '.join(f'x{b:02x}' for b in data)}]"


def _shared(a: bytes, b: bytes) -> int:
    """How many bytes the two begin with."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _defined(name: str, data: bytes, whole: str, text: bytes) -> str:
    """A text as its data with another piece at one place."""
    start = _shared(data, text)
    end = _shared(data[start:][::-1], text[start:][::-1])
    put = text[start : len(text) - end]
    if len(put) > 200 and put.isascii() and b"\x00" not in put:
        return literal(name, text.decode())
    return f"Definition {name} := between {whole} {start}%N ({_put(put)}) {len(data) - end}%N."


def decisions(places: Sequence[Near], library: Path, seconds: float = 600) -> list[list[bool]]:
    """What `accepted` says of the texts near each certificate, computed in one run."""
    lines = [HEAD]
    for i, place in enumerate(places):
        lines.append(literal(f"whole{i}", place.data.decode()))
        names = [f"text{i}_{j}" for j in range(len(place.texts))]
        lines += [_defined(name, place.data, f"whole{i}", text) for name, text in zip(names, place.texts, strict=True)]
        lines.append(f"Eval vm_compute in [{'; '.join(f'accepted {name}' for name in names)}].")
    with tempfile.TemporaryDirectory(prefix="muon-theory-coq-") as folder:
        Path(folder, "Decisions.v").write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = subprocess.run(
            ["coqc", "-q", "-w", "none", "-Q", str(library), "MuonTheory", "Decisions.v"],
            cwd=folder, capture_output=True, text=True, check=False, timeout=seconds,
        )  # fmt: skip
    found = [
        [word == "true" for word in re.findall(r"\b(true|false)\b", part)] for part in done.stdout.split("list bool")
    ]
    assert (done.stderr, [len(part) for part in found]) == ("", [*(len(place.texts) for place in places), 0])
    return found[:-1]


# The two of them -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decided:
    """A text, and what each says of it: the checker's reason, empty if it is proved, and Coq's decision."""

    near: Near
    text: bytes
    reason: str
    accepted: bool

    @property
    def limit(self) -> bool:
        """It is over a limit of `check.py`, which `accepted` has not."""
        return self.reason.startswith("limit: ")

    @property
    def differs(self) -> bool:
        return not self.limit and self.accepted is not (self.reason == "")


def decide(places: Sequence[Near], library: Path, seconds: float = 600) -> list[Decided]:
    """Both answers to each text."""
    mine = [[verify(text) for text in place.texts] for place in places]
    its = decisions(places, library, seconds)
    return [
        Decided(place, text, "" if seen.proved else seen.reason or "refused", ok)
        for place, texts, oks in zip(places, mine, its, strict=True)
        for text, seen, ok in zip(place.texts, texts, oks, strict=True)
    ]


def table(every: Iterable[Decided]) -> str:
    """By kind: the texts, those that are proved, and those over a limit; then every difference."""
    every = list(every)
    texts, proved, limits, wrong = (
        Counter(d.near.kind for d in every if counts(d))
        for counts in (lambda _: True, lambda d: d.reason == "", lambda d: d.limit, lambda d: d.differs)
    )
    rows = [f"{name}: {texts[name]} texts, {proved[name]} proved, {limits[name]} over a limit, {wrong[name]} differ"
            for name in sorted(texts)]  # fmt: skip
    total = f"{texts.total()} texts, {proved.total()} proved, {limits.total()} over a limit, {wrong.total()} differ"
    return "\n".join(
        [*rows, total, *(f"{d.near.name}: {d.reason or 'proved'}: {d.text!r}" for d in every if d.differs)]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--near", type=int, default=200, help="texts near each certificate of a thousand bytes or less")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="a part of the names of certificates")
    options = parser.parse_args()
    library, every, waiting = compile_library(), [], []
    names = [name for name in sorted(STORED) if options.only in name]
    for name in names:
        waiting.append(near(name, options.near, options.seed))
        if sum(len(place.texts) for place in waiting) >= TOGETHER or name == names[-1]:
            found = decide(waiting, library, 3600)
            every += found
            told = f"{waiting[0].name} to {name}: {len(found)} texts, {sum(d.differs for d in found)} differ"
            print(told, file=sys.stderr, flush=True)
            waiting = []
    print(table(every))
    return int(any(d.differs for d in every))


if __name__ == "__main__":
    sys.exit(main())
