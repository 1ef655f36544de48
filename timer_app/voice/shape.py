"""From an engine's raw samples to a `Speech`: trimmed, as loud as others, softly begun and ended, its beat found."""

from __future__ import annotations

import numpy as np

from timer_app.voice.base import Samples, Speech, silence
from timer_app.voice.beat import beat_ms
from timer_app.voice.loudness import level

AUDIBLE = 0.002  # -54 dB: quieter than a room
MARGIN_MS = 5
FADE_MS = 3
_FULL_SCALE = 32_768


def trim(samples: Samples, rate: int) -> Samples:
    """Leave off the silence at both ends, but for a margin of 5 ms; empty where nothing is audible."""
    heard = np.flatnonzero(np.abs(samples) > AUDIBLE)
    if heard.size == 0:
        return samples[:0]
    margin = rate * MARGIN_MS // 1000
    return samples[max(0, int(heard[0]) - margin) : int(heard[-1]) + 1 + margin]


def fade(samples: Samples, rate: int) -> Samples:
    """A copy that rises from nothing and falls to nothing within 3 ms, so that no edge clicks."""
    faded = samples.copy()
    n = min(rate * FADE_MS // 1000, len(faded) // 2)
    if n:
        ramp = np.linspace(0, 1, n, endpoint=False, dtype=np.float32)
        faded[:n] *= ramp
        faded[-n:] *= ramp[::-1]
    return faded


def to_pcm(samples: Samples) -> bytes:
    """The samples as little-endian 16-bit integers; what lies beyond full scale is clipped."""
    scaled = np.round(samples * _FULL_SCALE)
    return np.clip(scaled, -_FULL_SCALE, _FULL_SCALE - 1).astype("<i2").tobytes()


def from_pcm(pcm: bytes) -> Samples:
    """Little-endian 16-bit integers as samples in -1..1."""
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(_FULL_SCALE)


def shape(samples: Samples, rate: int) -> Speech:
    """Make a line of what an engine rendered.

    The result lies on 16-bit steps, so a line that comes back from the cache equals the one just rendered.
    """
    trimmed = trim(samples, rate)
    if trimmed.size == 0:
        return silence(rate)
    finished = from_pcm(to_pcm(fade(level(trimmed, rate), rate)))
    return Speech(finished, rate, beat_ms(finished, rate))
