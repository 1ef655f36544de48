"""A clip: sound in memory, ready for the mixer."""

from __future__ import annotations

import stat
import struct
import wave
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from timer_app.audio.base import FADE_MS, MIX_RATE, AudioError, Samples, frames_of
from timer_app.audio.resample import HIGHEST_RATE, LOWEST_RATE, resample

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES: Final = 10_000_000
MOST_SECONDS: Final = 30

_SCALES: Final = {1: 2.0**7, 2: 2.0**15, 3: 2.0**23, 4: 2.0**31}
"""Full scale for each number of bytes in a sample."""

# What the standard library's reader raises on damaged files, depending on where the damage is.
_NOT_A_WAV: Final = (wave.Error, struct.error, EOFError, ValueError, RuntimeError, ArithmeticError)


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """Mono samples at `MIX_RATE`, not to be written to.

    Attributes:
        samples: float32, full scale at -1 and 1.
    """

    samples: Samples

    def __post_init__(self) -> None:
        # A view of its own: the caller's array is left as it is.
        samples = self.samples.view()
        samples.flags.writeable = False
        object.__setattr__(self, "samples", samples)

    @property
    def length_ms(self) -> int:
        """How long it sounds, rounded up, so that what waits for its end does not cut it."""
        return -(-len(self.samples) * 1000 // MIX_RATE)

    def since(self, from_ms: int) -> Clip:
        """What is left of it after its first `from_ms`, faded in; the clip itself for 0."""
        if not from_ms:
            return self
        left = self.samples[frames_of(from_ms) :].copy()
        edge = left[: frames_of(FADE_MS)]
        edge *= np.arange(len(edge), dtype=np.float32) / frames_of(FADE_MS)
        return Clip(left)


def from_samples(samples: npt.ArrayLike, rate: int) -> Clip:
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
            values = _decoded(recording)
    except OSError as error:
        raise AudioError(f"{path}: {error.strerror or error}") from error
    except _NOT_A_WAV as error:
        raise AudioError(f"{path}: not a PCM WAV file ({str(error) or 'it ends too early'})") from error
    if not len(values):
        raise AudioError(f"{path}: holds no sound")
    return from_samples(values, rate)


def _check_file(path: Path) -> None:
    # Asked before opening: opening a pipe would wait for its writer.
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise AudioError(f"{path}: not a file")
    if status.st_size > MOST_BYTES:
        raise AudioError(f"{path}: {status.st_size:,} bytes; a sound may have {MOST_BYTES:,}")


def _check_shape(path: Path, recording: wave.Wave_read) -> None:
    rate = recording.getframerate()
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise AudioError(f"{path}: {rate:,} Hz; from {LOWEST_RATE:,} to {HIGHEST_RATE:,} can be played")
    if recording.getsampwidth() not in _SCALES:
        raise AudioError(f"{path}: {8 * recording.getsampwidth()} bit; 8, 16, 24 and 32 can be played")
    if recording.getnframes() > MOST_SECONDS * rate:
        raise AudioError(f"{path}: {recording.getnframes() / rate:.0f} s; a sound may last {MOST_SECONDS} s")


def _decoded(recording: wave.Wave_read) -> Samples:
    width, channels = recording.getsampwidth(), recording.getnchannels()
    raw = recording.readframes(recording.getnframes())
    whole = raw[: len(raw) - len(raw) % (width * channels)]
    folded: Samples = _numbers(whole, width).reshape(-1, channels).mean(axis=1, dtype=np.float64).astype(np.float32)
    return folded


def _numbers(raw: bytes, width: int) -> npt.NDArray[np.float64]:
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
