"""The file of the history: private, migrated to the current version, and set aside when it is damaged.

A lock file marks a record that is being written; the system releases it when the process ends, however it ends.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from timer_app.core.i18n import N_, _
from timer_app.core.session import area_key
from timer_app.history.schema import MIGRATIONS
from timer_app.system.files import check_plain, make_private_folder, sync_folder

if TYPE_CHECKING:
    from filelock import BaseFileLock


BUSY_MS = 2_000  # how long a writer waits for another
_DAMAGED_CODES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_DAMAGED_HINT = N_(
    "the next run that is written down keeps it under another name; to begin a new one now, rename its folder"
)
_FILE_SUFFIXES = ("", "-wal", "-shm")


class HistoryError(Exception):
    """The history cannot be used; the message is one line for the user."""


class DamagedHistoryError(HistoryError):
    """The file is damaged."""


class NewerVersionError(HistoryError):
    """A newer version of the program has written the file."""


MigrationProgress = Callable[[int, int], None]
"""Called often while a file is migrated: how many steps are done, and how many there are."""


def open_to_write(
    path: Path, migrations: Sequence[str] = MIGRATIONS, progress: MigrationProgress | None = None
) -> sqlite3.Connection:
    """The history at `path`, created or migrated to the current version if necessary.

    A migration is one transaction: a file whose migration was killed is as it was before.

    Commits survive the end of the process and a power cut at any moment (a write-ahead log, synced at each commit).

    Raises:
        DamagedHistoryError: The file is damaged.
        NewerVersionError: A newer version of the program has written it.
        HistoryError: It cannot be opened or written for another reason.
    """
    with wrap_errors(path):
        _check_plain_or_missing(path)
        _make_private(path)
        base = _connect(f"{path.absolute().as_uri()}?mode=rw")
        try:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("PRAGMA synchronous = FULL")
            base.execute("PRAGMA fullfsync = ON")  # on macOS a sync leaves much in the memory of the drive otherwise
            base.execute("PRAGMA secure_delete = ON")
            _migrate(base, path, migrations, progress)
        except BaseException:
            base.close()
            raise
    return base


def open_to_read(path: Path) -> sqlite3.Connection:
    """The history at `path`, read-only; an empty one if there is no file yet.

    Raises:
        HistoryError: As for `open_to_write`; a file of an older version is migrated.
    """
    if not path.exists():
        return _connect_empty()
    with wrap_errors(path):
        _check_plain_or_missing(path)
        base = _connect_read_only(path)
        try:
            version = _version(base)
        except BaseException:
            base.close()
            raise
    if version == len(MIGRATIONS):
        return base
    base.close()
    if version > len(MIGRATIONS):
        raise _newer_error(path)
    open_to_write(path).close()
    return open_to_read(path)


def error_text(error: HistoryError) -> str:
    """The message for a user who reads the history; writing a run sets a damaged file aside."""
    return f"{error}; {_(_DAMAGED_HINT)}" if isinstance(error, DamagedHistoryError) else str(error)


def set_damaged_aside(path: Path, now: datetime) -> Path | None:
    """Rename a damaged file, so that what is in it can still be saved.

    Returns:
        The new name; `None` if the file is sound because another process has created a new one meanwhile.

    Raises:
        HistoryError: It cannot be renamed.
    """
    from filelock import FileLock

    with wrap_errors(path), FileLock(path.with_suffix(".lock"), mode=0o600):
        if _is_sound(path):
            return None
        aside = _free_name(path, now)
        for ending in reversed(_FILE_SUFFIXES):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
        _make_files_private(aside)
        sync_folder(path.parent)
    return aside


def damaged_files(path: Path) -> list[Path]:
    """Every file that was set aside, with its companions."""
    return sorted(path.parent.glob(f"{path.stem}.damaged-*"))


@contextmanager
def transaction(base: sqlite3.Connection) -> Iterator[None]:
    """Commit everything done inside, or nothing."""
    base.execute("BEGIN IMMEDIATE")
    try:
        yield
        base.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            base.execute("ROLLBACK")
        raise


@contextmanager
def wrap_errors(path: Path) -> Iterator[None]:
    """Turn errors of the file into a `HistoryError`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code in _DAMAGED_CODES:
            raise DamagedHistoryError(_("{path} is damaged: {error}").format(path=path, error=error)) from error
        if path.is_dir():
            code = sqlite3.SQLITE_CANTOPEN  # SQLite reports it only on the first read
        raise HistoryError(f"{path}: {_reason(code, error)}") from error
    except OSError as error:
        raise HistoryError(f"{path}: {(error.strerror or str(error)).lower()}") from error


