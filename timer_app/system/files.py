"""Reads plain files whole, and writes files atomically, one writer at a time and for their owner only."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from timer_app.core.diagnostics import FileFault, printable
from timer_app.core.i18n import _

if TYPE_CHECKING:
    from timer_app.core.diagnostics import Source


class TargetError(Exception):
    """A file cannot be written there; the message is one line."""


def check_writable(path: Path, *, force: bool) -> None:
    """Make sure that no file is replaced unintentionally.

    Args:
        path: Where a file is to be written.
        force: Whether one that is there may be replaced.

    Raises:
        TargetError: Something other than a plain file is there, or a file while `force` is false.
    """
    shown = printable(str(path))
    try:
        if path.exists() and not path.is_file():
            raise TargetError(_("{shown} is there and is no plain file").format(shown=shown))
        if path.exists() and not force:
            raise TargetError(_("{shown} is there already; --force replaces it").format(shown=shown))
    except OSError as error:
        raise TargetError(
            _("{shown} cannot be written: {reason}").format(shown=shown, reason=(error.strerror or str(error)).lower())
        ) from None


PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
"""The modes of what the program writes for its user: nobody else reads it."""


def make_private_folder(folder: Path) -> None:
    """Create a folder that only its owner may enter, with the missing folders above it; one that is there stays.

    Raises:
        OSError: It cannot be created.
    """
    try:
        folder.mkdir(PRIVATE_FOLDER)
    except FileNotFoundError:
        if folder.parent.is_dir():
            raise  # some file systems say so of a folder that they do not allow
        make_private_folder(folder.parent)
        make_private_folder(folder)
    except FileExistsError:
        if not folder.is_dir():
            raise
    else:
        folder.chmod(PRIVATE_FOLDER)  # whatever the umask takes away
        sync_folder(folder.parent)


def sync_file(number: int) -> None:
    """Wait until the bytes of an open file would survive a power cut.

    Raises:
        OSError: The disk does not take them.
    """
    if sys.platform == "darwin":
        import fcntl

        with suppress(OSError):  # some file systems cannot
            fcntl.fcntl(number, fcntl.F_FULLFSYNC)  # fsync leaves them in the memory of the drive there
            return
    os.fsync(number)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder would survive a power cut: new ones, changed ones, and that others are gone.

    Windows does so by itself. Where a file system cannot, or a folder may not be read, nothing more can be done.
    """
    if sys.platform != "win32":
        with suppress(OSError):
            number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                sync_file(number)
            finally:
                os.close(number)


_PART_PREFIX, PART_SUFFIX = ".timer-app-", ".part"


_PROCESS_OF_PART = re.compile(rf"{re.escape(_PART_PREFIX)}([0-9]{{1,10}})-")
# A process of that number may run on another computer that shares the folder, and would have written to it meanwhile.
_ABANDONED_S, _FORGOTTEN_S = 60, 86_400


def part_prefix() -> str:
    """How the names of part files begin that this process writes; `PART_SUFFIX` ends them."""
    return f"{_PART_PREFIX}{os.getpid()}-"


def is_part_file(path: Path) -> bool:
    """Whether a path is named like the part files of `atomic_write`."""
    return path.name.startswith(_PART_PREFIX) and path.suffix == PART_SUFFIX


def is_abandoned(path: Path) -> bool:
    """Whether a file is a part file whose writer was killed.

    It was not written to for a minute and its process is gone, or for a day.
    """
    if not is_part_file(path):
        return False
    try:
        state = path.lstat()
    except OSError:
        return False
    writer, age_s = _PROCESS_OF_PART.match(path.name), time.time() - state.st_mtime
    is_gone = writer is not None and not _is_running(int(writer[1]))
    return stat.S_ISREG(state.st_mode) and age_s > (_ABANDONED_S if is_gone else _FORGOTTEN_S)


def _is_running(process: int) -> bool:
    if sys.platform == "win32":
        return True  # asking would end it
    else:  # noqa: RET505 - for type checkers, which look at one system at a time
        try:
            os.kill(process, 0)
        except (ProcessLookupError, OverflowError):
            return False
        except OSError:
            pass
        return process > 0


def remove_abandoned_parts(folder: Path) -> None:
    """Remove the part files in a folder whose writers were killed; what cannot be removed stays."""
    with suppress(OSError):
        for path in folder.glob(f"{_PART_PREFIX}*{PART_SUFFIX}"):
            if is_abandoned(path):
                with suppress(OSError):
                    path.unlink()


LOCK_TIMEOUT_S = 5.0
_LOCK_POLL_S = 0.01
_WITHOUT_LOCKS = (errno.EBADF, errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL)  # some network folders


