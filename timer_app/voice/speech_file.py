"""A rendered line as bytes, made so that damage is noticed and the length is read without the samples."""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO, NamedTuple, Self

from timer_app.core.timeline.utterance import Spoken
from timer_app.voice.base import Speech
from timer_app.voice.shape import from_pcm, to_pcm

FORMAT = 1
_MAGIC = b"spch"
# magic, format, rate, frames, beat, checksum of the samples; then a checksum of all that.
_FIELDS = struct.Struct("<4sHIIII")
_CHECKSUM = struct.Struct("<I")
HEADER_BYTES = _FIELDS.size + _CHECKSUM.size
_FRAME_BYTES = 2


class DamagedError(Exception):
    """The bytes are not a whole line."""


class Header(NamedTuple):
    """What stands before the samples."""

    rate: int
    frames: int
    beat_ms: int
    checksum: int

    @property
    def spoken(self) -> Spoken:
        """The measure of the line, equal to `Speech.spoken`."""
        return Spoken(length_ms=-(-self.frames * 1000 // self.rate), beat_ms=self.beat_ms)

    def pack(self) -> bytes:
        """The header as bytes."""
        fields = _FIELDS.pack(_MAGIC, FORMAT, *self)
        return fields + _CHECKSUM.pack(zlib.crc32(fields))

    @classmethod
    def read(cls, file: BinaryIO, size: int) -> Self:
        """Read the header of a file of `size` bytes.

        Raises:
            DamagedError: It is no header, or the file is not as long as it says.
        """
        raw = file.read(HEADER_BYTES)
        if len(raw) != HEADER_BYTES or _CHECKSUM.pack(zlib.crc32(raw[: _FIELDS.size])) != raw[_FIELDS.size :]:
            raise DamagedError("no header")
        magic, version, *fields = _FIELDS.unpack(raw[: _FIELDS.size])
        header = cls(*fields)
        if (magic, version) != (_MAGIC, FORMAT) or header.rate == 0:
            raise DamagedError("another format")
        if size != HEADER_BYTES + header.frames * _FRAME_BYTES:
            raise DamagedError("cut short")
        return header


def encode(speech: Speech) -> bytes:
    """The whole line as bytes."""
    pcm = to_pcm(speech.samples)
    return Header(speech.rate, len(speech.samples), speech.beat_ms, zlib.crc32(pcm)).pack() + pcm


def decode(file: BinaryIO, size: int) -> Speech:
    """The line in a file of `size` bytes.

    Raises:
        DamagedError: It is not whole.
    """
    header = Header.read(file, size)
    pcm = file.read(size - HEADER_BYTES)
    if len(pcm) != header.frames * _FRAME_BYTES or zlib.crc32(pcm) != header.checksum:
        raise DamagedError("samples")
    return Speech(from_pcm(pcm), header.rate, header.beat_ms)
