"""Clips: sound in memory, ready for the mixer; also recorded lines and breath tones."""

from __future__ import annotations

import stat
import struct
import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from timer_app.audio.base import FADE_MS, MIX_RATE, AudioError, Samples, ms_to_frames
from timer_app.audio.decode import read_track
from timer_app.audio.resample import HIGHEST_RATE, LOWEST_RATE, resample
from timer_app.core.i18n import _
from timer_app.core.timeline import BreathTone, parse_breath_tone

if TYPE_CHECKING:
    from pathlib import Path


MAX_CLIP_BYTES: Final = 10_000_000
MAX_CLIP_SECONDS: Final = 30

_SCALES: Final = {1: 2.0**7, 2: 2.0**15, 3: 2.0**23, 4: 2.0**31}
"""Full scale for each number of bytes in a sample."""

# What the standard library's reader raises on damaged files, depending on where the damage is.
_WAV_ERRORS: Final = (wave.Error, struct.error, EOFError, ValueError, RuntimeError, ArithmeticError)


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """Mono samples at `MIX_RATE`, not to be written to.

    Attributes:
        samples: float32, full scale at -1 and 1.
    """

    samples: Samples

    def __post_init__(self) -> None:
        # A separate view: the caller's array stays writable.
        samples = self.samples.view()
        samples.flags.writeable = False
        object.__setattr__(self, "samples", samples)

    @property
    def length_ms(self) -> int:
        """How long it sounds, rounded up, so that what waits for its end does not cut it."""
        return -(-len(self.samples) * 1000 // MIX_RATE)

    def ending_softly(self) -> Clip:
        """It with its last 30 ms faded out: many a voice breaks off while it is loud."""
        samples = self.samples.copy()
        edge = samples[-ms_to_frames(FADE_MS) :]
        edge *= np.arange(len(edge) - 1, -1, -1, dtype=np.float32) / max(1, len(edge))
        return Clip(samples)

    def starting_at(self, from_ms: int) -> Clip:
        """What is left of it after its first `from_ms`, faded in; the clip itself for 0."""
        if not from_ms:
            return self
        left = self.samples[ms_to_frames(from_ms) :].copy()
        edge = left[: ms_to_frames(FADE_MS)]
        edge *= np.arange(len(edge), dtype=np.float32) / ms_to_frames(FADE_MS)
        return Clip(left)


_WORD_SEARCH_MS: Final = 900  # longer than what is left of almost any word
_WORD_WINDOW_MS: Final = 20
_BETWEEN_WORDS: Final = 0.12  # of the level of the loudest moment


def word_end(samples: Samples, from_frame: int) -> int:
    """The frame at which the word that is being said at `from_frame` ends, or the quietest one soon after it.

    Args:
        samples: A spoken line at the mixing rate.
        from_frame: Where it is heard now.
    """
    window = ms_to_frames(_WORD_WINDOW_MS)
    ahead = samples[from_frame : from_frame + ms_to_frames(_WORD_SEARCH_MS)]
    blocks = ahead[: len(ahead) // window * window].reshape(-1, window)
    if len(ahead) == len(samples) - from_frame or not len(blocks):
        return len(samples)
    levels = np.sqrt(np.mean(blocks**2, axis=1, dtype=np.float64))
    quiet = np.flatnonzero(levels < _BETWEEN_WORDS * levels.max())
    return from_frame + int(quiet[0] if len(quiet) else np.argmin(levels)) * window + window // 2


def clip_from_samples(samples: npt.ArrayLike, rate: int) -> Clip:
    """Make a clip from one channel of floats, full scale at -1 and 1, taken at `rate` Hz.

    Raises:
        AudioError: It is not one channel, holds something that is no number, or the rate is out of range.
    """
    values = np.array(samples, np.float32)
    if values.ndim != 1:
        raise AudioError(f"a clip is one channel, these samples have {values.ndim} dimensions")
    if not np.isfinite(values).all():
        raise AudioError("the samples hold values that are no numbers")
    return Clip(resample(values, rate))


def load_wav(path: Path) -> Clip:
    """Read a WAV file of 8, 16, 24 or 32 bit, any rate, any channels (folded to one).

    Raises:
        AudioError: The file cannot be read, is no PCM WAV, or is larger or longer than a cue may be.
    """
    try:
        _check_file(path)
        with path.open("rb") as file, wave.open(file) as recording:
            rate = recording.getframerate()
            _check_shape(path, recording)
            values = _decode(recording)
    except OSError as error:
        raise AudioError(f"{path}: {error.strerror or error}") from error
    except _WAV_ERRORS as error:
        raise AudioError(
            _("{path}: not a PCM WAV file ({error})").format(path=path, error=str(error) or _("it ends too early"))
        ) from error
    if not len(values):
        raise AudioError(_("{path}: holds no sound").format(path=path))
    return clip_from_samples(values, rate)


def _check_file(path: Path) -> None:
    # Asked before opening: opening a pipe would wait for its writer.
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise AudioError(_("{path}: not a file").format(path=path))
    if status.st_size > MAX_CLIP_BYTES:
        raise AudioError(
            _("{path}: {size} bytes; a sound may have {most}").format(
                path=path, size=f"{status.st_size:,}", most=f"{MAX_CLIP_BYTES:,}"
            )
        )


def _check_shape(path: Path, recording: wave.Wave_read) -> None:
    rate = recording.getframerate()
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise AudioError(
            _("{path}: {rate} Hz; from {lowest} to {highest} can be played").format(
                path=path, rate=f"{rate:,}", lowest=f"{LOWEST_RATE:,}", highest=f"{HIGHEST_RATE:,}"
            )
        )
    if recording.getsampwidth() not in _SCALES:
        raise AudioError(
            _("{path}: {bits} bit; 8, 16, 24 and 32 can be played").format(path=path, bits=8 * recording.getsampwidth())
        )
    if recording.getnframes() > MAX_CLIP_SECONDS * rate:
        raise AudioError(
            _("{path}: {seconds} s; a sound may last {most} s").format(
                path=path, seconds=f"{recording.getnframes() / rate:.0f}", most=MAX_CLIP_SECONDS
            )
        )


def _decode(recording: wave.Wave_read) -> Samples:
    width, channels = recording.getsampwidth(), recording.getnchannels()
    raw = recording.readframes(recording.getnframes())
    whole = raw[: len(raw) - len(raw) % (width * channels)]
    folded: Samples = _to_floats(whole, width).reshape(-1, channels).mean(axis=1, dtype=np.float64).astype(np.float32)
    return folded


def _to_floats(raw: bytes, width: int) -> npt.NDArray[np.float64]:
    if width == 1:
        whole = np.frombuffer(raw, np.uint8).astype(np.float64) - 128
    elif width == 3:  # noqa: PLR2004 - numpy has no type of three bytes: put them on top of an empty fourth
        wide = np.zeros((len(raw) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(raw, np.uint8).reshape(-1, 3)
        whole = wide.reshape(-1).view("<i4").astype(np.float64) / 2**8
    else:
        whole = np.frombuffer(raw, f"<i{width}").astype(np.float64)
    scaled: npt.NDArray[np.float64] = whole / _SCALES[width]
    return scaled


MAX_RECORDING_S: Final = 120


class Recordings:
    """The sound of lines that are played from a file.

    Args:
        files: A file for each line.
        level: Makes the samples of a line, at the mixing rate, as loud as all others.

    Attributes:
        faults: Why lines are spoken though there is a file for them.
    """

    def __init__(self, files: Mapping[str, Path], level: Callable[[Samples], Samples] = lambda line: line) -> None:
        self.faults: list[str] = []
        self._clips: dict[str, Clip] = {}
        for line, path in files.items():
            try:
                self._clips[line] = Clip(level(read_track(path, MAX_RECORDING_S)))
            except AudioError as error:
                self.faults.append(_("A recording is left out: {error}").format(error=error))

    def clip(self, text: str) -> Clip | None:
        """The sound of a line, in whatever manner it would be spoken; `None` for one that is not recorded."""
        return self._clips.get(str(text))


PEAK: Final = 0.06
"""No sample is larger: far below the voice, which speaks over it."""

_LOW_HZ: Final = 262.0
_HIGH_HZ: Final = 392.0  # a fifth above
_OVERTONE: Final = 0.7  # of the octave: the loudspeaker of a phone plays little below 500 Hz
_QUIET: Final = 0.5  # the share of the full level at the low end of the glide
_EDGE_MS: Final = 300
_KEPT: Final = 16


def breath_clip(sound: str) -> Clip | None:
    """The sound of a breath tone by its name, such as `breath-in@4000`; `None` for the name of another sound."""
    tone = parse_breath_tone(sound)
    return None if tone is None else _clip(tone)


@lru_cache(_KEPT)
def _clip(tone: BreathTone) -> Clip:
    frames = ms_to_frames(tone.length_ms)
    height = np.linspace(0.0, 1.0, frames)
    if not tone.rises:
        height = height[::-1]
    # The pitch moves by equal steps for the ear, and the loudness with it, as breath does.
    turns = np.cumsum(_LOW_HZ * (_HIGH_HZ / _LOW_HZ) ** height) / MIX_RATE
    wave = np.sin(2 * np.pi * turns) + _OVERTONE * np.sin(4 * np.pi * turns)
    level = (_QUIET + (1 - _QUIET) * height) * _edges(frames) * PEAK / (1 + _OVERTONE)
    return Clip((wave * level).astype(np.float32))


def _edges(frames: int) -> Samples:
    """Full in the middle, silent at both ends, and round between."""
    width = min(ms_to_frames(_EDGE_MS), frames // 4)
    edge = (np.sin(np.linspace(0.0, np.pi / 2, width)) ** 2).astype(np.float32)
    shape = np.ones(frames, np.float32)
    shape[:width] = edge
    shape[-width:] = edge[::-1]
    return shape