@contextmanager
def folder_lock(folder: Path, timeout_s: float = LOCK_TIMEOUT_S) -> Iterator[None]:
    """Keeps other processes and threads that ask for the same lock waiting until the end of the block.

    For who reads a file, changes something in it and writes it anew. The system releases the lock of a killed process.

    Args:
        folder: Where the file lies; it is there.
        timeout_s: How long to wait for the lock.

    Raises:
        OSError: The folder cannot be read, or somebody else holds the lock for too long.
    """
    if sys.platform == "win32":
        from filelock import FileLock  # its lock is a file that stays

        with FileLock(folder / f"{_PART_PREFIX}lock", timeout=timeout_s):  # a `Timeout` is an `OSError`
            yield
    else:
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _acquire(number, folder, timeout_s)
            yield
        finally:
            os.close(number)


if sys.platform != "win32":

    def _acquire(number: int, folder: Path, timeout_s: float) -> None:
        import fcntl  # needed where something changes

        give_up = time.monotonic() + timeout_s
        while True:
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    reason = _(
                        "another timer-app has been writing there for {seconds} s; try again, or close it"
                    ).format(seconds=f"{timeout_s:g}")
                    raise TimeoutError(errno.ETIMEDOUT, reason, str(folder)) from None
                time.sleep(_LOCK_POLL_S)
            except OSError as error:
                if error.errno not in _WITHOUT_LOCKS:
                    raise
                return
            else:
                return


