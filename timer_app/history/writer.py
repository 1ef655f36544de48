"""Writes rows of the history in a thread, so that a run never waits for the disk.

Rows that cannot be written stay in memory and are tried again. All rows of the record stay there until the end, so that
a file that is lost during a run gets the whole record again. Writing a row twice leaves the last version.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from timer_app.core.i18n import N_, _
from timer_app.history import database as running
from timer_app.history.database import (
    DamagedHistoryError,
    HistoryError,
    open_to_write,
    set_damaged_aside,
    transaction,
    wrap_errors,
)

if TYPE_CHECKING:
    from filelock import BaseFileLock


ColumnValue = str | int | float | None
RowKey = tuple[str, *tuple[ColumnValue, ...]]

# Tables come after those that they refer to.
PRIMARY_KEYS: dict[str, tuple[str, ...]] = {
    "texts": ("sha256",),
    "records": ("id",),
    "steps": ("record", "number"),
    "sets": ("record", "number"),
    "pauses": ("record", "number"),
    "answers": ("record", "phase"),
}
PART_TABLES = tuple(PRIMARY_KEYS)[2:]
"""The tables that hold the parts of a record."""
_TABLE_ORDER = {table: index for index, table in enumerate(PRIMARY_KEYS)}


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A row of a table, by the names of its columns."""

    table: str
    values: Mapping[str, ColumnValue]

    @property
    def key(self) -> RowKey:
        """Its table and primary key."""
        return (self.table, *(self.values[name] for name in PRIMARY_KEYS[self.table]))


def write_rows(base: sqlite3.Connection, rows: Iterable[HistoryRow]) -> None:
    """Insert or update rows; to be called inside a transaction."""
    for row in sorted(rows, key=lambda row: _TABLE_ORDER[row.table]):
        base.execute(_upsert_statement(row.table, tuple(row.values)), tuple(row.values.values()))


@lru_cache(64)
def _upsert_statement(table: str, names: tuple[str, ...]) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    key = ", ".join(PRIMARY_KEYS[table])
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in PRIMARY_KEYS[table])
    placeholders = ", ".join("?" * len(names))
    # Names of tables and columns come from this program, or are checked by `transfer`.
    return f"INSERT INTO {table} ({columns}) VALUES ({placeholders}) ON CONFLICT ({key}) DO UPDATE SET {changed}"  # noqa: S608 - names of ours


FIRST_RETRY_S, LAST_RETRY_S = 0.5, 30.0
RECOVERED_NOTICE = N_("The history is written again; nothing of this session is missing in it.")

OpenDatabase = Callable[[Path], sqlite3.Connection]


