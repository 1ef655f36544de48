"""Tells which records are being written: the system takes such a mark away when a process ends, however it ends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock


def mark(history: Path, record_id: str) -> BaseFileLock | None:
    """Mark a record as being written by this process, until the mark is released; `None` where that cannot be."""
    return _lock(place(history, record_id))


def is_running(history: Path, record_id: str) -> bool:
    """Whether a process that lives is writing that record."""
    file = place(history, record_id)
    if not file.exists():
        return False
    lock = _lock(file)
    if lock is None:
        return True
    lock.release()
    file.unlink(missing_ok=True)
    return False


def place(history: Path, record_id: str) -> Path:
    """Where the mark of a record lies."""
    return history.with_name(f"{record_id}.running")


def _lock(file: Path) -> BaseFileLock | None:
    # It brings in much, and most starts of the program have nothing to look for.
    from filelock import FileLock, Timeout

    lock = FileLock(file, timeout=0, mode=0o600, thread_local=False)
    try:
        lock.acquire()
    except (Timeout, OSError):
        return None
    return lock
