"""Reads the two kinds of sound file that operating systems' voices write: WAV and AIFF."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import numpy as np

from timer_app.voice.base import Samples
from timer_app.voice.shape import from_pcm

_SAMPLE_BYTES = 2
_FORM_BYTES = 12
_CHUNK_BYTES = 8
_RATE_AT = 8
_EXPONENT_BIAS = 16_383 + 63
_LITTLE_ENDIAN = b"sowt"
_BIG_ENDIAN = (b"NONE", b"twos")


class UnreadableError(Exception):
    """The file is not a 16-bit sound file; the message says what is wrong with it."""


def read_sound(path: Path) -> tuple[Samples, int]:
    """The samples of a 16-bit WAV or AIFF file, channels mixed to one, and their rate in Hz.

    Raises:
        UnreadableError: It is missing, of another kind, or damaged.
    """
    try:
        with path.open("rb") as file:
            kind = file.read(4)
        pcm, channels, rate = _read_aiff(path.read_bytes()) if kind == b"FORM" else _read_wav(path)
        whole = len(pcm) - len(pcm) % (_SAMPLE_BYTES * channels)
        mixed = from_pcm(pcm[:whole]).reshape(-1, channels).mean(axis=1, dtype=np.float32)
    except (OSError, EOFError, wave.Error, struct.error, ValueError, OverflowError) as error:
        raise UnreadableError(str(error) or "it ends too soon") from error
    return mixed, rate


def _read_wav(path: Path) -> tuple[bytes, int, int]:
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != _SAMPLE_BYTES or file.getframerate() == 0:
            raise UnreadableError("its samples are not of 16 bits")
        return file.readframes(file.getnframes()), file.getnchannels(), file.getframerate()


def _read_aiff(raw: bytes) -> tuple[bytes, int, int]:
    """Samples as little-endian bytes, channels, rate. Python has no reader for AIFF from 3.13 on."""
    chunks = _chunks(raw)
    common, sound = chunks.get(b"COMM", b""), chunks.get(b"SSND", b"")
    channels, _, bits = struct.unpack_from(">hIh", common)
    rate = _extended(common[_RATE_AT:])
    coding = common[18:22] or b"NONE"
    if bits != 8 * _SAMPLE_BYTES or channels < 1 or rate < 1 or coding not in (*_BIG_ENDIAN, _LITTLE_ENDIAN):
        raise UnreadableError("its samples are not plain ones of 16 bits")
    offset = struct.unpack_from(">I", sound)[0]
    pcm = sound[_CHUNK_BYTES + offset :]
    if coding != _LITTLE_ENDIAN:
        pcm = np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype=">i2").astype("<i2").tobytes()
    return pcm, channels, rate


def _chunks(raw: bytes) -> dict[bytes, bytes]:
    found, at = {}, _FORM_BYTES
    while at + _CHUNK_BYTES <= len(raw):
        name, size = struct.unpack_from(">4sI", raw, at)
        found[name] = raw[at + _CHUNK_BYTES : at + _CHUNK_BYTES + size]
        at += _CHUNK_BYTES + size + size % 2
    return found


def _extended(raw: bytes) -> int:
    """A rate as AIFF writes it: a float of 80 bits."""
    exponent, mantissa = struct.unpack_from(">HQ", raw)
    return round(float(mantissa) * 2.0 ** (int(exponent) - _EXPONENT_BIAS))