@contextmanager
def atomic_write(path: Path, *, private: bool = False, like: Path | None = None) -> Iterator[BinaryIO]:
    """A new file to write, which replaces `path` at the end of the block, and then survives a power cut.

    It lies beside `path` until then, so that the last step is a rename. If an error or a signal ends the block early,
    it is removed and `path` stays as it was. What a killed writer has left in the folder is removed before.

    Args:
        path: The file.
        private: Only its owner may read it, whatever the umask and whoever could read what it replaces.
        like: Who may read and write this file may do so with the new one from its first byte on, if it is there.

    Raises:
        OSError: It cannot be created, written or renamed.
    """
    mode = PRIVATE_FILE if private else _mode_of(like) if like is not None else None
    remove_abandoned_parts(path.parent)
    part = path.with_name(f"{part_prefix()}{os.urandom(6).hex()}{PART_SUFFIX}")
    try:
        with part.open("x+b") as file:
            if mode is not None and sys.platform != "win32":
                os.fchmod(file.fileno(), mode)  # it is still empty
            yield file
            file.flush()
            sync_file(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _mode_of(path: Path) -> int | None:
    with suppress(FileNotFoundError):
        return stat.S_IMODE(path.stat().st_mode)
    return None


def check_plain(path: Path) -> None:
    """Make sure that a file can be opened without waiting for anybody: a named pipe would, and a device never ends.

    Raises:
        OSError: It is not there, or it is no plain file.
    """
    _require_plain(path.stat(), path)


def _require_plain(state: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(state.st_mode):
        raise OSError(errno.EINVAL, _("is not a plain file"), str(path))


def open_private_log(path: Path, *, largest: int | None = None) -> int:
    """The descriptor of a file that only its owner may read, to append to; its folder is created.

    Args:
        path: The file.
        largest: Beyond so many bytes it is begun anew.

    Raises:
        OSError: It cannot be created, or something other than a plain file is there.
    """
    make_private_folder(path.parent)
    # Without waiting, or a named pipe would hold the program up until somebody reads from it.
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
    number = os.open(path, flags, PRIVATE_FILE)
    try:
        state = os.fstat(number)
        _require_plain(state, path)
        if sys.platform != "win32":
            os.fchmod(number, PRIVATE_FILE)
        if largest is not None and state.st_size > largest:
            os.ftruncate(number, 0)
    except OSError:
        os.close(number)
        raise
    return number


MAX_BYTES = 1_000_000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def read_text(path: Path, *, shown: str = "", largest: int = MAX_BYTES) -> str:
    """The text of a plain UTF-8 file.

    Args:
        path: The file.
        shown: How the user wrote the path, for messages; the path itself if empty.
        largest: Bytes it may have.

    Raises:
        FileNotFoundError: It is not there.
        FileFault: It is no plain file, too large, not UTF-8, or may not be read.
    """
    name = shown or str(path)
    return _decoded(partial(_read, path, name, largest), name)


def read_stream_text(stream: BinaryIO, shown: str, *, largest: int = MAX_BYTES) -> str:
    """The text that comes out of a stream such as standard input.

    Args:
        stream: The stream.
        shown: What it is called in messages.
        largest: Bytes that may come.

    Raises:
        FileFault: It is too large, not UTF-8, or cannot be read.
    """
    return _decoded(lambda: _not_larger(stream.read(largest + 1), shown, largest), shown)


def _decoded(read: Callable[[], bytes], name: str) -> str:
    try:
        return read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileFault.about(
            name, _("is not UTF-8 text (byte {byte})").format(byte=error.start + 1), _("a text file saved as UTF-8")
        ) from None
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileFault.about(name, _("cannot be read: {reason}").format(reason=reason.lower())) from None


def _read(path: Path, name: str, largest: int) -> bytes:
    # Looked at before it is opened: a named pipe would make the program wait, and a device may never end.
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise FileFault.about(name, _("is a folder"), _("a file such as my-session.toml"))
    if not stat.S_ISREG(mode):
        raise FileFault.about(name, _("is not a plain file"), _("a file such as my-session.toml"))
    with path.open("rb") as file:
        return _not_larger(file.read(largest + 1), name, largest)


def _not_larger(data: bytes, name: str, largest: int) -> bytes:
    if len(data) > largest:
        allowed = _("a session needs a few KB") if largest == MAX_BYTES else ""
        raise FileFault.about(name, _("is larger than {largest} KB").format(largest=f"{largest // 1000:,}"), allowed)
    return data


def parse_file(path: Path, shown: str = "") -> Source:
    """The data of a TOML file, and where everything in it stands.

    Args:
        path: The file.
        shown: How the user wrote the path, for messages; the path itself if empty.

    Raises:
        FileFault: It is not there, cannot be read, or is no TOML.
    """
    from timer_app.core.diagnostics import parse_toml  # many files are only listed

    name = shown or str(path)
    try:
        return parse_toml(read_text(path, shown=name), name)
    except FileNotFoundError:
        raise FileFault.about(name, _("there is no such file")) from None


def toml_files(folder: Path) -> list[Path]:
    """The TOML files in a folder but translations, by name; none where there is no folder that may be read."""
    return [path for path in _all_toml_files(folder) if original_of(path) is None]


def is_language_code(text: str) -> bool:
    """Whether a text is written like the code of a language, such as `de` or `pt-BR`."""
    return _LANGUAGE.fullmatch(text) is not None


def translation_files(folder: Path) -> list[Path]:
    """The translations in a folder, by name."""
    return [path for path in _all_toml_files(folder) if original_of(path) is not None]


def original_of(path: Path) -> Path | None:
    """What a file beside it is a translation of: `a.toml` for `a.de.toml`, where there is such a file."""
    stem, _, language = path.stem.rpartition(".")
    if not stem or path.suffix != ".toml" or not is_language_code(language):
        return None
    original = path.with_name(f"{stem}.toml")
    return original if original.is_file() else None


def translations_of(path: Path) -> dict[str, Path]:
    """The translations beside a file by their language, in small letters."""
    found = (other for other in _all_toml_files(path.parent, f"{path.stem}.") if original_of(other) == path)
    return {other.stem.rpartition(".")[2].lower(): other for other in found}


MAX_FOLDER_DEPTH = 3
_MAX_FOLDERS = 500


def folders_inside(folder: Path) -> list[Path]:
    """A folder and those in it, down to a depth of three; no hidden ones, and no links, which may lead in a circle."""
    return list(islice(_walk(folder), _MAX_FOLDERS))


def _walk(folder: Path) -> Iterator[Path]:
    for where, names, _files in os.walk(folder):
        inside = Path(where)
        is_deepest = len(inside.relative_to(folder).parts) >= MAX_FOLDER_DEPTH
        names[:] = [] if is_deepest else sorted(name for name in names if not name.startswith("."))
        yield inside


def passed_over_files(folder: Path) -> dict[Path, str]:
    """The files in a folder and those in it that look meant to be read but are not, each with what to do about it."""
    try:
        found = sorted(path for path in folder.rglob("*") if not path.name.startswith("."))
        are_read = set(folders_inside(folder))
        advice = {path: _advice(path, are_read) for path in found}
    except OSError:
        return {}
    return {path: text for path, text in advice.items() if text}


def _advice(path: Path, are_read: Container[Path]) -> str:
    if path.is_dir():
        is_missed = path.is_symlink() and toml_files(path)
        return _("links to folders are not followed: move the folder itself here") if is_missed else ""
    name = path.name.lower()
    if path.parent not in are_read:
        advice = _("folders are read down to a depth of {depth}: move it up").format(depth=MAX_FOLDER_DEPTH)
        return advice if name.endswith(".toml") and path.is_file() else ""
    if name.endswith(".toml"):
        return (
            ""
            if path.suffix == ".toml"
            else _("its ending must be in small letters: rename it to {stem}.toml").format(stem=path.stem)
        )
    if name.endswith(".toml.txt"):
        return _("it ends in .txt: rename it to {stem}.toml").format(stem=path.name[: -len(".toml.txt")])
    return _("it is JSON: write it as TOML, as docs/session-format.md shows") if name.endswith(".json") else ""


def _all_toml_files(folder: Path, beginning: str = "") -> list[Path]:
    from glob import escape

    try:
        found = (path for path in folder.glob(f"{escape(beginning)}*.toml") if not path.name.startswith("."))
        return sorted(found, key=lambda path: path.name)
    except OSError:
        return []
