"""Keeps the mix inside full scale without a hard edge."""

from __future__ import annotations

from typing import Final

import numpy as np

from timer_app.audio.base import Samples

KNEE: Final = 0.85
"""Up to here a sample is left exactly as it is."""


def soften(samples: Samples) -> Samples:
    """Bend what rises above the knee so that nothing leaves -1 to 1; changes `samples` and returns it.

    Every sample is bent by itself, so the result does not depend on how the sound is cut into blocks.
    """
    # Most blocks are left as they are: whether this is one is found without another block in memory.
    if max(samples.max(initial=0), -samples.min(initial=0)) > KNEE:
        size = np.abs(samples)
        loud = size > KNEE
        room = np.float32(1 - KNEE)
        excess = (size[loud] - np.float32(KNEE)) / room
        bent = np.float32(KNEE) + room * (excess / (1 + excess))
        samples[loud] = np.copysign(np.minimum(bent, np.float32(1)), samples[loud])
    return samples
