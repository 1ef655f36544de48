"""What all of `audio` shares: the mixing rate, the type of samples, the one error, and ramps over frames."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

MIX_RATE: Final = 48_000
"""Frames a second of everything that is mixed; inputs are brought to it when they are loaded."""

FADE_MS: Final = 30
"""How long a sound fades out where it is cut, and fades in where it resumes."""

PAUSE_GAP_MS: Final = 100
"""Silence between the last word that is said and the sound of a pause."""

Samples: TypeAlias = npt.NDArray[np.float32]
"""One channel, full scale at -1 and 1."""


class AudioError(Exception):
    """A sound cannot be read or a device cannot be used; the message is one line."""


def ms_to_frames(ms: float, rate: int = MIX_RATE) -> int:
    """The whole number of frames nearest to `ms` milliseconds."""
    return round(ms * rate / 1000)


_NEVER: Final = 1 << 62


class Ramp:
    """A value that moves to its target in a straight line; can be read at any frame.

    Args:
        value: Where it begins.

    Attributes:
        target: Where it goes, or stays.
    """

    def __init__(self, value: float) -> None:
        self._begin, self._frames, self._origin, self.target = 0, 0, value, value

    def ramp_to(self, target: float, position: int, n_frames: int) -> None:
        """Go to `target` from frame `position` on, within `n_frames`."""
        self._origin = float(self._at(np.array([position]))[0])
        self._begin, self._frames, self.target = position, n_frames, target

    def values(self, position: int, n_frames: int) -> npt.NDArray[np.float32] | np.float32:
        """The value at each of `n_frames` frames; one number where it does not move."""
        if position >= self._begin + self._frames:
            return np.float32(self.target)
        return self._at(np.arange(position, position + n_frames)).astype(np.float32)

    def silent_from(self) -> int:
        """The frame from which on the value is 0 for good."""
        return _NEVER if self.target else self._begin + self._frames

    def _at(self, frames: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        done = (frames - self._begin) / max(1, self._frames)
        moved = self._origin + (self.target - self._origin) * done
        return np.where(frames >= self._begin + self._frames, self.target, moved)
