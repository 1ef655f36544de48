"""Files of music for tests, and music that is told by a rule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from timer_app.audio.base import MIX_RATE, Samples


def tone(seconds: float, pitch_hz: float = 440.0, rate: int = MIX_RATE, peak: float = 0.5) -> Samples:
    """A steady tone."""
    samples: Samples = (peak * np.sin(2 * np.pi * pitch_hz * np.arange(round(seconds * rate)) / rate)).astype(
        np.float32
    )
    return samples


def write_music(path: Path, samples: Samples, rate: int = MIX_RATE, channels: int = 1) -> Path:
    """A file of the kind that its ending says, the same in every channel."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frames = np.repeat(samples[:, None], channels, axis=1)
    with soundfile.SoundFile(path, "w", rate, channels) as file:
        for at in range(0, len(frames), 16_000):  # all at once is too much for one of the encoders
            file.write(frames[at : at + 16_000])
    return path


class Steady:
    """Music that counts upward from frame to frame, or stays at one value, and notes how much was read."""

    def __init__(self, value: float | None = None) -> None:
        self.taken = 0
        self.closed = False
        self._value = value

    def read(self, n_frames: int) -> Samples:
        frames = np.arange(self.taken, self.taken + n_frames, dtype=np.float64)
        self.taken += n_frames
        values = frames * 1e-5 if self._value is None else np.full(n_frames, self._value)
        return values.astype(np.float32)

    def close(self) -> None:
        self.closed = True


def pieces_of(samples: Samples, size: int) -> Iterator[Samples]:
    """A track cut into pieces."""
    return (samples[at : at + size] for at in range(0, len(samples), size))