class HistoryWriter:
    """Writes the rows of one record; to be closed in the end.

    Args:
        path: The file of the history.
        record_id: The record's id.
        now: The time of day.
        opener: Opens the file.
        first_retry_s: The delay before the first retry; it doubles with every further one.

    Attributes:
        trouble: Why nothing can be written now; empty if it can.
    """

    def __init__(
        self,
        path: Path,
        record_id: str,
        now: Callable[[], datetime],
        opener: OpenDatabase = open_to_write,
        first_retry_s: float = FIRST_RETRY_S,
    ) -> None:
        self._path = path
        self._record_id = record_id
        self._now = now
        self._open = opener
        self._first_retry_s = self._retry_s = first_retry_s
        self._notices: list[str] = []
        self._rows: dict[RowKey, HistoryRow] = {}
        self._pending: dict[RowKey, HistoryRow] = {}
        self._condition = threading.Condition()
        self._closing = self._writing = False
        # Used by the thread only:
        self._connection: sqlite3.Connection | None = None
        self._file_id: tuple[int, int] | None = None
        self._device = ""
        self._record_lock: BaseFileLock | None = None
        self.trouble = ""
        self._thread = threading.Thread(target=self._run, name="history", daemon=True)
        self._thread.start()

    def put(self, rows: Iterable[HistoryRow]) -> None:
        """Queue rows for writing; returns at once."""
        with self._condition:
            for row in rows:
                self._pending[row.key] = self._rows[row.key] = row
            self._condition.notify_all()

    def take_notices(self) -> list[str]:
        """What the user should know, each once."""
        with self._condition:
            notices, self._notices = self._notices, []
        return notices

    def flush(self, timeout_s: float) -> bool:
        """Wait until everything is written; returns whether it is."""
        with self._condition:
            return self._condition.wait_for(lambda: not self._pending and not self._writing, timeout_s)

    def finish(self) -> None:
        """Accept no more rows; the thread ends when the last one is written."""
        with self._condition:
            self._closing = True
            self._condition.notify_all()

    def close(self, timeout_s: float = 3.0) -> bool:
        """Wait until the last row is written; returns whether all of them are."""
        self.finish()
        self._thread.join(timeout_s)
        return not self.unwritten_rows()

    def unwritten_rows(self) -> list[HistoryRow]:
        """All rows of the record if any is not written; otherwise none."""
        with self._condition:
            return list(self._rows.values()) if self._pending or self._writing else []

    def _run(self) -> None:
        try:
            while self._write_pending():
                pass
        except Exception as error:  # noqa: BLE001 - in a thread it would vanish without a word
            self._add_notice(
                _("The history of this session is not kept: {kind}: {error}").format(
                    kind=type(error).__name__, error=error
                )
            )
        finally:
            self._release()

    def _write_pending(self) -> bool:
        """Write the pending rows; `False` when there is nothing left to do."""
        with self._condition:
            self._condition.wait_for(lambda: self._pending or self._closing)
            if not self._pending:
                return False
            batch, self._pending, self._writing = self._pending, {}, True
        try:
            self._write(batch)
        except DamagedHistoryError as error:
            return self._replace_database(batch) or self._wait_for_retry(error, batch)
        except HistoryError as error:
            return self._wait_for_retry(error, batch)
        self._confirm_written()
        return True

    def _replace_database(self, batch: dict[RowKey, HistoryRow]) -> bool:
        """Replace a file that broke while it was open; returns whether that worked."""
        self._close_connection()
        try:
            self._set_aside()
            self._write(batch)
        except HistoryError:
            return False
        self._confirm_written()
        return True

    def _write(self, batch: dict[RowKey, HistoryRow]) -> None:
        base, is_new = self._ensure_open()
        rows = self._copy_rows() if is_new else batch
        with wrap_errors(self._path):
            try:
                self._insert(base, rows.values())
            except sqlite3.IntegrityError:
                self._insert(base, self._copy_rows().values())  # rows that it refers to were deleted meanwhile

    def _insert(self, base: sqlite3.Connection, rows: Iterable[HistoryRow]) -> None:
        with transaction(base):
            write_rows(base, map(self._with_device, rows))

    def _with_device(self, row: HistoryRow) -> HistoryRow:
        """A record carries the id of the device it was made on."""
        return replace(row, values={**row.values, "device": self._device}) if row.table == "records" else row

    def _copy_rows(self) -> dict[RowKey, HistoryRow]:
        with self._condition:
            return dict(self._rows)

    def _ensure_open(self) -> tuple[sqlite3.Connection, bool]:
        """The open file, and whether it was only opened now."""
        if self._connection is not None and self._file_id == _file_identity(self._path):
            return self._connection, False
        self._close_connection()
        try:
            base = self._open(self._path)
        except DamagedHistoryError:
            self._set_aside()
            base = self._open(self._path)
        self._connection, self._file_id = base, _file_identity(self._path)
        with wrap_errors(self._path):
            (self._device,) = base.execute("SELECT value FROM meta WHERE name = 'device'").fetchone()
        self._record_lock = self._record_lock or running.acquire_record_lock(self._path, self._record_id)
        return base, True

    def _wait_for_retry(self, error: HistoryError, batch: dict[RowKey, HistoryRow]) -> bool:
        """Put back what could not be written, and wait before the next attempt."""
        self._close_connection()
        if not self.trouble:
            self._add_notice(
                _("The history cannot be written now ({error}). It is kept in memory and tried again.").format(
                    error=error
                )
            )
        self.trouble = str(error)
        with self._condition:
            self._pending = {**batch, **self._pending}
            self._writing = False
            was_closing = self._closing
            self._condition.wait_for(lambda: self._closing and not was_closing, self._retry_s)
            self._retry_s = min(LAST_RETRY_S, self._retry_s * 2)
        return True

    def _set_aside(self) -> None:
        """Set the damaged file aside to make room for a new one."""
        if aside := set_damaged_aside(self._path, self._now()):
            self._add_notice(
                _("The history was damaged. It is kept as {aside}, and a new one is begun.").format(aside=aside)
            )

    def _confirm_written(self) -> None:
        if self.trouble:
            self.trouble = ""
            self._add_notice(_(RECOVERED_NOTICE))
        self._retry_s = self._first_retry_s
        with self._condition:
            self._writing = False
            self._condition.notify_all()

    def _add_notice(self, line: str) -> None:
        with self._condition:
            self._notices.append(line)

    def _close_connection(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    def _release(self) -> None:
        self._close_connection()
        if self._record_lock is not None:
            self._record_lock.release()
        running.remove_record_lock(self._path, self._record_id)


def _file_identity(path: Path) -> tuple[int, int] | None:
    """Distinguishes a file from another one that has replaced it."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino
