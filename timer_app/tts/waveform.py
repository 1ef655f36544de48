"""Trims, normalises and fades an engine's samples, and finds the beat of a word."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from timer_app.tts.loudness import normalise_loudness
from timer_app.tts.voice import Samples, Speech, silence

LATEST_MS = 300
_LOOK_MS = 1_000
_WINDOW_MS = 20
_HOP_MS = 5
_VOWEL_HZ = (250, 2_500)
# A peak counts when it is this part of the loudest moment; the beat is where the rise to it becomes plain.
_PEAK_SHARE = 0.5
_RISE_SHARE = 0.2


def _vowel_envelope(samples: Samples, rate: int) -> NDArray[np.float64]:
    """The amplitude in the band of vowels, one figure each 5 ms; hiss and bursts lie above the band."""
    window, hop = rate * _WINDOW_MS // 1000, rate * _HOP_MS // 1000
    padded = np.pad(samples.astype(np.float32), (window // 2, window))
    frames = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop]
    waves = np.ascontiguousarray(frames) @ _vowel_waves(window, rate)
    amplitude = np.sqrt(np.sum(waves * waves, axis=1, dtype=np.float64))
    return np.convolve(amplitude, np.full(3, 1 / 3), mode="same")


@lru_cache(maxsize=8)
def _vowel_waves(window: int, rate: int) -> NDArray[np.float32]:
    """A column for the cosine and one for the sine of each frequency in the band, to be found in a window.

    So few of all frequencies are wanted that a product with these is several times as quick as a whole transform.
    """
    hz = np.fft.rfftfreq(window, 1 / rate)
    band = hz[(hz >= _VOWEL_HZ[0]) & (hz <= _VOWEL_HZ[1])]
    turns = 2 * np.pi * np.outer(np.arange(window) / rate, band)
    waves: NDArray[np.float32] = (np.hstack([np.cos(turns), np.sin(turns)]) * np.hanning(window)[:, np.newaxis]).astype(
        np.float32
    )
    return waves


def _first_peak(envelope: NDArray[np.float64]) -> float:
    """Height of the first local peak that is no mere ripple."""
    inner = envelope[1:-1]
    peaks = inner[(inner >= envelope[:-2]) & (inner > envelope[2:])]
    high = peaks[peaks >= _PEAK_SHARE * envelope.max()]
    return float(high[0] if high.size else envelope.max())


def find_beat_ms(samples: Samples, rate: int) -> int:
    """Find the perceptual centre of a word: where its first vowel rises.

    Args:
        samples: A line without leading silence.
        rate: Samples a second.

    Returns:
        Milliseconds from the first sample, at most 300 and within the line; 0 for silence.
    """
    envelope = _vowel_envelope(samples[: rate * _LOOK_MS // 1000], rate)
    peak = _first_peak(envelope)
    if peak <= 0:
        return 0
    level = _RISE_SHARE * peak
    above = int(np.argmax(envelope >= level))
    before = float(envelope[above - 1]) if above else level
    part = (level - before) / (float(envelope[above]) - before) if above else 0.0
    at_ms = (above - 1 + part) * _HOP_MS if above else 0.0
    return int(min(round(at_ms), LATEST_MS, len(samples) * 1000 // rate))


AUDIBLE = 0.002  # -54 dB: quieter than a room
MARGIN_MS = 5
EDGE_FADE_MS = 3
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
    n = min(rate * EDGE_FADE_MS // 1000, len(faded) // 2)
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


def finish_speech(samples: Samples, rate: int) -> Speech:
    """Make a line of what an engine rendered.

    The result lies on 16-bit steps, so a line that comes back from the cache equals the one just rendered.
    """
    trimmed = trim(samples, rate)
    if trimmed.size == 0:
        return silence(rate)
    finished = from_pcm(to_pcm(fade(normalise_loudness(trimmed, rate), rate)))
    return Speech(finished, rate, find_beat_ms(finished, rate))
