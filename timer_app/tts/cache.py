"""Rendered lines, stored on disk between runs and in memory during a run.

A line's file reveals damage, and its length is read without its samples. The folder has a limited size, and any fault
in it counts as a missing line.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import struct
import tempfile
import threading
import time
import zlib
from collections import OrderedDict
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

from timer_app.core.timeline.utterance import SpeechTiming, Utterance
from timer_app.system.files import PART_SUFFIX, check_plain, is_abandoned, make_private_folder, part_prefix
from timer_app.tts.voice import Speech
from timer_app.tts.waveform import from_pcm, to_pcm

FORMAT_VERSION = 1
_MAGIC = b"spch"
# magic, format, rate, frames, beat, checksum of the samples; then a checksum of all that.
_FIELDS = struct.Struct("<4sHIIII")
_CHECKSUM = struct.Struct("<I")
HEADER_BYTES = _FIELDS.size + _CHECKSUM.size
_FRAME_BYTES = 2


class DamagedSpeechError(Exception):
    """The bytes are not a complete line."""


class SpeechHeader(NamedTuple):
    """The bytes before the samples."""

    rate: int
    frames: int
    beat_ms: int
    checksum: int

    @property
    def timing(self) -> SpeechTiming:
        """The line's length and beat, equal to `Speech.timing`."""
        return SpeechTiming(length_ms=-(-self.frames * 1000 // self.rate), beat_ms=self.beat_ms)

    def pack(self) -> bytes:
        """The header as bytes."""
        fields = _FIELDS.pack(_MAGIC, FORMAT_VERSION, *self)
        return fields + _CHECKSUM.pack(zlib.crc32(fields))

    @classmethod
    def read(cls, file: BinaryIO, size: int) -> Self:
        """Read the header of a file of `size` bytes.

        Raises:
            DamagedSpeechError: It is not a header, or the file has another length than it says.
        """
        raw = file.read(HEADER_BYTES)
        if len(raw) != HEADER_BYTES or _CHECKSUM.pack(zlib.crc32(raw[: _FIELDS.size])) != raw[_FIELDS.size :]:
            raise DamagedSpeechError("no header")
        magic, version, *fields = _FIELDS.unpack(raw[: _FIELDS.size])
        header = cls(*fields)
        if (magic, version) != (_MAGIC, FORMAT_VERSION) or header.rate == 0:
            raise DamagedSpeechError("another format")
        if size != HEADER_BYTES + header.frames * _FRAME_BYTES:
            raise DamagedSpeechError("cut short")
        return header


def encode_speech(speech: Speech) -> bytes:
    """The whole line as bytes."""
    pcm = to_pcm(speech.samples)
    return SpeechHeader(speech.rate, len(speech.samples), speech.beat_ms, zlib.crc32(pcm)).pack() + pcm


def decode_speech(file: BinaryIO, size: int) -> Speech:
    """The line in a file of `size` bytes.

    Raises:
        DamagedSpeechError: It is incomplete or damaged.
    """
    header = SpeechHeader.read(file, size)
    pcm = file.read(size - HEADER_BYTES)
    if len(pcm) != header.frames * _FRAME_BYTES or zlib.crc32(pcm) != header.checksum:
        raise DamagedSpeechError("samples")
    return Speech(from_pcm(pcm), header.rate, header.beat_ms)


_ENDING = ".speech"
_ABANDONED_S = 3_600
_KEEP_SHARE = 0.9


class SpeechFolder:
    """Reads and writes lines by their keys; the first write creates the folder.

    Args:
        path: The folder.
        max_bytes: Beyond this limit the least recently used lines are deleted.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._bytes: int | None = None  # counted when first written to

    def _file(self, key: str) -> Path:
        return self._path / (key + _ENDING)

    def read(self, key: str) -> Speech | None:
        """The line, which now counts as just used; `None` if it is missing or damaged."""
        path = self._file(key)
        try:
            check_plain(path)
            with path.open("rb") as file:
                speech = decode_speech(file, os.fstat(file.fileno()).st_size)
        except (OSError, DamagedSpeechError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return speech

    def read_timing(self, key: str) -> SpeechTiming | None:
        """The length of the line, from its header alone; `None` if it is missing or damaged."""
        try:
            path = self._file(key)
            check_plain(path)
            with path.open("rb") as file:
                return SpeechHeader.read(file, os.fstat(file.fileno()).st_size).timing
        except (OSError, DamagedSpeechError):
            return None

    def write(self, key: str, speech: Speech) -> bool:
        """Store the line, completely or not at all; `False` if the folder cannot be written."""
        raw = encode_speech(speech)
        try:
            make_private_folder(self._path)
            self._replace(self._file(key), raw)
            self._enforce_limit(len(raw))
        except OSError:
            return False
        return True

    def _replace(self, target: Path, raw: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self._path, prefix=part_prefix(), suffix=PART_SUFFIX)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(raw)
            part.replace(target)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    def _enforce_limit(self, added: int) -> None:
        if self._bytes is not None:
            self._bytes += added
        if self._bytes is None or self._bytes > self._max_bytes:
            self._bytes = self._prune()

    def _prune(self) -> int:
        """Delete unfinished writes and, above the limit, the least recently used lines; the bytes that remain."""
        lines: list[tuple[float, int, Path]] = []
        for path in self._path.iterdir():
            with contextlib.suppress(OSError):
                state = path.stat()
                if path.suffix == _ENDING:
                    lines.append((state.st_mtime, state.st_size, path))
                elif is_abandoned(path) or (path.suffix == PART_SUFFIX and state.st_mtime < time.time() - _ABANDONED_S):
                    path.unlink()
        return self._drop_oldest(lines)

    def _drop_oldest(self, lines: list[tuple[float, int, Path]]) -> int:
        total = sum(size for _, size, _ in lines)
        if total <= self._max_bytes:
            return total
        # Delete a little more than necessary, so that not every write has to scan the folder.
        for _, size, path in sorted(lines):
            if total <= self._max_bytes * _KEEP_SHARE:
                break
            with contextlib.suppress(OSError):
                path.unlink()
                total -= size
        return total


DISK_BYTES = 200_000_000
MEMORY_BYTES = 64_000_000
# Raised when trimming, loudness, fading, the beat or the rate of voices change, so that older lines are made again.
SHAPING_VERSION = 4


def cache_key(voice: str, version: str, line: Utterance) -> str:
    """A file name of 64 characters, made of everything that decides how a line sounds.

    Args:
        voice: The voice's name.
        version: The voice's version.
        line: As it is given to the voice.
    """
    how = (line.language, line.effective_rate, line.text, line.effective_pitch)
    content = json.dumps([FORMAT_VERSION, SHAPING_VERSION, voice, version, *how])
    return hashlib.sha256(content.encode("ascii")).hexdigest()


class SpeechCache:
    """Stores lines by their `cache_key` in a folder, or in memory if that cannot be written. Safe for threads.

    Args:
        folder: Created by the first write; a damaged file in it counts as missing and is replaced.
        max_bytes: The limit of the folder; the least recently used lines are deleted first.
    """

    def __init__(self, folder: Path, max_bytes: int = DISK_BYTES) -> None:
        self._folder = SpeechFolder(folder, max_bytes)
        self._lock = threading.Lock()
        self._recent: OrderedDict[str, Speech] = OrderedDict()
        self._recent_bytes = 0
        self._unwritten: dict[str, Speech] = {}
        self._timings: dict[str, SpeechTiming] = {}

    def get(self, key: str) -> Speech | None:
        """The stored line; `None` if it is missing."""
        with self._lock:
            speech = self._unwritten.get(key) or self._recent.get(key)
            if speech is None:
                speech = self._folder.read(key)
            if speech is None:
                self._timings.pop(key, None)
            else:
                self._remember(key, speech)
        return speech

    def get_timing(self, key: str) -> SpeechTiming | None:
        """How long the line is, without reading its samples; `None` if it is missing."""
        with self._lock:
            found = self._timings.get(key) or self._folder.read_timing(key)
            if found is not None:
                self._timings[key] = found
        return found

    def put(self, key: str, speech: Speech) -> None:
        """Store the line; never fails."""
        with self._lock:
            if self._folder.write(key, speech):
                self._unwritten.pop(key, None)
            else:
                self._unwritten[key] = speech
            self._remember(key, speech)

    def _remember(self, key: str, speech: Speech) -> None:
        """Keep the line in memory, with as many recently used ones as fit."""
        self._timings[key] = speech.timing
        if key in self._unwritten:
            return
        replaced = self._recent.pop(key, None)
        self._recent[key] = speech
        self._recent_bytes += speech.samples.nbytes - (replaced.samples.nbytes if replaced is not None else 0)
        while self._recent_bytes > MEMORY_BYTES and len(self._recent) > 1:
            _, oldest = self._recent.popitem(last=False)
            self._recent_bytes -= oldest.samples.nbytes
