"""What every part of the audio room shares: the mixing rate, the shape of samples and the one error."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

MIX_RATE: Final = 48_000
"""Frames a second of everything that is mixed; inputs are brought to it when they are loaded."""

FADE_MS: Final = 30
"""So long a sound takes to fall silent where it is cut, and to come back where it goes on."""

Samples: TypeAlias = npt.NDArray[np.float32]
"""One channel, full scale at -1 and 1."""


class AudioError(Exception):
    """A sound that cannot be read or a device that cannot be used, told in one line."""


def frames_of(ms: float, rate: int = MIX_RATE) -> int:
    """The whole number of frames nearest to `ms` milliseconds."""
    return round(ms * rate / 1000)
