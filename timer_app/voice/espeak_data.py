"""Where the bundled espeak-ng lies, and a short way to its data."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import sys
import tempfile
from pathlib import Path

import espeakng_loader

# The library copies the path into a buffer of 160 bytes and appends to it; about 152 fit.
LONGEST_PATH = 140


class EspeakMissingError(Exception):
    """The bundled library or its data is not there; the message says which."""


def library_path() -> Path:
    """The bundled shared library.

    Raises:
        EspeakMissingError: It is not there.
    """
    path = Path(espeakng_loader.get_library_path())
    if not path.exists():
        raise EspeakMissingError(f"espeak-ng's library is missing at {path}")
    return path


@functools.cache
def data_path() -> bytes:
    """The folder of the bundled data, as the library wants it: encoded, and short enough for it.

    Raises:
        EspeakMissingError: The data is not there, or no short path to it can be made.
    """
    try:
        real = Path(espeakng_loader.get_data_path())
    except RuntimeError as error:
        raise EspeakMissingError("espeak-ng's data is missing") from error
    if not (real / "phontab").is_file():
        raise EspeakMissingError(f"espeak-ng's data is missing at {real}")
    short = encoded(real)
    return short if short is not None else _detour(real)


def encoded(path: Path) -> bytes | None:
    """The path as the library can open it; `None` where it is too long or cannot be written."""
    # The library opens files by the 8-bit calls of the system, which on Windows do not take UTF-8.
    encoding = "mbcs" if sys.platform == "win32" else sys.getfilesystemencoding()
    with contextlib.suppress(UnicodeEncodeError):
        raw = os.fspath(path).encode(encoding, "strict" if sys.platform == "win32" else "surrogateescape")
        return raw if len(raw) <= LONGEST_PATH else None
    return None


def _detour(real: Path) -> bytes:
    """A link to the data in a private temporary folder, gone when the program ends."""
    folder = Path(tempfile.mkdtemp(prefix="timer-app-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    short = encoded(folder / "espeak")
    if short is None:
        raise EspeakMissingError(f"the path of espeak-ng's data is too long: {real}")
    try:
        (folder / "espeak").symlink_to(real, target_is_directory=True)
    except (OSError, NotImplementedError):
        _copy(real, folder / "espeak")
    return short


def _copy(real: Path, target: Path) -> None:
    try:
        shutil.copytree(real, target)
    except OSError as error:
        raise EspeakMissingError(f"espeak-ng's data could not be copied: {error}") from error
