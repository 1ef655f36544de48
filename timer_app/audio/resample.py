"""Resamples to the mixing rate with a windowed-sinc filter.

A block of `down` input samples becomes `up` output samples, and which inputs an output is made of repeats from block
to block. The whole filter is therefore one matrix, and resampling is one matrix product.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from timer_app.audio.base import MIX_RATE, AudioError, Samples

LOWEST_RATE: Final = 4_000
HIGHEST_RATE: Final = 384_000

# A Kaiser window of this shape holds its stop band 90 dB down; the transition is then 12 % of the band.
_KAISER_BETA: Final = 8.96
_HALF_TAPS: Final = 48
_TRANSITION: Final = 0.12
# Odd rates are rounded to a ratio of such terms: the pitch is off by less than a thousandth, which nobody hears.
_LARGEST_DOWN: Final = 640
# Short blocks would copy every input sample into many rows.
_SHORTEST_BLOCK: Final = 128


def resample(samples: Samples, rate: int) -> Samples:
    """Return `samples`, taken at `rate` Hz, at the mixing rate.

    Sample 0 stays at time 0, and for every usual rate the result has `ceil(len(samples) * MIX_RATE / rate)` samples.

    Raises:
        AudioError: The rate lies outside 4,000 to 384,000 Hz.
    """
    resampler = StreamResampler(rate)
    if rate == MIX_RATE or not len(samples):
        return samples
    return np.concatenate([resampler.push(samples), resampler.flush()])


class StreamResampler:
    """Resamples a stream piece by piece; what comes out is what `resample` makes of all of it.

    Args:
        rate: That of the pieces, in Hz.

    Raises:
        AudioError: The rate lies outside 4,000 to 384,000 Hz.
    """

    def __init__(self, rate: int) -> None:
        if not LOWEST_RATE <= rate <= HIGHEST_RATE:
            raise AudioError(f"a sample rate of {rate} Hz is not between {LOWEST_RATE:,} and {HIGHEST_RATE:,}")
        ratio = Fraction(MIX_RATE, rate).limit_denominator(_LARGEST_DOWN)
        repeats = 1 if ratio == 1 else -(-_SHORTEST_BLOCK // ratio.denominator)
        self._up, self._down = ratio.numerator * repeats, ratio.denominator * repeats
        self._is_passthrough = ratio == 1
        self._consumed = self._produced = 0
        # Before the first sample there is silence for the filter to look back into.
        self._history: Samples = np.zeros(_reach(self._up, self._down) - 1, np.float32)

    def push(self, samples: Samples) -> Samples:
        """What is certain after these samples; the last ones wait for those that follow."""
        if self._is_passthrough:
            return samples
        self._consumed += len(samples)
        return self._flow(samples)

    def flush(self) -> Samples:
        """The rest."""
        if self._is_passthrough:
            return np.zeros(0, np.float32)
        missing = -(-self._consumed * self._up // self._down) - self._produced
        return self._flow(np.zeros(2 * len(_matrix(self._up, self._down)), np.float32))[:missing]

    def _flow(self, samples: Samples) -> Samples:
        matrix = _matrix(self._up, self._down)
        held = np.concatenate([self._history, samples])
        blocks = max(0, (len(held) - len(matrix)) // self._down + 1)
        self._history = held[blocks * self._down :]
        if not blocks:
            return np.zeros(0, np.float32)
        rows = np.lib.stride_tricks.sliding_window_view(held, len(matrix))[:: self._down][:blocks]
        # Overlapping rows keep the product off the fast path; a copy is cheaper than that.
        mixed: Samples = np.ascontiguousarray(rows) @ matrix
        self._produced += mixed.size
        return mixed.reshape(-1)


def _reach(up: int, down: int) -> int:
    """How many input samples an output looks back and ahead: more where the rate is lowered."""
    return -(-_HALF_TAPS * max(up, down) // up)


@lru_cache(maxsize=8)
def _matrix(up: int, down: int) -> npt.NDArray[np.float32]:
    """The filter: row k is the input sample `k - reach + 1` of a block, column n its output sample n."""
    reach = _reach(up, down)
    inputs = np.arange(-reach + 1, down + reach)[:, None]
    distance = inputs - np.arange(up)[None, :] * (down / up)
    cutoff = min(1.0, up / down) * (1 - _TRANSITION / 2)
    near = np.abs(distance) < reach
    window = np.i0(_KAISER_BETA * np.sqrt(1 - (distance[near] / reach) ** 2))
    kernel = np.zeros(distance.shape)
    kernel[near] = np.sinc(cutoff * distance[near]) * window
    matrix: npt.NDArray[np.float32] = (kernel / kernel.sum(axis=0)).astype(np.float32)
    matrix.flags.writeable = False
    return matrix
