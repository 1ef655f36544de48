"""Waiting: for the next line typed at the terminal, or for time to pass."""

from __future__ import annotations

import os
import sys
import threading
from queue import Empty, SimpleQueue

GIVE_UP = "q"
_MOST_BYTES = 4096


class Inbox:
    """Call it with a time in milliseconds: it returns a line that was typed, or `None` after that time.

    Args:
        descriptor: The terminal's file descriptor; `None` where nobody can type.
    """

    def __init__(self, descriptor: int | None) -> None:
        self._lines: SimpleQueue[str] = SimpleQueue()
        if descriptor is not None:
            threading.Thread(target=self._read, args=(descriptor,), name="typed lines", daemon=True).start()

    def __call__(self, limit_ms: float) -> str | None:
        """Wait for a line, `limit_ms` at most."""
        try:
            return self._lines.get(timeout=max(0.0, limit_ms) / 1000)
        except Empty:
            return None

    def _read(self, descriptor: int) -> None:
        # Bytes are read past sys.stdin: a thread that holds its lock at the end would break the interpreter's exit.
        rest = b""
        while chunk := _some(descriptor):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._lines.put(line.decode(errors="replace"))
        # The end of the input is Ctrl+D; at a terminal that went away a signal tells more.
        if _is_terminal(descriptor):
            self._lines.put(GIVE_UP)


def answering_terminal() -> int | None:
    """The descriptor of the terminal at which somebody can answer; `None` where nobody can.

    A job in the background must not read: the system would stop it.
    """
    try:
        descriptor = sys.stdin.fileno()
        if not os.isatty(descriptor):
            return None
        foreground = not hasattr(os, "tcgetpgrp") or os.tcgetpgrp(descriptor) == os.getpgrp()
    except (AttributeError, OSError, ValueError):  # closed, or none at all
        return None
    return descriptor if foreground else None


def _some(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _MOST_BYTES)
    except OSError:
        return b""


def _is_terminal(descriptor: int) -> bool:
    try:
        return os.isatty(descriptor)
    except OSError:
        return False
