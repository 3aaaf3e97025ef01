"""A sign of life on a terminal: whatever lasts longer than a second turns a spinner, until something is written."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.status import Status

PATIENCE = 1.0
"""Seconds without a sign."""


class _Spinner:
    """One for the process: it starts late, from another thread, and stops for good at the first word."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._status: Status | None = None

    def start(self, title: str) -> None:
        if sys.stderr.isatty():
            self._timer = threading.Timer(PATIENCE, self._turn, (title, time.monotonic()))
            self._timer.daemon = True
            self._timer.start()

    def _turn(self, title: str, began: float) -> None:
        from rich.console import Console

        with self._lock:
            if self._timer is None:
                return
            self._status = Console(stderr=True).status(f"{title} …")
            self._status.start()
        while self._status is not None:
            time.sleep(1)
            with self._lock:
                if self._status is not None:
                    self._status.update(f"{title} … {time.monotonic() - began:.0f} s")

    def stop(self) -> None:
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._status is not None:
                self._status.stop()
                self._status = None


_SPINNER = _Spinner()


@contextmanager
def waiting(title: str) -> Iterator[None]:
    """Turn a spinner on stderr while this lasts, if that is a terminal."""
    _SPINNER.start(title)
    try:
        yield
    finally:
        _SPINNER.stop()


def no_longer_waiting() -> None:
    """To be called before anything is written."""
    _SPINNER.stop()
