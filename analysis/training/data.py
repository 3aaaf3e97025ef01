"""Text that Python ships, as characters: the language reference behind `help()`, or the library's own sources."""

from __future__ import annotations

import hashlib
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from pydoc_data import topics

import torch

from muon_theory.errors import UsageError

Tensor = torch.Tensor
HELD_OUT = 10
"""Every tenth document is for validation."""


def documents(source: str) -> list[str]:
    """The documents of "topics" (pydoc's, English prose about Python) or "library" (the standard library's modules)."""
    if source == "topics":
        found = [topics.topics[name] for name in sorted(topics.topics)]
    elif source == "library":
        root = Path(sysconfig.get_path("stdlib"))
        files = sorted([*root.glob("*.py"), *root.glob("[a-z]*/*.py")])
        kept = (f for f in files if f.parent.name not in ("site-packages", "dist-packages", "test", "pydoc_data"))
        found = [f.read_text(encoding="utf-8", errors="replace") for f in kept]
    else:
        raise UsageError(f"there is no text {source!r}: write 'topics' or 'library'")
    return ["".join(c if c == "\n" or " " <= c <= "~" else "?" for c in text) for text in found]


@dataclass(frozen=True)
class Corpus:
    """Text as indices of characters, split by document; `digest` is the SHA-256 of the training and validation text."""

    train: Tensor
    valid: Tensor
    characters: str
    digest: str

    def batch(self, generator: torch.Generator, size: int, context: int) -> tuple[Tensor, Tensor]:
        """`size` windows drawn from the training text, and the same windows one character later."""
        starts = torch.randint(len(self.train) - context, (size,), generator=generator)
        return windows(self.train, starts, context)

    def held_out(self, size: int, context: int) -> tuple[Tensor, Tensor]:
        """`size` windows spread evenly over the validation text: the same for every run."""
        starts = torch.linspace(0, len(self.valid) - context - 1, size).long()
        return windows(self.valid, starts, context)


def windows(text: Tensor, starts: Tensor, context: int) -> tuple[Tensor, Tensor]:
    where = starts[:, None] + torch.arange(context)
    return text[where], text[where + 1]


def corpus(source: str) -> Corpus:
    every = documents(source)
    train = "\n".join(text for i, text in enumerate(every) if i % HELD_OUT)
    valid = "\n".join(every[::HELD_OUT])
    characters = "".join(sorted(set(train + valid)))
    index = torch.zeros(128, dtype=torch.long)
    index[codes(characters)] = torch.arange(len(characters))
    digest = hashlib.sha256(f"{train}\0{valid}".encode()).hexdigest()
    return Corpus(index[codes(train)], index[codes(valid)], characters, digest)


def codes(text: str) -> Tensor:
    return torch.frombuffer(bytearray(text, "ascii"), dtype=torch.uint8).long()
