"""Reads text files whole, and writes files atomically."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from glob import escape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from timer_app.core.diagnostics import FileFault, printable

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
            raise TargetError(f"{shown} is there and is no plain file")
        if path.exists() and not force:
            raise TargetError(f"{shown} is there already; --force replaces it")
    except OSError as error:
        raise TargetError(f"{shown} cannot be written: {(error.strerror or str(error)).lower()}") from None


_PART_PREFIX, _PART_SUFFIX = ".timer-app-", ".part"


def is_part_file(path: Path) -> bool:
    """Whether a path is named like the part files of `atomic_write`."""
    return path.name.startswith(_PART_PREFIX) and path.suffix == _PART_SUFFIX


@contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """A new file to write, which replaces `path` at the end of the block.

    It lies beside `path` until then, so that the last step is a rename. If an error or a signal ends the block early,
    it is removed and `path` stays as it was.

    Raises:
        OSError: It cannot be created, written or renamed.
    """
    part = path.with_name(f"{_PART_PREFIX}{secrets.token_hex(6)}{_PART_SUFFIX}")
    try:
        with part.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


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
    try:
        return _read(path, name, largest).decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileFault.about(
            name, f"is not UTF-8 text (byte {error.start + 1})", "a text file saved as UTF-8"
        ) from None
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileFault.about(name, f"cannot be read: {reason.lower()}") from None


def _read(path: Path, name: str, largest: int) -> bytes:
    # Looked at before it is opened: a named pipe would make the program wait, and a device may never end.
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise FileFault.about(name, "is a folder", "a file such as my-session.toml")
    if not stat.S_ISREG(mode):
        raise FileFault.about(name, "is not a plain file", "a file such as my-session.toml")
    with path.open("rb") as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise FileFault.about(name, f"is larger than {largest // 1000:,} KB", "a session needs a few KB")
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
        raise FileFault.about(name, "there is no such file") from None


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
    for where, names, _ in os.walk(folder):
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
        return "links to folders are not followed: move the folder itself here" if is_missed else ""
    name = path.name.lower()
    if path.parent not in are_read:
        advice = f"folders are read down to a depth of {MAX_FOLDER_DEPTH}: move it up"
        return advice if name.endswith(".toml") and path.is_file() else ""
    if name.endswith(".toml"):
        return "" if path.suffix == ".toml" else f"its ending must be in small letters: rename it to {path.stem}.toml"
    if name.endswith(".toml.txt"):
        return f"it ends in .txt: rename it to {path.name[: -len('.toml.txt')]}.toml"
    return "it is JSON: write it as TOML, as docs/session-format.md shows" if name.endswith(".json") else ""


def _all_toml_files(folder: Path, beginning: str = "") -> list[Path]:
    try:
        return sorted(path for path in folder.glob(f"{escape(beginning)}*.toml") if not path.name.startswith("."))
    except OSError:
        return []