def _is_sound(path: Path) -> bool:
    try:
        with contextlib.closing(_connect(f"{path.absolute().as_uri()}?mode=rw")) as base:
            _version(base)
            return bool(base.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False


def _free_name(path: Path, now: datetime) -> Path:
    stem = f"{path.stem}.damaged-{now:%Y-%m-%d-%H%M%S}"
    names = (path.with_name(f"{stem}{number}{path.suffix}") for number in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(name for name in names if not name.exists())


def _check_plain_or_missing(path: Path) -> None:
    """SQLite would wait for ever for what comes out of a named pipe; of a folder it tells by itself."""
    for ending in _FILE_SUFFIXES:
        file = path.with_name(path.name + ending)
        # Another process may take its log away at any moment.
        with suppress(FileNotFoundError, NotADirectoryError):
            if not file.is_dir():
                check_plain(file)


def _make_private(path: Path) -> None:
    """Restrict the file and its folder to their owner; SQLite gives its companion files the same mode."""
    make_private_folder(path.parent)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with contextlib.suppress(OSError):  # a read-only folder can still be read
        path.parent.chmod(0o700)
        _make_files_private(path)


def _make_files_private(path: Path) -> None:
    for ending in _FILE_SUFFIXES:
        file = path.with_name(path.name + ending)
        if file.is_file():
            file.chmod(0o600)


def _connect(uri: str) -> sqlite3.Connection:
    base = sqlite3.connect(uri, uri=True, timeout=BUSY_MS / 1_000, isolation_level=None, check_same_thread=False)
    base.row_factory = sqlite3.Row
    base.execute("PRAGMA foreign_keys = ON")
    base.create_function("area_key", 2, area_key, deterministic=True)  # for migrations
    return base


def _connect_read_only(path: Path) -> sqlite3.Connection:
    uri = path.absolute().as_uri()
    base = _connect(f"{uri}?mode=ro")
    try:
        _version(base)
    except sqlite3.OperationalError as error:
        base.close()
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        # Nobody writes in a read-only folder either.
        base = _connect(f"{uri}?mode=ro&immutable=1")
    return base


def _connect_empty() -> sqlite3.Connection:
    base = _connect("file::memory:")
    base.executescript("".join(MIGRATIONS))
    return base


def _version(base: sqlite3.Connection) -> int:
    (version,) = base.execute("PRAGMA user_version").fetchone()
    base.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # the version can be read even from a broken file
    return int(version)


def _migrate(
    base: sqlite3.Connection, path: Path, migrations: Sequence[str], progress: MigrationProgress | None
) -> None:
    if _version(base) > len(migrations):
        raise _newer_error(path)
    if _version(base) == len(migrations):
        return
    with transaction(base):
        version = _version(base)  # another process may have migrated it meanwhile
        statements = [statement for script in migrations[version:] for statement in _statements(script)]
        with _reported(base, progress, sum(map(_reads_rows, statements))) as count:
            for statement in statements:
                base.execute(statement)
                count(_reads_rows(statement))
        base.execute(f"PRAGMA user_version = {len(migrations)}")
        if version == 0:
            base.execute("INSERT INTO meta VALUES ('device', ?)", (uuid.uuid4().hex,))


_TICK = 100_000  # instructions of SQLite, some hundredths of a second


@contextmanager
def _reported(
    base: sqlite3.Connection, progress: MigrationProgress | None, total: int
) -> Iterator[Callable[[int], None]]:
    """Reports how far a migration is, also while a statement runs; yields what counts steps that are done."""
    done, stopped = 0, list[BaseException]()

    def count(steps: int) -> None:
        nonlocal done
        done += steps

    def tick() -> int:
        try:
            if progress:
                progress(done, total)
        except BaseException as error:  # noqa: BLE001 - SQLite would make another error of it
            stopped.append(error)
        return len(stopped)

    if progress:
        base.set_progress_handler(tick, _TICK)
    try:
        yield count
    except sqlite3.OperationalError as error:
        if stopped:
            raise stopped[0] from None
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:  # a signal came before `tick` could catch it
            raise KeyboardInterrupt from None
        raise
    finally:
        base.set_progress_handler(None, 0)


def _reads_rows(statement: str) -> bool:
    """Whether a statement of a migration takes the longer the more records there are."""
    words = " ".join(line for line in statement.splitlines() if not line.startswith("--")).split()
    return words[:1] in (["UPDATE"], ["INSERT"]) or words[:2] == ["CREATE", "INDEX"]


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would end the transaction around it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _newer_error(path: Path) -> NewerVersionError:
    return NewerVersionError(
        _("{path} was written by a newer version of timer-app; use that one for the history").format(path=path)
    )


def _reason(code: int, error: sqlite3.Error) -> str:
    """The cause in plain words, where the user can do something about it."""
    known = {
        sqlite3.SQLITE_FULL: _("the disk is full"),
        sqlite3.SQLITE_BUSY: _("another program holds the file"),
        sqlite3.SQLITE_LOCKED: _("another program holds the file"),
        sqlite3.SQLITE_READONLY: _("the file or its folder may only be read"),
        sqlite3.SQLITE_CANTOPEN: _("the file cannot be opened"),
        sqlite3.SQLITE_IOERR: _("the disk does not take it"),
    }
    return known.get(code, str(error))


# A probe holds the lock for a moment, which is long on a busy machine: one attempt that fails proves nothing yet.
_LOCK_TIMEOUT_S, _PROBE_TIMEOUT_S, _POLL_INTERVAL_S = 2.0, 0.5, 0.01


def acquire_record_lock(history: Path, record_id: str) -> BaseFileLock | None:
    """Lock a record as being written by this process; `None` if that fails."""
    return _try_lock(record_lock_path(history, record_id), _LOCK_TIMEOUT_S)


def is_being_written(history: Path, record_id: str) -> bool:
    """Whether a running process is writing that record."""
    file = record_lock_path(history, record_id)
    if not file.exists():
        return False
    lock = _try_lock(file, _PROBE_TIMEOUT_S)
    if lock is None:
        return True
    lock.release()
    return False


def remove_record_lock(history: Path, record_id: str) -> None:
    """Remove the lock file of a record that will not go on."""
    with suppress(OSError):
        record_lock_path(history, record_id).unlink(missing_ok=True)


def record_lock_path(history: Path, record_id: str) -> Path:
    """The lock file of a record."""
    return history.with_name(f"{record_id}.running")


def _try_lock(file: Path, timeout_s: float) -> BaseFileLock | None:
    # Imported here because it is slow to load, and most starts of the program have no lock to probe.
    from filelock import FileLock, Timeout

    lock = FileLock(file, timeout=timeout_s, mode=0o600, thread_local=False)
    try:
        lock.acquire(poll_interval=_POLL_INTERVAL_S)
    except (Timeout, OSError):
        return None
    return lock
