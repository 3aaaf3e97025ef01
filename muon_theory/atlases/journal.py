"""The journal of a sweep: answers by task, so that a sweep that was killed goes on where it was."""

from __future__ import annotations

import json
import os
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import cast

from muon_theory.atlases.explore import Answer
from muon_theory.certificate import canonical
from muon_theory.errors import UsageError

FORMAT = "muon-theory/atlas-journal/2"
SYNC_SECONDS = 5.0
"""What a power failure may lose; a kill loses the tasks that were running."""


class Journal(AbstractContextManager["Journal"]):
    """Answers by task, each a line that is written in one piece and on the disk within seconds.

    Law: opening a journal that was cut off anywhere gives exactly the answers whose lines are whole.
    """

    def __init__(self, descriptor: int | None, path: Path | None, answers: dict[str, Answer]) -> None:
        self.descriptor, self.path, self.answers, self._synced = descriptor, path, answers, time.monotonic()

    @classmethod
    def open(cls, path: Path | None, plan: str) -> Journal:
        """The journal of a plan: a new one, or what is left of an earlier one.

        Raises UsageError if the file is something else, which is left as it is, or cannot be written.
        """
        if path is None:
            return cls(None, None, {})
        if path.exists() and not path.is_file():
            raise UsageError(f"cannot write {path}: it is no ordinary file: name one in a folder that exists")
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}: name a file in a folder that exists") from None
        with os.fdopen(os.dup(descriptor), "rb") as file:
            data = file.read()
        header = canonical({"format": FORMAT, "plan": plan})
        if data[: len(header)] != header[: len(data)]:
            os.close(descriptor)
            raise UsageError(
                f"{path} is not the journal of this sweep: name another file, or repeat the sweep it is of"
            )
        answers: dict[str, Answer] = {}
        size = len(header) if len(data) >= len(header) else 0
        for line in data[size:].split(b"\n")[:-1]:
            answer = _read(line)
            if answer is None:
                break
            answers[answer[0]] = answer[1]
            size += len(line) + 1
        os.ftruncate(descriptor, size)
        journal = cls(descriptor, path, answers)
        if not size:
            journal._write(header)
        return journal

    def add(self, key: str, answer: Answer) -> None:
        """One more answer."""
        if self.descriptor is None:
            return
        self._write(canonical([key, answer]))
        if time.monotonic() - self._synced > SYNC_SECONDS:
            os.fsync(self.descriptor)
            self._synced = time.monotonic()

    def _write(self, line: bytes) -> None:
        assert self.descriptor is not None
        try:
            while line:
                line = line[os.write(self.descriptor, line) :]
        except OSError as error:
            raise UsageError(f"cannot write {self.path}: {error.strerror}: make room, and run it again") from None

    def __exit__(self, *_: object) -> None:
        if self.descriptor is not None:
            os.fsync(self.descriptor)
            os.close(self.descriptor)
            self.descriptor = None


def _read(line: bytes) -> tuple[str, Answer] | None:
    try:
        data = json.loads(line)
    except ValueError:
        return None
    match data:
        case [str(key), dict(answer)]:
            return key, cast(Answer, answer)  # `recheck` looks whether it is one
    return None
