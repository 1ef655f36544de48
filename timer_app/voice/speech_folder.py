"""A folder of rendered lines with a limit to its size; whatever is wrong with it counts as not having the line."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

from timer_app.core.timeline.utterance import Spoken
from timer_app.voice.base import Speech
from timer_app.voice.speech_file import DamagedError, Header, decode, encode

_ENDING = ".speech"
_UNFINISHED = ".part"
_ABANDONED_S = 3_600
_KEEP_SHARE = 0.9


class SpeechFolder:
    """Reads and writes lines by their keys; the folder is made by the first write.

    Args:
        path: The folder.
        max_bytes: Beyond this the lines used longest ago are dropped.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._bytes: int | None = None  # counted when first written to

    def _file(self, key: str) -> Path:
        return self._path / (key + _ENDING)

    def read(self, key: str) -> Speech | None:
        """The line, now counted as just used; `None` where it is missing or damaged."""
        path = self._file(key)
        try:
            with path.open("rb") as file:
                speech = decode(file, os.fstat(file.fileno()).st_size)
        except (OSError, DamagedError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return speech

    def measure(self, key: str) -> Spoken | None:
        """The length of the line, from its header alone; `None` where it is missing or damaged."""
        try:
            with self._file(key).open("rb") as file:
                return Header.read(file, os.fstat(file.fileno()).st_size).spoken
        except (OSError, DamagedError):
            return None

    def write(self, key: str, speech: Speech) -> bool:
        """Keep the line, all of it or none; `False` where the folder does not take it."""
        raw = encode(speech)
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            self._replace(self._file(key), raw)
            self._make_room(len(raw))
        except OSError:
            return False
        return True

    def _replace(self, target: Path, raw: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self._path, suffix=_UNFINISHED)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
            part.replace(target)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def _make_room(self, added: int) -> None:
        if self._bytes is not None:
            self._bytes += added
        if self._bytes is None or self._bytes > self._max_bytes:
            self._bytes = self._tidy()

    def _tidy(self) -> int:
        """Drop writes never finished and, above the limit, the lines used longest ago; the bytes that remain."""
        kept: list[tuple[float, int, Path]] = []
        for path in self._path.iterdir():
            with contextlib.suppress(OSError):
                state = path.stat()
                if path.suffix == _ENDING:
                    kept.append((state.st_mtime, state.st_size, path))
                elif path.suffix == _UNFINISHED and state.st_mtime < time.time() - _ABANDONED_S:
                    path.unlink()
        return self._drop_oldest(kept)

    def _drop_oldest(self, lines: list[tuple[float, int, Path]]) -> int:
        total = sum(size for _, size, _ in lines)
        if total <= self._max_bytes:
            return total
        # Some more than needed goes, so that not every write has to look through the folder.
        for _, size, path in sorted(lines):
            if total <= self._max_bytes * _KEEP_SHARE:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                total -= size
        return total
