"""Keeps the output of sound libraries away from the screen.

ALSA, PortAudio and JACK write to descriptor 2, on which a full-screen program draws.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TextIO

from timer_app.system.files import open_private_log

_STDERR: Final = 2


@contextmanager
def guarded_stderr(log: Path | None = None) -> Iterator[None]:
    """Point descriptor 2 at a file, while Python's own standard error still reaches the terminal.

    Start the screen inside: it takes `sys.__stderr__`, which is a copy of the terminal's descriptor in here.

    Args:
        log: Where the libraries' words go (appended); nowhere for `None` or where it cannot be written.
    """
    try:
        terminal = os.dup(_STDERR)
    except OSError:  # there is no standard error that could be spoilt
        yield
        return
    before, before_original = sys.stderr, sys.__stderr__
    _flush(before)
    stream = os.fdopen(terminal, "w", encoding="utf-8", errors="backslashreplace", buffering=1)
    sink = _open_sink(log)
    os.dup2(sink, _STDERR)
    os.close(sink)
    sys.__stderr__ = stream  # type: ignore[misc] # final for type checkers only
    if _writes_to_stderr(before):
        sys.stderr = stream
    try:
        yield
    finally:
        _flush(stream)
        os.dup2(terminal, _STDERR)
        if sys.stderr is stream:
            sys.stderr = before
        sys.__stderr__ = before_original  # type: ignore[misc] # final for type checkers only
        with suppress(OSError):
            stream.close()


def _open_sink(log: Path | None) -> int:
    if log is not None:
        try:
            return open_private_log(log)
        except OSError:
            pass
    return os.open(os.devnull, os.O_WRONLY)


def _writes_to_stderr(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.fileno() == _STDERR
    except (OSError, ValueError):
        return False


def _flush(stream: TextIO | None) -> None:
    if stream is not None:
        with suppress(OSError, ValueError):  # closed, full, or with nobody behind
            stream.flush()
