"""Normalises the loudness of lines, measured by ITU-R BS.1770, and limits their peaks."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from timer_app.tts.voice import Samples

TARGET_LUFS = -20.0
TRUE_PEAK = 10 ** (-1 / 20)  # 1 dB below full scale
MAX_GAIN_DB = 30.0  # what is quieter than that is noise, and stays noise

_BLOCK_MS = 400
_HOP_MS = 100
_HOPS_A_BLOCK = _BLOCK_MS // _HOP_MS
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0
_OFFSET = -0.691
_OVERSAMPLING = 4  # a peak between two samples is found on a grid this much finer
_REACH = 16  # samples on either side from which it is found
_LOOKAHEAD_MS = 5
_TAIL_MS = 200  # by then the filters have died away

Floats = NDArray[np.float64]


class Biquad(NamedTuple):
    """A filter of second order: the weights of the input, and those of the output with the first one 1."""

    b: tuple[float, float, float]
    a: tuple[float, float, float]

    def response(self, turns: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """What it does to each frequency, given as `exp(-i omega)`."""
        (b0, b1, b2), (a0, a1, a2) = self
        answer: NDArray[np.complex128] = (b0 + turns * (b1 + turns * b2)) / (a0 + turns * (a1 + turns * a2))
        return answer


def shelf(rate: int) -> Biquad:
    """The first stage of K-weighting, the effect of a head: treble raised by 4 dB.

    The recommendation prints its figures for 48 kHz; these are the frequency, gain and quality that they amount to,
    so that any rate can be measured.
    """
    hertz, gain, quality = 1_681.974450955533, 10 ** (3.999843853973347 / 20), 0.7071752369554196
    k = np.tan(np.pi * hertz / rate)
    middle = gain**0.4996667741545416
    norm = 1 + k / quality + k * k
    b = (gain + middle * k / quality + k * k, 2 * (k * k - gain), gain - middle * k / quality + k * k)
    return Biquad((b[0] / norm, b[1] / norm, b[2] / norm), _below(k, quality, norm))


def high_pass(rate: int) -> Biquad:
    """The second stage of K-weighting: what lies below hearing is left out."""
    hertz, quality = 38.13547087602444, 0.5003270373238773
    k = np.tan(np.pi * hertz / rate)
    return Biquad((1.0, -2.0, 1.0), _below(k, quality, 1 + k / quality + k * k))


def _below(k: float, quality: float, norm: float) -> tuple[float, float, float]:
    return 1.0, 2 * (k * k - 1) / norm, (1 - k / quality + k * k) / norm


@lru_cache(maxsize=64)
def _weights(size: int, rate: int) -> NDArray[np.complex64]:
    """What K-weighting does to each frequency of a transform of `size` samples."""
    turns = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    return (shelf(rate).response(turns) * high_pass(rate).response(turns)).astype(np.complex64)


def _weighted(samples: Samples, rate: int) -> Samples:
    """The samples through both filters, by way of their spectrum: a loop over samples would take seconds a line."""
    size = _fft_size(len(samples) + rate * _TAIL_MS // 1000)
    filtered = np.fft.irfft(np.fft.rfft(samples, size) * _weights(size, rate), size)
    return filtered[: len(samples)].astype(np.float32)


def _fft_size(least: int) -> int:
    """A size of transform that is quick, and taken by many lines: 2 or 3 times a power of two."""
    power = 1 << (least - 1).bit_length()
    return power * 3 // 4 if power * 3 // 4 >= least else power


def _block_powers(samples: Samples, rate: int) -> Floats:
    """The mean power after K-weighting of each block of 400 ms; a shorter line is one block."""
    hops = len(samples) * 1000 // (rate * _HOP_MS)
    if hops < _HOPS_A_BLOCK:
        return np.array([np.mean(_weighted(samples, rate) ** 2, dtype=np.float64)] if len(samples) else [0.0])
    powers = _hop_powers(samples[: hops * rate * _HOP_MS // 1000], hops, rate)
    sums = np.concatenate([[0.0], np.cumsum(powers)])
    blocks: Floats = (sums[_HOPS_A_BLOCK:] - sums[:-_HOPS_A_BLOCK]) / _HOPS_A_BLOCK
    return blocks


def _hop_powers(samples: Samples, hops: int, rate: int) -> Floats:
    """The mean power of each hop, from its own spectrum.

    The filters forget at each edge, which moves the loudness of speech by a hundredth of a decibel and takes a fifth
    of the time.
    """
    spectra = np.fft.rfft(samples.reshape(hops, -1), axis=1)
    powers: Floats = ((spectra.real**2 + spectra.imag**2) @ _power_weights(samples.size // hops, rate)).astype(
        np.float64
    )
    return powers


@lru_cache(maxsize=8)
def _power_weights(size: int, rate: int) -> Samples:
    """What each frequency of a spectrum of `size` samples adds to their mean power after K-weighting."""
    shares = np.abs(_weights(size, rate)).astype(np.float64) ** 2 / size**2
    shares[1 : (size + 1) // 2] *= 2  # these stand for their mirrored ones too
    return shares.astype(np.float32)


def _lufs(power: float) -> float:
    return _OFFSET + 10 * float(np.log10(power)) if power > 0 else -np.inf


def loudness(samples: Samples, rate: int) -> float:
    """The gated loudness of one channel in LUFS; minus infinity for silence.

    A line shorter than a block of the recommendation, such as a counted number, is measured over its own length.
    """
    powers = _block_powers(samples, rate)
    loud = powers[powers > 10 ** ((_ABSOLUTE_GATE - _OFFSET) / 10)]
    if not loud.size:
        return -np.inf
    loud = loud[loud > loud.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return _lufs(float(loud.mean()))


def true_peaks(samples: Samples, above: float) -> Samples:
    """How high the signal rises at each sample or up to the next one, exact for those higher than `above`.

    Between samples it is drawn by windowed sincs, on a grid four times as fine.
    """
    peaks: Samples = np.abs(samples)
    high = np.flatnonzero(peaks > above)
    padded = np.pad(samples, _REACH)
    between = padded[high[:, None] + np.arange(2 * _REACH)] @ _sincs()
    peaks[high] = np.maximum(peaks[high], np.abs(between).max(axis=1, initial=0))
    return peaks


@cache
def _sincs() -> Samples:
    """Weights of the samples around a place for each point of the finer grid, from half a step before it on."""
    shifts = np.array([-2, -1, 1, 2]) / _OVERSAMPLING
    distance = np.arange(-_REACH, _REACH)[:, None] - shifts
    kernel: Floats = np.sinc(distance) * np.cos(np.pi * distance / (2 * _REACH + 2)) ** 2
    weights: Samples = (kernel / kernel.sum(axis=0)).astype(np.float32)
    return weights


def _lowest_around(values: Samples, reach: int) -> Samples:
    """The lowest value within `reach` places of each; as long as `values` with `reach` more at both ends."""
    lowest, width, wanted = np.pad(values, 2 * reach, constant_values=1.0), 1, 2 * reach + 1
    while width < wanted:
        step = min(width, wanted - width)
        lowest = np.minimum(lowest[:-step], lowest[step:])
        width += step
    return lowest


def limit_peaks(samples: Samples, rate: int, ceiling: float = TRUE_PEAK) -> Samples:
    """The line with its true peaks brought below `ceiling`, the gain moving smoothly before and after each."""
    # No voice rises to double between two samples.
    peaks = true_peaks(samples, ceiling / 2)
    if peaks.max(initial=0) <= ceiling:
        return samples
    wanted: Samples = (ceiling / np.maximum(peaks, ceiling)).astype(np.float32)
    reach = max(1, rate * _LOOKAHEAD_MS // 1000)
    sums = np.cumsum(np.pad(_lowest_around(wanted, reach), (1, 0)), dtype=np.float64)
    width = 2 * reach + 1
    gain = (sums[width:] - sums[:-width]) / width
    return np.clip(samples * gain, -ceiling, ceiling).astype(np.float32)


def normalise_loudness(samples: Samples, rate: int, target_lufs: float = TARGET_LUFS) -> Samples:
    """The line as loud as every other one, its true peaks limited.

    Args:
        samples: One line without silence at its ends.
        rate: Samples a second.
        target_lufs: How loud it becomes; a line with strong peaks comes out a little quieter.
    """
    measured = loudness(samples, rate)
    if not np.isfinite(measured):
        return samples
    gain_db = min(target_lufs - measured, MAX_GAIN_DB)
    return limit_peaks((samples * 10 ** (gain_db / 20)).astype(np.float32), rate)
