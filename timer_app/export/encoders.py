"""Encodes blocks of samples to a sound file, without holding more than a block."""

from __future__ import annotations

import wave
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Protocol, cast

import numpy as np
import numpy.typing as npt

from timer_app.audio.base import MIX_RATE, Samples
from timer_app.export.chapters import Chapter, comment_time

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer

_FULL_SCALE: Final = 32_767
_MS: Final = Fraction(1, 1_000)


@dataclass(frozen=True, slots=True)
class Tags:
    """What a player shows of a file.

    Attributes:
        title: The session's name.
        comment: One line about it; empty for none.
        chapters: In order.
        cover: A square picture as PNG; `None` for none.
        cover_size: Its width and height.
    """

    title: str
    comment: str = ""
    chapters: tuple[Chapter, ...] = ()
    cover: bytes | None = None
    cover_size: int = 0

    def as_metadata(self) -> dict[str, str]:
        """By the names that all formats share."""
        named = {"title": self.title, "artist": "timer-app", "album": "timer-app", "genre": "Exercise"}
        return named | ({"comment": self.comment} if self.comment else {})


class Encoder(Protocol):
    """Writes one sound file."""

    def write(self, samples: Samples) -> None:
        """Append a block.

        Raises:
            OSError: It cannot be written.
        """

    def close(self) -> None:
        """Write what is still held back; the file itself stays open.

        Raises:
            OSError: It cannot be written.
        """


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """A kind of sound file.

    Attributes:
        muxer: Its name in FFmpeg's libraries; empty for WAV, which needs none of them.
        codec: The encoder's name there.
        bit_rate: Bits a second; `None` where nothing is lost.
        rate: Samples a second.
        codec_options: For the encoder: a little quality at the same size is given for several times the speed.
        muxer_options: For the file.
        has_cover: Whether a picture goes in.
        chapters_as_comments: Whether chapters are comments, which the muxer does not write or writes a second late.
    """

    muxer: str = ""
    codec: str = ""
    bit_rate: int | None = None
    rate: int = MIX_RATE
    codec_options: tuple[tuple[str, str], ...] = ()
    muxer_options: tuple[tuple[str, str], ...] = ()
    has_cover: bool = True
    chapters_as_comments: bool = False


