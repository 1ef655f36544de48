"""Remembers which part file an export is writing, so that one that a kill has left behind can be removed.

A part file lies beside the file that is exported, which may be anywhere, and holds what the history holds.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from timer_app.core.diagnostics import FileFault
from timer_app.history import database
from timer_app.system.files import is_part_file, read_text

_SUFFIX = ".export"


@contextmanager
def remembered_export(history: Path) -> Iterator[Callable[[Path], None]]:
    """What remembers the part file that is written inside, until the block ends.

    Where nothing can be written beside the history, nothing is remembered.

    Args:
        history: The file of the history.
    """
    export_id = secrets.token_hex(8)
    note = history.with_name(export_id + _SUFFIX)
    lock = database.acquire_record_lock(history, export_id) if history.exists() else None

    def remember(part: Path) -> None:
        if lock is not None:
            with suppress(OSError, UnicodeError):
                note.touch(mode=0o600)
                note.write_text(str(part.absolute()), encoding="utf-8")

    try:
        yield remember
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)
        if lock is not None:
            lock.release()
            database.remove_record_lock(history, export_id)


def remove_abandoned_exports(history: Path) -> bool:
    """Remove the part files of exports that were killed; returns whether there were any."""
    notes = [note for note in history.parent.glob(f"*{_SUFFIX}") if not database.is_being_written(history, note.stem)]
    return any([_remove(history, note) for note in notes])  # noqa: C419 - each of them, not the first


def _remove(history: Path, note: Path) -> bool:
    """Remove a part file and then what remembers it; returns whether it was there."""
    was_there = False
    with suppress(FileFault, OSError, ValueError):
        part = Path(read_text(note))
        if is_part_file(part) and part.is_file():
            part.unlink()
            was_there = True
        note.unlink()
        database.remove_record_lock(history, note.stem)
    return was_there
