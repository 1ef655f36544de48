"""Tells which records are being written: the system takes such a mark away when a process ends, however it ends."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock

# Whoever looks holds the mark for a moment, so one look that fails says nothing yet.
_MARK_WITHIN_S, _LOOK_FOR_S, _AGAIN_AFTER_S = 1.0, 0.1, 0.01


def mark(history: Path, record_id: str) -> BaseFileLock | None:
    """Mark a record as being written by this process, until the mark is released; `None` where that cannot be."""
    return _lock(place(history, record_id), _MARK_WITHIN_S)


def is_running(history: Path, record_id: str) -> bool:
    """Whether a process that lives is writing that record."""
    file = place(history, record_id)
    if not file.exists():
        return False
    lock = _lock(file, _LOOK_FOR_S)
    if lock is None:
        return True
    lock.release()
    return False


def forget(history: Path, record_id: str) -> None:
    """Take away what is left of the mark of a record that will not go on."""
    with suppress(OSError):
        place(history, record_id).unlink(missing_ok=True)


def place(history: Path, record_id: str) -> Path:
    """Where the mark of a record lies."""
    return history.with_name(f"{record_id}.running")


def _lock(file: Path, timeout_s: float) -> BaseFileLock | None:
    # It brings in much, and most starts of the program have nothing to look for.
    from filelock import FileLock, Timeout

    lock = FileLock(file, timeout=timeout_s, mode=0o600, thread_local=False)
    try:
        lock.acquire(poll_interval=_AGAIN_AFTER_S)
    except (Timeout, OSError):
        return None
    return lock