FORMATS: Final = {
    # The muxer for mp4 takes a picture, the one for m4a does not; by its brand a player knows that it is sound.
    "m4a": SoundFormat(
        "mp4", "aac", 80_000, codec_options=(("aac_coder", "fast"),), muxer_options=(("brand", "M4A "),)
    ),
    # Voices have nothing above 11 kHz, so half the rate loses nothing of them and takes half the time.
    "mp3": SoundFormat("mp3", "libmp3lame", 64_000, MIX_RATE // 2, (("compression_level", "7"),)),
    "opus": SoundFormat(
        "opus",
        "libopus",
        40_000,
        codec_options=(("compression_level", "3"),),
        has_cover=False,
        chapters_as_comments=True,
    ),
    "flac": SoundFormat("flac", "flac", chapters_as_comments=True),
    "wav": SoundFormat(has_cover=False),
}
"""The kinds of files by their endings."""


def open_encoder(file: BinaryIO, sound_format: SoundFormat, tags: Tags) -> Encoder:
    """The encoder that writes to `file`, which must allow going back.

    Raises:
        ImportError: The libraries for this kind of file are not installed.
        OSError: It cannot be written.
    """
    return FFmpegEncoder(file, sound_format, tags) if sound_format.muxer else WavEncoder(file)


def to_int16(samples: Samples) -> npt.NDArray[np.int16]:
    """Samples of 16 bit; those that are exactly 0 stay so."""
    scaled: Samples = samples * np.float32(_FULL_SCALE)
    np.rint(scaled, out=scaled)
    return scaled.astype(np.int16)


class WavEncoder:
    """WAV of 16 bit, one channel; it cannot hold tags that players read."""

    def __init__(self, file: BinaryIO) -> None:
        self._wave = wave.open(file, "wb")  # noqa: SIM115 - closed by `close`
        self._wave.setnchannels(1)
        self._wave.setsampwidth(2)
        self._wave.setframerate(MIX_RATE)

    def write(self, samples: Samples) -> None:
        """Append a block."""
        self._wave.writeframesraw(to_int16(samples).astype("<i2", copy=False).data)

    def close(self) -> None:
        """Write the length into the header."""
        self._wave.close()


class FFmpegEncoder:
    """Everything else, by FFmpeg's libraries.

    Args:
        file: Where to; its errors are recorded, since the libraries report them as something else or not at all.
        sound_format: Which kind of file.
        tags: What a player shows of it.
    """

    def __init__(self, file: BinaryIO, sound_format: SoundFormat, tags: Tags) -> None:
        import av

        self._file = _FaultKeepingFile(file)
        self._frame = av.AudioFrame.from_ndarray
        self._position = 0
        self._container: OutputContainer = av.open(
            self._file, "w", format=sound_format.muxer, options=dict(sound_format.muxer_options)
        )
        stream = self._container.add_stream(
            sound_format.codec, rate=sound_format.rate, layout="mono", options=dict(sound_format.codec_options)
        )
        self._stream = cast("AudioStream", stream)
        if sound_format.bit_rate:
            self._stream.bit_rate = sound_format.bit_rate
        self._call_library(lambda: self._put_tags(sound_format, tags))

    def write(self, samples: Samples) -> None:
        """Append a block."""
        frame = self._frame(to_int16(samples)[np.newaxis], format="s16", layout="mono")
        frame.sample_rate, frame.pts = MIX_RATE, self._position
        self._position += len(samples)
        self._call_library(lambda: self._container.mux(self._stream.encode(frame)))

    def close(self) -> None:
        """Write what the encoder still holds, and the end of the file."""
        try:
            self._call_library(lambda: self._container.mux(self._stream.encode(None)))
        finally:
            self._call_library(self._container.close)

    def _call_library(self, call: Callable[[], Any]) -> None:
        """Call into the libraries, and raise what the file had to say rather than their version of it."""
        try:
            call()
        finally:
            if self._file.fault is not None:
                raise self._file.fault

    def _put_tags(self, sound_format: SoundFormat, tags: Tags) -> None:
        self._container.metadata.update(tags.as_metadata())
        if sound_format.chapters_as_comments:
            self._container.metadata.update(_comments(tags.chapters))
        else:
            self._container.set_chapters(
                [
                    {"id": number, "start": start, "end": end, "time_base": _MS, "metadata": {"title": title}}
                    for number, (title, start, end) in enumerate(tags.chapters)
                ]
            )
        if sound_format.has_cover and tags.cover:
            self._put_cover(tags.cover, tags.cover_size)

    def _put_cover(self, cover: bytes, size: int) -> None:
        import av
        from av.stream import Disposition

        picture = self._container.add_stream("png")
        picture.width = picture.height = size
        picture.pix_fmt = "rgb24"
        picture.disposition = Disposition.attached_pic
        packet = av.Packet(cover)
        packet.stream, packet.pts, packet.dts, packet.is_keyframe = picture, 0, 0, True
        self._container.mux(packet)


def _comments(chapters: tuple[Chapter, ...]) -> dict[str, str]:
    """Chapters as the comments that players of FLAC know."""
    comments = {}
    for number, chapter in enumerate(chapters, 1):
        comments[f"CHAPTER{number:03}"] = comment_time(chapter.start_ms)
        comments[f"CHAPTER{number:03}NAME"] = chapter.title
    return comments


class _FaultKeepingFile:
    """A file that records its first error; after that nothing more is written."""

    def __init__(self, file: BinaryIO) -> None:
        self.fault: BaseException | None = None
        self.tell = file.tell
        self._file = file

    def write(self, data: bytes) -> int:
        self._keep_fault(lambda: self._file.write(data))
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go elsewhere, which first writes what the file holds back."""
        self._keep_fault(lambda: self._file.seek(offset, whence))
        return self._file.tell() if self.fault is None else offset

    def _keep_fault(self, call: Callable[[], object]) -> None:
        if self.fault is None:
            try:
                call()
            except BaseException as fault:  # noqa: BLE001 - a signal's exception may come up here too
                self.fault = fault

    def close(self) -> None:
        """Who made the file closes it."""


def close_quietly(encoder: Encoder) -> None:
    """Let go of an encoder whose file is thrown away; the caller is about to raise what went wrong."""
    with suppress(BaseException):
        encoder.close()
