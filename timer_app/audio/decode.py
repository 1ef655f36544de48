"""Decodes music files piece by piece, so that an hour takes no more memory than a second."""

from __future__ import annotations

import array
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Final

import numpy as np

from timer_app.audio.base import MIX_RATE, AudioError, Samples
from timer_app.audio.resample import StreamResampler
from timer_app.core.i18n import _

MUSIC_SUFFIXES: Final = (".mp3", ".flac", ".ogg", ".wav")
"""What files of music are called, in small letters."""

_PIECE: Final = 16_384  # frames; the decoder's own buffer holds no more


def open_track(path: Path) -> Iterator[Samples]:
    """The sound of an MP3, FLAC, Ogg Vorbis or WAV file at the mixing rate, folded to one channel, in short pieces.

    The file is opened at once. One that turns out to be damaged further on ends there.

    Raises:
        AudioError: It cannot be decoded.
    """
    miniaudio = _load_miniaudio()
    if path.suffix.lower() not in MUSIC_SUFFIXES or not path.is_file():
        raise AudioError(
            _("{path}: not a file of music ({endings})").format(path=path, endings=", ".join(MUSIC_SUFFIXES))
        )
    try:
        rate = int(miniaudio.get_file_info(str(path)).sample_rate)
        blocks = miniaudio.stream_file(str(path), miniaudio.SampleFormat.FLOAT32, 1, rate, _PIECE)
    except (miniaudio.MiniaudioError, OSError, ValueError) as error:
        raise AudioError(_("{path}: cannot be decoded ({reason})").format(path=path, reason=_reason(error))) from error
    return _resampled(_decoded_blocks(blocks, miniaudio.MiniaudioError), StreamResampler(rate))


def read_track(path: Path, limit_s: float) -> Samples:
    """A whole file in memory, for a short one.

    Raises:
        AudioError: It cannot be decoded, holds nothing, or lasts longer than `limit_s` seconds.
    """
    blocks: list[Samples] = []
    left = round(limit_s * MIX_RATE)
    for block in open_track(path):
        blocks.append(block)
        left -= len(block)
        if left < 0:
            raise AudioError(_("{path}: lasts longer than {seconds} s").format(path=path, seconds=f"{limit_s:g}"))
    if not any(len(block) for block in blocks):
        raise AudioError(_("{path}: holds no sound").format(path=path))
    return np.concatenate(blocks)


def can_decode() -> bool:
    """Whether the library that decodes music is there."""
    return find_spec("miniaudio") is not None


def decode_error(path: Path) -> str:
    """Why a file cannot be played; empty for one that can."""
    try:
        if any(len(block) for block in open_track(path)):
            return ""
    except AudioError as error:
        return str(error)
    return _("{path}: holds no sound").format(path=path)


def _load_miniaudio() -> ModuleType:
    try:
        import miniaudio
    except ImportError as error:
        raise AudioError(_("music needs miniaudio, which is not installed")) from error
    library: ModuleType = miniaudio
    return library


def _decoded_blocks(blocks: Iterator[array.array[float]], damage: type[Exception]) -> Iterator[Samples]:
    try:
        for block in blocks:
            samples = np.frombuffer(block, np.float32)
            yield np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
    except damage:
        return


def _resampled(blocks: Iterator[Samples], resampler: StreamResampler) -> Iterator[Samples]:
    for block in blocks:
        yield resampler.push(block)
    yield resampler.flush()


def _reason(error: Exception) -> str:
    words = [part for part in error.args if isinstance(part, str)]
    return " ".join(words) or type(error).__name__
